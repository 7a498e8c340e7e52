"""Lines and statements in bytes: where a line starts, what it binds, whether it goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A name by itself: not an attribute, not what has one, not called.
WORD = re.compile(rb"(?<![\w.\x80-\xff])(?!\d)[\w\x80-\xff]+(?![\w.(\x80-\xff])")
# An equals sign that is no part of a comparison.
CONTINUED = re.compile(rb"\\\r?\n")
PLAIN_EQUALS = re.compile(rb"(?<![=!<>])=(?!=)")
_STRING = re.compile(rb"'[^'\n]*'|\"[^\"\n]*\"")


def line_at(data: bytes, at: int) -> tuple[int, bytes]:
    """The line that holds an offset, and where it starts."""
    start = data.rfind(b"\n", 0, max(at, 0)) + 1
    end = data.find(b"\n", at)
    return start, data[start : len(data) if end < 0 else end]


def mentions(data: bytes, names: set[bytes]) -> dict[int, bytes]:
    """The lines that name one of ``names`` other than to get an attribute, by where they start."""
    found: dict[int, bytes] = {}
    for name in names:
        word, end = re.escape(name), -1
        # The word first, for regular expressions are fast only at looking for what they start with.
        for match in re.finditer(word + rb"(?<![\w.\x80-\xff]" + word + rb")(?![\w.\x80-\xff])", data):
            if match.start() > end:
                start, line = line_at(data, match.start())
                found[start] = line
                end = start + len(line)
    return found


def offsets(data: bytes, word: bytes) -> Iterator[int]:
    """Every place at which a word stands, as a part of another one too."""
    at = data.find(word)
    while at >= 0:
        yield at
        at = data.find(word, at + 1)


def targets_of(line: bytes) -> Iterator[bytes]:
    """Words that an assignment on this line may bind: those before a ``=`` outside brackets or a ``:=``."""
    last = 0
    for match in PLAIN_EQUALS.finditer(line):
        before = line[: match.start()]
        if before.endswith(b":"):
            yield from WORD.findall(before)[-1:]
        elif before.count(b"(") <= before.count(b")") and before.count(b"[") <= before.count(b"]"):
            last = match.start()
    if last:
        yield from WORD.findall(line[:last])


def value_of(statement: bytes) -> bytes:
    """What stands behind the last equals sign outside brackets."""
    last = 0
    for match in PLAIN_EQUALS.finditer(statement):
        if depth_of(statement[: match.start()]) <= 0:
            last = match.end()
    return statement[last:]


def code_of(line: bytes) -> bytes:
    """A line without its strings and its comment; whole where an f-string may bind a name."""
    if b":=" in line:
        return line
    if b"'" in line or b'"' in line:
        line = _STRING.sub(b"''", line)
    return line.partition(b"#")[0] if b"#" in line else line


def indent_of(line: bytes) -> int:
    """How many blank characters a line starts with."""
    return len(line) - len(line.lstrip())


def depth_of(text: bytes) -> int:
    """How many more brackets are opened than closed."""
    return text.count(b"(") + text.count(b"[") - text.count(b")") - text.count(b"]")


def is_open(line: bytes) -> bool:
    """Whether an expression goes on after this line."""
    return line.count(b"(") > line.count(b")") or line.count(b"[") > line.count(b"]")
