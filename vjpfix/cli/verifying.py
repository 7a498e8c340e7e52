"""The work of ``verify``, and of ``fix --verify``: try the fix on copies, show how it did."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.text import Text

from vjpfix.cli.batches import Batch, batches, joined, safe_changes
from vjpfix.cli.endings import line_of, say
from vjpfix.cli.streams import while_read
from vjpfix.model import Change, Report
from vjpfix.review.concise import not_fixed_line, stopped_lines
from vjpfix.review.console import console, emit, look_of
from vjpfix.review.jsonout import dumped
from vjpfix.review.summary import checked
from vjpfix.review.text import headline
from vjpfix.settings import Settings
from vjpfix.surroundings import project_of
from vjpfix.verify import Attempt, Verdict, Verification
from vjpfix.verify import verify as tried
from vjpfix.verify.document import document
from vjpfix.verify.view import verification_lines

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")


def verify_fixes(
    report: Report,
    settings: Settings,
    paths: Sequence[str],
    attempt: Attempt,
    *,
    unsafe: bool,
    as_json: bool,
) -> int:
    """Try all fixes that may be applied, together, and show what came of it. The result is the exit code."""
    changes = safe_changes(report, unsafe=unsafe)
    ready, problems = batches(changes, report, settings)
    done = joined(ready).changes
    found = try_out(ready, paths, attempt) if done else None
    whole = replace(report, problems=(*report.problems, *problems))
    with while_read():
        if as_json:
            sys.stdout.write(dumped(document(whole, found)))
        else:
            _show(console(sys.stdout), whole, done, found)
    return _exit_code(whole, found, len(report.outcomes) - len(done))


def try_out(ready: Sequence[Batch], paths: Sequence[str], attempt: Attempt) -> Verification:
    """What comes of a command with these changes, which were found in ``paths``.

    Nothing is left of it, whatever ends it. Errors: ``VjpfixError`` where they lie in several projects, or it
    cannot be copied.
    """
    whole = joined(ready)
    project = project_of(map(Path, paths or (".",)), {change.finding.path for change in whole.changes})
    with _ending_as_exits():
        return tried(whole.changes, whole.files, project, attempt, _tell)


def show_trials(screen: Console, found: Verification) -> None:
    """How a fix did."""
    emit(screen, verification_lines(found, look_of(screen)))


def _show(screen: Console, report: Report, done: Sequence[Change], found: Verification | None) -> None:
    look = look_of(screen)
    for change in done:
        emit(screen, headline(change.finding, look))
    if done:
        screen.print()
    if found is not None:
        show_trials(screen, found)
    for outcome in report.outcomes:
        if outcome not in done:
            say(not_fixed_line(outcome))
    for problem in report.problems:
        say(line_of(problem))
        for line in stopped_lines(problem):
            say(line)
    if not done:
        emit(screen, [Text(f"There is no fix to verify. {checked(report)}")])


def _exit_code(report: Report, found: Verification | None, remaining: int) -> int:
    if report.problems or (found is not None and found.verdict is Verdict.UNKNOWN):
        return 2
    if remaining or (found is not None and (found.verdict is Verdict.WORSE or not found.clean)):
        return 1
    return 0


def _tell(text: str) -> None:
    """What is going on, to a person who waits."""
    if sys.stderr.isatty():
        say(text)


@contextmanager
def _ending_as_exits() -> Iterator[None]:
    """Let what asks this process to end do so by an exception, and once, so that nothing is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []

    def leave(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        if len(asked) == 1:
            raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)

    numbers = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    usual = (signal.SIG_DFL, signal.default_int_handler)
    before = {number: old for number, old in before.items() if old in usual}
    try:
        for number in before:
            signal.signal(number, leave)
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
