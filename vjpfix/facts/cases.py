"""Which names hold a primal and, elsewhere, a transformed version of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vjpfix.facts.graph import bases
from vjpfix.facts.program import Program
from vjpfix.facts.values import Derived, Function, Primal, Value
from vjpfix.semantic.data import Binding, Place, Scope, ScopeKind


@dataclass(frozen=True, slots=True)
class Case:
    """One place whose name transformed versions of ``primal`` took over, each by its transforms."""

    place: Place
    primal: Primal
    originals: tuple[Binding, ...]
    taken: dict[Binding, tuple[str, ...]]


def cases(program: Program) -> Iterator[Case]:
    """The places that hold a primal and, by another binding, a transformed version of it."""
    for place in program.module.places():
        bindings = place.bindings
        if len(bindings) < 2:
            continue
        derived = {b: _derivations(program, program.stands_for(b), place) for b in bindings}
        primals = {v for b in bindings for v in program.stands_for(b) if isinstance(v, Primal)}
        for primal in sorted(primals, key=lambda p: getattr(p.node, "lineno", 0)):
            originals = tuple(
                b for b in bindings if primal in program.stands_for(b) and primal not in derived[b]
            )
            taken = {b: tuple(dict.fromkeys(derived[b][primal])) for b in bindings if primal in derived[b]}
            if originals and taken:
                yield Case(place, primal, originals, taken)


def _derivations(
    program: Program, values: Iterable[Value], place: Place, seen: frozenset[Scope] = frozenset()
) -> dict[Primal, tuple[str, ...]]:
    """The primals that these values transform, each with the transforms between."""
    found: dict[Primal, tuple[str, ...]] = {}
    for value in sorted(values, key=_steps):
        base, steps = (value.base, value.steps) if isinstance(value, Derived) else (value, ())
        if isinstance(base, Primal) and steps:
            found[base] = found.get(base, ()) + steps
        elif isinstance(base, Function) and base.scope not in seen:
            for primal, inner in _wrapped(program, base.scope, place, seen | {base.scope}).items():
                if base.scope not in bases(program.primals[primal].body):  # recursion is no wrapping
                    found[primal] = found.get(primal, ()) + (inner + steps or (base.scope.name,))
    return found


def _steps(value: Value) -> tuple[str, ...]:
    """An order that is the same in every run."""
    return value.steps if isinstance(value, Derived) else ()


def _wrapped(
    program: Program, scope: Scope, place: Place, seen: frozenset[Scope]
) -> dict[Primal, tuple[str, ...]]:
    """The primals that a function's own code calls, other than by ``place`` itself."""
    found: dict[Primal, tuple[str, ...]] = {}
    units = [scope, *(s for s in scope.descendants() if s.kind is ScopeKind.FUNCTION)]
    for unit in units:
        for call, values in program.applied.get(unit, {}).items():
            if _names(call, place, program):
                continue
            for value in sorted(values, key=_steps):
                if isinstance(value, Primal):
                    found.setdefault(value, ())
                for primal, steps in _derivations(program, (value,), place, seen).items():
                    found[primal] = found.get(primal, ()) + steps
    return found


def _names(call: ast.Call, place: Place, program: Program) -> bool:
    """Whether the called expression reads ``place`` itself (recursion, not wrapping)."""
    return any(
        isinstance(node, ast.Name) and node.id == place.name and program.owner_of(node) is place.scope
        for node in ast.walk(call)
    )
