"""Both directions of the fix of one taken-over name: what each renames, and what is in the way."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace

from vjpfix.facts.data import Takeover
from vjpfix.facts.sighted import Read, region
from vjpfix.facts.values import Derived, Node, Primal, Value, union
from vjpfix.fixes.obstacles import obstacles
from vjpfix.fixes.original import original, stranger
from vjpfix.fixes.renaming import Obstacle, Renaming, Renamings
from vjpfix.fixes.transformed import transformed
from vjpfix.model import Span
from vjpfix.semantic.data import ScopeKind


class Resolution:
    """One takeover of one module."""

    def __init__(self, takeover: Takeover) -> None:
        assert takeover.sighted  # noqa: S101  # only those of other modules have none
        self.takeover = takeover
        self.sighted = takeover.sighted
        self.module = self.sighted.module
        self.meaning = self.sighted.meaning
        self.case = self.sighted.case
        self.place = self.case.place

    def renamings(self) -> Renamings:
        """What each direction does about it."""
        sighted, kind = self.sighted, self.place.scope.kind
        for_others = None if kind is ScopeKind.FUNCTION else transformed(sighted, to_the_end=True)
        reaches_end = for_others is not None and for_others.reaches_end
        exports = self._exports() if kind is ScopeKind.MODULE and reaches_end else ()
        common = list(self._common_obstacles())
        own = list(self._transformed_obstacles())

        def told(found: Renaming, *reasons: Iterable[Obstacle]) -> Renaming:
            return replace(found, obstacles=_sorted(common, found.obstacles, *reasons))

        found = for_others if for_others and exports else transformed(sighted)
        return Renamings(
            takeover=self.takeover,
            transformed=replace(told(found, own), strings=(*exports, *found.strings)),
            original=told(original(sighted)),
            seen=told(for_others, own) if for_others and reaches_end else None,
            public=kind is ScopeKind.MODULE,
            in_class=kind is ScopeKind.CLASS,
            helpers=self._helpers(),
            inside=self._inside(),
        )

    # What is in the way.

    def _common_obstacles(self) -> Iterator[Obstacle]:
        """What rules out every strategy."""
        name, sighted = self.place.name, self.sighted
        for binding in sighted.bindings:
            if binding.unit is not self.place.scope.unit:
                reason = f"`{name}` is bound from inside `{binding.unit.name}`, whenever that runs"
                yield Obstacle(reason, sighted.token(binding))
        if self.place.scope.unit in sighted.region.units:
            reason = f"the function that makes `{name}` is itself called by its rules"
            yield Obstacle(reason, sighted.token(self.case.originals[0]))
        for read, unit in sighted.reads.items():
            if unit in sighted.region.shared:
                reason = f"`{unit.name}` reads `{name}` and is called by a rule and by other code as well"
                yield Obstacle(reason, sighted.span(read))
        yield from self._rules_in_vain()
        yield from self._other_primals()
        yield from obstacles(
            self.module.tree, self.meaning, sighted.positions, self.place, self.module.path.stem
        )

    def _rules_in_vain(self) -> Iterator[Obstacle]:
        """Rules are attached to the transformed version, which has no attribute for it."""
        sighted = self.sighted
        for attribute, values in self.meaning.asked.items():
            read = attribute.value
            is_taken = isinstance(read, Read) and not self.case.taken.keys().isdisjoint(sighted.sees(read))
            if is_taken and read in sighted.reads and any(self._takes_no_rules(value) for value in values):
                reason = f"rules are attached to the transformed version, which has no `{attribute.attr}`"
                yield Obstacle(reason, sighted.span(read))

    def _takes_no_rules(self, value: Value) -> bool:
        if not isinstance(value, Derived):
            return False
        rows = [self.meaning.table.transform(step) for step in value.steps]
        return not all(row and row.forwards for row in rows)

    def _other_primals(self) -> Iterator[Obstacle]:
        """Rules of another primal with the name on another path mean that one; they are not told apart."""
        sighted = self.sighted
        values = union(map(sighted.meaning.stands_for, sighted.bindings))
        for primal in values - {self.case.primal}:
            if isinstance(primal, Primal):
                units = region(self.meaning, primal, self.place).units
                for read in sighted.outside:
                    if sighted.reads[read] in units and sighted.sees(read) & self.case.taken.keys():
                        reason = (
                            f"`{sighted.name}` may be another function with rules, and this belongs to it"
                        )
                        yield Obstacle(reason, sighted.span(read))

    def _transformed_obstacles(self) -> Iterator[Obstacle]:
        """What rules out a new name for the transformed version: uses that would have to take it too."""
        for node in self.sighted.strangers:
            yield stranger(self.sighted, node)
        name = self.place.name
        if self.place.scope.kind is ScopeKind.CLASS and name.startswith("__") and name.endswith("__"):
            reason = f"Python itself uses `{name}` of objects of the class, and no call names it"
            yield Obstacle(reason, self.sighted.token(self.case.originals[0]))
        if self.place.scope.kind is ScopeKind.MODULE:
            for export in self.module.exports:
                if export.name == self.place.name and not export.entry:
                    yield Obstacle("this entry of `__all__` cannot be rewritten", export.span)

    def _exports(self) -> tuple[Span, ...]:
        entries = (export.entry for export in self.module.exports if export.name == self.place.name)
        return tuple(sorted(entry for entry in entries if entry))

    def _inside(self) -> tuple[Span, ...]:
        nodes = [unit.node for unit in self.sighted.region.units]
        return tuple(
            sorted(self.module.positions.span(n) for n in nodes if isinstance(n, ast.expr | ast.stmt))
        )

    def _helpers(self) -> tuple[str, ...]:
        """Functions of the module inside the region that lead to a read of the name, but for the primal."""
        sighted = self.sighted
        reading = {unit for unit in sighted.reads.values() if unit in sighted.region.units}
        skip: frozenset[Node] = frozenset({self.case.primal, self.place})
        names = {
            unit.name
            for unit in sighted.region.units
            if unit.parent is self.meaning.module.scope
            and not reading.isdisjoint(self.meaning.reach([unit], skip))
        }
        return tuple(sorted(names - {self.place.name}))


def _sorted(*groups: Iterable[Obstacle]) -> tuple[Obstacle, ...]:
    return tuple(sorted(set().union(*groups), key=_order))


def _order(obstacle: Obstacle) -> tuple[Span, str]:
    return obstacle.span, obstacle.reason
