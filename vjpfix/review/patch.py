"""A fix as a patch: exactly the bytes that `git apply` takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePath

from vjpfix.review.compare import Block, Hunk, changed_blocks, hunks

_CONTEXT = 3
_C_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def patch_bytes(path: Path, old: bytes, new: bytes, root: Path | None = None) -> bytes:
    r"""The patch from ``old`` to ``new``: lines end at ``\n`` only, and all their bytes stay as they are.

    The names in it are ``path``, relative to ``root`` where it is given and holds it; otherwise an
    absolute path loses its leading slash, so that the patch applies at the top of the file system.
    """
    old_lines, new_lines = _lines(old), _lines(new)
    blocks = changed_blocks(old_lines, new_lines)
    if not blocks:
        return b""
    parts = [_header(_relative(path, root))]
    for hunk in hunks(blocks, len(old_lines), _CONTEXT):
        parts.append(_hunk_header(hunk))
        parts.extend(_hunk_lines(hunk, old_lines, new_lines))
    return b"".join(parts)


def _lines(data: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _relative(path: Path, root: Path | None) -> str:
    if root is not None:
        whole, top = (PurePath(os.path.normpath(p)) for p in (root / path, root))
        if whole.is_relative_to(top):
            return whole.relative_to(top).as_posix()
    return path.relative_to(path.anchor).as_posix()


def _header(name: str) -> bytes:
    old, new = _quoted(f"a/{name}"), _quoted(f"b/{name}")
    # Without the tab, git would take what follows a space in the name for a time stamp.
    end = b"\t\n" if " " in name else b"\n"
    return b"diff --git %s %s\n--- %s%s+++ %s%s" % (old, new, old, end, new, end)


def _quoted(name: str) -> bytes:
    """The name as git writes it: in C quotes when it holds anything but plain ASCII."""
    data = name.encode("utf-8", "surrogateescape")
    if all(0x20 <= byte < 0x7F and byte not in b'"\\' for byte in data):
        return data
    plain = [_C_ESCAPES.get(b) or (chr(b) if 0x20 <= b < 0x7F else f"\\{b:03o}") for b in data]
    return f'"{"".join(plain)}"'.encode("ascii")


def _hunk_header(hunk: Hunk) -> bytes:
    lines = hunk.lines
    old = _range(lines.start, lines.end)
    new = _range(lines.new_start, lines.new_end)
    return f"@@ -{old} +{new} @@\n".encode("ascii")


def _range(start: int, end: int) -> str:
    """Lines from 1; a lone line has no count, and no lines at all are named by the line before them."""
    if end - start == 1:
        return str(start + 1)
    return f"{start + 1 if end > start else start},{end - start}"


def _hunk_lines(hunk: Hunk, old: list[bytes], new: list[bytes]) -> Iterator[bytes]:
    at = hunk.lines.start
    end = Block(hunk.lines.end, hunk.lines.end, hunk.lines.new_end, hunk.lines.new_end)
    for block in (*hunk.blocks, end):
        yield from _signed(b" ", old[at : block.start])
        yield from _signed(b"-", old[block.start : block.end])
        yield from _signed(b"+", new[block.new_start : block.new_end])
        at = block.end


def _signed(sign: bytes, lines: list[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield sign + line if line.endswith(b"\n") else sign + line + b"\n\\ No newline at end of file\n"
