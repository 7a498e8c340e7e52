"""The state of a walk: which definitions each name may have at a point, and which functions got away."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from vjpfix.analyse.definitions import Binding, Definition, DefinitionKind, Node
from vjpfix.semantic.data import Scope

UNBOUND = Definition(
    scope=None,  # type: ignore[arg-type]  # it stands for "no definition" in every scope
    name="",
    kind=DefinitionKind.OTHER,
    node=ast.Module([], []),
    unit=None,  # type: ignore[arg-type]
)
UNBOUND_ONLY = frozenset({UNBOUND})


@dataclass(slots=True)
class State:
    """Definitions by binding (a missing binding is unbound) and the nodes that may be called any time."""

    env: dict[Binding, frozenset[Definition]] = field(default_factory=dict)
    escaped: frozenset[Node] = frozenset()

    def copy(self) -> State:
        return State(dict(self.env), self.escaped)

    def get(self, binding: Binding) -> frozenset[Definition]:
        return self.env.get(binding, UNBOUND_ONLY)


def join(*states: State | None) -> State | None:
    """The state after paths meet; None is a path that does not arrive."""
    live = [state for state in states if state is not None]
    if not live:
        return None
    if len(live) == 1:
        return live[0].copy()
    names = set().union(*(state.env for state in live))
    env = {name: frozenset().union(*(state.get(name) for state in live)) for name in names}
    return State(env, frozenset().union(*(state.escaped for state in live)))


@dataclass(slots=True)
class Sightings:
    """Which definitions of a watched name each read sees, and the line where it first saw each of them.

    ``end``: what the name holds when its scope's code ends.
    """

    sees: dict[ast.AST, dict[Definition, int]] = field(default_factory=dict)
    end: frozenset[Definition] = frozenset()

    def add(self, read: ast.AST, definitions: frozenset[Definition], line: int) -> None:
        seen = self.sees.setdefault(read, {})
        for definition in definitions:
            seen.setdefault(definition, line)

    def of(self, read: ast.AST) -> frozenset[Definition]:
        return frozenset(self.sees.get(read, ()))


@dataclass(frozen=True, slots=True)
class Split:
    """A pretended ``alias = name`` before a statement, to see which reads it would serve."""

    scope: Scope
    name: str
    statement: ast.stmt
    definition: Definition
    before: list[frozenset[Definition]] = field(default_factory=list)
