"""The command line of ``vjpfix verify``, and the options that it shares with ``fix --verify``."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any, Literal, TypeVar

import click

from vjpfix.cli.looking import look
from vjpfix.cli.options import STDIN, machine_format, make_settings, shared_options, unsafe_option

R = TypeVar("R", bound=Callable[..., Any])
_COMMAND = "vjpfix.command"
_TIMEOUT = 600.0


class VerifyCommand(click.Command):
    """A command whose own arguments end at ``--``: what follows is the command to run."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            at = args.index("--")
            args, command = args[:at], args[at + 1 :]
            if not command:
                raise click.UsageError("Which command? None follows the --.", ctx)
            ctx.meta[_COMMAND] = tuple(command)
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- COMMAND...]"]


def trial_options(command: R) -> R:
    """Give a command the options about how the command of a verification is run."""
    timeout = click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        default=_TIMEOUT,
        show_default=True,
        help="How long a command that verifies may run, on each copy.",
    )
    skip = click.option(
        "--skip-gradients",
        metavar="NAME",
        multiple=True,
        help="A function that is not compared with finite differences when a fix is verified.",
    )
    return timeout(skip(command))


def words(text: str) -> tuple[str, ...]:
    """The words of a command that is one argument, as a shell takes them apart."""
    try:
        found = tuple(shlex.split(text))
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no command: {error}.", param_hint="--verify") from None
    if not found:
        raise click.BadParameter("the command is empty.", param_hint="--verify")
    return found


@click.command(cls=VerifyCommand)
@shared_options
@trial_options
@machine_format
@unsafe_option
@click.pass_context
def verify(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    timeout: float,
    skip_gradients: tuple[str, ...],
    output_format: Literal["text", "json"],
    unsafe_fixes: bool,
    **options: Any,  # noqa: ANN401  # click's
) -> int:
    """Try the safe fixes in PATHS: run COMMAND on a copy of the project as it is, and on one with the fixes.

    Both run under the guard. Shown side by side are exit codes, tests of pytest, what the guard sees, and
    gradients beside finite differences. Without COMMAND, each module with a finding is run. No file of the
    project is written.

    Exit codes: 0 no worse with the fixes and nothing remains, 1 worse, or findings or errors that the guard
    sees remain, 2 it could not be shown.
    """
    from vjpfix.cli.verifying import verify_fixes
    from vjpfix.verify import Attempt

    if STDIN in paths:
        raise click.UsageError("- (standard input) cannot be verified; give files or folders.")
    settings = make_settings(paths, **options)
    report, _ = look(paths, settings, options["names"])
    attempt = Attempt(context.meta.get(_COMMAND, ()), timeout, skip_gradients)
    as_json = output_format == "json"
    return verify_fixes(report, settings, paths, attempt, unsafe=unsafe_fixes, as_json=as_json)
