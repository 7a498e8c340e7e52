"""The renaming that gives the transformed version a name of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace

from vjpfix.facts.sighted import Read, Sighted
from vjpfix.fixes.renaming import Obstacle, Renaming
from vjpfix.model import Span
from vjpfix.semantic.data import Binding, BindingKind, Scope
from vjpfix.semantic.exports import text_inside
from vjpfix.semantic.flow import Seen

RENAMABLE = (BindingKind.NAME, BindingKind.FUNCTION)


def transformed(sighted: Sighted, *, to_the_end: bool = False) -> Renaming:
    """The renaming that gives the transformed version a name of its own.

    ``to_the_end``: others read what the name holds when the code of the scope ends.
    """
    ends = [sighted.end] if to_the_end else []
    if any(sighted.is_mixed(seen) for seen in [*map(sighted.sees, sighted.outside), *ends]):
        sighted = sighted.with_split()
    web, renamed, found = _web(sighted, to_the_end)
    strings = {d: text for d in web if d.kind is BindingKind.STRING and (text := _text(sighted, d))}
    found.extend(not_renamable(sighted, web - strings.keys(), "the transformed version"))
    found.extend(
        Obstacle(
            f"this is called before it has rules, and calls itself by `{sighted.name}`", sighted.token(d)
        )
        for d in web & sighted.read_early()
    )
    ends = [sighted.end] if to_the_end else []
    needs_alias = sighted.sees_alias([*map(sighted.sees, renamed), *ends])
    made = renaming(sighted, web - strings.keys(), renamed, needs_alias, found)
    return replace(made, reaches_end=bool(sighted.end & web), strings=tuple(sorted(strings.values())))


def _text(sighted: Sighted, binding: Binding) -> Span | None:
    """The text of the string by which a binding binds the name, where it is plainly spelled."""
    node = binding.node.slice if isinstance(binding.node, ast.Subscript) else binding.node
    if not isinstance(node, ast.Constant):
        return None
    return text_inside(sighted.name, sighted.positions.span(node), sighted.positions)


def _web(sighted: Sighted, to_the_end: bool) -> tuple[set[Binding], list[Read], list[Obstacle]]:
    """The bindings that share reads with the transformed version, those reads, and conflicts."""
    web: set[Binding] = set(sighted.case.taken)
    renamed: list[Read] = []
    found: list[Obstacle] = []
    alias = {sighted.split.binding} if sighted.split else set()
    todo: list[Read | None] = [
        *sighted.outside,
        *([None] if to_the_end else []),
    ]  # None: whoever reads the end
    while hits := [read for read in todo if _seen(sighted, read) & web]:
        todo = [read for read in todo if read not in hits]
        for read in hits:
            if read:
                renamed.append(read)
            for other in filter(None, _seen(sighted, read) - web - alias):
                if not _is_before(sighted, other):
                    web.add(other)
                elif read:
                    found.append(conflict(sighted, read, other))
                else:
                    why = f"`{sighted.name}` may still be this one in the end, and other modules read it"
                    found.append(Obstacle(why, sighted.token(other)))
    return web, renamed, found


def _seen(sighted: Sighted, read: Read | None) -> Seen:
    return sighted.sees(read) if read else sighted.end


def _is_before(sighted: Sighted, other: Binding) -> bool:
    """Whether a binding belongs to what the name means before it is taken over."""
    if sighted.case.primal in sighted.meaning.stands_for(other) or other in sighted.case.originals:
        return True
    return sighted.split is not None and other in sighted.before_split


# What both strategies need.


def renaming(
    sighted: Sighted,
    web: set[Binding],
    renamed: list[Read],
    needs_alias: bool,
    found: Iterable[Obstacle],
) -> Renaming:
    """Everything put together: the tokens of these bindings and reads, and of declarations of the name."""
    obstacles = list(found)
    tokens = {sighted.token(binding) for binding in web}
    tokens |= {sighted.span(read) for read in renamed} | _declarations(sighted, renamed)
    obstacles.extend(_misspelled(sighted, tokens))
    obstacles.extend(_shown(sighted, tokens))
    alias_at = _alias_at(sighted) if needs_alias else None
    if alias_at and sighted.positions.lines[alias_at.line - 1][: alias_at.column].strip():
        reason = "an alias is needed above this statement, which does not start its line"
        obstacles.append(Obstacle(reason, alias_at))
    return Renaming(tuple(sorted(tokens)), alias_at, tuple(obstacles))


def conflict(sighted: Sighted, read: Read, before: Binding) -> Obstacle:
    """Why a read that sees ``before`` and the transformed version cannot have one name."""
    line = sighted.sightings.sees.get(read, {}).get(before, 0)
    name, unit = sighted.name, sighted.reads[read]
    reason = f"`{name}` may be the original or the transformed version here"
    if unit is not sighted.scope.unit:
        when = f"before it is taken over (line {line}) and after"
        reason = f"`{unit.name}` reads `{name}` and may run both {when}"
    return Obstacle(reason, sighted.span(read))


def not_renamable(sighted: Sighted, web: Iterable[Binding], version: str) -> Iterator[Obstacle]:
    """The bindings of ``version`` that are spelled in a way that cannot be renamed."""
    for binding in web:
        if binding.unit is sighted.scope.unit and binding.kind not in RENAMABLE:
            reason = f"this {binding.kind.value} shares uses with {version}"
            yield Obstacle(reason, sighted.token(binding))


def _declarations(sighted: Sighted, renamed: list[Read]) -> set[Span]:
    """``global f`` and ``nonlocal f`` of code whose every read of the name is renamed."""
    among = set(renamed)
    kept = {_scope(sighted, read) for read in sighted.reads if read not in among}
    scopes = {_scope(sighted, read) for read in renamed} - kept
    return {
        sighted.positions.token(statement, sighted.name)
        for scope in scopes
        if scope
        for statement in scope.declarations.get(sighted.name, ())
    }


def _scope(sighted: Sighted, read: Read) -> Scope | None:
    return sighted.meaning.scope_of_load.get(read) if isinstance(read, ast.Name) else None


def _alias_at(sighted: Sighted) -> Span | None:
    """The first token of the statement that is split."""
    if not sighted.split:
        return None
    statement = sighted.split.statement
    decorators = getattr(statement, "decorator_list", [])
    start = sighted.positions.span(statement)
    if decorators:
        start = sighted.positions.before(sighted.positions.span(decorators[0]), "@")
    return Span(start.line, start.column, start.line, start.column)


def _misspelled(sighted: Sighted, tokens: Iterable[Span]) -> Iterator[Obstacle]:
    for span in tokens:
        if sighted.positions.text_at(span) != sighted.name:
            yield Obstacle(f"`{sighted.name}` is not spelled out here", span)


def _shown(sighted: Sighted, tokens: Iterable[Span]) -> Iterator[Obstacle]:
    for span in tokens:
        if any(code.holds(span) for code in sighted.module.shown):
            yield Obstacle(f"the text that this f-string makes holds the name `{sighted.name}`", span)
