"""What is inside a primal: its body, its rules and the functions that only these reach."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from vjpfix.facts.graph import Node, PrimalFact, bases
from vjpfix.facts.program import Program
from vjpfix.facts.values import Primal, Values
from vjpfix.jaxfacts.transforms import Role
from vjpfix.semantic.data import Place, Scope, ScopeKind


@dataclass(frozen=True, slots=True)
class Region:
    """The units inside a primal, each with the roles it serves and the name of the rule that leads there.

    ``shared``: those that code outside reaches as well, without going through the primal.
    """

    units: dict[Scope, dict[Role, str]]
    shared: frozenset[Scope]


def region(program: Program, primal: Primal, *names: Place) -> Region:
    """The region of ``primal``, where ``names`` are its names (which, inside, mean nothing else)."""
    units = units_of(program, primal, *names)
    return Region(units, _shared(program, frozenset({primal, *names}), units))


def units_of(program: Program, primal: Primal, *names: Place) -> dict[Scope, dict[Role, str]]:
    """The units of the region alone, which costs less."""
    skip: frozenset[Node] = frozenset({primal, *names})
    units: dict[Scope, dict[Role, str]] = {}
    for role, roots, label in _roots(program, program.primals[primal]):
        for node in program.reach(roots, skip):
            if isinstance(node, Scope) and node.kind is ScopeKind.FUNCTION:
                units.setdefault(node, {}).setdefault(role, label)
    return units


def _shared(program: Program, skip: frozenset[Node], units: Iterable[Scope]) -> frozenset[Scope]:
    """The units of the region that other code mentions, or that such a unit leads to."""
    inside = set(units)
    outside = [u for u in program.module.units if u not in inside]
    todo = [node for unit in outside for node in program.references(unit)]
    seen: set[Node] = set(skip)
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        if not isinstance(node, Scope) or node.kind is ScopeKind.CLASS or node in inside:
            todo.extend(program.neighbours(node))  # the references of outside units are all here already
    return frozenset(unit for unit in inside if unit in seen)


def _roots(program: Program, fact: PrimalFact) -> list[tuple[Role, list[Node], str]]:
    found: list[tuple[Role, list[Node], str]] = []
    for expression, (role, values) in fact.rules.items():
        scopes = bases(values)
        roots: list[Node] = [*scopes] if scopes else program.mentions(expression)
        found.append((role, roots, _label(values, ast.unparse(expression))))
    body: list[Node] = list(bases(fact.body))
    return [*found, (fact.maker.body, body, _label(fact.body, "the primal"))]


def _label(values: Values, spelled: str) -> str:
    names = sorted(scope.name for scope in bases(values))
    return names[0] if names else spelled
