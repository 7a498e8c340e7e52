"""What to say, and which exit code to give, when a command stops early."""

from __future__ import annotations

import click

from vjpfix.model import Problem, VjpfixError
from vjpfix.review.escape import escape


def ending(error: BaseException) -> int:
    """Print one clear line for an error and give its exit code."""
    if isinstance(error, SystemExit | click.exceptions.Exit):
        return _code(error)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        _say("interrupted; nothing was written")
        return 130
    if isinstance(error, click.ClickException):
        error.show()
        return 2
    if isinstance(error, VjpfixError):
        _say(line_of(error.problem))
        return 2
    if isinstance(error, Exception):
        import traceback

        traceback.print_exception(error)
        _say("this is a bug in vjpfix; nothing was written. Please report it with the lines above")
        return 2
    raise error


def line_of(problem: Problem) -> str:
    """``path:line: message``, as far as they are known."""
    where = "" if problem.path is None else f"{problem.path}:"
    if where and problem.line:
        where += f"{problem.line}:"
    return escape(f"{where} {problem.message}".strip())


def _say(text: str) -> None:
    click.echo(f"vjpfix: {text}", err=True)


def _code(error: SystemExit | click.exceptions.Exit) -> int:
    code = error.exit_code if isinstance(error, click.exceptions.Exit) else error.code
    return code if isinstance(code, int) else 1
