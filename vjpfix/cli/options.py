"""The options that the commands share, and the configuration they make."""

from __future__ import annotations

import functools
import keyword
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
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
        "--force-exclude",
        is_flag=True,
        help="Leave out what is excluded even where PATHS name it, as hooks do with each file that changed.",
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
    force_exclude: bool,
    names: Sequence[str],
    rename: str | None,
    importers: bool,
    docstrings: bool,
    report_unused_ignores: bool,
) -> Settings:
    """The settings of a run: of each file those of its configuration, then what the command line says."""
    from dataclasses import replace

    from vjpfix import registry
    from vjpfix.cli import codes
    from vjpfix.config import Config, Configs, load
    from vjpfix.settings import settings, settings_by_file

    rules = registry.rules()
    known = codes.known(rules)
    selected = None if select is None else codes.parse(select, "--select", known)
    extended = _parsed(extend_select, "--extend-select", known)
    ignored = _parsed(ignore, "--ignore", known)
    _check_patterns(exclude)
    named = dict(_pair(name) for name in names)
    exclude_below = tuple((folder, tuple(exclude)) for folder in _roots(paths, config)) if exclude else ()

    def adjusted(found: Config) -> Config:
        codes.check_config(found, known)
        return replace(
            found,
            select=found.select if selected is None else selected,
            extend_select=found.extend_select + extended,
            ignore=found.ignore + ignored,
            exclude_below=exclude_below,
            force_exclude=force_exclude,
            names={**found.names, **named},
            rename=rename or found.rename,
        )

    def made(found: Config) -> Settings:
        return settings(
            found,
            rules=rules,
            importers=importers,
            report_unused=report_unused_ignores,
            docstrings=docstrings,
        )

    if config is not None:
        return made(adjusted(load(Path(), config)))
    return settings_by_file(Configs(adjusted), made)


def _parsed(text: str | None, option: str, known: tuple[str, ...]) -> tuple[str, ...]:
    from vjpfix.cli.codes import parse

    return () if text is None else parse(text, option, known)


def _roots(paths: Sequence[str], config: Path | None) -> list[Path]:
    """The folders that patterns of the command line count from: those of the configurations of the paths.

    A link belongs to the folder it stands in, not to that of its target.
    """
    from vjpfix.config import Configs, load
    from vjpfix.model import VjpfixError

    configs = Configs() if config is None else load(Path(), config)
    found = set()
    for path in [Path(path) for path in paths if path != STDIN] or [Path()]:
        folder = path if os.path.isdir(path) else path.parent  # noqa: PTH112  # a closed folder is no error
        # What is wrong with a configuration is told for its files.
        with suppress(VjpfixError):
            found.add(configs.of(str(folder.resolve())).root)
    return sorted(found)


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
