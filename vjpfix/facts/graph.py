"""The nodes of the call graph, and what values are in it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from vjpfix.facts.values import NOTHING, Class, Derived, Function, Primal, Value, Values
from vjpfix.jaxfacts.transforms import CustomDerivative, Role
from vjpfix.semantic.data import Place, Scope


@dataclass(frozen=True, slots=True)
class Method:
    """Any method of this name: what an attribute load may reach."""

    name: str


T = TypeVar("T")
Node = Scope | Place | Method | Primal


@dataclass(eq=False, slots=True)
class PrimalFact:
    """A primal: the function it was made of, and its rules with the expressions that named them."""

    maker: CustomDerivative
    body: Values
    rules: dict[ast.expr, tuple[Role, Values]] = field(default_factory=dict)

    def attach(self, expression: ast.expr, role: Role, values: Values) -> None:
        self.rules[expression] = (role, self.rules.get(expression, (role, NOTHING))[1] | values)


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
