"""One taken-over name as its reads see it: which bindings reach which read, inside and outside."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from vjpfix.facts.cases import Case
from vjpfix.facts.graph import union
from vjpfix.facts.program import Program
from vjpfix.facts.region import Region, region
from vjpfix.facts.sightings import Sightings, sightings
from vjpfix.model import Span
from vjpfix.semantic.data import Binding, BindingKind, Place, Scope, ScopeKind
from vjpfix.semantic.flow import Inserted, Seen, inserted
from vjpfix.semantic.lineage import Verdict
from vjpfix.semantic.positions import Positions

Read = ast.Name | ast.Attribute


if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule


class Sighted:
    """All reads of one case, each with the unit it stands in.

    ``strangers``: attributes of that spelling whose object is not known, or that are bound from outside.
    ``split``: the alias that is pretended, where ``with_split`` found a statement to stand above;
    ``before_split``: what the name may hold there.
    """

    def __init__(self, module: JaxModule, case: Case) -> None:
        self.module = module
        self.program: Program = module.program
        self.case = case
        self.place: Place = case.place
        self.scope: Scope = case.place.scope
        self.name: str = case.place.name
        self.bindings = case.place.bindings
        self.split: Inserted | None = None
        self.before_split: Seen = frozenset()
        self.sightings: Sightings = sightings(self.program, self.place)
        self.reads: dict[Read, Scope] = dict(self._name_reads())
        self.strangers: dict[ast.Attribute, Scope] = {}
        self.reads.update(self._attribute_reads())
        self.region: Region = region(self.program, case.primal, case.place)

    @property
    def positions(self) -> Positions:
        return self.module.positions

    @property
    def inside(self) -> list[Read]:
        return [read for read, unit in self.reads.items() if unit in self.region.units]

    @property
    def outside(self) -> list[Read]:
        return [read for read, unit in self.reads.items() if unit not in self.region.units]

    @property
    def end(self) -> Seen:
        """What the name may hold when the code of its scope ends."""
        return self.sightings.end

    def sees(self, read: Read) -> Seen:
        if isinstance(read, ast.Attribute):
            return self.end
        return self.sightings.of(read)

    def is_mixed(self, held: Seen) -> bool:
        """Whether these are the transformed version on some paths and something else on others."""
        seen = held - {None}
        return bool(seen & self.case.taken.keys()) and not seen <= self.case.taken.keys()

    def read_early(self) -> set[Binding]:
        """What the region may meet under the name before the primal is there (its body, called plainly)."""
        first = min(self.token(binding) for binding in self.case.originals)
        seen = union(self.sees(read) for read in self.inside) - self.case.taken.keys()
        return {b for b in seen if b and b.kind is not BindingKind.ALIAS and self.token(b) < first}

    def span(self, read: Read) -> Span:
        return self.positions.token(read, self.name)

    def token(self, binding: Binding) -> Span:
        return self.positions.token(binding.node, binding.name)

    # What is read where.

    def _name_reads(self) -> Iterator[tuple[ast.Name, Scope]]:
        for unit, loads in self.program.readers(self.place).items():
            for load in loads:
                if self.program.owner_of(load) is self.scope or load in self.sightings.sees:
                    yield load, unit

    def _attribute_reads(self) -> Iterator[tuple[ast.Attribute, Scope]]:
        """Reads of a class-level name through the class, its objects and subclasses.

        What is surely another's, or came by an import, is left; any other receiver is a stranger.
        """
        if self.scope.kind is not ScopeKind.CLASS:
            return
        receivers, lineage = self.module.receivers, self.module.lineage
        for unit in self.program.module.units:
            for node in unit.attributes:
                if node.attr != self.name:
                    continue
                verdict = lineage.verdict(receivers.of(node.value), self.scope, self.name)
                if verdict is Verdict.IT and isinstance(node.ctx, ast.Load):
                    yield node, unit
                elif verdict is not Verdict.OTHER:
                    self.strangers[node] = unit

    # Where paths meet.

    def with_split(self) -> Sighted:
        """The same with an alias above the outermost statement that can hold one, if there is such."""
        first = min(self.case.taken, key=self.token)
        for statement in _ancestors(self.scope.node, first.node):
            split = inserted(self.place, statement)
            before = self.program.flow.before(split)
            if before and None not in before and before.isdisjoint(self.case.taken):
                found = copy.copy(self)
                found.split, found.before_split = split, before
                found.sightings = sightings(self.program, self.place, split)
                return found
        return self

    def sees_alias(self, helds: Iterable[Seen]) -> bool:
        """Whether the pretended alias is among what any of these reads see."""
        return self.split is not None and any(self.split.binding in held for held in helds)


def _ancestors(scope: ast.AST, node: ast.AST) -> list[ast.stmt]:
    """The statements of a scope's own body that hold ``node``, outermost first."""
    found: list[ast.stmt] = []
    current = scope
    while True:
        inner = next(
            (child for child in ast.iter_child_nodes(current) if any(n is node for n in ast.walk(child))),
            None,
        )
        if inner is None:
            return found
        if isinstance(inner, ast.stmt):
            found.append(inner)
        current = inner
        if current is node:
            return found
