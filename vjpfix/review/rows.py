"""A rewritten file as rows to show: hunks of removed, added and unchanged lines, with the changed words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from vjpfix.review.compare import Block, Columns, Hunk, changed_blocks, changed_words, hunks


class Sign(Enum):
    """What became of a line."""

    KEPT = " "
    REMOVED = "-"
    ADDED = "+"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its index in the old and in the new file (None: not in it), and the columns that changed.

    ``told``: the line it is paired with shows what changed, so that this one need not.
    """

    sign: Sign
    text: str
    old: int | None
    new: int | None
    changed: Columns = ()
    told: bool = False


def hunk_rows(old: Sequence[str], new: Sequence[str], context: int) -> Iterator[list[Row]]:
    """The rows of each hunk between two files, given as lines, with ``context`` unchanged lines around."""
    for hunk in hunks(changed_blocks(old, new), len(old), context):
        yield list(_rows(hunk, old, new))


def _rows(hunk: Hunk, old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    at, new_at = hunk.lines.start, hunk.lines.new_start
    for block in hunk.blocks:
        yield from _kept(old, at, new_at, block.start)
        yield from _changed(block, old, new)
        at, new_at = block.end, block.new_end
    yield from _kept(old, at, new_at, hunk.lines.end)


def _kept(old: Sequence[str], at: int, new_at: int, end: int) -> Iterator[Row]:
    for index in range(at, end):
        yield Row(Sign.KEPT, old[index], index, new_at + index - at)


def _changed(block: Block, old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """Removed lines, then added ones. Paired from the end: a fix adds lines only above a statement."""
    before, after = old[block.start : block.end], new[block.new_start : block.new_end]
    pairs = [changed_words(a, b) for a, b in zip(reversed(before), reversed(after), strict=False)][::-1]
    for index, line in enumerate(before, len(pairs) - len(before)):
        changed, told = pairs[index] if index >= 0 else ((), ())
        yield Row(Sign.REMOVED, line, block.end - len(pairs) + index, None, changed, bool(told))
    for index, line in enumerate(after, len(pairs) - len(after)):
        changed = pairs[index][1] if index >= 0 else ()
        yield Row(Sign.ADDED, line, None, block.new_end - len(pairs) + index, changed)
