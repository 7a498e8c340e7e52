"""One line of source as the screen shows it: escaped, tabs spread, and where each of its columns lands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len
from rich.text import Text

from vjpfix.review.escape import escape_character

_TAB = 4
_CLEAN_BREAKS = frozenset(" ,([{")
_BACK = 20

Paint = tuple[int, int, str]
"""A range of columns and its style."""


@dataclass(frozen=True, slots=True)
class Line:
    """``shown`` is the text on the screen; the character in column c starts at ``shown[starts[c]]``.

    ``starts`` has one more entry, for the end. A column past the end counts as the end.
    """

    shown: str
    starts: Sequence[int]

    def at(self, column: int) -> int:
        return self.starts[min(column, len(self.starts) - 1)]

    def cell(self, column: int) -> int:
        """The screen cell, from 0, in which ``column`` starts."""
        return cell_len(self.shown[: self.at(column)])

    def text(self, paints: Iterable[Paint]) -> Text:
        """The line with styles on ranges of its columns."""
        text = Text(self.shown)
        for start, end, style in paints:
            text.stylize(style, self.at(start), self.at(end))
        return text


def lay_out(raw: str, encoding: str = "utf-8") -> Line:
    """Lay out one line, given without its newline, for a screen of the given encoding."""
    if raw.isascii() and raw.isprintable():
        return Line(raw, range(len(raw) + 1))
    parts: list[str] = []
    starts = [0]
    column = since_tab = 0
    for index, character in enumerate(raw):
        if character == "\t":
            column += cell_len("".join(parts[since_tab:]))
            part = " " * (_TAB - column % _TAB)
            column += len(part)
            since_tab = index + 1
        else:
            part = escape_character(character, encoding)
        parts.append(part)
        starts.append(starts[-1] + len(part))
    return Line("".join(parts), starts)


def crop(line: Line, first: int, last: int, width: int, ellipsis: str) -> tuple[int, int]:
    """The part ``shown[start:end]`` to show so that columns ``first`` to ``last`` are in ``width`` cells.

    Room for an ``ellipsis`` is left on each side that is cut. Where the columns do not fit, their start does.
    """
    shown = line.shown
    start, end = line.at(first), line.at(last)
    if cell_len(shown) <= width:
        return 0, len(shown)
    one_cut = max(width - len(ellipsis), 1)
    if cell_len(shown[:end]) <= one_cut:
        return 0, fitting(shown, 0, one_cut)
    if cell_len(shown[start:]) <= one_cut:
        return _fitting_back(shown, len(shown), one_cut), len(shown)
    two_cuts = max(width - 2 * len(ellipsis), 1)
    spare = max(two_cuts - cell_len(shown[start:end]), 0)
    begin = _fitting_back(shown, start, spare // 2)
    return begin, fitting(shown, begin, two_cuts)


def fitting(text: str, start: int, width: int) -> int:
    """The end of the longest part of ``text`` from ``start`` that is at most ``width`` cells wide."""
    end = min(len(text), start + width)
    # Marks that take no cell make room for more, but not for ever: a hostile line is nothing but marks.
    most = min(len(text), start + 4 * width)
    while end < most and cell_len(text[start : end + 1]) <= width:
        end += 1
    while end > start and cell_len(text[start:end]) > width:
        end -= 1
    return end


def rows(text: str, width: int) -> list[tuple[int, int]]:
    """Cut ``text`` into parts of at most ``width`` cells, after a space or sign where one is near the end."""
    cuts = [0]
    while cuts[-1] < len(text):
        end = max(fitting(text, cuts[-1], width), cuts[-1] + 1)
        if end < len(text):
            near = range(end, max(end - min(_BACK, width // 2), cuts[-1]), -1)
            clean = (cut for cut in near if text[cut - 1] in _CLEAN_BREAKS and text[cut] != " ")
            between_words = (cut for cut in near if not f"_{text[cut - 1]}{text[cut]}".isidentifier())
            end = next(clean, None) or next(between_words, end)
        cuts.append(end)
    return list(pairwise(cuts)) or [(0, 0)]


def _fitting_back(text: str, end: int, width: int) -> int:
    return end - fitting(text[:end][::-1], 0, width)
