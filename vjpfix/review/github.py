"""Findings as workflow commands, which GitHub Actions shows beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from vjpfix.model import Certainty, Finding, Problem, Report
from vjpfix.review.escape import escape_character


def github_lines(report: Report, encoding: str = "utf-8") -> Iterator[str]:
    """``::error file=…,line=…,col=…,endLine=…,endColumn=…,title=VJP001::message``, then the problems.

    Columns are from 1, ``endColumn`` just after the last. Lines carry no newline. ``encoding``: the stream's.
    """
    for finding in report.findings:
        yield _finding(finding, encoding)
    for problem in report.problems:
        yield _problem(problem, encoding)


def _finding(finding: Finding, encoding: str) -> str:
    span = finding.span
    properties = {
        "file": finding.path.as_posix(),
        "line": str(span.line),
        "col": str(span.column + 1),
        "endLine": str(span.end_line),
        "endColumn": str(span.end_column + 1),
        "title": finding.rule,
    }
    level = "error" if finding.certainty is Certainty.ERROR else "warning"
    return _command(level, properties, finding.message, encoding)


def _problem(problem: Problem, encoding: str) -> str:
    properties = {"file": problem.path.as_posix()} if problem.path is not None else {}
    if problem.line is not None:
        properties["line"] = str(problem.line)
    return _command("error", {**properties, "title": "vjpfix"}, problem.message, encoding)


def _command(level: str, properties: dict[str, str], message: str, encoding: str) -> str:
    fields = ",".join(f"{name}={_property(value, encoding)}" for name, value in properties.items())
    return f"::{level} {fields}::{_data(message, encoding)}"


def _data(text: str, encoding: str) -> str:
    percented = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return "".join([escape_character(character, encoding) for character in percented])


def _property(text: str, encoding: str) -> str:
    return _data(text, encoding).replace(":", "%3A").replace(",", "%2C")
