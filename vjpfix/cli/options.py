"""The options that the commands share, and the configuration they make."""

from __future__ import annotations

import functools
import keyword
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from vjpfix.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")
STDIN = "-"

_SHARED = (
    click.argument("paths", nargs=-1, metavar="[PATHS]...", type=click.Path(path_type=str)),
    click.option(
        "--config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="The pyproject.toml to use, instead of the nearest one with a [tool.vjpfix] table.",
    ),
    click.option("--select", metavar="CODES", help="Rules to report, by code or prefix (VJP001,VJP0,ALL)."),
    click.option("--extend-select", metavar="CODES", help="Rules to report on top of those."),
    click.option("--ignore", metavar="CODES", help="Rules not to report."),
    click.option(
        "--exclude", metavar="PATTERN", multiple=True, help="Files or folders to leave out, as in .gitignore."
    ),
    click.option(
        "--name",
        "names",
        metavar="OLD=NEW",
        multiple=True,
        help="The new name for what is renamed of OLD (default: OLD_mapped, OLD_grad, ..., or OLD_unmapped).",
    ),
    click.option(
        "--rename",
        type=click.Choice(("transformed", "original")),
        help=(
            "Which function gets the new name. transformed, the default: the mapped one, and its uses change "
            "in every module. original: the one with the rules (OLD_unmapped), and the mapped one keeps the "
            "name; take that when others outside the project import it."
        ),
    ),
    click.option(
        "--importers/--no-importers",
        default=True,
        help="Look for importers of a changed name outside PATHS, in the whole project; without, a name that "
        "others could import is not changed.",
    ),
    click.option(
        "--docstrings",
        is_flag=True,
        help="Also change references to a renamed function in docstrings (:func:`ops.f`).",
    ),
    click.option(
        "--report-unused-ignores", is_flag=True, help="Also report suppressing comments that hide nothing."
    ),
)

unsafe_option = click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="Apply unsafe fixes too, which may not be what is meant; each says why.",
)


machine_format = click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)


def shared_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the arguments and options that all commands over paths have."""
    return functools.reduce(lambda found, option: option(found), reversed(_SHARED), command)


def make_settings(
    paths: Sequence[str],
    config: Path | None,
    select: str | None,
    extend_select: str | None,
    ignore: str | None,
    exclude: Sequence[str],
    names: Sequence[str],
    rename: str | None,
    importers: bool,
    docstrings: bool,
    report_unused_ignores: bool,
) -> Settings:
    """The settings of a run: the configuration file's, then what the command line says."""
    from dataclasses import replace

    from vjpfix import registry
    from vjpfix.cli import codes
    from vjpfix.config import load
    from vjpfix.settings import settings

    found = load(_start(paths), config)
    rules = registry.rules()
    known = codes.known(rules)
    codes.check_config(found, config or found.root / "pyproject.toml", known)
    _check_patterns(exclude)
    found = replace(
        found,
        select=found.select if select is None else codes.parse(select, "--select", known),
        extend_select=_more(found.extend_select, extend_select, "--extend-select", known),
        ignore=_more(found.ignore, ignore, "--ignore", known),
        exclude=(*found.exclude, *exclude),
        names={**found.names, **dict(_pair(name) for name in names)},
        rename=rename or found.rename,
    )
    return settings(
        found,
        rules=rules,
        importers=importers,
        report_unused=report_unused_ignores,
        docstrings=docstrings,
    )


def _more(codes: tuple[str, ...], text: str | None, option: str, known: tuple[str, ...]) -> tuple[str, ...]:
    from vjpfix.cli.codes import parse

    return codes if text is None else codes + parse(text, option, known)


def _start(paths: Sequence[str]) -> Path:
    """Where the search for a configuration starts: the first path's folder, else the current one.

    A link belongs to the folder it stands in, not to that of its target.
    """
    given = [Path(path) for path in paths if path != STDIN]
    if not given:
        return Path()
    return given[0] if given[0].is_dir() else given[0].absolute().parent


def _check_patterns(patterns: Iterable[str]) -> None:
    from vjpfix.model import VjpfixError
    from vjpfix.toml_table import Table

    for pattern in patterns:
        try:
            Table(Path(), "the command line", {}).check_pattern("--exclude", pattern)
        except VjpfixError:
            raise click.BadParameter(
                f"{pattern!r} is not a gitignore pattern", param_hint="--exclude"
            ) from None


def _pair(text: str) -> tuple[str, str]:
    old, sign, new = text.partition("=")
    if not sign or old == new or not all(n.isidentifier() and not keyword.iskeyword(n) for n in (old, new)):
        raise click.BadParameter(
            f"{text!r} is not of the form OLD=NEW with two different Python names", param_hint="--name"
        )
    return old, new
