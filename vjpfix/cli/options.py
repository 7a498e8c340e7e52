"""The options that the commands share, and the configuration they make."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from vjpfix.config import load, parse_codes
from vjpfix.settings import Settings, settings

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
    click.option("--exclude", metavar="PATTERN", multiple=True, help="Files or folders to leave out."),
    click.option(
        "--name",
        "names",
        metavar="OLD=NEW",
        multiple=True,
        help="The new name for the transformed version of OLD (default: OLD_mapped, OLD_grad, …).",
    ),
    click.option(
        "--report-unused-ignores", is_flag=True, help="Also report suppressing comments that hide nothing."
    ),
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
    report_unused_ignores: bool,
) -> Settings:
    """The settings of a run: the configuration file's, then what the command line says."""
    found = load(_start(paths), config)
    found = replace(
        found,
        select=parse_codes(_codes(select), "--select") if select is not None else found.select,
        extend_select=found.extend_select
        + (parse_codes(_codes(extend_select), "--extend-select") if extend_select else ()),
        ignore=found.ignore + (parse_codes(_codes(ignore), "--ignore") if ignore else ()),
        exclude=(*found.exclude, *exclude),
        names={**found.names, **dict(_pair(name) for name in names)},
    )
    return settings(found, report_unused=report_unused_ignores)


def _codes(text: str) -> list[str]:
    return [code for part in text.split(",") if (code := part.strip())]


def _start(paths: Sequence[str]) -> Path:
    """Where the search for a configuration starts: the first path, else the current folder."""
    given = [path for path in paths if path != STDIN]
    return Path(given[0]) if given else Path()


def _pair(text: str) -> tuple[str, str]:
    old, sign, new = text.partition("=")
    if not sign or not old.isidentifier() or not new.isidentifier():
        raise click.BadParameter(
            f"{text!r} is not of the form OLD=NEW with two identifiers", param_hint="--name"
        )
    return old, new
