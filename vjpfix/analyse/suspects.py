"""Which names to look at, and the part of a module that has to be parsed for them.

Most functions of a large module have nothing to do with a name that one of them binds twice. They are left
out before the module is parsed: parsing is what a look at a module costs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HEADER = re.compile(r"^([ \t]*)(?:async[ \t]+)?(def|class)[ \t]+(\w+)", re.MULTILINE)
_BASES = re.compile(r"^[ \t]*class[ \t]+(\w+)[ \t]*\(([^()\n]*)\)", re.MULTILINE)
_FORM_FEED = re.compile(r"[ \t]*\f")  # what stands behind it stands at the left
_TARGETS = re.compile(r"[\w ,()\[\]*.:\n]+(?<![=!<>])=(?!=)")
_WORD = re.compile(r"[^\W\d]\w*")
_TRIPLE = ('"""', "'''")


@dataclass(frozen=True, slots=True)
class Suspects:
    """Names that may be taken over, and the functions that bind them; ``homes`` None: any scope may.

    ``whole``: the functions in which everything is looked at, not only these names; None: any may be one.
    """

    names: frozenset[str]
    homes: frozenset[str] | None = None
    whole: frozenset[str] | None = frozenset()


NOBODY = Suspects(frozenset())


def part_for(homes: frozenset[str], text: str) -> str:
    """The text without the functions and classes that no function of ``homes`` can lead to.

    An empty function stands in for what is left out, below its decorators. Whatever the remaining text
    mentions stays, so that the homes lead to nothing else; but what only such statements of the module
    mention that have no name of its own in common with it. A home "" stands for all statements of the module.
    Where indentation does not tell (strings and brackets that reach to the left of their block), too much
    stays, or the part does not parse.
    """
    text = _FORM_FEED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    blocks = list(_blocks(text, homes))
    gaps = [] if "" in homes else _gaps(text, blocks)
    words, bases = set(homes), set[str]()
    while True:
        cut = [block for block in blocks if not block.is_kept(words, bases)]
        gaps = [gap for gap in gaps if gap.names.isdisjoint(words)]
        part = _without(text, sorted([*cut, *gaps], key=_start))
        inherited = {
            word for name, some in _BASES.findall(part) if name not in words for word in _WORD.findall(some)
        }
        found = set(_WORD.findall(_mentioning(part, words)))
        if found <= words and inherited <= bases:
            return _without(text, cut)
        words |= found
        bases |= inherited


def _mentioning(part: str, words: set[str]) -> str:
    """The text without what it defines, and without the bases of classes that are not mentioned."""

    def with_bases(match: re.Match[str]) -> str:
        return match[0] if match[1] in words else ""

    return _HEADER.sub("", _BASES.sub(with_bases, part))


@dataclass(frozen=True, slots=True)
class _Gap:
    """Statements of the module between functions and classes, and the names of its own that they mention."""

    start: int
    end: int
    names: frozenset[str]


@dataclass(slots=True)
class _Block:
    """A function or a class, ``text[start:end]``, and those around it and in it.

    ``uncut``: it must not be cut out, for a string may begin or end in it, or it holds a home.
    """

    name: str
    is_class: bool
    start: int
    end: int
    uncut: bool
    outer: _Block | None
    inner: list[_Block]

    def is_kept(self, words: set[str], bases: set[str]) -> bool:
        """Whether it is mentioned, or what it stands in, or a method in it.

        A function in a function is not reached from outside but through that. Of a class that is only
        mentioned as a base of others (``bases``) the methods that nobody has to name stay.
        """
        outer = self.outer
        if self.name in bases and self.is_class:
            return True
        if outer and outer.name in bases and self.name.startswith("__"):
            return True
        while outer:
            if outer.name in words:
                return True
            outer = outer.outer
        return self.holds(words)

    def holds(self, words: set[str]) -> bool:
        inside = self.is_class and any(block.holds(words) for block in self.inner)
        return self.uncut or self.name in words or inside


def _blocks(text: str, homes: frozenset[str]) -> Iterator[_Block]:
    """The functions and classes in order, told by their indentation."""
    around: list[_Block] = []
    for header in _HEADER.finditer(text):
        while around and around[-1].end <= header.start():
            around.pop()
        start, end = header.end(1), _end(text, header.end(), len(header[1]))
        uncut = any(text.count(quotes, start, end) % 2 for quotes in _TRIPLE)
        outer = around[-1] if around else None
        block = _Block(header[3], header[2] == "class", start, end, uncut, outer, [])
        if outer:
            outer.inner.append(block)
        around.append(block)
        if block.name in homes:
            for each in around:
                each.uncut = True
        yield block


def _gaps(text: str, blocks: list[_Block]) -> list[_Gap]:
    """The statements outside of all functions and classes."""
    places: list[tuple[int, int]] = []
    at = 0
    for block in blocks:
        if not block.outer and block.start >= at:
            places.append((at, block.start))
            at = block.end
    places.append((at, len(text)))
    bound = (
        word
        for start, end in places
        for targets in _TARGETS.findall(text, start, end)
        for word in _WORD.findall(targets)
    )
    own = {block.name for block in blocks}.union(bound)
    return [
        _Gap(start, end, frozenset(own.intersection(_WORD.findall(text, start, end))))
        for start, end in places
    ]


def _start(place: _Block | _Gap) -> int:
    return place.start


def _end(text: str, start: int, indent: int) -> int:
    """The line break before the next statement that stands no deeper; what closes a bracket is none."""
    found = re.compile(rf"\n(?=[ \t]{{0,{indent}}}[^ \t\n)\]}}#])").search(text, start)
    return found.start() if found else len(text)


def _without(text: str, blocks: Sequence[_Block | _Gap]) -> str:
    parts: list[str] = []
    at = 0
    for block in blocks:
        if block.start >= at:
            parts += (text[at : block.start], "def _left_out(): pass" if isinstance(block, _Block) else "\n")
            at = block.end
    return "".join((*parts, text[at:]))
