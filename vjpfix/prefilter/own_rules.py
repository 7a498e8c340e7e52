"""Whether a rule may call a transformed version of its own primal, by the bytes of the file.

A version is made where a transform and the primal are both named, and the primal is not just called: in the
rule or in what it calls, or in a statement outside that gives the version a name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from vjpfix.prefilter.blocks import Blocks, Span
from vjpfix.prefilter.lines import indent_of, is_open, line_at
from vjpfix.prefilter.sites import MAX_LINES, sites_on, statement_at

_WORD = re.compile(rb"(?!\d)[\w\x80-\xff]+")
_CALLED = re.compile(rb"([\w\x80-\xff]+)[ \t]*\(")
_BEFORE_ALONE = re.compile(rb"(?:[(,=\[:{*]|\b(?:return|or|and|else|if|in|lambda))[ \t\n]*\Z")
_AFTER_ALONE = rb"(?![\w\x80-\xff]|[ \t]*[.(]|[ \t]*=[^=])"
_APPLIED = re.compile(rb"[ \t\n]*(?:,[^()]*)?\)[ \t\n]*\(")
_NEAR = 200  # bytes before a name, in which what it is asked of stands


@dataclass(frozen=True, slots=True)
class _Version:
    """A statement that binds ``names`` to a version of the primal: where its line starts, how far right."""

    start: int
    indent: int
    names: frozenset[bytes]


class OwnRules:
    """One file. ``transforms``: the words of transforms that give a function another meaning."""

    def __init__(self, blocks: Blocks, transforms: Collection[bytes]) -> None:
        self.blocks = blocks
        self.data = blocks.data
        self.transforms = frozenset(transforms)
        self._alone: dict[bytes, list[Span]] = {}
        self._versions: dict[bytes, list[_Version]] = {}

    def transforming(self, attached: Iterable[tuple[int, bytes]]) -> Iterator[int]:
        """Where rules are attached that may call a version of what they are attached to.

        Arguments: where rules are attached to which name.
        """
        for at, name in attached:
            if self._places(name) and self._is_called(self._region(at), at, name):
                yield at

    def _is_called(self, region: list[Span], at: int, name: bytes) -> bool:
        """Whether a function of the region makes a version of a name, or calls one that is made outside."""
        places = self._places(name)
        for start, end in region:
            inside = any(start <= place < end for place, _ in places)
            if inside and self._transforms(self.data[start:end]):
                return True
        made = [
            version
            for version in self._made_of(name)
            if self.blocks.is_visible(version.start, version.indent, at)
        ]
        versions = {target for version in made for target in version.names} - {name}
        return bool(versions) and any(
            not versions.isdisjoint(_CALLED.findall(self.data, start, end)) for start, end in region
        )

    def _places(self, name: bytes) -> list[Span]:
        """Where a name stands that is neither called nor asked for an attribute, but may be given on."""
        if name not in self._alone:
            escaped = re.escape(name)
            alone = re.compile(escaped + rb"(?<![\w\x80-\xff]" + escaped + rb")" + _AFTER_ALONE)
            found = (match.span() for match in alone.finditer(self.data))
            self._alone[name] = [
                s for s in found if _BEFORE_ALONE.search(self.data[max(0, s[0] - _NEAR) : s[0]])
            ]
        return self._alone[name]

    def _made_of(self, name: bytes) -> list[_Version]:
        """The statements that bind other names to what a transform makes of this one."""
        if name not in self._versions:
            places = (start for start, end in self._places(name) if not _APPLIED.match(self.data, end))
            lines = dict.fromkeys(self._first_line(place) for place in places)
            self._versions[name] = [
                _Version(start, indent_of(line), site.names)
                for start, line in lines
                for site in sites_on(start, line)
                if not site.header and self._transforms(statement_at(self.data, site))
            ]
        return self._versions[name]

    def _transforms(self, text: bytes) -> bool:
        return not self.transforms.isdisjoint(_WORD.findall(text))

    def _first_line(self, place: int) -> tuple[int, bytes]:
        """Where the statement around a place starts, and its first line."""
        start, line = line_at(self.data, place)
        depth = _depth(self.data[start:place])
        for _ in range(MAX_LINES):
            above = line_at(self.data, start - 1)[1] if start else b""
            if depth > 0 and not is_open(above) and not above.endswith((b",", b"(", b"[")):
                break
            if not start or (depth <= 0 and not is_open(above) and b"=" in line):
                break
            start, line = line_at(self.data, start - 1)
            depth += _depth(line)
        return start, line

    # The region.

    def _region(self, at: int) -> list[Span]:
        """Where the statement stands that attaches rules, and the functions that they mention."""
        found = [self._attaching(at)]
        known: set[bytes] = set()
        for start, end in found:  # it grows
            words = set(_WORD.findall(self.data, start, end)) - known
            known |= words
            found += [
                span
                for word in words & self.blocks.functions.keys()
                for span in self.blocks.visible(word, at)
            ]
        return found

    def _attaching(self, at: int) -> Span:
        """The statement at an offset or, of a decorator, with the function below it."""
        start, line = line_at(self.data, at)
        if line.lstrip().startswith(b"@"):
            return start, self.blocks.function_below(start)
        end = start + len(line)
        for _ in range(MAX_LINES):
            if not is_open(self.data[start:end]) or end >= len(self.data):
                break
            end += 1 + len(line_at(self.data, end + 1)[1])
        return start, end


def _depth(text: bytes) -> int:
    return text.count(b"(") + text.count(b"[") - text.count(b")") - text.count(b"]")
