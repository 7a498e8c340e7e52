"""Places in a source file, shown: their lines with numbers in a gutter, and carets under what is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rich.cells import cell_len
from rich.text import Text

from vjpfix.model import SourceFile, Span
from vjpfix.review.console import Look
from vjpfix.review.escape import escape
from vjpfix.review.highlight import paint
from vjpfix.review.layout import Line, Paint, crop, lay_out
from vjpfix.review.wrapping import wrapped

_NEWLINE = re.compile(r"\r\n|\r|\n")
_MOST_LINES = 4
_LABEL_ROOM = 24
_CODE_ROOM = 16


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to underline with carets in ``style``, and a ``label`` for it."""

    span: Span
    label: str = ""
    style: str = "bold red"


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a mark underlines in one line: columns from ``start`` to ``end``; lines from 1."""

    line: int
    start: int
    end: int
    label: str
    style: str


def source_lines(text: str) -> list[str]:
    """The lines as Python counts them, without newlines: a form feed or U+2028 does not end one."""
    return _NEWLINE.split(text)


@lru_cache(maxsize=8)
def _lines(text: str) -> tuple[str, ...]:
    """The same, for a file that is asked for each of its places."""
    return tuple(source_lines(text))


def gutter_width(spans: Sequence[Span]) -> int:
    """How many cells the largest line number among ``spans`` takes."""
    return len(str(max((span.end_line for span in spans), default=0)))


def gutter(look: Look, width: int, number: int | None = None) -> Text:
    """The start of each line of an excerpt: the number, or none, and a bar."""
    shown = "" if number is None else str(number)
    return Text.assemble((f" {shown:>{width}} {look.bar} ", "dim"))


def excerpt(source: SourceFile, marks: Sequence[Mark], look: Look, width: int) -> list[Text]:
    """The marked lines of ``source`` in order, each its carets and labels below; far ones parted by a fold.

    ``width`` is the gutter's. A span past the end of its line, or of the file, is shown at the end.
    """
    lines = _lines(source.text)
    pieces = sorted((p for mark in marks for p in _pieces(mark, lines)), key=lambda p: (p.line, p.start))
    numbers = {piece.line - 1 for piece in pieces}
    paints = paint(lines, numbers) if look.styled else {}
    shown: list[Text] = []
    before = 0
    for number, group in groupby(pieces, key=lambda piece: piece.line):
        if before and number > before + 1:
            shown.append(Text(f" {look.fold:>{width}}", style="dim"))
        before = number
        laid_out = lay_out(lines[number - 1], look.encoding)
        shown.extend(_marked_line(laid_out, list(group), paints.get(number - 1, []), look, width))
    return shown


def _pieces(mark: Mark, lines: Sequence[str]) -> list[_Piece]:
    if mark.span.line > len(lines):
        return [_Piece(len(lines), len(lines[-1]), len(lines[-1]), mark.label, mark.style)]
    first, last = mark.span.line, min(mark.span.end_line, len(lines))
    pieces = []
    for number in range(first, last + 1):
        line = lines[number - 1]
        indent = len(line) - len(line.lstrip())
        start = mark.span.column if number == first else indent
        end = mark.span.end_column if number == mark.span.end_line else len(line.rstrip())
        if start < end or first == last:
            pieces.append(_Piece(number, start, end, "", mark.style))
    if len(pieces) > _MOST_LINES:
        pieces = [*pieces[: _MOST_LINES - 1], pieces[-1]]
    final = pieces[-1]
    return [*pieces[:-1], _Piece(final.line, final.start, final.end, mark.label, mark.style)]


def _marked_line(
    line: Line, pieces: list[_Piece], paints: list[Paint], look: Look, width: int
) -> Iterator[Text]:
    """The line with all its pieces below, or once for each where they are too far apart for the screen."""
    number = pieces[0].line
    room = max(look.width - width - 4, _CODE_ROOM)
    span_cells = line.cell(max(p.end for p in pieces)) - line.cell(pieces[0].start)
    together = span_cells <= room - 2 * len(look.ellipsis)
    for group in [pieces] if together else [[piece] for piece in pieces]:
        window = crop(line, group[0].start, max(p.end for p in group), room, look.ellipsis)
        yield gutter(look, width, number) + _cut(line.text(paints), window, look)
        for piece in group:
            yield from _carets(line, piece, window, room, look, width)


def _cut(text: Text, window: tuple[int, int], look: Look) -> Text:
    before = look.ellipsis if window[0] else ""
    after = look.ellipsis if window[1] < len(text) else ""
    return Text.assemble((before, "dim"), text[window[0] : window[1]], (after, "dim"))


def _carets(
    line: Line, piece: _Piece, window: tuple[int, int], room: int, look: Look, width: int
) -> Iterator[Text]:
    start, end = (min(max(line.at(c), window[0]), window[1]) for c in (piece.start, piece.end))
    indent = cell_len(line.shown[window[0] : start]) + (len(look.ellipsis) if window[0] else 0)
    carets = "^" * max(cell_len(line.shown[start:end]), 1)
    row = Text.assemble(gutter(look, width), " " * indent, (carets, piece.style))
    label = Text(escape(piece.label, look.encoding), style=piece.style.replace("bold ", ""))
    beside = room - indent - len(carets) - 1
    if label and cell_len(label.plain) <= beside:
        yield Text.assemble(row, " ", label)
        return
    yield row
    if not label:
        return
    indent = min(indent, max(room - _LABEL_ROOM, 0))
    for part in wrapped(label, room - indent):
        yield Text.assemble(gutter(look, width), " " * indent, part)
