"""The functions of masked bytes (see ``masked``): where they are, what they take, who can see them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from vjpfix.prefilter.lines import indent_of, line_at, offsets
from vjpfix.prefilter.parts import arguments_at, depth_between

# Two, for regular expressions are fast at looking for what they start with.
_HEADERS = tuple(re.compile(word + rb"[ \t]+([\w\x80-\xff]+)") for word in (b"def", b"class"))
NAME = re.compile(rb"[\w\x80-\xff]+")
_TARGET = re.compile(
    rb"[ \t]*(?:=(?!=)|:[^\n=]*=(?!=)|[,)\]][\w \t\n,.*()\[\]\x80-\xff]*=(?!=))|[ \t\n]*(:=)"
)
_IN_WORD = re.compile(rb"[\w\x80-\xff]")
MODULE = -1


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
        self.headers = sorted(_headers(code), key=lambda header: header.start)
        self._ends: dict[int, int] = {}
        self._around: dict[int, tuple[int, ...]] = {}
        self._bound: dict[tuple[bytes, int], list[int]] = {}

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
        index = self._before(start)
        first = self.headers[index].start if index >= 0 else 0
        while start > first and depth_between(self.code, first, start):
            start = self.code.rfind(b"\n", 0, start - 1) + 1
        return start

    def body(self, index: int) -> int:
        """Where the body of a function starts: behind its parameters and what they are annotated with."""
        _, end = self._parameters(index)
        return self.code.find(b":", end)

    def takes(self, index: int) -> Takes:
        """What a function takes."""
        return takes_of(self._parameters(index)[0])

    def _parameters(self, index: int) -> tuple[list[bytes], int]:
        opened = self.headers[index].end
        if self.code[opened : opened + 1] == b"[":  # parameters for types
            opened = arguments_at(self.code, opened + 1)[1]
        return arguments_at(self.code, self.code.find(b"(", opened) + 1)

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

    def binds(self, name: bytes, around: tuple[int, ...]) -> list[int]:
        """Where statements that code in these blocks knows of may give a name another meaning.

        Seen are all statements of the outermost function (or else class), and the module's own. The places
        are where the name stands, -1 is one that is not known.
        """
        home = self.home(around)
        key = (name, around[-1] if around and home == MODULE else home)
        if key not in self._bound:
            first, last = (0, 0) if key[1] == MODULE else (self.headers[key[1]].start, self.end(key[1]))
            found = [at + first for at in bindings(self.code[first:last], name)]
            found += [-1 for words in self._globals if name in words]
            self._bound[key] = found + [at for at in self._of_module(name) if at not in found]
        return self._bound[key]

    def _of_module(self, name: bytes) -> Iterator[int]:
        for first, last in self._module:
            yield from (at + first for at in bindings(self.code[first:last], name))

    @cached_property
    def _module(self) -> list[tuple[int, int]]:
        """Where the code stands that is not in functions and classes."""
        parts: list[tuple[int, int]] = []
        at = 0
        for index, header in enumerate(self.headers):
            if header.start >= at:
                parts.append((at, header.start))
                at = self.end(index)
        return [*parts, (at, len(self.code))]

    @cached_property
    def _globals(self) -> list[list[bytes]]:
        if b"global" not in self.code:
            return []
        return [NAME.findall(words) for words in re.findall(rb"\bglobal[ \t]+([^\n;]*)", self.code)]

    def inner(self, index: int) -> Iterator[tuple[int, int]]:
        """Where the blocks in a block start and end."""
        end = self.end(index)
        for other in range(index + 1, len(self.headers)):
            if self.headers[other].start >= end:
                return
            yield self.headers[other].start, self.end(other)


def _headers(code: bytes) -> Iterator[Header]:
    for header in _HEADERS:
        for match in header.finditer(code):
            start = code.rfind(b"\n", 0, match.start()) + 1
            before = code[start : match.start()]
            blank = before.lstrip(b" \t")
            if not blank or blank.rstrip() == b"async":
                is_class = header is _HEADERS[1]
                yield Header(start, len(before) - len(blank), is_class, match[1], match.end())


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


def bindings(code: bytes, name: bytes) -> Iterator[int]:
    """Where a statement other than ``def`` or ``import`` may give a name another meaning in a text."""
    for at in words_at(code, (name,)):
        found = _TARGET.match(code, at + len(name))
        if found and (found[1] or _is_statement(code, at, found.end() - 1)):
            yield at


def words_at(code: bytes, words: Iterable[bytes]) -> Iterator[int]:
    """Where words stand that are no part of longer ones, and no attributes."""
    return (at for at, _ in occurrences(code, words) if code[at - 1 : at] != b".")


def occurrences(code: bytes, words: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    """Where words stand that are no part of longer ones."""
    for word in words:
        for at in offsets(code, word):
            end = at + len(word)
            if not (_IN_WORD.match(code, end) or (at and _IN_WORD.match(code, at - 1))):
                yield at, end


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
