"""Bytes to "could this file matter?". It may say yes for nothing, but never no for a finding.

A finding needs a primal, so a custom-derivative decorator's name stands in the file. The primal's name is
bound twice in one scope, by ``def``, ``=`` or ``:=``, the second time to something that mentions it, or a
name made from it. All this is looked for in the bytes, without a parser.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vjpfix.analyse.transforms import Table

_HEADER = re.compile(rb"^([ \t\f]*)(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)
_ELSEWHERE = re.compile(rb"\b(?:global|nonlocal)\b[^\n]*")
_INLINE_DEF = re.compile(rb"[;:][ \t]*(?:def|class)[ \t]")
_STRING = re.compile(rb"'[^'\n]*'|\"[^\"\n]*\"")
_WORD = re.compile(rb"(?<![\w.])[^\W\d]\w*(?![\w.(])")
_LAST_WORD = re.compile(rb"(\w+)[ \t\n)]*\Z")
_JITTED = re.compile(rb"[ \t]*(?:\w+\.)*jit\([ \t]*\w+[ \t]*[,)][^()]*\)?[ \t;]*(?:#.*)?\Z")
_ANY_WORD = re.compile(rb"[^\W\d]\w*")
_CALL = re.compile(rb"\w[ \t]*\(")


@dataclass(frozen=True, slots=True)
class Prefilter:
    """Built once from the table. ``may_matter`` is the whole interface."""

    needles: tuple[bytes, ...]
    bare: tuple[bytes, ...]
    setters: re.Pattern[bytes]
    wrappers: bool

    @classmethod
    def of(cls, table: Table, *, wrappers: bool = True) -> Prefilter:
        """The filter for a table. ``wrappers``: rebinding by ``jit`` alone matters too (VJP003)."""
        rows = tuple(table.derivatives.values())
        words = {name.rsplit(".", 1)[-1].encode() for row in rows for name in row.names}
        bare = {n.rsplit(".", 1)[-1].encode() for row in rows if not row.setters for n in row.names}
        setters = b"|".join(sorted({s.encode() for row in rows for s in row.setters}, reverse=True))
        needles = tuple(sorted(w for w in words if not any(o != w and o in w for o in words)))
        pattern = re.compile(rb"\.[ \t\n]*(?:" + setters + rb")\b")
        return cls(needles, tuple(sorted(bare)), pattern, wrappers)

    def may_matter(self, data: bytes) -> bool:
        """False only where full analysis would find nothing; ``data`` is a file's content, any encoding."""
        if not any(needle in data for needle in self.needles):
            return False
        if not data.isascii() and b"\x00" in data:
            return True  # no text: reading it will say so
        return self._rebinds(data)

    def _rebinds(self, data: bytes) -> bool:
        if b"\\\n" in data or b"\\\r" in data:
            data = re.sub(rb"\\\r?\n", b" ", data)
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        names = {
            found[1]
            for match in self.setters.finditer(data)
            if (found := _LAST_WORD.search(data, max(0, match.start() - 200), match.start()))
        }
        headers = list(_HEADER.finditer(data))
        if any(re.search(rb"\b" + word + rb"\b", data) for word in self.bare):
            names.update(header[2] for header in headers)
            names.update(word for line in data.split(b"\n") for word in _targets(line) if self._makes(line))
        if not names:
            return False
        if _INLINE_DEF.search(data) or any(
            names.intersection(_WORD.findall(found)) for found in _ELSEWHERE.findall(data)
        ):
            return True
        return _Bindings(data, names, headers, self.wrappers).any_taken_over()

    def _makes(self, line: bytes) -> bool:
        return any(word in line for word in self.bare)


class _Bindings:
    """Where the names of one file are bound. ``any_taken_over`` is the question."""

    def __init__(
        self, data: bytes, names: set[bytes], headers: list[re.Match[bytes]], wrappers: bool
    ) -> None:
        self.lines = _assignments(data)
        self.wrappers = wrappers
        self.names, self.aliased = self._with_aliases(names)
        self.mentions = _mentions(self.lines, self.names)
        self.outlines = [(header.start(), len(header[1])) for header in headers]
        self.defined = [(h.start(), len(h[1]), h[2]) for h in headers if h[2] in self.names]

    def _with_aliases(self, names: set[bytes]) -> tuple[set[bytes], bool]:
        """The names and those that a line binds to one of them without a call."""
        found: set[bytes] = set()
        for _, line in _mentions(self.lines, names):
            value = line.rpartition(b"=")[2]
            if not _CALL.search(value) and names.intersection(_WORD.findall(value)):
                found.update(_targets(line))
        return names | found, bool(found)

    def any_taken_over(self) -> bool:
        if any(line.lstrip()[:1] in (b")", b"]") for _, line in self.mentions):
            return True  # the end of a target over several lines
        bound = {(name, self._enclosing(start, indent)) for start, indent, name in self.defined}
        if len(bound) < len(self.defined) and self.aliased:
            return True  # a second def, which may call the first by another name
        related = self.names | self._derived()
        assigned: set[tuple[bytes, int]] = set()
        transformed: set[tuple[bytes, int]] = set()
        for start, line in self.mentions:
            indent = len(line) - len(line.lstrip())
            for name in self.names.intersection(_targets(line)):
                place = (name, self._enclosing(start, indent))
                if place in bound or place in assigned:
                    if place in transformed or self._may_transform(line, related):
                        return True
                elif self._may_transform(line, related):
                    transformed.add(place)
                assigned.add(place)
        return False

    def _derived(self) -> set[bytes]:
        """Names bound to something that mentions one of the names, or may go on to."""
        found: set[bytes] = set()
        for _, line in self.mentions:
            found.update(_targets(line))
        for _, line in self.lines:
            if _is_open(line):
                found.update(_targets(line))
        return found

    def _may_transform(self, line: bytes, related: set[bytes]) -> bool:
        """Whether the value on this line may be made from one of the names, other than by ``jit`` alone."""
        value = line[_value_start(line) :]
        if not self.wrappers and _JITTED.match(value):
            return False
        return _is_open(line) or b":=" in line or not related.isdisjoint(_ANY_WORD.findall(value))

    def _enclosing(self, start: int, indent: int) -> int:
        """Where the nearest ``def`` or ``class`` above starts that this line stands under; -1: none."""
        for index in range(bisect_left(self.outlines, (start, 0)) - 1, -1, -1):
            position, depth = self.outlines[index]
            if depth < indent:
                return position
        return -1


def _assignments(data: bytes) -> list[tuple[int, bytes]]:
    """The lines with an equals sign, each with where it starts."""
    found, start = [], 0
    for line in data.split(b"\n"):
        if b"=" in line:
            found.append((start, line))
        start += len(line) + 1
    return found


def _mentions(lines: Iterable[tuple[int, bytes]], names: set[bytes]) -> list[tuple[int, bytes]]:
    """The lines that name one of ``names`` other than to call it or to get an attribute."""
    pattern = re.compile(rb"(?<![\w.])(?:" + b"|".join(map(re.escape, names)) + rb")(?![\w.(])").search
    return [(start, line) for start, line in lines if pattern(line)]


def _is_open(line: bytes) -> bool:
    """Whether an expression goes on after this line."""
    return line.count(b"(") > line.count(b")") or line.count(b"[") > line.count(b"]")


def _value_start(line: bytes) -> int:
    """Where the value of an assignment starts: after the first plain equals sign."""
    found = re.search(rb"(?<![=!<>])=(?!=)", line)
    return found.end() if found else 0


def _targets(line: bytes) -> Iterator[bytes]:
    """Words that an assignment on this line may bind: those before a ``=`` outside brackets or a ``:=``."""
    bare = _STRING.sub(b"", line) if b"'" in line or b'"' in line else line
    position = bare.find(b"=")
    last = 0
    while position >= 0:
        if bare[position + 1 : position + 2] == b"=":
            position = bare.find(b"=", position + 2)
            continue
        before = bare[:position]
        if before.endswith(b":"):
            yield from _WORD.findall(before)[-1:]
        elif before.count(b"(") <= before.count(b")") and before.count(b"[") <= before.count(b"]"):
            last = position
        position = bare.find(b"=", position + 1)
    if last:
        yield from _WORD.findall(bare[:last])
