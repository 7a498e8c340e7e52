"""One fix as `vjpfix fix` shows it: what is wrong, the guilty read, and the diff of each file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from vjpfix.model import Change, Rewritten, Safety
from vjpfix.review.console import Look, emit, look_of
from vjpfix.review.escape import escape
from vjpfix.review.excerpt import gutter, gutter_width, source_lines
from vjpfix.review.rows import Row, Sign, hunk_rows
from vjpfix.review.rowview import row_view
from vjpfix.review.summary import count
from vjpfix.review.text import Sources, headline, places
from vjpfix.review.wrapping import wrapped

_CONTEXT = 2


def show_change(screen: Console, change: Change, rewritten: Sequence[Rewritten], sources: Sources) -> None:
    """Draw one fix. ``rewritten``: the files as this fix alone leaves them; ``sources``: the report's."""
    emit(screen, change_lines(change, rewritten, sources, look_of(screen)))


def change_lines(
    change: Change, rewritten: Sequence[Rewritten], sources: Sources, look: Look
) -> Iterator[Text]:
    """The lines of one fix, fitted to the screen: the finding, where the rule reads the name, the diffs."""
    finding = change.finding
    yield from headline(finding, look)
    if finding.related:
        width = gutter_width([note.span for note in finding.related])
        yield from places(finding.related, sources, look, width, finding.path)
        yield gutter(look, width)
    yield from _caution(change, look)
    if len(rewritten) > 1:
        sites = count(change.sites, "call site")
        yield Text.assemble(("one change", "bold cyan"), f": {count(len(rewritten), 'file')}, {sites}")
    for file in rewritten:
        yield Text()
        yield from file_lines(file, look)
    yield Text()


def file_lines(file: Rewritten, look: Look) -> Iterator[Text]:
    """The diff of one file: its name, then the hunks, parted by a fold where lines are left out."""
    old, new = _both(file.source.text, file.text)
    hunks = list(hunk_rows(old, new, _CONTEXT))
    changed = count(sum(row.sign is Sign.ADDED for hunk in hunks for row in hunk), "line")
    name = escape(str(file.source.path), look.encoding)
    yield Text.assemble((name, "bold"), (f"  {changed} changed", "dim"))
    yield from _drawn(hunks, old, new, look)


def compared_lines(old_text: str, new_text: str, look: Look) -> Iterator[Text]:
    """A whole text with what changed in it."""
    old, new = _both(old_text, new_text)
    yield from _drawn(list(hunk_rows(old, new, len(old))), old, new, look)


def _both(old_text: str, new_text: str) -> tuple[list[str], list[str]]:
    old, new = source_lines(old_text), source_lines(new_text)
    # What follows the final newline is no line.
    return (old[:-1], new[:-1]) if old[-1] == new[-1] == "" else (old, new)


def _drawn(hunks: Sequence[list[Row]], old: list[str], new: list[str], look: Look) -> Iterator[Text]:
    view = row_view(old, new, [row for hunk in hunks for row in hunk], look)
    for index, hunk in enumerate(hunks):
        if index:
            yield view.fold()
        for row in hunk:
            yield from view.lines(row)


def _caution(change: Change, look: Look) -> list[Text]:
    """Why the fix is not safe, or what else there is to say about it."""
    reason = escape(change.reason, look.encoding)
    if change.safety is Safety.UNSAFE:
        reason = reason or "it may change what the program computes"
        return wrapped(Text.assemble(("unsafe fix", "bold yellow"), ": ", reason), look.width, 4)
    return wrapped(Text.assemble(("note", "bold cyan"), ": ", reason), look.width, 4) if reason else []
