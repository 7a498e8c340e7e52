"""One file's bytes, and how they become text."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from vjpfix.model import SourceFile, VjpfixError

MAX_BYTES = 20_000_000

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_UTF8_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")
# A fifo without a writer would make a plain open wait for ever.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read(path: Path) -> SourceFile:
    """One file, read once and decoded. Raises VjpfixError as ``read_bytes`` and ``decode`` do."""
    return decode(path, Path(os.path.realpath(path)), read_bytes(path))


def read_bytes(path: Path | str) -> bytes:
    """The bytes of a regular file of at most MAX_BYTES.

    Never waits on a fifo or a device. Raises VjpfixError when the file is gone, may not be read, is not a
    regular file or is too large.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise VjpfixError(_why(error), Path(path)) from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise VjpfixError("is not a regular file; give files or folders of Python source", Path(path))
        if status.st_size > MAX_BYTES:
            raise _too_large(Path(path), status.st_size, "; exclude it in [tool.vjpfix]")
        with open(descriptor, "rb", buffering=0, closefd=False) as stream:
            return stream.read()
    except OSError as error:
        raise VjpfixError(_why(error), Path(path)) from error
    finally:
        os.close(descriptor)


def decode(path: Path, real_path: Path, data: bytes) -> SourceFile:
    """The bytes of a file as a SourceFile, decoded as Python would.

    The encoding comes from the byte order mark or the PEP 263 cookie and is UTF-8 otherwise; newlines stay
    as they are. Raises VjpfixError, with the line where there is one, for more than MAX_BYTES, for an
    encoding that is unknown, contradicts the mark or does not fit the bytes, and for NUL bytes.
    """
    from hashlib import sha256

    if len(data) > MAX_BYTES:
        raise _too_large(path, len(data))
    if data.startswith(_WIDE_BOMS):
        raise VjpfixError("is UTF-16 or UTF-32, which Python cannot run; save it as UTF-8", path, 1)
    bom = data.startswith(_UTF8_BOM)
    encoding = _encoding(path, data)
    text = _text(path, data, encoding, len(_UTF8_BOM) if bom else 0)
    if "\0" in text:
        line = _line_of(data, data.find(b"\0"))
        raise VjpfixError("contains a NUL byte, which Python source cannot; remove it", path, line)
    return SourceFile(path, real_path, data, text, encoding, bom, sha256(data).hexdigest())


def _encoding(path: Path, data: bytes) -> str:
    first = _LINE.match(data)
    second = _LINE.match(data, first.end() if first else 0)
    head = [match[0] for match in (first, second) if match]
    if not any(b"coding" in line for line in head):
        return "utf-8"
    from codecs import lookup
    from tokenize import detect_encoding

    lines: Iterator[bytes] = iter(head)
    try:
        encoding, _ = detect_encoding(lambda: next(lines, b""))
    except SyntaxError as error:
        line = 1 if b"coding" in head[0] or not _is_utf8(head[0]) else 2
        raise VjpfixError(_why_no_encoding(error, data), path, line) from error
    return "utf-8" if lookup(encoding).name in ("utf-8", "utf-8-sig") else encoding


def _why_no_encoding(error: SyntaxError, data: bytes) -> str:
    if data.startswith(_UTF8_BOM):
        return "has a UTF-8 byte order mark and declares another encoding; remove one of the two"
    if "unknown encoding" in str(error):
        name = str(error).rpartition("unknown encoding: ")[2]
        return f"declares the encoding {name!r}, which Python does not know; correct the declaration"
    return "has bytes that are not UTF-8 before or beside its encoding declaration; save it as UTF-8"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(path: Path, data: bytes, encoding: str, start: int) -> str:
    try:
        return data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        offset = start + error.start
        advice = "save it as UTF-8 or declare its encoding in the first line, as in '# coding: latin-1'"
        if encoding != "utf-8":
            advice = "correct the declared encoding or the text"
        message = f"has a byte (0x{data[offset]:02x}) that is not valid {encoding}; {advice}"
        raise VjpfixError(message, path, _line_of(data, offset)) from error
    except (LookupError, UnicodeError) as error:
        message = f"declares the encoding {encoding!r}, which is not one for text; correct the declaration"
        raise VjpfixError(message, path) from error


def _line_of(data: bytes, offset: int) -> int:
    before = data[:offset]
    return 1 + len(re.findall(rb"\r\n|\r|\n", before))


def _too_large(path: Path, size: int, advice: str = "") -> VjpfixError:
    limit = MAX_BYTES // 1_000_000
    return VjpfixError(f"has {size / 1e6:.1f} MB, and vjpfix reads files of up to {limit} MB{advice}", path)


def _why(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "does not exist (any more); check the path"
        case PermissionError():
            return "cannot be read: no permission; change its mode or exclude it in [tool.vjpfix]"
    return f"cannot be read: {error.strerror}"
