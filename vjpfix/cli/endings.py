"""What to say, and which exit code to give, when a command stops early."""

from __future__ import annotations

from contextlib import suppress

import click

from vjpfix.model import Problem, VjpfixError
from vjpfix.review.escape import escape

INTERRUPTED = 130


def ending(error: BaseException) -> int:
    """Print one clear line for an error and give its exit code.

    The notes of an error say what was done before it; without any, nothing was written.
    """
    match error:
        case SystemExit() | click.exceptions.Exit():
            return _code(error)
        case KeyboardInterrupt() | click.Abort():
            say(f"interrupted; {_done(error)}")
            return INTERRUPTED
        case click.ClickException():
            say(_usage(error))
        case VjpfixError():
            say(line_of(error.problem))
        case OSError():
            what = error.filename or "the output cannot be printed"
            say(f"{error.strerror or error}: {what}; {_done(error)}")
        case MemoryError():
            say(f"there is not enough memory; {_done(error)}")
        case Exception():
            import traceback

            traceback.print_exception(error)
            say(f"this is a bug in vjpfix; {_done(error)}. Please report it with the lines above")
        case _:
            raise error
    return 2


def say(text: str) -> None:
    """One line on standard error, if anybody still reads it."""
    with suppress(BrokenPipeError):
        click.echo(f"vjpfix: {escape(text)}", err=True)


def line_of(problem: Problem) -> str:
    """``path:line: message``, as far as they are known."""
    where = "" if problem.path is None else f"{problem.path}:"
    if where and problem.line:
        where += f"{problem.line}:"
    return f"{where} {problem.message}".strip()


def _done(error: BaseException) -> str:
    cause = error.__cause__ if isinstance(error, click.Abort) and error.__cause__ else error
    return "; ".join(getattr(cause, "__notes__", [])) or "nothing was written"


def _usage(error: click.ClickException) -> str:
    message = " ".join(error.format_message().split())
    message += "" if message.endswith((".", ")", "?")) else "."
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{message} Try '{context.command_path} --help'." if context else message


def _code(error: SystemExit | click.exceptions.Exit) -> int:
    code = error.exit_code if isinstance(error, click.exceptions.Exit) else error.code
    return code if isinstance(code, int) else 1
