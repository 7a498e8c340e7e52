"""One row of a diff, drawn: line numbers, sign, Python colours, and the changed words marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from vjpfix.review.compare import Columns
from vjpfix.review.console import Look
from vjpfix.review.highlight import paint
from vjpfix.review.layout import Line, Paint, fitting, lay_out, rows
from vjpfix.review.rows import Row, Sign

_CODE_ROOM = 16
_MOST_ROWS = 6
_AROUND = 24
_SIGN_STYLES = {Sign.KEPT: "", Sign.REMOVED: "bold red", Sign.ADDED: "bold green"}
_NUMBER_STYLES = {Sign.KEPT: "dim", Sign.REMOVED: "red", Sign.ADDED: "green"}
_WORD_STYLES = {Sign.KEPT: "", Sign.REMOVED: "bold red reverse", Sign.ADDED: "bold green reverse"}

_Paints = dict[int, list[Paint]]


@dataclass(frozen=True, slots=True)
class RowView:
    """How the rows of one file are drawn: ``digits`` a line number takes; the colours of both versions."""

    look: Look
    digits: int
    old_paints: _Paints
    new_paints: _Paints

    @property
    def room(self) -> int:
        """The cells left for code."""
        return max(self.look.width - 2 * self.digits - 7, _CODE_ROOM)

    def lines(self, row: Row) -> Iterator[Text]:
        """The row; a changed line that is too long goes on below it, an unchanged one is cropped.

        Without styles the changed words of an added line (of a removed one, where the added one has none)
        are underlined with carets.
        """
        text = self._code(row)
        if row.sign is Sign.KEPT:
            parts = [_cropped(text, self.room, self.look)]
        else:
            parts = [text[start:end] for start, end in rows(text.plain, self.room)]
        for index, part in enumerate(parts):
            yield self._gutter(row, first=index == 0) + part
            if not self.look.styled and row.sign is not Sign.KEPT and part.spans:
                yield self._gutter(None, first=False) + Text(_carets(part))

    def fold(self) -> Text:
        """The row that stands for lines left out."""
        return Text(
            f" {self.look.fold:>{self.digits}} {self.look.fold:>{self.digits}} {self.look.bar}", style="dim"
        )

    def _code(self, row: Row) -> Text:
        line = lay_out(row.text, self.look.encoding)
        paints = self.old_paints if row.new is None else self.new_paints
        index = row.old if row.new is None else row.new
        text = line.text(paints.get(index if index is not None else -1, []))
        if self.look.styled or not row.told:
            for start, end in row.changed:
                text.stylize(_WORD_STYLES[row.sign], line.at(start), line.at(end))
        if row.sign is not Sign.KEPT and cell_len(line.shown) > _MOST_ROWS * self.room:
            return _elided(text, line, row.changed, self.look)
        return text

    def _gutter(self, row: Row | None, *, first: bool) -> Text:
        numbers = [row.old, row.new] if row is not None and first else [None, None]
        shown = " ".join(f"{'' if n is None else n + 1:>{self.digits}}" for n in numbers)
        sign = row.sign if row is not None else Sign.KEPT
        return Text.assemble(
            (f" {shown}", _NUMBER_STYLES[sign]),
            (f" {self.look.bar} ", "dim"),
            (f"{sign.value} ", _SIGN_STYLES[sign]),
        )


def row_view(old: Sequence[str], new: Sequence[str], shown: Sequence[Row], look: Look) -> RowView:
    """The view for the ``shown`` rows of a file whose two versions have the lines ``old`` and ``new``."""
    old_wanted = {row.old for row in shown if row.old is not None and row.new is None}
    new_wanted = {row.new for row in shown if row.new is not None}
    digits = len(str(max([*old_wanted, *new_wanted], default=0) + 1))
    if not look.styled:
        return RowView(look, digits, {}, {})
    return RowView(look, digits, paint(old, old_wanted), paint(new, new_wanted))


def _cropped(text: Text, room: int, look: Look) -> Text:
    if cell_len(text.plain) <= room:
        return text
    end = fitting(text.plain, 0, room - len(look.ellipsis))
    return Text.assemble(text[:end], (look.ellipsis, "dim"))


def _elided(text: Text, line: Line, changed: Columns, look: Look) -> Text:
    """A very long line: its changed words and what is near them, or its start."""
    near: list[tuple[int, int]] = []
    for start, end in changed or ((0, 0),):
        begin, stop = max(line.at(start) - _AROUND, 0), min(line.at(end) + _AROUND, len(text))
        if near and begin <= near[-1][1]:
            near[-1] = (near[-1][0], stop)
        else:
            near.append((begin, stop))
    dots = Text(look.ellipsis)
    parts = Text() if near[0][0] == 0 else dots
    for begin, stop in near:
        parts = parts + text[begin:stop] + (dots if stop < len(text) else Text())
    return parts


def _carets(part: Text) -> str:
    row = ""
    for span in sorted(part.spans):
        row = row.ljust(cell_len(part.plain[: span.start]))
        row += "^" * max(cell_len(part.plain[span.start : span.end]), 1)
    return row
