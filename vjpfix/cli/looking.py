"""What the commands over paths do first and last: look through the files, and say what is left."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vjpfix.cli.endings import line_of, say
from vjpfix.cli.options import STDIN

if TYPE_CHECKING:
    from vjpfix.model import Change, Problem, Report
    from vjpfix.settings import Settings


def look(paths: Sequence[str], settings: Settings, names: Sequence[str]) -> tuple[Report, bytes]:
    """The report, and for standard input what stood there. Where was not looked is said at once.

    ``names``: the ``OLD=NEW`` of the command line.
    """
    from vjpfix.cli.naming import question_names
    from vjpfix.pipeline import run, run_data
    from vjpfix.review.progress import progress

    if STDIN in paths and len(paths) > 1:
        raise click.UsageError("- (standard input) cannot be mixed with other paths.")
    data = sys.stdin.buffer.read() if STDIN in paths else b""
    if STDIN in paths:
        report = run_data(Path("<stdin>"), data, settings)
    else:
        with progress(sys.stderr) as tick:
            report = run([Path(path) for path in paths or (".",)], settings, tick)
    for remark in report.remarks:
        say(remark)
    question_names(names, paths, report, settings, data)
    return report, data


def say_rest(report: Report, changes: Sequence[Change], problems: Iterable[Problem]) -> None:
    """On standard error, for commands whose standard output is for programs: what is not fixed or failed."""
    from vjpfix.review.concise import not_fixed_line, stopped_lines

    for outcome in report.outcomes:
        if outcome not in changes:
            say(not_fixed_line(outcome))
    for problem in (*report.problems, *problems):
        say(line_of(problem))
        for line in stopped_lines(problem):
            say(line)


def exit_code(report: Report, remaining: int) -> int:
    """2 where something could not be done, 1 where findings remain."""
    return 2 if report.problems else 1 if remaining else 0
