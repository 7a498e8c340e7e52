"""VJP102: a rule calls another name for a transformed version of its primal."""

from __future__ import annotations

from collections.abc import Iterator

from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.transforms import Table
from vjpfix.model import Finding
from vjpfix.rules.base import Rule
from vjpfix.rules.own_transform import own_transforms


class RuleCallsAlias(Rule):
    """x.

    y

    z
    """

    code = "VJP102"
    name = "rule-calls-alias"

    def find(self, facts: ModuleFacts, table: Table) -> Iterator[Finding]:
        return own_transforms(self.code, facts, by_alias=True)
