"""Names of functions with custom derivatives that transformed versions take over, and who reads them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vjpfix.facts.data import GuiltyRead, Origin, Taken, Takeover
from vjpfix.facts.meaning import Meaning
from vjpfix.facts.sighted import Read, Sighted
from vjpfix.facts.values import Derived, Function, Primal, Value, bases
from vjpfix.jaxfacts.transforms import Role
from vjpfix.model import Span
from vjpfix.semantic.data import Binding, Place, Scope, ScopeKind

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_BY_NAME = ast.Subscript | ast.Attribute | ast.Constant


@dataclass(frozen=True, slots=True)
class Case:
    """One place whose name transformed versions of ``primal`` took over, each by its transforms."""

    place: Place
    primal: Primal
    originals: tuple[Binding, ...]
    taken: dict[Binding, tuple[str, ...]]


def cases(meaning: Meaning) -> Iterator[Case]:
    """The places that hold a primal and, by another binding, a transformed version of it."""
    for place in meaning.module.places():
        bindings = place.bindings
        if len(bindings) < 2:
            continue
        derived = {b: _derivations(meaning, meaning.stands_for(b), place) for b in bindings}
        primals = {v for b in bindings for v in meaning.stands_for(b) if isinstance(v, Primal)}
        for primal in sorted(primals, key=lambda p: getattr(p.node, "lineno", 0)):
            originals = tuple(
                b for b in bindings if primal in meaning.stands_for(b) and primal not in derived[b]
            )
            taken = {b: tuple(dict.fromkeys(derived[b][primal])) for b in bindings if primal in derived[b]}
            if originals and taken:
                yield Case(place, primal, originals, taken)


def _derivations(
    meaning: Meaning, values: Iterable[Value], place: Place, seen: frozenset[Scope] = frozenset()
) -> dict[Primal, tuple[str, ...]]:
    """The primals that these values transform, each with the transforms between."""
    found: dict[Primal, tuple[str, ...]] = {}
    for value in sorted(values, key=_steps):
        base, steps = (value.base, value.steps) if isinstance(value, Derived) else (value, ())
        if isinstance(base, Primal) and steps:
            found[base] = found.get(base, ()) + steps
        elif isinstance(base, Function) and base.scope not in seen:
            for primal, inner in _wrapped(meaning, base.scope, place, seen | {base.scope}).items():
                if base.scope not in bases(meaning.primals[primal].body):  # recursion is no wrapping
                    found[primal] = found.get(primal, ()) + (inner + steps or (base.scope.name,))
    return found


def _steps(value: Value) -> tuple[str, ...]:
    """An order that is the same in every run."""
    return value.steps if isinstance(value, Derived) else ()


def _wrapped(
    meaning: Meaning, scope: Scope, place: Place, seen: frozenset[Scope]
) -> dict[Primal, tuple[str, ...]]:
    """The primals that a function's own code calls, other than by ``place`` itself."""
    found: dict[Primal, tuple[str, ...]] = {}
    units = [scope, *(s for s in scope.descendants() if s.kind is ScopeKind.FUNCTION)]
    for unit in units:
        for call, values in meaning.applied.get(unit, {}).items():
            if _names(call, place, meaning):
                continue
            for value in sorted(values, key=_steps):
                if isinstance(value, Primal):
                    found.setdefault(value, ())
                for primal, steps in _derivations(meaning, (value,), place, seen).items():
                    found[primal] = found.get(primal, ()) + steps
    return found


def _names(call: ast.Call, place: Place, meaning: Meaning) -> bool:
    """Whether the called expression reads ``place`` itself (recursion, not wrapping)."""
    return any(
        isinstance(node, ast.Name) and node.id == place.name and meaning.owner_of(node) is place.scope
        for node in ast.walk(call)
    )


def takeovers(module: JaxModule) -> Iterator[Takeover]:
    """Every name of a module that is taken over and read by a rule, or that is an imported primal's."""
    for case in cases(module.meaning):
        sighted = Sighted(module, case)
        guilty = tuple(_guilty(sighted))
        if guilty or _is_imported(sighted):
            yield takeover(sighted, guilty)


def takeover(sighted: Sighted, guilty: tuple[GuiltyRead, ...] = ()) -> Takeover:
    """The fact about a name, by what its reads see. ``guilty``: the reads that suffer."""
    case = sighted.case
    taken = (Taken(sighted.token(binding), steps) for binding, steps in case.taken.items())
    by_name = any(isinstance(binding.node, _BY_NAME) for binding in case.taken)
    own = Origin.ELSEWHERE if by_name else Origin.OWN
    return Takeover(
        name=sighted.name,
        scope=sighted.scope.name,
        primal=sighted.token(case.originals[0]),
        taken=tuple(sorted(taken, key=_span)),
        always=_is_sure(sighted),
        guilty=tuple(sorted(guilty, key=_place)),
        origin=Origin.IMPORTED if _is_imported(sighted) else own,
        sighted=sighted,
    )


def _is_imported(sighted: Sighted) -> bool:
    return sighted.case.primal in sighted.meaning.imported.values()


def _guilty(sighted: Sighted) -> Iterator[GuiltyRead]:
    """The reads inside the region that see the transformed version, with role and rule."""
    taken = sighted.case.taken.keys()
    remote = any(binding.unit is not sighted.scope.unit for binding in taken)
    for read, unit in sighted.reads.items():
        if remote or sighted.sees(read) & taken:
            for role, function in sighted.region.units.get(unit, {}).items():
                yield _told(sighted, read, role, function)


def _told(sighted: Sighted, read: Read, role: Role, function: str) -> GuiltyRead:
    fact = sighted.meaning.primals[sighted.case.primal]
    rules = {*bases(fact.body), *(rule for _, found in fact.rules.values() for rule in bases(found))}
    is_known = function in {rule.name for rule in rules}
    return GuiltyRead(sighted.span(read), role, function, _reader(sighted.reads[read], rules), is_known)


def _reader(unit: Scope, rules: Collection[Scope]) -> str:
    """The rule that code stands in, or else the nearest function that has a name."""
    around = list(unit.ancestors())
    named = [each for each in around if isinstance(each.node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [*(each for each in around if each in rules), *named, unit][0].name


def _is_sure(sighted: Sighted) -> bool:
    """Whether some code surely meets the transformed version: in the end, or at a read of the scope."""
    taken = sighted.case.taken.keys()
    unit = sighted.scope.unit
    sights = [sighted.sees(read) for read, where in sighted.reads.items() if where is unit]
    return any(seen and seen <= taken for seen in [sighted.end, *sights])


def _span(taken: Taken) -> Span:
    return taken.span


def _place(guilty: GuiltyRead) -> tuple[Span, str]:
    return guilty.span, guilty.role.value
