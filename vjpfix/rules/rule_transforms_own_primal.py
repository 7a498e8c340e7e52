"""VJP101: a rule transforms its own primal."""

from __future__ import annotations

from collections.abc import Iterator

from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.transforms import Table
from vjpfix.model import Finding, Safety
from vjpfix.rules.base import Rule
from vjpfix.rules.own_transform import own_transforms


class RuleTransformsOwnPrimal(Rule):
    """x.

    y

    z
    """

    code = "VJP101"
    name = "rule-transforms-own-primal"
    safety = Safety.NONE

    def find(self, facts: ModuleFacts, table: Table) -> Iterator[Finding]:
        return own_transforms(self.code, facts, by_alias=False)
