"""Bytes to "could this file matter?". It may say yes for nothing, but never no for a finding.

A finding needs a primal, so a custom-derivative decorator's name stands in the file. The primal's name is
bound twice in one scope, by ``def``, ``=`` or ``:=``, the second time to something that mentions it, or a
name made from it. All this is looked for in the bytes, line by line and without a parser.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vjpfix.analyse.transforms import Table

# A line that opens a block; its name where it is a function or a class.
_HEADER = re.compile(
    rb"([ \t\f]*)(?:(?:async[ \t]+)?(?:def|class)[ \t]+([\w\x80-\xff]+)"
    rb"|(?:if|elif|else|try|except|finally|for|while|with|async|match|case)\b)"
)
_DECLARATION = re.compile(rb"[^#'\"]*\b(?:global|nonlocal)[ \t]+[\w\x80-\xff]+")
_TARGET_START = re.compile(rb"\s*(?:[\w.*\x80-\xff]+\s*,\s*)*[(\[]")
_CONTINUED = re.compile(rb"\\\r?\n")
_STRING = re.compile(rb"'[^'\n]*'|\"[^\"\n]*\"")
_WORD = re.compile(rb"(?<![\w.\x80-\xff])(?!\d)[\w\x80-\xff]+(?![\w.(\x80-\xff])")
_ANY_WORD = re.compile(rb"(?!\d)[\w\x80-\xff]+")
_OWNER = re.compile(rb"([\w\x80-\xff]+)[ \t\n)]*\.[ \t\n]*\Z")
_JITTED = re.compile(
    rb"[ \t]*(?:[\w\x80-\xff]+\.)*jit\([ \t]*[\w\x80-\xff]+[ \t]*[,)][^()]*\)?[ \t;]*(?:#.*)?\Z"
)
_MADE = re.compile(rb"[ \t]*(?:[\w\x80-\xff]+\.)*[\w\x80-\xff]+\(")
_NO_NAMES = frozenset(b"None True False if else and or not in is lambda".split())
# A value without a call: names, tuples of them, a choice between them.
_ALIAS = re.compile(rb"[\w \t,.()*\x80-\xff]+(?: if .* else [\w \t.()\x80-\xff]+)?;?[ \t]*\Z")
_CALL = re.compile(rb"\w[ \t]*\(")
_PLAIN_EQUALS = re.compile(rb"(?<![=!<>])=(?!=)")

MAX_DECORATORS = 8  # lines between a decorator and its function
MAX_LINES = 80  # of one statement

Line = tuple[int, bytes]
Place = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class Prefilter:
    """Built once from the table. ``may_matter`` is the whole interface."""

    needles: tuple[bytes, ...]
    bare: tuple[bytes, ...]
    setters: tuple[bytes, ...]
    wrappers: bool

    @classmethod
    def of(cls, table: Table, *, wrappers: bool = True) -> Prefilter:
        """The filter for a table. ``wrappers``: rebinding by ``jit`` alone matters too (VJP003)."""
        rows = tuple(table.derivatives.values())
        words = {name.rpartition(".")[2].encode() for row in rows for name in row.names}
        bare = {name.rpartition(".")[2].encode() for row in rows if not row.setters for name in row.names}
        setters = {setter.encode() for row in rows for setter in row.setters}
        return cls(_shortest(words), tuple(sorted(bare)), _shortest(setters), wrappers)

    def may_matter(self, data: bytes) -> bool:
        """False only where full analysis would find nothing; ``data`` is a file's content, any encoding."""
        if not any(needle in data for needle in self.needles):
            return False
        if b"\x00" in data:
            return True  # no text: reading it will say so
        if b"\\" in data:
            data = _CONTINUED.sub(b" ", data)
        data = data.replace(b"\r", b"\n")
        bare = [word for word in self.bare if word in data]
        attached = [at for word in (*self.setters, *bare) for at in _places(data, word)]
        names = {owner[1] for at in attached if (owner := _OWNER.search(data, max(0, at - 200), at))}
        lines = data.split(b"\n")
        headers = _headers(lines)
        if bare:
            names |= self._bare_primals(lines, headers)
        if not names:
            return False
        if b"globals" in data:
            return True  # a name may be bound by a string
        rows = [data.count(b"\n", 0, at) for at in attached]
        return _Bindings(lines, names, headers, rows, self).any_taken_over()

    def _bare_primals(self, lines: list[bytes], headers: list[_Header]) -> set[bytes]:
        """What a decorator without setters may have made: functions below it, values of a call of it."""
        names: set[bytes] = set()
        for row, line in enumerate(lines):
            if not any(word in line for word in self.bare):
                continue
            if not any(re.search(rb"\b" + word + rb"\(", line) or b"@" in line for word in self.bare):
                if b"=" in line or b" as " in line:
                    return {header.name for header in headers if header.name}.union(
                        *map(_targets, map(_code, lines))
                    )
                continue
            names.update(_targets(_code(line)))
            names.update(h.name for h in headers if row < h.row <= row + MAX_DECORATORS)
        return names


def _places(data: bytes, word: bytes) -> Iterator[int]:
    at = data.find(word)
    while at >= 0:
        yield at
        at = data.find(word, at + 1)


def _shortest(words: set[bytes]) -> tuple[bytes, ...]:
    """The words without those that contain another one."""
    return tuple(sorted(word for word in words if not any(o != word and o in word for o in words)))


@dataclass(frozen=True, slots=True)
class _Header:
    """A line that opens a block. ``name``: of the function or class, empty for other blocks."""

    row: int
    indent: int
    name: bytes


def _headers(lines: Iterable[bytes]) -> list[_Header]:
    return [
        _Header(row, len(match[1]), match[2] or b"")
        for row, line in enumerate(lines)
        if (match := _HEADER.match(line))
    ]


class _Bindings:
    """Where the names of one file are bound. ``any_taken_over`` is the question."""

    def __init__(
        self,
        lines: list[bytes],
        names: set[bytes],
        headers: list[_Header],
        attached: list[int],
        prefilter: Prefilter,
    ) -> None:
        self.lines = lines
        self.assignments = [
            (row, part)
            for row, line in enumerate(lines)
            if b"=" in line
            for part in _code(line).split(b";")
            if b"=" in part
        ]
        self.headers = headers
        self.rows = [header.row for header in headers]
        self.prefilter = prefilter
        self.names, self.aliased = self._with_aliases(names)
        self.scopes = {scope for row in attached for scope in self._around(row)}

    def _with_aliases(self, names: set[bytes]) -> tuple[set[bytes], bool]:
        """The names with those that plain assignments make the same, and whether there are any."""
        plain = [
            (set(_targets(line)), set(_WORD.findall(value)) - _NO_NAMES)
            for _, line in self.assignments
            if _ALIAS.match(value := line.rpartition(b"=")[2]) and not _CALL.search(value)
        ]
        found, size = set(names), 0
        while size < len(found):
            size = len(found)
            for targets, values in plain:
                if not found.isdisjoint(values):
                    found |= targets
                elif not found.isdisjoint(targets):
                    found |= values
        return found, any(not found.isdisjoint(values) for _, values in plain)

    def any_taken_over(self) -> bool:
        if self._bound_elsewhere():
            return True
        defined = [
            (header.name, self._enclosing(header.row, header.indent))
            for header in self.headers
            if header.name in self.names
        ]
        near = [place for place in defined if place[1] in self.scopes]
        if self.aliased and len(set(near)) < len(near):
            return True  # a second def, which may call the first by another name
        assigned: dict[Place, list[int]] = {}
        mentions = _mentions(self.assignments, self.names)
        for row, line in mentions:
            targets = self.names.intersection(_targets(line))
            if targets and (header := _HEADER.match(line)) and header[2]:
                return True  # a body on its header's line
            for name in targets:
                place = (name, self._enclosing(row, _indent(self.lines[row])))
                assigned.setdefault(place, []).append(row)
        outer = set(near)
        if self.aliased and not outer.isdisjoint(assigned):
            return True  # likewise, where the first is no def
        rows = [
            row
            for place, found in assigned.items()
            if place[1] in self.scopes and (len(found) > 1 or place in outer)
            for row in found
        ]
        return bool(rows) and self._any_transforms(rows, mentions)

    def _bound_elsewhere(self) -> bool:
        """Whether a name may be bound from another scope, or at the end of a target over several lines."""
        for line in self.lines:
            if b"global " not in line and b"nonlocal " not in line:
                continue
            if _DECLARATION.match(line) and not self.names.isdisjoint(_ANY_WORD.findall(line)):
                return True
        return any(self._ends_target(row, line) for row, line in self.assignments)

    def _ends_target(self, row: int, line: bytes) -> bool:
        """Whether a target that started with a bracket on an earlier line ends on this one."""
        found = _PLAIN_EQUALS.search(line)
        text = line[: found.start()] if found else b""
        if _depth(text) >= 0:
            return False
        for above in reversed(self.lines[max(0, row - MAX_LINES) : row]):
            text = _code(above) + b" " + text
            if _depth(text) >= 0:
                break
        return bool(_TARGET_START.match(text)) and not self.names.isdisjoint(_WORD.findall(text))

    def _any_transforms(self, rows: list[int], mentions: list[Line]) -> bool:
        """Whether one of these assignments may make its value from one of the names."""
        related = self.names | {word for _, line in mentions for word in _targets(line)}
        for row, line in self.assignments:
            if _is_open(line) and not self.names.isdisjoint(_ANY_WORD.findall(self._statement(row))):
                related.update(_targets(line))
        return any(self._may_transform(self._statement(row), related) for row in rows)

    def _may_transform(self, statement: bytes, related: set[bytes]) -> bool:
        found = _PLAIN_EQUALS.search(statement)
        value = statement[found.end() :] if found else statement
        if b":=" in statement:
            return True
        if _MADE.match(value) and any(needle in value[:60] for needle in self.prefilter.needles):
            return False  # a primal is made here
        if not self.prefilter.wrappers and _JITTED.match(value):
            return False
        return not related.isdisjoint(_ANY_WORD.findall(value))

    def _statement(self, row: int) -> bytes:
        """The line and those after it, until its brackets are closed."""
        text = self.lines[row]
        for line in self.lines[row + 1 : row + MAX_LINES]:
            if not _is_open(text):
                break
            text += b" " + line
        return text

    def _enclosing(self, row: int, indent: int) -> int:
        """The row of the ``def`` or ``class`` that this line stands under; -1: none."""
        for index in range(bisect_left(self.rows, row) - 1, -1, -1):
            header = self.headers[index]
            if header.indent < indent:
                if header.name:
                    return header.row
                indent = header.indent
        return -1

    def _around(self, row: int) -> Iterator[int]:
        """The rows of all ``def`` and ``class`` lines that a line stands under, and -1 for the module."""
        line = self.lines[row]
        while row >= 0:
            row = self._enclosing(row, _indent(line))
            line = self.lines[row]
            yield row


def _code(line: bytes) -> bytes:
    """A line without its strings and its comment; whole where an f-string may bind a name."""
    if b":=" in line:
        return line
    if b"'" in line or b'"' in line:
        line = _STRING.sub(b"''", line)
    return line.partition(b"#")[0] if b"#" in line else line


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip())


def _mentions(lines: Iterable[Line], names: set[bytes]) -> list[Line]:
    """The lines that name one of ``names`` other than to call it or to get an attribute."""
    pattern = re.compile(
        rb"(?<![\w.\x80-\xff])(?:" + b"|".join(map(re.escape, names)) + rb")(?![\w.(\x80-\xff])"
    ).search
    return [(row, line) for row, line in lines if pattern(line)]


def _depth(text: bytes) -> int:
    """How many more brackets are opened than closed."""
    return text.count(b"(") + text.count(b"[") - text.count(b")") - text.count(b"]")


def _is_open(line: bytes) -> bool:
    """Whether an expression goes on after this line."""
    return line.count(b"(") > line.count(b")") or line.count(b"[") > line.count(b"]")


def _targets(line: bytes) -> Iterator[bytes]:
    """Words that an assignment on this line may bind: those before a ``=`` outside brackets or a ``:=``."""
    last = 0
    for match in _PLAIN_EQUALS.finditer(line):
        before = line[: match.start()]
        if before.endswith(b":"):
            yield from _WORD.findall(before)[-1:]
        elif before.count(b"(") <= before.count(b")") and before.count(b"[") <= before.count(b"]"):
            last = match.start()
    if last:
        yield from _WORD.findall(line[:last])
