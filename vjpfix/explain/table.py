"""The table that `vjpfix rules` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from vjpfix.model import Certainty, Safety
from vjpfix.review.console import Look
from vjpfix.review.escape import escape
from vjpfix.rules.base import Rule

_HEADINGS = ("code", "name", "default", "certainty", "fix")
_GAP = "  "
_STYLES = {
    Certainty.ERROR.value: "bold red",
    Certainty.WARNING.value: "bold yellow",
    Safety.UNSAFE.value: "yellow",
    Safety.NONE.value: "dim",
    "off": "dim",
}


def table_lines(rules: Sequence[Rule], look: Look) -> Iterator[Text]:
    """A heading and a line for each rule, in columns."""
    rows = [_HEADINGS, *(tuple(escape(cell, look.encoding) for cell in _cells(rule)) for rule in rules)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        line = Text()
        for cell, width in zip(row, widths, strict=True):
            style = "bold" if row is rows[0] or cell == row[0] else _STYLES.get(cell, "")
            line.append(cell.ljust(width), style=style).append(_GAP)
        yield line


def _cells(rule: Rule) -> tuple[str, ...]:
    default = "on" if rule.default else "off"
    return rule.code, rule.name, default, rule.certainty.value, rule.safety.value
