"""The work of ``fix``: show, ask, write, say what happened."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.console import Console

from vjpfix.apply import deferred_signals, obstacles, write
from vjpfix.cli.batches import Act, Batch, batches, carried_out, joined, safe_changes
from vjpfix.cli.endings import INTERRUPTED, say
from vjpfix.cli.streams import while_read, write_bytes
from vjpfix.model import Change, Problem, Report
from vjpfix.review.console import console, emit, look_of
from vjpfix.review.diffview import show_change
from vjpfix.review.prompt import Abort, ask
from vjpfix.review.summary import fixed
from vjpfix.review.text import outcome_lines, report_lines
from vjpfix.settings import Settings
from vjpfix.whole import combine

if TYPE_CHECKING:
    from vjpfix.verify import Attempt


@dataclass(frozen=True, slots=True)
class Fixed:
    """The changes that were applied, what could not be, and whether Ctrl-C came in between."""

    applied: tuple[Change, ...]
    problems: tuple[Problem, ...] = ()
    interrupted: bool = False

    @property
    def code(self) -> int:
        return INTERRUPTED if self.interrupted else 2 if self.problems else 0


def fix_stdin(report: Report, settings: Settings, data: bytes, *, unsafe: bool) -> Fixed:
    """Write the fixed source to standard output; ``data`` is what stands there unfixed."""
    found, problems = batches(safe_changes(report, unsafe=unsafe), report, settings)
    files = [file for batch in found for file in batch.files]
    with while_read():
        write_bytes(files[0].data if files else data)
    return Fixed(tuple(change for batch in found for change in batch.changes), tuple(problems))


def fix_files(
    report: Report,
    settings: Settings,
    paths: Sequence[str],
    *,
    yes: bool,
    dry_run: bool,
    unsafe: bool,
    attempt: Attempt | None = None,
) -> Fixed:
    """Show every fix and refusal, ask where a person can answer, and write what was accepted.

    ``paths``: where they were found. ``unsafe``: unsafe fixes are among them; else they are only told of.
    ``attempt``: what was accepted is tried first, as a whole, and written only if it does no worse.
    """
    screen = console(sys.stdout)
    changes = safe_changes(report, unsafe=unsafe)
    asked = not yes and not dry_run and sys.stdin.isatty() and sys.stdout.isatty()
    accepted = changes
    with while_read():
        _show_rest(screen, report, changes)
        accepted = _reviewed(screen, changes, report, settings, asked=asked)
    if dry_run or not (asked or yes):
        accepted = ()
    if attempt is not None:
        done = _tried(screen, accepted, report, settings, paths, attempt)
    else:
        done = _written(lambda act: carried_out(accepted, report, settings, act)[1])
    try:
        with while_read():
            _conclude(screen, report, changes, done, dry_run)
        if changes and not (asked or yes or dry_run):
            say("nothing was written, for there is no terminal to ask at; --yes applies the fixes")
    except BaseException as error:
        if done.applied:
            error.add_note(fixed(report, done.applied))
        raise
    return done


def _show_rest(screen: Console, report: Report, changes: Sequence[Change]) -> None:
    """What is not going to be fixed, and what could not be read."""
    look = look_of(screen)
    for outcome in report.outcomes:
        if outcome not in changes:
            emit(screen, outcome_lines(outcome, report.sources, look))
            screen.print()
    emit(screen, report_lines(Report((), report.problems, {}, 0), look))


def _reviewed(
    screen: Console, changes: tuple[Change, ...], report: Report, settings: Settings, *, asked: bool
) -> tuple[Change, ...]:
    """The changes, all shown, that were not declined."""

    def show(change: Change) -> None:
        show_change(screen, change, combine([change], report, settings), report.sources)

    if asked:
        try:
            return ask(changes, show)
        except Abort:
            raise KeyboardInterrupt from None
    for change in changes:
        show(change)
    return changes


def _tried(
    screen: Console,
    accepted: Sequence[Change],
    report: Report,
    settings: Settings,
    paths: Sequence[str],
    attempt: Attempt,
) -> Fixed:
    """Try all of the accepted changes that can be written, and write them all or nothing."""
    from vjpfix.cli.verifying import show_trials, try_out
    from vjpfix.verify import Verdict

    ready, problems = carried_out(accepted, report, settings, lambda batch: obstacles(batch.files))
    if not ready:
        return Fixed((), tuple(problems))
    found = try_out(ready, paths, attempt)
    with while_read():
        show_trials(screen, found)
    if found.verdict is Verdict.UNKNOWN:
        problems.append(Problem("the command of --verify does not show how the fixes do"))
        return Fixed((), tuple(problems))
    if found.verdict is Verdict.WORSE:
        say("nothing was written, for the command of --verify does worse with the fixes")
        return Fixed((), tuple(problems))
    whole = joined(ready)
    every = tuple(change.finding for change in whole.changes)
    return _written(lambda act: [*problems, *(replace(each, stops=every) for each in act(whole))])


def _written(carry_out: Callable[[Act], Sequence[Problem]]) -> Fixed:
    """What comes of writing. ``carry_out`` is given what writes one batch, and tells what stopped others."""
    applied: list[Change] = []
    problems: Sequence[Problem] = ()
    interrupted = False

    def act(batch: Batch) -> Sequence[Problem]:
        _, failed = write(batch.files)
        if not failed:
            applied.extend(batch.changes)
        return failed

    try:
        # What a person accepted is short work by now. An interruption waits until it is known what was done.
        with deferred_signals():
            problems = carry_out(act)
    except KeyboardInterrupt:
        interrupted = True
    return Fixed(tuple(applied), tuple(problems), interrupted)


def _conclude(screen: Console, report: Report, changes: Sequence[Change], done: Fixed, dry_run: bool) -> None:
    emit(screen, report_lines(Report((), done.problems, {}, 0), look_of(screen)))
    whole = replace(report, problems=(*report.problems, *done.problems))
    line = fixed(whole, changes if dry_run else done.applied, written=not dry_run)
    if done.interrupted:
        say("interrupted; what had been accepted was written first")
    screen.print(line, markup=False, highlight=False, soft_wrap=True)
