"""Which bindings of one name each read of it sees, in whatever code and whenever that runs."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from vjpfix.facts.graph import Node
from vjpfix.facts.program import Carries, Program
from vjpfix.semantic.data import Binding, FlowNode, Place
from vjpfix.semantic.flow import Inserted, Seen


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


def sightings(program: Program, watched: Place, extra: Inserted | None = None) -> Sightings:
    """What the reads of a name see, with a pretended place of it if there is one."""
    return _Sighting(program, watched, extra).all()


class _Sighting:
    """The reads of one watched name."""

    def __init__(self, program: Program, watched: Place, extra: Inserted | None) -> None:
        self.program = program
        self.watched = watched
        self.unit = watched.scope.unit
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

    def held(self, flow: FlowNode) -> Seen:
        """What the name may hold at a point."""
        return self.program.flow.at(self.watched, (flow,), self.extra)

    def read_now(self) -> None:
        """What the code of the name's own unit reads."""
        for load in self.program.readers(self.watched).get(self.unit, ()):
            reference = self.program.module.references[load]
            seen = self.program.flow.reaching(reference, self.extra)
            is_own = reference.scope.owner(load.id) is self.watched.scope
            if is_own or any(each and each.place is self.watched for each in seen):
                self.found.add(load, seen, load.lineno)

    def reading(self, nodes: Carries) -> list[ast.Name]:
        """The reads of the name in functions that may run when these nodes are called."""
        if not nodes or not self.readers:
            return []
        units = self.program.closure(nodes)
        return [load for unit in units for load in self.readers.get(unit, ())]

    def run(self, nodes: Carries, held: Seen, line: int) -> None:
        for load in self.reading(nodes):
            self.found.add(load, held, line)

    def bound_after(self, escaped: list[tuple[FlowNode, Carries]]) -> None:
        """Functions that got away may run any time after, and so with each later place."""
        for flow in self.watched.flows:
            assert flow.binding  # noqa: S101  # that is what these points are
            before = _ancestors(flow)
            held: Seen = frozenset({flow.binding})
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
                bound = place.bindings
                if len(bound) > 1 and program.carries_of(bound):
                    bound = [binding for binding in program.flow.at(place, (end,)) if binding]
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
