"""The commands."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import click

from vjpfix import __version__
from vjpfix.cli.endings import say
from vjpfix.cli.looking import exit_code, look, say_rest
from vjpfix.cli.options import STDIN, machine_format, make_settings, shared_options, unsafe_option
from vjpfix.cli.running import RunCommand
from vjpfix.cli.streams import while_read, write_bytes
from vjpfix.cli.trying import trial_options, verify, words

Format = Literal["text", "concise", "json", "github"]


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="vjpfix %(version)s")
@click.pass_context
def cli(context: click.Context) -> int:
    """Find and fix JAX functions with custom rules whose name was taken over by a transform.

    After `f.defvjp(f_fwd, f_bwd)`, a line `f = jax.vmap(f)` makes the rules call the mapped version.
    vjpfix gives that version a name of its own (`f_mapped`).

    Exit codes: 0 nothing left to do, 1 findings remain, 2 the work could not be done.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
    return 2


@cli.command()
@shared_options
@click.option(
    "--output-format",
    type=click.Choice(["text", "concise", "json", "github"]),
    default="text",
    show_default=True,
    help="How findings are printed.",
)
def check(paths: tuple[str, ...], output_format: Format, **options: Any) -> int:  # noqa: ANN401  # click's
    """Report findings in PATHS: files, folders or - (standard input); default: the current folder."""
    from vjpfix.review.output import write_report

    # Only who is given the edits may apply them: else the proof, which takes LibCST long, is left to `fix`.
    settings = replace(make_settings(paths, **options), proves=output_format == "json")
    report, _ = look(paths, settings, options["names"])
    with while_read():
        write_report(report, output_format, sys.stdout)
    return exit_code(report, len(report.outcomes))


@cli.command()
@shared_options
@unsafe_option
def diff(paths: tuple[str, ...], unsafe_fixes: bool, **options: Any) -> int:  # noqa: ANN401
    """Print a patch of all safe fixes, for `git apply` in the current folder. Touches no file.

    A patch that reaches outside the current folder goes to a terminal only.
    """
    from vjpfix.cli.batches import batches, joined, safe_changes
    from vjpfix.cli.patching import patch_of, reach
    from vjpfix.model import Problem
    from vjpfix.review.summary import checked

    settings = make_settings(paths, **options)
    report, _ = look(paths, settings, options["names"])
    changes = safe_changes(report, unsafe=unsafe_fixes)
    found, problems = batches(changes, report, settings)
    whole, here = joined(found), Path.cwd()
    why_not = "" if sys.stdout.isatty() else reach(whole, here)
    if why_not:
        problems.append(Problem(why_not))
    say_rest(report, changes, problems)
    with while_read():
        write_bytes(b"" if why_not else patch_of(whole, here))
        say(checked(report))
    return max(exit_code(report, len(report.outcomes)), 2 if problems else 0)


@cli.command()
@shared_options
@click.option("-y", "--yes", is_flag=True, help="Apply every safe fix without asking.")
@click.option("--dry-run", is_flag=True, help="Show the fixes and write nothing.")
@click.option(
    "--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 if anything was fixed, even if nothing remains."
)
@click.option(
    "--verify",
    metavar="COMMAND",
    help="Before anything is written, run COMMAND on a copy without the fixes and on one with them, as "
    "`vjpfix verify` does; write only if it does no worse with them.",
)
@trial_options
@unsafe_option
def fix(
    paths: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    exit_non_zero_on_fix: bool,
    verify: str | None,
    timeout: float,
    skip_gradients: tuple[str, ...],
    unsafe_fixes: bool,
    **options: Any,  # noqa: ANN401
) -> int:
    """Show each fix, ask, and write those that you accept.

    Without a terminal and without --yes nothing is written. With - the fixed source goes to standard output.
    """
    from vjpfix.cli.fixing import fix_files, fix_stdin
    from vjpfix.review.summary import fixed

    if verify is not None and (dry_run or STDIN in paths):
        raise click.UsageError("--verify is for fixes that are written to files; see `vjpfix verify`.")
    attempt = None
    if verify is not None:
        from vjpfix.verify import Attempt

        attempt = Attempt(words(verify), timeout, skip_gradients)
    settings = make_settings(paths, **options)
    report, data = look(paths, settings, options["names"])
    if STDIN not in paths or dry_run:
        done = fix_files(
            report, settings, paths, yes=yes, dry_run=dry_run, unsafe=unsafe_fixes, attempt=attempt
        )
    else:
        done = fix_stdin(report, settings, data, unsafe=unsafe_fixes)
        say_rest(report, done.applied, done.problems)
        say(fixed(report, done.applied))
    remaining = len(report.outcomes) - len(done.applied)
    told = bool(done.applied) and exit_non_zero_on_fix
    return max(exit_code(report, remaining), done.code, int(told))


@cli.command()
@machine_format
def rules(output_format: Literal["text", "json"]) -> int:
    """Print the table of rules: code, name, whether it is on by default, certainty, safety of its fix."""
    from vjpfix.explain.document import document
    from vjpfix.registry import rules as every
    from vjpfix.review.jsonout import dumped

    with while_read():
        if output_format == "json":
            sys.stdout.write(dumped(document(every(), details=False)))
            return 0
        from vjpfix.explain.table import table_lines
        from vjpfix.review.console import console, emit, look_of

        screen = console(sys.stdout)
        emit(screen, table_lines(every(), look_of(screen)))
    return 0


@cli.command()
@click.argument("names", nargs=-1, metavar="CODE...")
@click.option(
    "--demo",
    is_flag=True,
    help="Run a program on the JAX at hand, without and with the fix, and show its gradient beside finite "
    "differences.",
)
@machine_format
def explain(names: tuple[str, ...], demo: bool, output_format: Literal["text", "json"]) -> int:
    """Say what rules are for, given by CODE or name: what goes wrong, why, how it is fixed, examples."""
    from vjpfix.cli.codes import rules_named
    from vjpfix.registry import rules as every

    if not names:
        raise click.UsageError(
            "Which rule? Give its code or name, such as VJP001; `vjpfix rules` lists them."
        )
    if demo and output_format == "json":
        raise click.UsageError("--demo is for people: it cannot be printed as JSON.")
    chosen = rules_named(names, every())
    with while_read():
        if demo:
            from vjpfix.cli.demonstrating import demonstrate

            demonstrate(chosen, every())
        elif output_format == "json":
            from vjpfix.explain.document import document
            from vjpfix.review.jsonout import dumped

            sys.stdout.write(dumped(document(chosen, details=True)))
        else:
            from vjpfix.explain.page import pages
            from vjpfix.review.console import console, emit, look_of

            screen = console(sys.stdout)
            emit(screen, pages(chosen, look_of(screen)))
    return 0


@cli.command()
@click.argument("paths", nargs=-1, metavar="[FILE|-] [PATHS]...")
@click.option(
    "--last",
    is_flag=True,
    help="Take the newest pytest output: PATHS are logs, JUnit files, or folders that hold them.",
)
@machine_format
def diagnose(paths: tuple[str, ...], last: bool, output_format: Literal["text", "json"]) -> int:
    """Name the cause of an error: of a traceback in FILE, or on standard input.

    The files that the traceback names are looked through where they are here, and so are PATHS.
    Exit codes: 0 a cause is named, 1 it is not known, 2 something could not be read.
    """
    from functools import partial

    from vjpfix.cli.diagnosing import diagnosed, newest, say_problems, text_of
    from vjpfix.config import Config, Configs
    from vjpfix.registry import rules as every
    from vjpfix.rules.unused_suppression import UnusedSuppression
    from vjpfix.settings import settings, settings_by_file

    file = newest(paths) if last else paths[0] if paths else STDIN
    if last:
        say(f"reading {file}")
    chosen = every()

    def everything(config: Config) -> Config:
        return replace(
            config, select=("ALL",), ignore=(UnusedSuppression.code,), exclude=(), per_file_ignores={}
        )

    looked_for = settings_by_file(Configs(everything), partial(settings, rules=chosen))
    found, report = diagnosed(text_of(file), () if last else paths[1:], looked_for)
    with while_read():
        if output_format == "json":
            from vjpfix.diagnose.document import document
            from vjpfix.review.jsonout import dumped

            sys.stdout.write(dumped(document(found, report)))
        else:
            from vjpfix.diagnose.view import diagnosis_lines
            from vjpfix.review.console import console, emit, look_of

            screen = console(sys.stdout)
            names = {rule.code: rule.name for rule in chosen}
            emit(screen, diagnosis_lines(found, report, names, look_of(screen)))
            say_problems(report.problems)
    return 2 if report.problems else 0 if found.causes else 1


@cli.command(cls=RunCommand, context_settings={"allow_interspersed_args": False})
@click.option("-m", "module", metavar="MODULE", help="Run a module, as `python -m` does.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write what the guard saw to this file, as JSON.",
)
@click.option(
    "--check-gradients",
    is_flag=True,
    help="Also compare each rule with a finite difference, where values are known. It is said, and no error.",
)
@click.option(
    "--skip-gradients",
    metavar="NAME",
    multiple=True,
    help="A function that is not compared with finite differences.",
)
@click.argument("arguments", nargs=-1, metavar="SCRIPT [ARGS]...", type=click.UNPROCESSED)
def run(
    module: str | None,
    report: Path | None,
    check_gradients: bool,
    skip_gradients: tuple[str, ...],
    arguments: tuple[str, ...],
) -> int:
    """Run a Python program and watch its custom derivatives: SCRIPT (- is standard input), or -m MODULE.

    It runs as under `python`. What the guard sees is said on standard error, at once and again at the end.
    Exit code: the program's own; 1 if that is 0 and the guard saw an error; 2 if it could not be run.
    """
    import gc

    from vjpfix.runtime import script

    if module is None and not arguments:
        raise click.UsageError("Which program? Give a script, or -m and a module.")
    gc.set_threshold(700)  # as Python does by itself: the program may make garbage
    name, rest = (module, arguments) if module is not None else (arguments[0], arguments[1:])
    return script.run(
        script.Program(name, tuple(rest), is_module=module is not None),
        report=report,
        check_gradients=check_gradients,
        skip_gradients=skip_gradients,
    )


cli.add_command(verify)
