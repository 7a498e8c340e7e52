"""What is learnt about a module: definitions, primals, and the nodes of the reach graph."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from vjpfix.facts.values import NOTHING, Class, Derived, Function, Primal, Value, Values
from vjpfix.jaxfacts.transforms import CustomDerivative, Role
from vjpfix.semantic import data as semantic
from vjpfix.semantic.data import BindingKind, Scope


@dataclass(eq=False, slots=True)
class Definition:
    """One binding of a name, with what it stands for.

    ``value``: the expression that it is bound to, where it is one; ``sources``: those that its value is made
    of. ``carries``: the nodes of the reach graph that its value may call.
    """

    scope: Scope
    name: str
    kind: BindingKind
    node: ast.AST
    unit: Scope
    value: ast.expr | None = None
    sources: tuple[ast.expr, ...] = ()
    values: Values = NOTHING
    carries: frozenset[Node] = frozenset()

    @staticmethod
    def of(binding: semantic.Binding) -> Definition:
        place = binding.place
        return Definition(
            place.scope,
            place.name,
            binding.kind,
            binding.node,
            binding.unit,
            binding.value,
            binding.sources,
        )


@dataclass(frozen=True, slots=True)
class Binding:
    """A name of a scope, whatever it is bound to."""

    scope: Scope
    name: str


@dataclass(frozen=True, slots=True)
class Method:
    """Any method of this name: what an attribute load may reach."""

    name: str


T = TypeVar("T")
Node = Scope | Binding | Method | Primal


@dataclass(eq=False, slots=True)
class PrimalFact:
    """A primal: the function it was made of, and its rules with the expressions that named them."""

    maker: CustomDerivative
    body: Values
    rules: dict[ast.expr, tuple[Role, Values]] = field(default_factory=dict)

    def attach(self, expression: ast.expr, role: Role, values: Values) -> None:
        self.rules[expression] = (role, self.rules.get(expression, (role, NOTHING))[1] | values)


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
    """A pretended ``alias = name`` before a statement, and what the name may hold there before it."""

    statement: ast.stmt
    definition: Definition
    before: frozenset[Definition]


UNBOUND = Definition(
    scope=None,  # type: ignore[arg-type]  # it stands for "no definition" in every scope
    name="",
    kind=BindingKind.OTHER,
    node=ast.Module([], []),
    unit=None,  # type: ignore[arg-type]
)


def bases(values: Values) -> list[Scope]:
    """The local functions at the bottom of these values."""
    return [base.scope for value in values if isinstance(base := base_of(value), Function)]


def base_of(value: Value) -> Value:
    return value.base if isinstance(value, Derived) else value


def union(sets: Iterable[frozenset[T]]) -> frozenset[T]:
    return frozenset().union(*sets)


def node_of(value: Value) -> Node | None:
    """The node of the reach graph that a value is, if any."""
    match base_of(value):
        case Primal() as primal:
            return primal
        case Function(scope=scope) | Class(scope=scope):
            return scope
    return None
