"""The blocks of a file, told by the lines that open them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from vjpfix.prefilter.lines import indent_of, line_at

# A line that opens a block; its name where it is a function or a class.
HEADER = re.compile(
    rb"([ \t\f]*)(?:(?:async[ \t]+)?(?:def|class)[ \t]+([\w\x80-\xff]+)"
    rb"|(?:if|elif|else|try|except|finally|for|while|with|async)\b"
    rb"|(?:match|case)\b(?![ \t]*[=.,:;)]))"
)
_HEADERS = re.compile(rb"^" + HEADER.pattern, re.MULTILINE)


class Outline:
    """The lines that open blocks, to tell which function or class a line stands in."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.headers = [(m.start(), len(m[1]), bool(m[2])) for m in _HEADERS.finditer(data)]

    def enclosing(self, start: int, indent: int) -> int:
        """Where the ``def`` or ``class`` line starts that a line stands under; -1: none."""
        if not indent:
            return -1
        for index in range(bisect_left(self.headers, (start,)) - 1, -1, -1):
            header, depth, is_scope = self.headers[index]
            if depth < indent:
                if is_scope:
                    return header
                indent = depth
        return -1

    def function_at(self, start: int) -> bytes:
        """The name of the function whose line starts there; nothing for a class or the module."""
        header = HEADER.match(self.data, start) if start >= 0 else None
        return header[2] if header and header[2] and b"def" in header[0] else b""

    def outermost_around(self, at: int) -> bytes:
        """The name of the outermost function around an offset; nothing where there is none."""
        names = [self.function_at(start) for start in self.around(at)]
        return next((name for name in reversed(names) if name), b"")

    def around(self, at: int) -> Iterator[int]:
        """Where the ``def`` and ``class`` lines around a place start, and -1 for the module."""
        start, line = line_at(self.data, at)
        while start >= 0:
            start = self.enclosing(start, indent_of(line))
            yield start
            line = line_at(self.data, start)[1] if start >= 0 else b""
