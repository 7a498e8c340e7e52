"""The configuration made ready for a run: the tables and filters that the stages take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vjpfix.analyse.transforms import Kind, Role, Table, Transform, table
from vjpfix.config import Config
from vjpfix.model import Certainty, VjpfixError
from vjpfix.plan import NamePolicy
from vjpfix.prefilter import Contracts, Prefilter
from vjpfix.rules import RULES
from vjpfix.rules.base import Rule
from vjpfix.suppress import UNUSED

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

    @property
    def looks(self) -> bool:
        """Whether there is anything to look for."""
        return self.names or self.contracts or self.report_unused


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
    contracts = _contracts(made, [rule for rule in rules if rule.code in chosen])
    prefilter = Prefilter.of(
        made,
        wrappers=wrappers,
        attributes="VJP005" in chosen,
        imports="VJP006" in chosen,
        own_rules=not chosen.isdisjoint(("VJP101", "VJP102")),
        stacked="VJP004" in chosen,
        contracts=contracts,
    )
    about = {rule.contract for rule in rules if rule.code in chosen}
    return Settings(
        config,
        made,
        prefilter,
        policy,
        rules,
        wrappers,
        report_unused or UNUSED in chosen,
        importers,
        names=False in about,
        contracts=True in about,
        closures=contracts is None or contracts.closures,
    )


def _contracts(table: Table, rules: Sequence[Rule]) -> Contracts | None:
    """What to look for in bytes for these rules; None, which is all, where one is not the project's own."""
    codes = {rule.code for rule in rules}
    if not {rule.code for rule in rules if rule.contract} <= {rule.code for rule in RULES}:
        return None
    return Contracts.of(
        table, forward="VJP303" in codes, reverse="VJP302" in codes, closures="VJP301" in codes
    )
