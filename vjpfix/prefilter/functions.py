"""The functions of masked bytes (see ``masked``): where they are, what they take, who can see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from vjpfix.prefilter.lines import indent_of, line_at
from vjpfix.prefilter.parts import arguments_at, depth_between

_HEADER = re.compile(rb"^([ \t]*)(?:async[ \t]+)?(def|class)[ \t]+([\w\x80-\xff]+)", re.MULTILINE)
NAME = re.compile(rb"[\w\x80-\xff]+")
_BETWEEN = rb"[\w \t\n,.*()\[\]\x80-\xff]*"
MODULE = -1
MAX_LINES = 60  # of a statement


@dataclass(frozen=True, slots=True)
class Takes:
    """What a function takes: ``names`` by position, the last ``defaults`` of which need not be given."""

    names: tuple[bytes, ...]
    defaults: int = 0
    rest: bool = False
    required: bool = False

    def takes(self, count: int) -> bool:
        """Whether a call with so many arguments by position works."""
        least = len(self.names) - self.defaults
        return not self.required and least <= count and (self.rest or count <= len(self.names))


@dataclass(frozen=True, slots=True)
class Header:
    """The ``def`` or ``class`` of a block. ``start``: of its line, ``end``: of its name."""

    start: int
    indent: int
    is_class: bool
    name: bytes
    end: int


class Functions:
    """The functions and classes of one file, in order; they are known by their places in ``headers``."""

    def __init__(self, code: bytes) -> None:
        self.code = code
        self.headers = [
            Header(m.start(), len(m[1]), m[2] == b"class", m[3], m.end()) for m in _HEADER.finditer(code)
        ]
        self._ends: dict[int, int] = {}
        self._around: dict[int, tuple[int, ...]] = {}
        self._bound: dict[tuple[bytes, int], bool] = {}

    @cached_property
    def are_plain(self) -> bool:
        """Whether a bracket or a colon follows every name: no function has parameters for types."""
        return all(self.code[h.end : h.end + 9].lstrip()[:1] in b"(:" for h in self.headers)

    @cached_property
    def named(self) -> dict[bytes, list[int]]:
        """The functions by their names."""
        found: dict[bytes, list[int]] = {}
        for index, header in enumerate(self.headers):
            if not header.is_class:
                found.setdefault(header.name, []).append(index)
        return found

    def end(self, index: int) -> int:
        """Where a block ends: before the next statement that stands no deeper."""
        if index not in self._ends:
            header = self.headers[index]
            dedent = re.compile(rb"\n(?=[ \t]{0,%d}[^ \t\n])" % header.indent)
            found = dedent.search(self.code, header.end)
            while found and depth_between(self.code, header.start, found.start()):
                found = dedent.search(self.code, found.end())  # in brackets anything may stand anywhere
            self._ends[index] = found.start() if found else len(self.code)
        return self._ends[index]

    def around(self, at: int) -> tuple[int, ...]:
        """The blocks around an offset, innermost first."""
        start, line = line_at(self.code, at)
        found: list[int] = []
        indent, index = indent_of(line), self._before(start)
        while index >= 0 and indent:
            header = self.headers[index]
            if header.indent < indent and self.end(index) > at:
                found.append(index)
                indent = header.indent
            index -= 1
        return tuple(found)

    def _before(self, start: int) -> int:
        """The last block whose line is above one."""
        low, high = 0, len(self.headers)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.headers[middle].start < start else (low, middle)
        return low - 1

    def below(self, at: int) -> int | None:
        """The first function that starts below an offset."""
        index = self._before(at) + 1
        return index if index < len(self.headers) else None

    def around_block(self, index: int) -> tuple[int, ...]:
        """The blocks around one, innermost first."""
        if index not in self._around:
            self._around[index] = self.around(self.headers[index].start)
        return self._around[index]

    def visible(self, name: bytes, around: tuple[int, ...]) -> list[int]:
        """The functions of a name that code in these blocks may mean by it."""
        scopes = {MODULE, *around}
        return [i for i in self.named.get(name, ()) if next(iter(self.around_block(i)), MODULE) in scopes]

    def home(self, around: tuple[int, ...]) -> int:
        """The outermost function of these blocks."""
        return next((i for i in reversed(around) if not self.headers[i].is_class), MODULE)

    def statement(self, at: int) -> int:
        """Where the line starts with which the statement around an offset starts."""
        start = self.code.rfind(b"\n", 0, at) + 1
        for _ in range(MAX_LINES):
            if not start or depth_between(self.code, start, at) <= 0:
                break
            start = self.code.rfind(b"\n", 0, start - 1) + 1
        return start

    def text(self, index: int) -> bytes:
        """A block, of the module all."""
        return self.code if index == MODULE else self.code[self.headers[index].start : self.end(index)]

    def body(self, index: int) -> int:
        """Where the body of a function starts: behind its parameters and what they are annotated with."""
        _, end = self._parameters(index)
        return self.code.find(b":", end)

    def takes(self, index: int) -> Takes:
        """What a function takes."""
        return takes_of(self._parameters(index)[0])

    def _parameters(self, index: int) -> tuple[list[bytes], int]:
        opened = self.code.find(b"(", self.headers[index].end)
        return arguments_at(self.code, opened + 1)

    def decorators(self, index: int) -> bytes:
        """The lines above a function that start with the first of its decorators."""
        header = self.headers[index]
        start, first = header.start, header.start
        while start:
            start, line = line_at(self.code, start - 1)
            text = line.strip()
            if text.startswith(b"@") and not depth_between(self.code, start, first):
                first = start
            elif text and not depth_between(self.code, start, first):
                break
        return self.code[first : header.start]

    def binds(self, name: bytes, around: tuple[int, ...]) -> bool:
        """Whether a statement that code in these blocks knows of may give a name another meaning.

        Seen are all blocks in the outermost one, and the module's own statements.
        """
        key = (name, around[-1] if around else MODULE)
        if key not in self._bound:
            texts = [self.module] if key[1] == MODULE else [self.module, self.text(key[1])]
            self._bound[key] = any(binds(text, name) for text in texts) or any(
                name in words for words in self._globals
            )
        return self._bound[key]

    @cached_property
    def module(self) -> bytes:
        """The code without that of functions and classes."""
        parts: list[bytes] = []
        at = 0
        for index, header in enumerate(self.headers):
            if header.start >= at:
                parts.append(self.code[at : header.start])
                at = self.end(index)
        return b"".join((*parts, self.code[at:]))

    @cached_property
    def _globals(self) -> list[list[bytes]]:
        return [NAME.findall(words) for words in re.findall(rb"\bglobal[ \t]+([^\n;]*)", self.code)]

    def inner(self, index: int) -> Iterator[tuple[int, int]]:
        """Where the blocks in a block start and end."""
        end = self.end(index)
        for other in range(index + 1, len(self.headers)):
            if self.headers[other].start >= end:
                return
            yield self.headers[other].start, self.end(other)


def takes_of(parameters: list[bytes]) -> Takes:
    """What parameters take, in the words of a ``def`` or a lambda."""
    names: list[bytes] = []
    defaults, rest, only, required = 0, False, False, False
    for part in parameters:
        if part == b"/":
            continue
        if part.startswith(b"**"):
            break
        if part.startswith(b"*"):
            rest, only = len(part) > 1, True
        elif only:
            required = required or not _has_default(part)
        elif name := NAME.match(part):
            names.append(name[0])
            defaults += _has_default(part)
    return Takes(tuple(names), defaults, rest, required)


def _has_default(part: bytes) -> bool:
    return any(not depth_between(part, 0, match.start()) for match in re.finditer(rb"=", part))


def binds(code: bytes, name: bytes) -> bool:
    """Whether a statement other than ``def`` or ``import`` may give a name another meaning in a text."""
    word = rb"(?<![\w.\x80-\xff])" + re.escape(name) + rb"(?![\w\x80-\xff])"
    if not re.search(word, code):
        return False
    if re.search(word + rb"[ \t\n]*:=", code):
        return True
    targets = word + rb"[ \t]*(?:=(?!=)|:[^\n=]*=(?!=)|[,)\]]" + _BETWEEN + rb"=(?!=))"
    return any(_is_statement(code, m.start(), m.end() - 1) for m in re.finditer(targets, code))


def _is_statement(code: bytes, start: int, equals: int) -> bool:
    """Whether an equals sign stands outside brackets, in the statement in which an offset is."""
    if depth_between(code, 0, equals):
        return False
    at = code.find(b"\n", start, equals)
    while at >= 0:
        if not depth_between(code, 0, at):
            return False
        at = code.find(b"\n", at + 1, equals)
    return True
