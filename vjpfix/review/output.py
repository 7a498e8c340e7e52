"""A report in the format that was asked for, written to a stream."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TextIO

from vjpfix.model import Report
from vjpfix.review.concise import concise_lines
from vjpfix.review.summary import checked

OutputFormat = Literal["text", "concise", "json", "github"]


def write_report(
    report: Report, output_format: OutputFormat, stream: TextIO, width: int | None = None
) -> None:
    """Write findings and problems; people's formats (text, concise) end with the summary line.

    Only text is drawn with rich and knows a ``width`` (by default the terminal's).
    """
    encoding = getattr(stream, "encoding", None) or "utf-8"
    match output_format:
        case "json":
            from vjpfix.review.jsonout import json_text

            stream.write(json_text(report))
        case "github":
            from vjpfix.review.github import github_lines

            _write_lines(github_lines(report, encoding), stream)
        case "concise":
            _write_lines([*concise_lines(report, encoding), checked(report)], stream)
        case "text":
            _write_text(report, stream, width)


def _write_lines(lines: Iterable[str], stream: TextIO) -> None:
    for line in lines:
        stream.write(line + "\n")


def _write_text(report: Report, stream: TextIO, width: int | None) -> None:
    from rich.text import Text

    from vjpfix.review.console import console, emit, look_of
    from vjpfix.review.wrapping import wrapped

    screen = console(stream, width)
    look = look_of(screen)
    if report.outcomes or report.problems:
        from vjpfix.review.text import report_lines  # with the highlighting of Python

        emit(screen, report_lines(report, look))
    emit(screen, wrapped(Text(checked(report), style="bold"), look.width))
