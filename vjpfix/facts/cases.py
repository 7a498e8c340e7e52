"""Which names hold a primal and, elsewhere, a transformed version of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vjpfix.facts.definitions import Binding, Definition, bases
from vjpfix.facts.program import Program
from vjpfix.facts.values import Derived, Function, Primal, Value
from vjpfix.semantic.data import Scope, ScopeKind


@dataclass(frozen=True, slots=True)
class Case:
    """One binding whose name transformed versions of ``primal`` took over, each by its transforms."""

    binding: Binding
    primal: Primal
    originals: tuple[Definition, ...]
    taken: dict[Definition, tuple[str, ...]]


def cases(program: Program) -> Iterator[Case]:
    """The bindings that hold a primal and, at another definition, a transformed version of it."""
    for binding, definitions in list(program.by_binding.items()):
        if len(definitions) < 2:
            continue
        derived = {d: _derivations(program, d.values, binding) for d in definitions}
        primals = {v for d in definitions for v in d.values if isinstance(v, Primal)}
        for primal in sorted(primals, key=lambda p: getattr(p.node, "lineno", 0)):
            originals = tuple(d for d in definitions if primal in d.values and primal not in derived[d])
            taken = {d: tuple(dict.fromkeys(derived[d][primal])) for d in definitions if primal in derived[d]}
            if originals and taken:
                yield Case(binding, primal, originals, taken)


def _derivations(
    program: Program, values: Iterable[Value], binding: Binding, seen: frozenset[Scope] = frozenset()
) -> dict[Primal, tuple[str, ...]]:
    """The primals that these values transform, each with the transforms between."""
    found: dict[Primal, tuple[str, ...]] = {}
    for value in sorted(values, key=_steps):
        base, steps = (value.base, value.steps) if isinstance(value, Derived) else (value, ())
        if isinstance(base, Primal) and steps:
            found[base] = found.get(base, ()) + steps
        elif isinstance(base, Function) and base.scope not in seen:
            for primal, inner in _wrapped(program, base.scope, binding, seen | {base.scope}).items():
                if base.scope not in bases(program.primals[primal].body):  # recursion is no wrapping
                    found[primal] = found.get(primal, ()) + (inner + steps or (base.scope.name,))
    return found


def _steps(value: Value) -> tuple[str, ...]:
    """An order that is the same in every run."""
    return value.steps if isinstance(value, Derived) else ()


def _wrapped(
    program: Program, scope: Scope, binding: Binding, seen: frozenset[Scope]
) -> dict[Primal, tuple[str, ...]]:
    """The primals that a function's own code calls, other than by ``binding`` itself."""
    found: dict[Primal, tuple[str, ...]] = {}
    units = [scope, *(s for s in scope.descendants() if s.kind is ScopeKind.FUNCTION)]
    for unit in units:
        for call, values in program.applied.get(unit, {}).items():
            if _names(call, binding, program):
                continue
            for value in sorted(values, key=_steps):
                if isinstance(value, Primal):
                    found.setdefault(value, ())
                for primal, steps in _derivations(program, (value,), binding, seen).items():
                    found[primal] = found.get(primal, ()) + steps
    return found


def _names(call: ast.Call, binding: Binding, program: Program) -> bool:
    """Whether the called expression reads ``binding`` itself (recursion, not wrapping)."""
    return any(
        isinstance(node, ast.Name) and node.id == binding.name and program.owner_of(node) is binding.scope
        for node in ast.walk(call)
    )
