"""Where a file binds the names that rules are attached to, and whether one of them may be taken over."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

from vjpfix.analyse.suspects import NOBODY, Suspects
from vjpfix.prefilter.lines import (
    PLAIN_EQUALS,
    WORD,
    code_of,
    depth_of,
    indent_of,
    line_at,
    mentions,
    offsets,
    value_of,
)
from vjpfix.prefilter.outline import HEADER, Outline
from vjpfix.prefilter.sites import Site, sites_on, sites_over_lines, statement_at

_DECLARATION = re.compile(rb"[^#'\"]*\b(?:global|nonlocal)[ \t]+[\w\x80-\xff]+")
# One for each bracket, for regular expressions are fast at looking for what they start with.
_TARGET_ENDS = tuple(
    re.compile(bracket + rb"[ \t]*(?:,[\w \t,.*()\x80-\xff]*)?=(?!=)") for bracket in (rb"\)", rb"\]")
)
_TARGET_START = re.compile(rb"\s*(?:[\w.*\x80-\xff]+\s*,\s*)*[(\[]")
_ANY_WORD = re.compile(rb"(?!\d)[\w\x80-\xff]+")
_JITTED = re.compile(
    rb"[ \t]*(?:[\w\x80-\xff]+\.)*jit\([ \t]*[\w\x80-\xff]+[ \t]*[,)][^()]*\)?[ \t;]*(?:#.*)?\Z"
)
_MADE = re.compile(rb"[ \t]*(?:[\w\x80-\xff]+\.)*[\w\x80-\xff]+\(")
_BY_NAME = re.compile(rb"globals(?<!\wglobals)\b|modules(?<!\wmodules)[ \t\n]*\[")
_NO_NAMES = frozenset(b"None True False if else and or not in is lambda".split())
# A value without a call: names, tuples of them, a choice between them.
_ALIAS = re.compile(rb"[\w \t,.()*\x80-\xff]+(?: if .* else [\w \t.()\x80-\xff]+)?;?[ \t]*\Z")
_CALL = re.compile(rb"\w[ \t]*\(")

MAX_TARGET = 2000  # bytes of a target over several lines

Place = tuple[bytes, int]


class Bindings:
    """Where the names of one file are bound. ``taken_over`` is the question.

    ``attached``: the places where rules are attached. ``needles``, ``wrappers``: as of ``Prefilter``.
    """

    def __init__(
        self,
        data: bytes,
        names: set[bytes],
        attached: list[int],
        *,
        needles: tuple[bytes, ...],
        wrappers: bool,
    ) -> None:
        self.data = data
        self.attached = attached
        self.needles = needles
        self.wrappers = wrappers
        self.names: set[bytes] = set()
        self.sites: list[Site] = []
        self.aliased = False
        while names - self.names:  # names that a plain assignment makes the same are looked for as well
            found = names - self.names
            self.names |= names
            self.sites += self._bindings_of(found)
            names = self._aliases()

    def _bindings_of(self, names: set[bytes]) -> list[Site]:
        known = {site.start for site in self.sites}
        found: list[Site] = []
        for start, line in mentions(self.data, names).items():
            if start not in known and (b"=" in line or HEADER.match(line)):
                found.extend(sites_on(start, line))
        return found

    def _aliases(self) -> set[bytes]:
        """The names with those that a plain assignment makes the same, where rules are attached nearby."""
        found = set(self.names)
        for site in self.sites:
            value = site.code.rpartition(b"=")[2]
            if site.header or not _ALIAS.match(value) or _CALL.search(value):
                continue
            values = set(WORD.findall(value)) - _NO_NAMES
            forward, backward = not found.isdisjoint(values), not found.isdisjoint(site.names)
            if (forward or backward) and self.scope_of(site) in self.scopes:
                self.aliased = self.aliased or forward
                found |= site.names if forward else values
        return found

    @cached_property
    def outline(self) -> Outline:
        """The blocks of the file."""
        return Outline(self.data)

    @cached_property
    def scopes(self) -> frozenset[int]:
        """The functions and classes around the places where rules are attached, and the module."""
        return frozenset(scope for at in self.attached for scope in self.outline.around(at))

    def scope_of(self, site: Site) -> int:
        """Where the function or class starts that a statement stands in; -1: in none."""
        return self.outline.enclosing(site.start, indent_of(site.line))

    def taken_over(self) -> Suspects | None:
        """The answer, as ``Prefilter.suspects`` gives it."""
        if _BY_NAME.search(self.data) or self._bound_elsewhere():
            return None
        places = Counter(name for site in self.sites for name in site.names & self.names)
        twice = {name for name, number in places.items() if number > 1}
        if not twice:
            return NOBODY
        bound: dict[Place, list[Site]] = {}
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
            for at in offsets(self.data, word):
                _, line = line_at(self.data, at)
                if _DECLARATION.match(line) and not self.names.isdisjoint(_ANY_WORD.findall(line)):
                    return True
        return any(
            self._ends_target(match.start()) for end in _TARGET_ENDS for match in end.finditer(self.data)
        )

    def _ends_target(self, at: int) -> bool:
        """Whether a target that started with a bracket on an earlier line ends here."""
        start, line = line_at(self.data, at)
        found = PLAIN_EQUALS.search(line)
        text = line[: found.start()] if found else b""
        if depth_of(text) >= 0:
            return False
        for above in reversed(self.data[max(0, start - MAX_TARGET) : start].split(b"\n")[:-1]):
            text = code_of(above) + b" " + text
            if depth_of(text) >= 0:
                break
        return bool(_TARGET_START.match(text)) and not self.names.isdisjoint(WORD.findall(text))

    def _any_transforms(self, name: bytes, sites: list[Site]) -> bool:
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
        sites = [*self.sites, *sites_over_lines(self.data, self.names)]
        for site in sites:
            if not site.header:
                value = value_of(statement_at(self.data, site))
                is_alias = bool(_ALIAS.match(value)) and not _CALL.search(value)
                found.append((site.names, set(_ANY_WORD.findall(value)) - _NO_NAMES, is_alias))
        return found

    def _may_transform(self, site: Site, related: set[bytes]) -> bool:
        statement = statement_at(self.data, site)
        value = value_of(statement)
        if b":=" in statement:
            return True
        if _MADE.match(value) and any(needle in value[:60] for needle in self.needles):
            return False  # a primal is made here
        if not self.wrappers and _JITTED.match(value):
            return False
        return not related.isdisjoint(_ANY_WORD.findall(value))
