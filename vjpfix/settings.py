"""The configuration made ready for a run: the tables and filters that the stages take."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from pathlib import Path

from vjpfix.config import Config, Configs, Configured
from vjpfix.jaxfacts.transforms import Kind, Role, Table, Transform, table
from vjpfix.model import Certainty, NamePolicy, VjpfixError
from vjpfix.rules import RULES
from vjpfix.rules.base import Rule
from vjpfix.rules.unused_suppression import UnusedSuppression
from vjpfix.words import Clue, Prefilter

_BREAKS: Mapping[Kind, Mapping[Role, Certainty]] = {
    Kind.MAPS: dict.fromkeys(Role, Certainty.ERROR),
    Kind.DIFFERENTIATES: dict.fromkeys((Role.FWD, Role.BWD, Role.JVP), Certainty.ERROR),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run needs to know about the files of one configuration, or of any (see ``of``).

    ``rules``: all there are, ``chosen``: those that are selected. ``importers``: other modules of the project
    are looked at. ``proves``: each fix is shown to keep its promises before it is said that there is one.
    ``nearest``: where each file has the settings of its own configuration, what finds them; the other fields
    are then for files that have none, and ``importers`` and ``proves`` for all.
    """

    config: Config
    table: Table
    prefilter: Prefilter
    policy: NamePolicy
    rules: tuple[Rule, ...]
    chosen: tuple[Rule, ...]
    importers: bool = True
    proves: bool = True
    nearest: Nearest | None = None

    def of(self, path: Path | str) -> Settings:
        """The settings of a file. Errors: ``VjpfixError`` where its configuration cannot be used."""
        return self.nearest.of(path) if self.nearest else self

    @property
    def configs(self) -> Configured:
        """The configuration of each folder."""
        return self.nearest.configs if self.nearest else self.config

    def met(self) -> tuple[Settings, ...]:
        """The settings of the files that were asked for so far."""
        return (self.nearest and self.nearest.met()) or (self,)

    def rules_for(self, path: Path) -> Iterator[Rule]:
        """The selected rules of a file."""
        return (rule for rule in self.chosen if self.config.selects(rule.code, rule.default, path))


class Nearest:
    """The settings of each file, by its nearest configuration. Those of one configuration are ``made`` once.

    A link has the configuration of the folder that it stands in.
    """

    def __init__(self, configs: Configs, made: Callable[[Config], Settings]) -> None:
        self.configs = configs
        self._made = made
        self._by_config: dict[Path | None, Settings] = {}
        self._by_folder: dict[str, Settings] = {}

    def of(self, path: Path | str) -> Settings:
        """The settings of a file. Errors: ``VjpfixError`` where its configuration cannot be used."""
        folder = os.path.dirname(path)  # noqa: PTH120  # asked for thousands of files
        if folder not in self._by_folder:
            self._by_folder[folder] = self._of(self.configs.of(os.path.realpath(folder)))
        return self._by_folder[folder]

    def met(self) -> tuple[Settings, ...]:
        """Those of the files that were asked for so far."""
        return tuple(self._by_config.values())

    def _of(self, config: Config) -> Settings:
        if config.path not in self._by_config:
            try:
                self._by_config[config.path] = self._made(config)
            except VjpfixError as error:
                raise VjpfixError(error.message, error.path or config.path, error.line) from None
        return self._by_config[config.path]


def settings_by_file(configs: Configs, made: Callable[[Config], Settings]) -> Settings:
    """Settings that are ``made`` of the configuration of each file."""
    return replace(made(configs.without_table), nearest=Nearest(configs, made))


def settings(
    config: Config,
    *,
    rules: tuple[Rule, ...] = RULES,
    original: bool = False,
    importers: bool = True,
    report_unused: bool = False,
    docstrings: bool = False,
) -> Settings:
    """The settings that a configuration stands for; ``VjpfixError`` where it contradicts the tables.

    ``rules``: all there are (see ``registry``); ``original``: the original gets the new name, whatever the
    configuration says; ``importers``: modules outside the given paths that import a name are looked for;
    ``docstrings``: references in them change, too.
    """
    base = table()
    extra = [
        Transform((row.name,), Kind(row.kind), row.suffix, _BREAKS.get(Kind(row.kind), {}), forwards=True)
        for row in config.transforms
    ]
    derivatives = []
    for row in config.custom_derivatives:
        like = base.derivative(row.like)
        if like is None:
            raise VjpfixError(f"{row.like!r} is no custom-derivative decorator that vjpfix knows")
        derivatives.append(replace(like, names=(row.name,)))
    made = table(extra, derivatives, config.suffixes)

    def is_chosen(rule: Rule) -> bool:
        asked_for = report_unused and isinstance(rule, UnusedSuppression)
        return asked_for or config.chooses(rule.code, rule.default)

    chosen = tuple(filter(is_chosen, rules))
    clues = reduce(or_, (rule.clues for rule in chosen), Clue.MAKES)
    original = original or config.rename == "original"
    policy = NamePolicy(config.names, original=original, docstrings=docstrings or config.docstrings)
    return Settings(config, made, Prefilter.of(made, clues), policy, rules, chosen, importers)
