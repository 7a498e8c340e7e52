"""One taken-over name: what is inside its primal, and which bindings each read sees, whenever that runs."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vjpfix.facts.meaning import Carries, Meaning
from vjpfix.facts.values import Node, Primal, PrimalFact, Values, bases, union
from vjpfix.jaxfacts.transforms import Role
from vjpfix.model import Span
from vjpfix.semantic.data import Binding, BindingKind, FlowNode, Place, Scope, ScopeKind
from vjpfix.semantic.flow import Inserted, Seen, inserted
from vjpfix.semantic.lineage import Verdict
from vjpfix.semantic.positions import Positions

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule
    from vjpfix.facts.takeovers import Case

Read = ast.Name | ast.Attribute


@dataclass(frozen=True, slots=True)
class Region:
    """The units inside a primal, each with the roles it serves and the name of the rule that leads there.

    ``shared``: those that code outside reaches as well, without going through the primal.
    """

    units: dict[Scope, dict[Role, str]]
    shared: frozenset[Scope]


def region(meaning: Meaning, primal: Primal, *names: Place) -> Region:
    """The region of ``primal``, where ``names`` are its names (which, inside, mean nothing else)."""
    units = units_of(meaning, primal, *names)
    return Region(units, _shared(meaning, frozenset({primal, *names}), units))


def units_of(meaning: Meaning, primal: Primal, *names: Place) -> dict[Scope, dict[Role, str]]:
    """The units of the region alone, which costs less."""
    skip: frozenset[Node] = frozenset({primal, *names})
    units: dict[Scope, dict[Role, str]] = {}
    for role, roots, label in _roots(meaning, meaning.primals[primal]):
        for node in meaning.reach(roots, skip):
            if isinstance(node, Scope) and node.kind is ScopeKind.FUNCTION:
                units.setdefault(node, {}).setdefault(role, label)
    return units


def _shared(meaning: Meaning, skip: frozenset[Node], units: Iterable[Scope]) -> frozenset[Scope]:
    """The units of the region that other code mentions, or that such a unit leads to."""
    inside = set(units)
    outside = [u for u in meaning.module.units if u not in inside]
    todo = [node for unit in outside for node in meaning.references(unit)]
    seen: set[Node] = set(skip)
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        if not isinstance(node, Scope) or node.kind is ScopeKind.CLASS or node in inside:
            todo.extend(meaning.neighbours(node))  # the references of outside units are all here already
    return frozenset(unit for unit in inside if unit in seen)


def _roots(meaning: Meaning, fact: PrimalFact) -> list[tuple[Role, list[Node], str]]:
    found: list[tuple[Role, list[Node], str]] = []
    for expression, (role, values) in fact.rules.items():
        scopes = bases(values)
        roots: list[Node] = [*scopes] if scopes else meaning.mentions(expression)
        found.append((role, roots, _label(values, ast.unparse(expression))))
    body: list[Node] = list(bases(fact.body))
    return [*found, (fact.maker.body, body, _label(fact.body, "the primal"))]


def _label(values: Values, spelled: str) -> str:
    names = sorted(scope.name for scope in bases(values))
    return names[0] if names else spelled


@dataclass(slots=True)
class Sightings:
    """Which bindings of a watched name each read sees, and the line where it first saw each of them.

    None stands for "no binding". ``end``: what the name holds when its scope's code ends.
    """

    sees: dict[ast.AST, dict[Binding | None, int]] = field(default_factory=dict)
    end: Seen = frozenset()

    def add(self, read: ast.AST, bindings: Seen, line: int) -> None:
        seen = self.sees.setdefault(read, {})
        for binding in bindings:
            seen.setdefault(binding, line)

    def of(self, read: ast.AST) -> Seen:
        return frozenset(self.sees.get(read, ()))


def sightings(meaning: Meaning, watched: Place, extra: Inserted | None = None) -> Sightings:
    """What the reads of a name see, with a pretended binding of it if there is one."""
    return _Sighting(meaning, watched, extra).all()


class _Sighting:
    """The reads of one watched name."""

    def __init__(self, meaning: Meaning, watched: Place, extra: Inserted | None) -> None:
        self.meaning = meaning
        self.watched = watched
        self.unit = watched.scope.unit
        self.extra = extra
        self.readers = {
            unit: loads for unit, loads in meaning.readers(watched).items() if unit is not self.unit
        }
        self.found = Sightings()

    def all(self) -> Sightings:
        found = self.found
        self.read_now()
        escaped = []
        for flow, line, runs, keeps in self.meaning.run_events.get(self.unit, ()):
            self.run(runs, self.held(flow), line)
            if self.reading(keeps):
                escaped.append((flow, keeps))
        if escaped:
            self.bound_after(escaped)
        if self.unit.end:
            self.finish(self.unit.end, escaped)
        end = self.watched.scope.end
        found.end = self.held(end) if end else frozenset()
        return found

    def held(self, flow: FlowNode) -> Seen:
        """What the name may hold at a point."""
        return self.meaning.flow.at(self.watched, (flow,), self.extra)

    def read_now(self) -> None:
        """What the code of the name's own unit reads."""
        for load in self.meaning.readers(self.watched).get(self.unit, ()):
            reference = self.meaning.module.references[load]
            seen = self.meaning.flow.reaching(reference, self.extra)
            is_own = reference.scope.owner(load.id) is self.watched.scope
            if is_own or any(each and each.place is self.watched for each in seen):
                self.found.add(load, seen, load.lineno)

    def reading(self, nodes: Carries) -> list[ast.Name]:
        """The reads of the name in functions that may run when these nodes are called."""
        if not nodes or not self.readers:
            return []
        units = self.meaning.closure(nodes)
        return [load for unit in units for load in self.readers.get(unit, ())]

    def run(self, nodes: Carries, held: Seen, line: int) -> None:
        for load in self.reading(nodes):
            self.found.add(load, held, line)

    def bound_after(self, escaped: list[tuple[FlowNode, Carries]]) -> None:
        """Functions that got away may run any time after, and so with each later binding."""
        for flow in self.watched.flows:
            assert flow.binding  # noqa: S101  # that is what these points are
            before = _all_before(flow)
            held: Seen = frozenset({flow.binding})
            for at, nodes in escaped:
                if at in before:
                    self.run(nodes, held, getattr(flow.binding.node, "lineno", 0))

    def finish(self, end: FlowNode, escaped: list[tuple[FlowNode, Carries]]) -> None:
        """Every function that is still there sees what the name holds in the end."""
        meaning = self.meaning
        nodes: set[Node] = {
            scope
            for scope in self.unit.descendants()
            if isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        before = _all_before(end) if escaped else set()
        for at, keeps in escaped:
            if at in before:
                nodes |= keeps
        for scope in (self.unit, *(each for each in self.unit.descendants() if each.unit is self.unit)):
            for place in scope.places.values():
                bound = place.bindings
                if len(bound) > 1 and meaning.carries_of(bound):
                    bound = [binding for binding in meaning.flow.at(place, (end,)) if binding]
                nodes |= meaning.carries_of(bound)
        self.run(frozenset(nodes), self.held(end), 0)


def _all_before(flow: FlowNode) -> set[FlowNode]:
    """A point and all that may come before it."""
    seen = {flow}
    todo = list(flow.before)
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            todo += at.before
    return seen


class Sighted:
    """All reads of one case, each with the unit it stands in.

    ``strangers``: attributes of that spelling whose object is not known, or that are bound from outside.
    ``split``: the alias that is pretended, where ``with_split`` found a statement to stand above;
    ``before_split``: what the name may hold there.
    """

    def __init__(self, module: JaxModule, case: Case) -> None:
        self.module = module
        self.meaning: Meaning = module.meaning
        self.case = case
        self.place: Place = case.place
        self.scope: Scope = case.place.scope
        self.name: str = case.place.name
        self.bindings = case.place.bindings
        self.split: Inserted | None = None
        self.before_split: Seen = frozenset()
        self.sightings: Sightings = sightings(self.meaning, self.place)
        self.reads: dict[Read, Scope] = dict(self._name_reads())
        self.strangers: dict[ast.Attribute, Scope] = {}
        self.reads.update(self._attribute_reads())
        self.region: Region = region(self.meaning, case.primal, case.place)

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
        for unit, loads in self.meaning.readers(self.place).items():
            for load in loads:
                if self.meaning.owner_of(load) is self.scope or load in self.sightings.sees:
                    yield load, unit

    def _attribute_reads(self) -> Iterator[tuple[ast.Attribute, Scope]]:
        """Reads of a class-level name through the class, its objects and subclasses.

        What is surely another's, or came by an import, is left; any other receiver is a stranger.
        """
        if self.scope.kind is not ScopeKind.CLASS:
            return
        receivers, lineage = self.module.receivers, self.module.lineage
        for unit in self.meaning.module.units:
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
            before = self.meaning.flow.before(split)
            if before and None not in before and before.isdisjoint(self.case.taken):
                found = copy.copy(self)
                found.split, found.before_split = split, before
                found.sightings = sightings(self.meaning, self.place, split)
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
