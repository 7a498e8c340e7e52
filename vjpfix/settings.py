"""The configuration made ready for a run: the tables and filters that the stages take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from vjpfix.analyse.transforms import Kind, Role, Table, Transform, table
from vjpfix.config import Config
from vjpfix.model import Certainty, VjpfixError
from vjpfix.plan import NamePolicy
from vjpfix.prefilter import Prefilter
from vjpfix.rules import RULES
from vjpfix.rules.base import Rule

_BREAKS: Mapping[Kind, Mapping[Role, Certainty]] = {
    Kind.MAPS: dict.fromkeys(Role, Certainty.ERROR),
    Kind.DIFFERENTIATES: dict.fromkeys((Role.FWD, Role.BWD, Role.JVP), Certainty.ERROR),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run needs to know. ``rules``: all there are. ``wrappers``: VJP003 is selected.
    ``report_unused``: suppressions that hide nothing are reported. ``importers``: other modules of the
    project are looked at. ``names``, ``contracts``: some selected rule is about names that are taken over,
    about the contracts of rules. ``closures``: or about what functions with rules close over. ``proves``:
    fixes of these are tried out before it is said that there is one."""

    config: Config
    table: Table
    prefilter: Prefilter
    policy: NamePolicy
    rules: tuple[Rule, ...] = RULES
    wrappers: bool = False
    report_unused: bool = False
    importers: bool = True
    names: bool = True
    contracts: bool = False
    closures: bool = False
    proves: bool = True


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
    chosen = frozenset(rule.code for rule in rules if config.chooses(rule.code, rule.default))
    wrappers = "VJP003" in chosen
    original = original or config.rename == "original"
    policy = NamePolicy(config.names, original=original, docstrings=docstrings or config.docstrings)
    prefilter = Prefilter.of(
        made,
        attributes=not chosen.isdisjoint(("VJP003", "VJP005")),
        imports="VJP006" in chosen,
        wrappers=wrappers,
    )
    others = {rule.code for rule in rules if rule.contract} - {rule.code for rule in RULES}
    about = {rule.contract for rule in rules if rule.code in chosen}
    return Settings(
        config,
        made,
        prefilter,
        policy,
        rules,
        wrappers,
        report_unused,
        importers,
        names=False in about,
        contracts=True in about,
        closures="VJP301" in chosen or not chosen.isdisjoint(others),
    )
