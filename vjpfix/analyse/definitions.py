"""What the walk over a module learns about: definitions, primals, and the nodes of the reach graph."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from vjpfix.analyse.transforms import CustomDerivative, Role
from vjpfix.analyse.values import NOTHING, Class, Derived, Function, Primal, Value, Values
from vjpfix.semantic.data import Scope


class DefinitionKind(Enum):
    """How a name is bound; only names, functions and split points can be given another name."""

    NAME = "assignment"
    FUNCTION = "def"
    CLASS = "class"
    IMPORT = "import"
    STRING = "assignment by name"
    OTHER = "binding"
    SPLIT = "alias"


@dataclass(eq=False, slots=True)
class Definition:
    """One binding of a name. ``carries`` are the nodes of the reach graph that its value may call."""

    scope: Scope
    name: str
    kind: DefinitionKind
    node: ast.AST
    unit: Scope
    values: Values = NOTHING
    carries: frozenset[Node] = frozenset()


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
    """A primal: the function it was made of, and its rules with the expressions that named them.

    ``attached``: the expressions that rules were attached to (``f`` of ``f.defvjp(…)``).
    """

    maker: CustomDerivative
    body: Values
    rules: dict[ast.expr, tuple[Role, Values]] = field(default_factory=dict)
    attached: set[ast.expr] = field(default_factory=set)


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
