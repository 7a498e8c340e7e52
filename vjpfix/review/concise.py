"""One line per finding, for editors and `grep`."""

from __future__ import annotations

from collections.abc import Iterator

from vjpfix.model import Change, Problem, Refusal, Report
from vjpfix.review.escape import escape
from vjpfix.review.place import place
from vjpfix.review.summary import fixable


def concise_lines(report: Report, encoding: str = "utf-8") -> Iterator[str]:
    """``path:line:col: VJP001 [*] message`` for each finding, then ``path:line: message`` for each problem.

    ``[*]`` says that `vjpfix fix` mends it. Lines carry no newline. ``encoding``: the stream's.
    """
    for outcome in report.outcomes:
        yield _finding(outcome, encoding)
    for problem in report.problems:
        yield problem_line(problem, encoding)


def problem_line(problem: Problem, encoding: str = "utf-8") -> str:
    """``path:line: message``, with what is known of the place."""
    path = [escape(str(problem.path), encoding)] if problem.path is not None else []
    line = [str(problem.line)] if problem.line is not None else []
    where = ":".join(path + line)
    message = escape(problem.message, encoding)
    return f"{where}: {message}" if where else message


def stopped_lines(problem: Problem, encoding: str = "utf-8") -> Iterator[str]:
    """``path:line:col: VJP001 message; not fixed: use.py cannot be changed`` for each fix that it stops."""
    what = escape(str(problem.path), encoding)
    for finding in problem.stops:
        where, message = place(finding.path, finding.span, encoding), escape(finding.message, encoding)
        yield f"{where}: {finding.rule} {message}; not fixed: {what} cannot be changed"


def not_fixed_line(outcome: Change | Refusal) -> str:
    """``path:line:col: VJP001 message; not fixed: line 20: why``, with every reason of a refusal."""
    finding = outcome.finding
    message = escape(f"{finding.message}; not fixed: {_why_not(outcome)}")
    return f"{place(finding.path, finding.span)}: {finding.rule} {message}"


def _why_not(outcome: Change | Refusal) -> str:
    if isinstance(outcome, Refusal):
        return "; ".join(f"line {reason.span.line}: {reason.message}" for reason in outcome.reasons)
    why = f": {outcome.reason}" if outcome.reason else ""
    return f"the fix is unsafe, and --unsafe-fixes was not given{why}"


def _finding(outcome: Change | Refusal, encoding: str) -> str:
    finding = outcome.finding
    mark = "[*] " if fixable(outcome) else ""
    where = place(finding.path, finding.span, encoding)
    return f"{where}: {finding.rule} {mark}{escape(finding.message, encoding)}"
