"""Rules that call a transformed version of their own primal, by another name or made on the spot."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from vjpfix.facts.data import SelfUse
from vjpfix.facts.meaning import Meaning
from vjpfix.facts.results import gives_output
from vjpfix.facts.runs import runs_always
from vjpfix.facts.sighted import Region, region, units_of
from vjpfix.facts.values import UNDERLYING, Derived, Function, Primal, Values, base_of, bases, union
from vjpfix.jaxfacts.effects import PARTIAL
from vjpfix.jaxfacts.transforms import PARTIAL_WITH_ARGUMENTS, Kind, Role, Transform
from vjpfix.semantic.data import Binding, BindingKind, Place, Scope

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_RULES = (Role.FWD, Role.BWD, Role.JVP)
_PARTIAL = frozenset((*PARTIAL, *PARTIAL_WITH_ARGUMENTS.names))


def self_uses(module: JaxModule) -> tuple[SelfUse, ...]:
    """The calls in rules that surely reach a mapped or differentiated version of the primal itself.

    A differentiated version runs the rules again, wherever it is called. A mapped one may be meant, but where
    its value is all that the rule gives as the primal's output.
    """
    primals = module.meaning.primals
    calling = {primal: units for primal, units in _calling(module.meaning).items() if primals[primal].rules}
    found = {use for primal, units in calling.items() for use in _OwnRules(module, primal).uses(units)}
    return tuple(sorted(found, key=lambda use: (use.span, use.function)))


def _calling(meaning: Meaning) -> dict[Primal, set[Scope]]:
    """For each primal the units that call something made of it."""
    found: dict[Primal, set[Scope]] = {}
    for unit, calls in meaning.applied.items():
        for value in union(calls.values()):
            if isinstance(value, Derived) and isinstance(base := base_of(value), Primal):
                found.setdefault(base, set()).add(unit)
    return found


class _OwnRules:
    """The rules of one primal, which the code outside knows by ``names``."""

    def __init__(self, module: JaxModule, primal: Primal) -> None:
        self.module = module
        self.meaning = module.meaning
        self.primal = primal
        self.names = [
            place
            for place in self.meaning.module.places()
            if any(self.meaning.stands_for(binding) == {primal} for binding in place.bindings)
        ]
        self.attached = frozenset(self._attached())

    def _attached(self) -> Iterator[str]:
        """The names by which rules are attached."""
        setters = self.meaning.primals[self.primal].maker.setters
        for unit in self.meaning.module.units:
            for node in unit.attributes:
                if node.attr in setters and isinstance(node.value, ast.Name):
                    owner = self.meaning.owner_of(node.value)
                    if owner and owner.places.get(node.value.id) in self.names:
                        yield node.value.id

    def uses(self, calling: set[Scope]) -> Iterator[SelfUse]:
        """The uses, which are in some of the units that are ``calling`` something made of the primal."""
        if not self.attached or calling.isdisjoint(units_of(self.meaning, self.primal, *self.names)):
            return
        inside = region(self.meaning, self.primal, *self.names)
        for unit, role, function in self._units(inside):
            for call, values in self.meaning.applied.get(unit, {}).items():
                rows = self._rows(values, role)
                if rows and runs_always(unit, call) and not _is_of_the_body(call):
                    yield from self._use(inside, unit, call, rows, role, function)

    def _units(self, inside: Region) -> Iterator[tuple[Scope, Role, str]]:
        """The rules, and the helpers that they are sure to call and nobody else."""
        rules = self.meaning.primals[self.primal].rules
        todo = [scope for _, values in rules.values() for scope in bases(values)]
        seen: set[Scope] = set()
        while todo:
            unit = todo.pop()
            if unit in seen or unit in inside.shared or unit not in inside.units:
                continue
            seen.add(unit)
            yield from ((unit, role, name) for role, name in inside.units[unit].items() if role in _RULES)
            for call, values in self.meaning.applied.get(unit, {}).items():
                if len(values) == 1 and runs_always(unit, call):
                    todo += [value.scope for value in values if isinstance(value, Function)]

    def _rows(self, values: Values, role: Role) -> list[Transform]:
        """The transforms between the primal and these values, where all are known and some do harm there."""
        found: list[Transform] = []
        for value in values:
            if not isinstance(value, Derived) or base_of(value) != self.primal:
                return []
            rows = [row for step in value.steps if (row := self.meaning.table.transform(step))]
            known = len(rows) == len(value.steps) and not any(_is_opaque(row) for row in rows)
            if not known or not any(_harms(row, role) for row in rows):
                return []
            found += rows
        return sorted(found, key=lambda row: row.names)

    def _use(
        self, inside: Region, unit: Scope, call: ast.Call, rows: list[Transform], role: Role, function: str
    ) -> Iterator[SelfUse]:
        kinds = {row.kind for row in rows if _harms(row, role)}
        kind = Kind.DIFFERENTIATES if Kind.DIFFERENTIATES in kinds else Kind.MAPS
        is_output = gives_output(unit, call, role)
        if kind is Kind.MAPS and (not is_output or any(row.kind is Kind.WRAPS for row in rows)):
            return
        alias = self._alias(inside, call)
        maker = self._statement(alias) if alias else unit.node
        if maker is None or not self._makes_version(maker) or (alias and _is_of_the_body(maker)):
            return
        row = next(row for row in rows if row.kind is kind and _harms(row, role))
        positions = self.module.positions
        span = positions.span(call.func)
        yield SelfUse(
            span=span,
            role=role,
            function=function,
            name=self._name(call),
            step=row.names[0],
            kind=kind,
            alias=alias.name if alias else "",
            alias_at=positions.token(alias.node, alias.name) if alias else None,
            is_output=is_output,
            is_applied=row.applies,
            repair=self._repair(call) if alias and is_output else "",
            is_spelled_out=alias is None or positions.text_at(span) == alias.name,
            changes=(unit.name,)
            if unit.parent is self.meaning.module.scope and unit.name.isidentifier()
            else (),
        )

    def _alias(self, inside: Region, call: ast.Call) -> Binding | None:
        """The one binding, outside the rules, of the name that is called."""
        owner = self.meaning.owner_of(call.func) if isinstance(call.func, ast.Name) else None
        if owner is None or owner.unit in inside.units:
            return None
        place = owner.places.get(ast.unparse(call.func))
        bindings = place.bindings if place else []
        found = bindings[0] if len(bindings) == 1 else None
        return found if found and found.kind is BindingKind.NAME else None

    def _statement(self, alias: Binding) -> ast.AST | None:
        """The statement that binds an alias."""
        nodes = ast.walk(alias.scope.node)
        return next(
            (node for node in nodes if isinstance(node, ast.stmt) and alias.node in _targets(node)), None
        )

    def _makes_version(self, maker: ast.AST) -> bool:
        """Whether a transform and the primal are spelled out there, so that the version is made there."""
        called = {node.func for node in ast.walk(maker) if isinstance(node, ast.Call)}
        asked = {node.value for node in ast.walk(maker) if isinstance(node, ast.Attribute)}
        words = {name.rpartition(".")[2] for name in self.meaning.table.transforms}
        names = [node for node in ast.walk(maker) if isinstance(node, ast.Name)]
        spelled = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(maker)}
        given = any(node.id in self.attached and node not in called | asked for node in names)
        return given and not words.isdisjoint(spelled)

    def _name(self, call: ast.Call) -> str:
        """What the primal is called, in the call if it stands there."""
        nodes = ast.walk(call)
        spelled = [node.id for node in nodes if isinstance(node, ast.Name) and node.id in self.attached]
        return (spelled or sorted(self.attached))[0]

    def _repair(self, call: ast.Call) -> str:
        """A name that means the original where the call stands, and nothing else at any time."""
        assert isinstance(call.func, ast.Name)  # noqa: S101  # the name of an alias
        scope = self.meaning.scope_of_load[call.func]
        usable = (b for b in self.names if scope.owner(b.name) is b.scope and self._is_kept(b))
        return min((place.name for place in usable), default="")

    def _is_kept(self, place: Place) -> bool:
        return not place.changes and all(
            self.meaning.stands_for(each) == {self.primal} and each.unit is place.scope.unit
            for each in place.bindings
        )


def _is_opaque(row: Transform) -> bool:
    return row.kind is Kind.WRAPS and row.names[0] not in _PARTIAL


def _harms(row: Transform, role: Role) -> bool:
    """Whether it is wrong where the original is meant; what runs the primal's own body runs no rule."""
    if row.kind is Kind.DIFFERENTIATES:
        return role in row.breaks and Role.PRIMAL not in row.breaks
    return row.kind is Kind.MAPS and role in row.breaks


def _is_of_the_body(node: ast.AST) -> bool:
    """Whether ``f.fun`` or ``f.__wrapped__`` stands in it."""
    return any(isinstance(part, ast.Attribute) and part.attr in UNDERLYING for part in ast.walk(node))


def _targets(statement: ast.stmt) -> Iterable[ast.AST]:
    if isinstance(statement, ast.Assign):
        return [node for target in statement.targets for node in ast.walk(target)]
    return [statement.target] if isinstance(statement, ast.AnnAssign) else []
