"""Which functions a place in a file can see, told by how far to the right lines stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from vjpfix.prefilter.lines import indent_of, line_at

_DEF = re.compile(rb"def[ \t]+([\w\x80-\xff]+)")
_NO_STATEMENT = (b")", b"]", b"}", b"#")
_TRIPLE = (b'"""', b"'''")

Span = tuple[int, int]


class Blocks:
    """The blocks and functions of one file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._blocks: dict[tuple[int, int], Span] = {}

    def visible(self, name: bytes, at: int) -> Iterator[Span]:
        """The functions of this name in the blocks around an offset."""
        for place in self.functions.get(name, ()):
            start, line = line_at(self.data, place)
            indent = indent_of(line)
            if self.is_visible(start, indent, at):
                yield start, self.end(place, indent)

    def function_below(self, at: int) -> int:
        """Where the first function ends that starts below an offset."""
        place = _DEF.search(self.data, at)
        if not place:
            return len(self.data)
        return self.end(place.start(), indent_of(line_at(self.data, place.start())[1]))

    @cached_property
    def functions(self) -> dict[bytes, list[int]]:
        """Where the word ``def`` stands before each name."""
        found: dict[bytes, list[int]] = {}
        for place in _DEF.finditer(self.data):
            found.setdefault(place[1], []).append(place.start())
        return found

    def is_visible(self, start: int, indent: int, at: int) -> bool:
        """Whether the block of a line, so far to the right, is around an offset as well."""
        first, last = self._block(indent, line_at(self.data, at)[0])
        return first <= start < last

    def _block(self, indent: int, start: int) -> Span:
        """The lines around one that stand at least so far to the right."""
        if not indent:
            return 0, len(self.data)
        if (indent, start) not in self._blocks:
            end = _dedent(indent - 1).search(self.data, max(0, start - 1))
            first = start
            while first:
                above, line = line_at(self.data, first - 1)
                text = line.lstrip()
                if text and len(line) - len(text) < indent and not text.startswith(_NO_STATEMENT):
                    break
                first = above
            self._blocks[indent, start] = (first, end.start() if end else len(self.data))
        return self._blocks[indent, start]

    def end(self, start: int, indent: int) -> int:
        """Where a function ends: before the next statement that stands no deeper."""
        found = _dedent(indent).search(self.data, start)
        end = found.start() if found else len(self.data)
        odd = any(self.data.count(quotes, start, end) % 2 for quotes in _TRIPLE)
        return len(self.data) if odd else end


def _dedent(indent: int) -> re.Pattern[bytes]:
    """The line break before a statement that stands no further right."""
    return re.compile(rb"\n(?=[ \t]{0,%d}[^ \t\n)\]}#])" % indent)
