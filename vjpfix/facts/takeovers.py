"""Names of functions with custom derivatives that transformed versions take over, and who reads them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from vjpfix.facts.cases import cases
from vjpfix.facts.data import GuiltyRead, Origin, Taken, Takeover
from vjpfix.facts.graph import bases
from vjpfix.facts.sighted import Read, Sighted
from vjpfix.jaxfacts.transforms import Role
from vjpfix.model import Span
from vjpfix.semantic.data import Scope

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_BY_NAME = ast.Subscript | ast.Attribute | ast.Constant


def takeovers(module: JaxModule) -> Iterator[Takeover]:
    """Every name of a module that is taken over and read by a rule, or that is an imported primal's."""
    for case in cases(module.program):
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
    return sighted.case.primal in sighted.program.imported.values()


def _guilty(sighted: Sighted) -> Iterator[GuiltyRead]:
    """The reads inside the region that see the transformed version, with role and rule."""
    taken = sighted.case.taken.keys()
    remote = any(binding.unit is not sighted.scope.unit for binding in taken)
    for read, unit in sighted.reads.items():
        if remote or sighted.sees(read) & taken:
            for role, function in sighted.region.units.get(unit, {}).items():
                yield _told(sighted, read, role, function)


def _told(sighted: Sighted, read: Read, role: Role, function: str) -> GuiltyRead:
    fact = sighted.program.primals[sighted.case.primal]
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
