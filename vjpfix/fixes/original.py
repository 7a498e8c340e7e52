"""The renaming that gives the original a name of its own, so that the transformed version keeps the name.

It is the other way round than ``transformed``: what is renamed is all that means the original,
in the code of the scope and in the whole region. Nothing outside the scope changes, for there the name
means what its scope ends with; so that is one more use of the transformed version.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vjpfix.facts.sighted import Read, Sighted
from vjpfix.fixes.renaming import Obstacle, Renaming
from vjpfix.fixes.transformed import conflict, not_renamable, renaming
from vjpfix.semantic.data import Binding, BindingKind, ScopeKind
from vjpfix.semantic.flow import Seen

_ASKS_FOR_NAME = ("__name__", "__qualname__")


@dataclass
class _Web:
    """The bindings that share reads with the original, those reads, and the reads that rule it out."""

    bindings: set[Binding]
    renamed: list[Read]
    found: list[Obstacle] = field(default_factory=list)


def original(sighted: Sighted) -> Renaming:
    """What gets a new name so that the transformed version keeps the old one."""
    web = _web(sighted, _seeds(sighted))
    if web.found or _left_over(sighted, web):
        sighted = sighted.with_split()
        if sighted.split:  # the alias reads whatever the name holds there
            web = _web(sighted, _seeds(sighted) | set(filter(None, sighted.before_split)))
    web.found.extend(not_renamable(sighted, web.bindings, "the original"))
    web.found.extend(_in_the_way(sighted, web))
    return renaming(sighted, web.bindings, web.renamed, sighted.split is not None, web.found)


def _seeds(sighted: Sighted) -> set[Binding]:
    """The bindings of the primal that come before it is taken over; a later one may keep the name."""
    first = min(sighted.token(taken) for taken in sighted.case.taken)
    early = {d for d in sighted.case.originals if sighted.token(d) < first}
    return early or set(sighted.case.originals)


def _web(sighted: Sighted, seeds: Iterable[Binding]) -> _Web:
    web = _Web(set(seeds) | sighted.read_early(), sighted.inside)
    web.bindings |= _overloads(sighted, web.bindings)
    kept = _kept(sighted)
    todo = sighted.outside
    while hits := [read for read in todo if sighted.sees(read) & web.bindings]:
        done = set(hits)
        todo = [read for read in todo if read not in done]
        for read in hits:
            web.renamed.append(read)
            seen = sighted.sees(read)
            others = set(filter(None, seen - kept))
            web.bindings |= others
            if seen & kept:
                before = min(others, key=sighted.token)
                web.found.append(conflict(sighted, read, before))
    return web


def _kept(sighted: Sighted) -> Seen:
    return frozenset(sighted.case.taken) | ({sighted.split.binding} if sighted.split else set())


def _overloads(sighted: Sighted, web: Iterable[Binding]) -> set[Binding]:
    """The ``@overload`` signatures of a def have to have its name."""
    if not any(binding.kind is BindingKind.FUNCTION for binding in web):
        return set()
    return {binding for binding in sighted.bindings if _is_overload(binding.node)}


def _is_overload(node: ast.AST) -> bool:
    names = (getattr(d, "attr", getattr(d, "id", "")) for d in getattr(node, "decorator_list", ()))
    return "overload" in names


def _left_over(sighted: Sighted, web: _Web) -> set[Binding]:
    """The originals that others would read at the end of the module or the class."""
    return set() if sighted.scope.kind is ScopeKind.FUNCTION else web.bindings & sighted.end


# What is in the way.


def _in_the_way(sighted: Sighted, web: _Web) -> Iterator[Obstacle]:
    name = sighted.name
    where = "class" if sighted.scope.kind is ScopeKind.CLASS else "module"
    for binding in _left_over(sighted, web):
        reason = f"`{name}` may still be this one when the {where} ends, and others read it there"
        yield Obstacle(reason, sighted.token(binding))
    for binding in web.bindings:
        if binding.scope is not sighted.scope:
            yield Obstacle(f"another scope's `{name}` shares uses with the original", sighted.token(binding))
    yield from _strangers(sighted)
    yield from _fields(sighted, web)
    yield from _asked_names(sighted, web)


def _strangers(sighted: Sighted) -> Iterator[Obstacle]:
    """Outside, whatever reads the attribute goes on to get the transformed version."""
    for node, unit in sighted.strangers.items():
        if unit in sighted.region.units or not isinstance(node.ctx, ast.Load):
            yield stranger(sighted, node)


def _fields(sighted: Sighted, web: _Web) -> Iterator[Obstacle]:
    """An annotation in a class may make the name a field (of a dataclass), and would move to the new name."""
    if sighted.scope.kind is not ScopeKind.CLASS:
        return
    targets = {node.target for node in ast.walk(sighted.scope.node) if isinstance(node, ast.AnnAssign)}
    for binding in web.bindings:
        if binding.node in targets:
            reason = f"this annotation declares `{sighted.name}`, and would declare another name"
            yield Obstacle(reason, sighted.token(binding))


def stranger(sighted: Sighted, node: ast.Attribute) -> Obstacle:
    """Why an attribute of this spelling is in the way."""
    reason = f"what `.{node.attr}` belongs to is not known here"
    return Obstacle(reason, sighted.positions.span(node))


def _asked_names(sighted: Sighted, web: _Web) -> Iterator[Obstacle]:
    """A def that is renamed has another ``__name__``."""
    if not any(binding.kind is BindingKind.FUNCTION for binding in web.bindings):
        return
    for unit in sighted.meaning.module.units:
        for node in unit.attributes:
            if node.attr in _ASKS_FOR_NAME and node.value in sighted.reads:
                yield Obstacle(f"the name of `{sighted.name}` is asked for here", sighted.span(_read(node)))


def _read(node: ast.Attribute) -> Read:
    assert isinstance(node.value, Read)  # noqa: S101  # the caller found it among the reads
    return node.value
