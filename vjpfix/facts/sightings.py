"""Which definitions of one name each read of it sees, in whatever code and whenever that runs."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from vjpfix.facts.definitions import Binding, Definition, Node, Sightings
from vjpfix.facts.program import Carries, Program
from vjpfix.semantic.data import Binding as SemanticBinding
from vjpfix.semantic.data import FlowNode
from vjpfix.semantic.flow import Inserted


def sightings(program: Program, watched: Binding, extra: Inserted | None = None) -> Sightings:
    """What the reads of a name see, with a pretended binding of it if there is one."""
    return _Sighting(program, watched, extra).all()


class _Sighting:
    """The reads of one watched name."""

    def __init__(self, program: Program, watched: Binding, extra: Inserted | None) -> None:
        self.program = program
        self.watched = watched
        self.unit = watched.scope.unit
        self.place = watched.scope.places[watched.name]
        self.extra = extra
        self.readers = {
            unit: loads for unit, loads in program.readers(watched).items() if unit is not self.unit
        }
        self.found = Sightings()

    def all(self) -> Sightings:
        found = self.found
        self.read_now()
        escaped = []
        for flow, line, runs, keeps in self.program.run_events.get(self.unit, ()):
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

    def definitions(self, seen: Iterable[SemanticBinding | None]) -> frozenset[Definition]:
        return frozenset(self.program.defined(each) for each in seen)

    def held(self, flow: FlowNode) -> frozenset[Definition]:
        """What the name may hold at a point."""
        return self.definitions(self.program.flow.at(self.place, (flow,), self.extra))

    def read_now(self) -> None:
        """What the code of the name's own unit reads."""
        for load in self.program.readers(self.watched).get(self.unit, ()):
            reference = self.program.module.references[load]
            seen = self.definitions(self.program.flow.reaching(reference, self.extra))
            is_own = reference.scope.owner(load.id) is self.watched.scope
            if is_own or any(each.scope is self.watched.scope for each in seen):
                self.found.add(load, seen, load.lineno)

    def reading(self, nodes: Carries) -> list[ast.Name]:
        """The reads of the name in functions that may run when these nodes are called."""
        if not nodes or not self.readers:
            return []
        units = self.program.closure(nodes)
        return [load for unit in units for load in self.readers.get(unit, ())]

    def run(self, nodes: Carries, held: frozenset[Definition], line: int) -> None:
        for load in self.reading(nodes):
            self.found.add(load, held, line)

    def bound_after(self, escaped: list[tuple[FlowNode, Carries]]) -> None:
        """Functions that got away may run any time after, and so with each later binding."""
        for flow in self.place.flows:
            assert flow.binding  # noqa: S101  # that is what these points are
            before = _ancestors(flow)
            held = self.definitions((flow.binding,))
            for at, nodes in escaped:
                if at in before:
                    self.run(nodes, held, getattr(flow.binding.node, "lineno", 0))

    def finish(self, end: FlowNode, escaped: list[tuple[FlowNode, Carries]]) -> None:
        """Every function that is still there sees what the name holds in the end."""
        program = self.program
        nodes: set[Node] = {
            scope
            for scope in self.unit.descendants()
            if isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        before = _ancestors(end) if escaped else set()
        for at, keeps in escaped:
            if at in before:
                nodes |= keeps
        for scope in (self.unit, *(each for each in self.unit.descendants() if each.unit is self.unit)):
            for place in scope.places.values():
                bound = [program.definition_of[binding] for binding in place.bindings]
                if len(bound) > 1 and program.carries_of(bound):
                    left = program.flow.at(place, (end,))
                    bound = [program.definition_of[binding] for binding in left if binding]
                nodes |= program.carries_of(bound)
        self.run(frozenset(nodes), self.held(end), 0)


def _ancestors(flow: FlowNode) -> set[FlowNode]:
    """A point and all that may come before it."""
    seen = {flow}
    todo = list(flow.before)
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            todo += at.before
    return seen
