"""One taken-over name: what is guilty, what each strategy renames, what is in the way."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from vjpfix.analyse.definitions import Node, bases
from vjpfix.analyse.facts import GuiltyRead, Obstacle, Origin, Rebinding, Taken
from vjpfix.analyse.obstacles import obstacles
from vjpfix.analyse.original import original, stranger
from vjpfix.analyse.rebinding import Case
from vjpfix.analyse.region import region
from vjpfix.analyse.renaming import transformed
from vjpfix.analyse.sighted import Read, Sighted, Walked
from vjpfix.analyse.transforms import Role
from vjpfix.analyse.values import Derived, Primal, Value
from vjpfix.model import Span
from vjpfix.semantic.data import Scope, ScopeKind

__all__ = ["Resolution", "Walked"]

_BY_NAME = ast.Subscript | ast.Attribute | ast.Constant


class Resolution:
    """One case of one module.

    ``rebinding`` gives the fact, or None where no rule reads the taken name; ``fact`` gives it always.
    """

    def __init__(self, walked: Walked, case: Case) -> None:
        self.walked = walked
        self.case = case
        self.program = walked.program
        self.binding = case.binding
        self.sighted = Sighted(walked, case)

    def rebinding(self) -> Rebinding | None:
        guilty = list(self._guilty())
        imported = self.case.primal in self.program.imported.values()
        if not imported and not (guilty and (self.walked.wrappers or self._can_harm(guilty))):
            return None
        return self.fact(guilty)

    def fact(self, guilty: Iterable[tuple[Read, Role, str]] = ()) -> Rebinding:
        """What is taken over, and what each strategy does about it. ``guilty``: the reads that suffer."""
        imported = self.case.primal in self.program.imported.values()
        sighted = self.sighted
        at_module = self.binding.scope.kind is ScopeKind.MODULE
        is_local = self.binding.scope.kind is ScopeKind.FUNCTION
        for_others = None if is_local else transformed(sighted, to_the_end=True)
        exports = self._exports() if at_module and for_others and for_others.reaches_end else ()
        for_transformed = for_others if for_others and exports else transformed(sighted)
        for_original = original(sighted)
        common = list(self._common_obstacles())
        rebinding = Rebinding(
            name=self.binding.name,
            scope=self.binding.scope.name,
            primal=sighted.token(self.case.originals[0]),
            taken=tuple(
                sorted((Taken(sighted.token(d), steps) for d, steps in self.case.taken.items()), key=_span)
            ),
            always=self._always(),
            guilty=tuple(sorted((self._told(*each) for each in guilty), key=_place)),
            renames=for_transformed.tokens,
            alias_at=for_transformed.alias_at,
            exports=exports,
            obstacles=_sorted(common, for_transformed.obstacles, self._transformed_obstacles()),
            originals=for_original.tokens,
            original_alias_at=for_original.alias_at,
            original_obstacles=_sorted(common, for_original.obstacles),
            public=at_module,
            in_class=self.binding.scope.kind is ScopeKind.CLASS,
            helpers=self._helpers(),
            inside=self._inside(),
            origin=Origin.IMPORTED if imported else self._origin(),
            strings=for_transformed.strings,
        )
        if not for_others or not for_others.reaches_end:
            return rebinding
        seen = replace(
            rebinding,
            renames=for_others.tokens,
            strings=for_others.strings,
            alias_at=for_others.alias_at,
            obstacles=_sorted(common, for_others.obstacles, self._transformed_obstacles()),
        )
        return replace(rebinding, seen=seen)

    def _guilty(self) -> Iterator[tuple[Read, Role, str]]:
        """The reads inside the region that see the transformed version, with role and rule."""
        taken = self.case.taken.keys()
        remote = any(d.unit is not self.binding.scope.unit for d in taken)
        for read, unit in self.sighted.reads.items():
            if remote or self.sighted.sees(read) & taken:
                for role, function in self.sighted.region.units.get(unit, {}).items():
                    yield read, role, function

    def _told(self, read: Read, role: Role, function: str) -> GuiltyRead:
        fact = self.program.primals[self.case.primal]
        rules = {*bases(fact.body), *(rule for _, found in fact.rules.values() for rule in bases(found))}
        is_known = function in {rule.name for rule in rules}
        reader = _reader(self.sighted.reads[read], rules)
        return GuiltyRead(self.sighted.span(read), role, function, reader, is_known)

    def _can_harm(self, guilty: Iterable[tuple[Read, Role, str]]) -> bool:
        roles = {role for _, role, _ in guilty}
        rows = [self.program.table.transform(step) for steps in self.case.taken.values() for step in steps]
        return any(row and roles & row.breaks.keys() for row in rows)

    def _origin(self) -> Origin:
        by_name = any(isinstance(d.node, _BY_NAME) for d in self.case.taken)
        return Origin.ELSEWHERE if by_name else Origin.OWN

    def _always(self) -> bool:
        """Whether some code surely meets the transformed version: in the end, or at a read of the scope."""
        taken = self.case.taken.keys()
        unit = self.binding.scope.unit
        sights = [self.sighted.sees(read) for read, where in self.sighted.reads.items() if where is unit]
        return any(seen and seen <= taken for seen in [self.sighted.end, *sights])

    # What is in the way.

    def _common_obstacles(self) -> Iterator[Obstacle]:
        """What rules out every strategy."""
        name, sighted = self.binding.name, self.sighted
        for definition in sighted.definitions:
            if definition.unit is not self.binding.scope.unit:
                reason = f"`{name}` is bound from inside `{definition.unit.name}`, whenever that runs"
                yield Obstacle(reason, sighted.token(definition))
        if self.binding.scope.unit in sighted.region.units:
            reason = f"the function that makes `{name}` is itself called by its rules"
            yield Obstacle(reason, sighted.token(self.case.originals[0]))
        for read, unit in sighted.reads.items():
            if unit in sighted.region.shared:
                reason = f"`{unit.name}` reads `{name}` and is called by a rule and by other code as well"
                yield Obstacle(reason, sighted.span(read))
        yield from self._rules_in_vain()
        yield from self._other_primals()
        yield from obstacles(
            self.walked.tree, self.program, sighted.positions, self.binding, self.walked.path.stem
        )

    def _rules_in_vain(self) -> Iterator[Obstacle]:
        """Rules are attached to the transformed version, which has no attribute for it."""
        sighted = self.sighted
        for attribute, values in self.program.asked.items():
            read = attribute.value
            is_taken = isinstance(read, Read) and not self.case.taken.keys().isdisjoint(sighted.sees(read))
            if is_taken and read in sighted.reads and any(self._takes_no_rules(value) for value in values):
                reason = f"rules are attached to the transformed version, which has no `{attribute.attr}`"
                yield Obstacle(reason, sighted.span(read))

    def _takes_no_rules(self, value: Value) -> bool:
        if not isinstance(value, Derived):
            return False
        rows = [self.program.table.transform(step) for step in value.steps]
        return not all(row and row.forwards for row in rows)

    def _other_primals(self) -> Iterator[Obstacle]:
        """Rules of another primal with the name on another path mean that one; they are not told apart."""
        sighted = self.sighted
        values = frozenset[object]().union(*(definition.values for definition in sighted.definitions))
        for primal in values - {self.case.primal}:
            if isinstance(primal, Primal):
                units = region(self.program, primal, self.binding).units
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
        name = self.binding.name
        if self.binding.scope.kind is ScopeKind.CLASS and name.startswith("__") and name.endswith("__"):
            reason = f"Python itself uses `{name}` of objects of the class, and no call names it"
            yield Obstacle(reason, self.sighted.token(self.case.originals[0]))
        if self.binding.scope.kind is ScopeKind.MODULE:
            for export in self.walked.exports:
                if export.name == self.binding.name and not export.entry:
                    yield Obstacle("this entry of `__all__` cannot be rewritten", export.span)

    def _exports(self) -> tuple[Span, ...]:
        entries = (export.entry for export in self.walked.exports if export.name == self.binding.name)
        return tuple(sorted(entry for entry in entries if entry))

    def _inside(self) -> tuple[Span, ...]:
        nodes = [unit.node for unit in self.sighted.region.units]
        return tuple(
            sorted(self.walked.positions.span(n) for n in nodes if isinstance(n, ast.expr | ast.stmt))
        )

    def _helpers(self) -> tuple[str, ...]:
        """Functions of the module inside the region that lead to a read of the name, but for the primal."""
        sighted = self.sighted
        reading = {unit for unit in sighted.reads.values() if unit in sighted.region.units}
        skip: frozenset[Node] = frozenset({self.case.primal, self.binding})
        names = {
            unit.name
            for unit in sighted.region.units
            if unit.parent is self.program.module.scope
            and not reading.isdisjoint(self.program.reach([unit], skip))
        }
        return tuple(sorted(names - {self.binding.name}))


def _reader(unit: Scope, rules: Collection[Scope]) -> str:
    """The rule that code stands in, or else the nearest function that has a name."""
    around = list(unit.ancestors())
    named = [each for each in around if isinstance(each.node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [*(each for each in around if each in rules), *named, unit][0].name


def _sorted(*groups: Iterable[Obstacle]) -> tuple[Obstacle, ...]:
    return tuple(sorted(set().union(*groups), key=_order))


def _span(taken: Taken) -> Span:
    return taken.span


def _order(obstacle: Obstacle) -> tuple[Span, str]:
    return obstacle.span, obstacle.reason


def _place(guilty: GuiltyRead) -> tuple[Span, str]:
    return guilty.span, guilty.role.value
