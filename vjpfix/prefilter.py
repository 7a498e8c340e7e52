"""Bytes to "could this file matter?". It may say yes for nothing, but never no for a finding.

A finding needs a primal, so a custom-derivative decorator's name stands in the file. The primal's name is
bound twice in one scope, by ``def``, ``=`` or ``:=``, the second time to something that mentions it, or a
name made from it. All this is looked for in the bytes, line by line and without a parser.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from vjpfix.analyse.suspects import NOBODY, Suspects
from vjpfix.analyse.transforms import Table

# A line that opens a block; its name where it is a function or a class.
_HEADER = re.compile(
    rb"([ \t\f]*)(?:(?:async[ \t]+)?(?:def|class)[ \t]+([\w\x80-\xff]+)"
    rb"|(?:if|elif|else|try|except|finally|for|while|with|async)\b"
    rb"|(?:match|case)\b(?![ \t]*[=.,:;)]))"
)
_HEADERS = re.compile(rb"^" + _HEADER.pattern, re.MULTILINE)
_DECLARATION = re.compile(rb"[^#'\"]*\b(?:global|nonlocal)[ \t]+[\w\x80-\xff]+")
_TARGET_END = re.compile(rb"[)\]][ \t]*(?:,[\w \t,.*()\x80-\xff]*)?=(?!=)")
_TARGET_START = re.compile(rb"\s*(?:[\w.*\x80-\xff]+\s*,\s*)*[(\[]")
_CONTINUED = re.compile(rb"\\\r?\n")
_STRING = re.compile(rb"'[^'\n]*'|\"[^\"\n]*\"")
_WORD = re.compile(rb"(?<![\w.\x80-\xff])(?!\d)[\w\x80-\xff]+(?![\w.(\x80-\xff])")
_ANY_WORD = re.compile(rb"(?!\d)[\w\x80-\xff]+")
_BACKWARD_OWNER = re.compile(rb"[ \t\n]*\.[ \t\n)]*([\w\x80-\xff]+)")
_JITTED = re.compile(
    rb"[ \t]*(?:[\w\x80-\xff]+\.)*jit\([ \t]*[\w\x80-\xff]+[ \t]*[,)][^()]*\)?[ \t;]*(?:#.*)?\Z"
)
_MADE = re.compile(rb"[ \t]*(?:[\w\x80-\xff]+\.)*[\w\x80-\xff]+\(")
_GLOBALS = re.compile(rb"globals(?<!\wglobals)\b")
_NO_NAMES = frozenset(b"None True False if else and or not in is lambda".split())
# A value without a call: names, tuples of them, a choice between them.
_ALIAS = re.compile(rb"[\w \t,.()*\x80-\xff]+(?: if .* else [\w \t.()\x80-\xff]+)?;?[ \t]*\Z")
_CALL = re.compile(rb"\w[ \t]*\(")
_PLAIN_EQUALS = re.compile(rb"(?<![=!<>])=(?!=)")

MAX_DECORATORS = 8  # lines between a decorator and its function
MAX_LINES = 80  # of one statement
NEAR, FAR = 200, 10_000  # bytes before a setter, in which the name that it belongs to stands
MAX_TARGET = 2000  # bytes of a target over several lines

Place = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class Prefilter:
    """Built once from the table. ``suspects`` is the whole interface."""

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

    def suspects(self, data: bytes) -> Suspects | None:
        """The names that may be taken over in a file with this content, in any encoding.

        NOBODY: full analysis would find nothing. None: any name may be.
        """
        if not any(needle in data for needle in self.needles):
            return NOBODY
        if b"\x00" in data:
            return None  # no text: reading it will say so
        if b"\\" in data:
            data = _CONTINUED.sub(b" ", data)
        data = data.replace(b"\r", b"\n")
        bare = [word for word in self.bare if word in data]
        attached = [at for word in (*self.setters, *bare) for at in _places(data, word)]
        names = {owner for at in attached if (owner := _owner(data, at))}
        for word in bare:
            made = _made_by(data, word)
            if made is None:
                return None
            names |= made
        if not names:
            return NOBODY
        return _Bindings(data, names, attached, self).taken_over()


def _owner(data: bytes, at: int) -> bytes:
    """The word whose attribute is named at an offset."""
    for window in (NEAR, FAR):
        before = data[max(0, at - window) : at][::-1]
        found = _BACKWARD_OWNER.match(before)
        if found and (found.end() < window or at <= window):
            return found[1][::-1]
    return b""


def _made_by(data: bytes, word: bytes) -> set[bytes] | None:
    """What a decorator without setters may have made: functions below it, values of a call of it.

    None: it has another name, under which it may have made anything.
    """
    names: set[bytes] = set()
    named = rb"\b" + word + rb"\b"
    for place in re.finditer(named, data):
        start, line = _line_at(data, place.start())
        if b"@" in line or re.search(named + rb"\(", line):
            names.update(_targets(_code(line)))
            below = data[start:].split(b"\n", MAX_DECORATORS)[1:MAX_DECORATORS]
            names.update(match[2] for text in below if (match := _HEADER.match(text)) and match[2])
        elif re.search(rb"\bdef " + named, line):
            continue  # something else by that name
        elif b"=" in line or (b" as " in line and not re.search(named + rb" as " + named, line)):
            return None
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
class _Site:
    """A statement on one line that binds ``names``. ``start``: of the line; ``header``: a ``def``."""

    start: int
    line: bytes
    code: bytes
    names: frozenset[bytes]
    header: bool


class _Bindings:
    """Where the names of one file are bound. ``taken_over`` is the question."""

    def __init__(self, data: bytes, names: set[bytes], attached: list[int], prefilter: Prefilter) -> None:
        self.data = data
        self.attached = attached
        self.prefilter = prefilter
        self.names: set[bytes] = set()
        self.sites: list[_Site] = []
        self.aliased = False
        while names - self.names:  # names that a plain assignment makes the same are looked for as well
            found = names - self.names
            self.names |= names
            self.sites += self._bindings_of(found)
            names = self._aliases()

    def _bindings_of(self, names: set[bytes]) -> list[_Site]:
        known = {site.start for site in self.sites}
        found: list[_Site] = []
        for start, line in _mentions(self.data, names).items():
            if start not in known and (b"=" in line or _HEADER.match(line)):
                found.extend(_sites(start, line))
        return found

    def _aliases(self) -> set[bytes]:
        """The names with those that a plain assignment makes the same, where rules are attached nearby."""
        found = set(self.names)
        for site in self.sites:
            value = site.code.rpartition(b"=")[2]
            if site.header or not _ALIAS.match(value) or _CALL.search(value):
                continue
            values = set(_WORD.findall(value)) - _NO_NAMES
            forward, backward = not found.isdisjoint(values), not found.isdisjoint(site.names)
            if (forward or backward) and self.scope_of(site) in self.scopes:
                self.aliased = self.aliased or forward
                found |= site.names if forward else values
        return found

    @cached_property
    def outline(self) -> _Outline:
        return _Outline(self.data)

    @cached_property
    def scopes(self) -> frozenset[int]:
        """The functions and classes around the places where rules are attached, and the module."""
        return frozenset(scope for at in self.attached for scope in self.outline.around(at))

    def scope_of(self, site: _Site) -> int:
        return self.outline.enclosing(site.start, _indent(site.line))

    def taken_over(self) -> Suspects | None:
        if _GLOBALS.search(self.data) or self._bound_elsewhere():
            return None
        places = Counter(name for site in self.sites for name in site.names & self.names)
        twice = {name for name, number in places.items() if number > 1}
        if not twice:
            return NOBODY
        bound: dict[Place, list[_Site]] = {}
        for site in self.sites:
            for name in site.names & twice:
                if (scope := self.scope_of(site)) in self.scopes:
                    bound.setdefault((name, scope), []).append(site)
        found = [
            place
            for place, sites in bound.items()
            if len(sites) > 1 and self._any_transforms(place[0], sites)
        ]
        if not found:
            return NOBODY
        try:
            names = frozenset(name.decode("ascii") for name, _ in found)
            homes = [self.outline.function_at(scope).decode("ascii") for _, scope in found]
        except UnicodeDecodeError:
            return None
        return Suspects(names, frozenset(homes) if all(homes) else None)

    def _bound_elsewhere(self) -> bool:
        """Whether a name may be bound from another scope, or in a target over several lines."""
        for word in (b"global ", b"nonlocal "):
            for at in _places(self.data, word):
                _, line = _line_at(self.data, at)
                if _DECLARATION.match(line) and not self.names.isdisjoint(_ANY_WORD.findall(line)):
                    return True
        return any(self._ends_target(match.start()) for match in _TARGET_END.finditer(self.data))

    def _ends_target(self, at: int) -> bool:
        """Whether a target that started with a bracket on an earlier line ends here."""
        start, line = _line_at(self.data, at)
        found = _PLAIN_EQUALS.search(line)
        text = line[: found.start()] if found else b""
        if _depth(text) >= 0:
            return False
        for above in reversed(self.data[max(0, start - MAX_TARGET) : start].split(b"\n")[:-1]):
            text = _code(above) + b" " + text
            if _depth(text) >= 0:
                break
        return bool(_TARGET_START.match(text)) and not self.names.isdisjoint(_WORD.findall(text))

    def _any_transforms(self, name: bytes, sites: list[_Site]) -> bool:
        """Whether one of the statements that bind ``name`` in one scope may make it of what it was."""
        if self.aliased and any(site.header for site in sites):
            return True  # a def may call the function by another name
        related = self._related(name)
        return any(self._may_transform(site, related) for site in sites if not site.header)

    def _related(self, name: bytes) -> set[bytes]:
        """The name, those that plain assignments make the same, and all that is made from these."""
        related, size = {name}, 0
        while size < len(related):
            size = len(related)
            for targets, words, is_alias in self._statements:
                if not related.isdisjoint(words):
                    related |= targets
                elif is_alias and not related.isdisjoint(targets):
                    related |= words
        return related

    @cached_property
    def _statements(self) -> list[tuple[frozenset[bytes], set[bytes], bool]]:
        """Of each assignment that mentions a name: its targets, the words of its value, is it plain."""
        found = []
        sites = [*self.sites, *self._over_lines()]
        for site in sites:
            if not site.header:
                value = _value(_statement(self.data, site))
                is_alias = bool(_ALIAS.match(value)) and not _CALL.search(value)
                found.append((site.names, set(_ANY_WORD.findall(value)) - _NO_NAMES, is_alias))
        return found

    def _over_lines(self) -> Iterator[_Site]:
        """Statements that mention one of the names on a later line than their first."""
        for start in _mentions(self.data, self.names):
            for _ in range(MAX_LINES):
                start, line = _line_at(self.data, start - 1) if start else (0, b"")
                if not _is_open(line) and not line.endswith((b",", b"(", b"[")):
                    break
                yield from _sites(start, line)

    def _may_transform(self, site: _Site, related: set[bytes]) -> bool:
        statement = _statement(self.data, site)
        value = _value(statement)
        if b":=" in statement:
            return True
        if _MADE.match(value) and any(needle in value[:60] for needle in self.prefilter.needles):
            return False  # a primal is made here
        if not self.prefilter.wrappers and _JITTED.match(value):
            return False
        return not related.isdisjoint(_ANY_WORD.findall(value))


class _Outline:
    """The lines that open blocks, to tell which function or class a line stands in."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.headers = [(m.start(), len(m[1]), bool(m[2])) for m in _HEADERS.finditer(data)]

    def enclosing(self, start: int, indent: int) -> int:
        """Where the ``def`` or ``class`` line starts that a line stands under; -1: none."""
        for index in range(bisect_left(self.headers, (start,)) - 1, -1, -1):
            header, depth, is_scope = self.headers[index]
            if depth < indent:
                if is_scope:
                    return header
                indent = depth
        return -1

    def function_at(self, start: int) -> bytes:
        """The name of the function whose line starts there; nothing for a class or the module."""
        header = _HEADER.match(self.data, start) if start >= 0 else None
        return header[2] if header and header[2] and b"def" in header[0] else b""

    def around(self, at: int) -> Iterator[int]:
        """Where the ``def`` and ``class`` lines around a place start, and -1 for the module."""
        start, line = _line_at(self.data, at)
        while start >= 0:
            start = self.enclosing(start, _indent(line))
            yield start
            line = _line_at(self.data, start)[1] if start >= 0 else b""


def _sites(start: int, line: bytes) -> Iterator[_Site]:
    header = _HEADER.match(line)
    if header and header[2]:
        yield _Site(start, line, line, frozenset({header[2]}), True)
        line = b" " * (len(header[1]) + 1) + line[header.end() :].partition(b":")[2]  # a body on its line
    for part in _code(line).split(b";"):
        if targets := frozenset(_targets(part)):
            yield _Site(start, line, part, targets, False)


def _mentions(data: bytes, names: set[bytes]) -> dict[int, bytes]:
    """The lines that name one of ``names`` other than to get an attribute, by where they start."""
    found: dict[int, bytes] = {}
    for name in names:
        word, end = re.escape(name), -1
        # The word first, for regular expressions are fast only at looking for what they start with.
        for match in re.finditer(word + rb"(?<![\w.\x80-\xff]" + word + rb")(?![\w.\x80-\xff])", data):
            if match.start() > end:
                start, line = _line_at(data, match.start())
                found[start] = line
                end = start + len(line)
    return found


def _statement(data: bytes, site: _Site) -> bytes:
    """The site's code and the lines after it, until its brackets are closed."""
    text, end = site.code, site.start + len(site.line)
    for _ in range(MAX_LINES):
        if not _is_open(text) or end >= len(data):
            break
        start, line = _line_at(data, end + 1)
        text, end = text + b" " + line, start + len(line)
    return text


def _value(statement: bytes) -> bytes:
    """What stands behind the last equals sign outside brackets."""
    last = 0
    for match in _PLAIN_EQUALS.finditer(statement):
        if _depth(statement[: match.start()]) <= 0:
            last = match.end()
    return statement[last:]


def _line_at(data: bytes, at: int) -> tuple[int, bytes]:
    """The line that holds an offset, and where it starts."""
    start = data.rfind(b"\n", 0, max(at, 0)) + 1
    end = data.find(b"\n", at)
    return start, data[start : len(data) if end < 0 else end]


def _code(line: bytes) -> bytes:
    """A line without its strings and its comment; whole where an f-string may bind a name."""
    if b":=" in line:
        return line
    if b"'" in line or b'"' in line:
        line = _STRING.sub(b"''", line)
    return line.partition(b"#")[0] if b"#" in line else line


def _indent(line: bytes) -> int:
    return len(line) - len(line.lstrip())


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
