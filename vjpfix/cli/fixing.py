"""The work of ``fix``: show, ask, write, say what happened."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from vjpfix.apply import write
from vjpfix.model import Change, Problem, Refusal, Report, Rewritten, Safety
from vjpfix.pipeline import combine
from vjpfix.review.console import console, emit, look_of
from vjpfix.review.diffview import show_change
from vjpfix.review.prompt import Abort, ask
from vjpfix.review.summary import fixed
from vjpfix.review.text import outcome_lines, report_lines
from vjpfix.settings import Settings


@dataclass(frozen=True, slots=True)
class Fixed:
    """How many findings were fixed, and 2 where something could not be written (else 0)."""

    applied: int
    code: int


def safe_changes(report: Report) -> tuple[Change, ...]:
    """The changes that may be applied."""
    return tuple(o for o in report.outcomes if isinstance(o, Change) and o.safety is Safety.SAFE)


def fix_stdin(report: Report, settings: Settings, data: bytes) -> int:
    """Write the fixed source to standard output; ``data`` is what stands there unfixed."""
    changes = safe_changes(report)
    files = combine(changes, report, settings)
    sys.stdout.buffer.write(files[0].data if files else data)
    return len(changes)


def fix_files(report: Report, settings: Settings, *, yes: bool, dry_run: bool) -> Fixed:
    """Show every fix and refusal, ask where a person can answer, and write what was accepted."""
    screen = console(sys.stdout)
    changes = safe_changes(report)
    _show_rest(screen, report)

    def show(change: Change) -> None:
        show_change(screen, change, combine([change], report, settings), report.sources)

    if not yes and not dry_run and changes and sys.stdin.isatty() and sys.stdout.isatty():
        try:
            accepted = ask(changes, show)
        except Abort:
            raise KeyboardInterrupt from None
    else:
        for change in changes:
            show(change)
        accepted = changes if yes and not dry_run else ()
    applied, problems = _write(accepted, report, settings)
    _conclude(screen, report, changes, applied, problems, dry_run)
    return Fixed(len(applied), 2 if problems else 0)


def _show_rest(screen: Console, report: Report) -> None:
    """What cannot be fixed, and what could not be read."""
    look = look_of(screen)
    for outcome in report.outcomes:
        if isinstance(outcome, Refusal):
            emit(screen, outcome_lines(outcome, report.sources, look))
            screen.print()
    emit(screen, report_lines(Report((), report.problems, {}, 0), look))


def _write(
    accepted: Sequence[Change], report: Report, settings: Settings
) -> tuple[list[Change], list[Problem]]:
    """Write the accepted changes, one group of files that hang together at a time."""
    applied: list[Change] = []
    problems: list[Problem] = []
    for group in _groups(accepted):
        files: tuple[Rewritten, ...] = combine(group, report, settings)
        _, failed = write(files)
        problems.extend(failed)
        if not failed:
            applied.extend(group)
    return applied, problems


def _groups(changes: Sequence[Change]) -> list[list[Change]]:
    """Changes that share a file are written together."""
    groups: list[list[Change]] = []
    for change in changes:
        joined = [g for g in groups if any(set(change.paths) & set(other.paths) for other in g)]
        groups = [g for g in groups if g not in joined]
        groups.append([*(c for g in joined for c in g), change])
    return groups


def _conclude(
    screen: Console,
    report: Report,
    changes: Sequence[Change],
    applied: Sequence[Change],
    problems: Sequence[Problem],
    dry_run: bool,
) -> None:
    look = look_of(screen)
    emit(screen, report_lines(Report((), tuple(problems), {}, 0), look))
    whole = Report(report.outcomes, (*report.problems, *problems), report.sources, report.files)
    shown = changes if dry_run else applied
    screen.print(fixed(whole, shown, written=not dry_run), markup=False, highlight=False, soft_wrap=True)
