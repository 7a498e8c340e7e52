"""``m.f = jax.vmap(m.f)``: what a module does to a function of another one, and who else reads that."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from vjpfix.analyse.elsewhere import Spelled, Taking, taken_at_its_end, taking
from vjpfix.analyse.exports import text_inside
from vjpfix.analyse.facts import ModuleFacts, Obstacle, Origin, Rebinding
from vjpfix.link.following import follow, uses_of_helpers
from vjpfix.link.primals import Primals
from vjpfix.link.project import Symbol
from vjpfix.link.view import View
from vjpfix.model import Note, Span, VjpfixError

_LAST = 1_000_000_000  # a line that no file has
_WHEN = "and whether that is before or after it is taken over is not known"


def rebound_attributes(primals: Primals, view: View, path: Path) -> ModuleFacts:
    """The functions of other modules that a module takes over as their attributes."""
    found: list[Rebinding] = []
    words = frozenset[str]()
    for symbol in sorted(_targets(primals, view), key=lambda s: (s.key, s.name)):
        spelled = _spelled(primals, view, symbol)
        taken = taking(view.text, path, primals.table, spelled)
        home = primals.project.source_view(symbol.key)
        if not taken or not home:
            continue
        try:
            at_home = taken_at_its_end(home.text, home.path, primals.table, symbol.name)
        except VjpfixError:
            continue
        if at_home:
            found.append(_rebinding(primals, view, symbol, spelled, taken, at_home[0], home))
            words |= view.identifiers | at_home[1].identifiers
    return ModuleFacts(path, tuple(found), words)


def _targets(primals: Primals, view: View) -> set[Symbol]:
    """The functions with custom derivatives that something else is put in the place of."""
    found: set[Symbol] = set()
    for base, name in (pair for node in ast.walk(view.tree) for pair in _set(node)):
        key = view.module_of(base, primals.project.member).key if primals.may_be(name) else ""
        if key and key != view.key and primals.meant(key, name) == Symbol(key, name):
            found.add(Symbol(key, name))
    return found


def _set(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """The attributes that a statement sets, each with what it is set of."""
    match node:
        case ast.Assign(targets=targets):
            yield from ((each.value, each.attr) for each in targets if isinstance(each, ast.Attribute))
        case ast.Expr(
            value=ast.Call(func=ast.Name(id="setattr"), args=[base, ast.Constant(value=str(name)), _])
        ):
            yield base, name


def _spelled(primals: Primals, view: View, symbol: Symbol) -> Spelled:
    member = primals.project.member
    tokens: dict[int, Span] = {}
    imports: set[int] = set()
    nodes = list(ast.walk(view.tree))
    for number, node in enumerate(nodes):
        match node:
            case ast.Attribute(value=base, attr=symbol.name):
                if view.module_of(base, member).key == symbol.key:
                    tokens[number] = view.positions.token(node, symbol.name)
            case ast.Call(
                func=ast.Name(id="getattr" | "setattr"),
                args=[base, ast.Constant(value=symbol.name) as text, *_],
            ):
                if view.module_of(base, member).key == symbol.key:
                    whole = view.positions.span(text)
                    tokens[number] = text_inside(symbol.name, whole, view.positions) or whole
    numbers = {node: number for number, node in enumerate(nodes)}
    for each in view.imports:
        if each.alias and primals.imported(each) == symbol:
            imports.add(numbers[each.alias])
    dotted = f"{symbol.key.rpartition('/')[2]}.{symbol.name}"
    return Spelled(symbol.name, dotted, tokens, frozenset(imports))


def _rebinding(
    primals: Primals,
    view: View,
    symbol: Symbol,
    spelled: Spelled,
    taken: Taking,
    home_fact: Rebinding,
    home: View,
) -> Rebinding:
    at_end = home_fact.seen or home_fact
    lines = home.text.count("\n") + 1
    first = taken.taken[0].span
    notes = [*_at_home(at_end, home, lines), *_others(primals, view, symbol, spelled, home_fact)]
    notes += _circular(primals, view, symbol, home, first)
    own = list(taken.obstacles)
    if notes:
        own.append(Obstacle(f"who else reads `{spelled.dotted}` may see it before or after this", first))
    strings = {span for span in spelled.tokens.values() if _is_string(view, span)}
    return Rebinding(
        name=symbol.name,
        scope=spelled.dotted,
        primal=home_fact.primal,
        taken=taken.taken,
        always=taken.always,
        guilty=tuple(read for read in home_fact.guilty if read.span.line <= lines),
        renames=tuple(span for span in taken.renames if span not in strings),
        alias_at=None,
        exports=(),
        obstacles=tuple(own),
        originals=(),
        original_alias_at=None,
        original_obstacles=(
            *own,
            Obstacle(f"`{spelled.dotted}` is rebound from another module than its own", first),
        ),
        public=False,
        in_class=False,
        helpers=(),
        inside=(),
        origin=Origin.ELSEWHERE,
        home=home.path,
        strings=tuple(sorted(strings & set(taken.renames))),
        others=tuple(dict.fromkeys(notes)),
    )


def _is_string(view: View, span: Span) -> bool:
    line = view.positions.lines[span.line - 1]
    return line[span.column - 1 : span.column] in ("'", '"')


def _at_home(fact: Rebinding, home: View, lines: int) -> Iterator[Note]:
    """What of the primal's own module, outside its rules, may see the one or the other."""
    for span in fact.renames:
        if span.line <= lines:
            yield Note(f"`{fact.name}` is read or bound here outside its rules, {_WHEN}", home.path, span)
    for obstacle in fact.obstacles:
        if obstacle.span.line <= lines:
            yield Note(obstacle.reason, home.path, obstacle.span)


def _others(
    primals: Primals, view: View, symbol: Symbol, spelled: Spelled, fact: Rebinding
) -> Iterator[Note]:
    """Whoever else in the project reads the name, or calls a rule of the primal by itself."""
    project = primals.project
    project.search({symbol.name, *fact.helpers})
    known = set(spelled.tokens.values())
    new = f"{symbol.name}_mapped"
    following = follow(project, symbol, new)
    yield from following.reasons
    for path, sightings in following.sightings.items():
        for sighting in sightings:
            if path != view.path or sighting.span not in known:
                yield Note(f"`{spelled.dotted}` is named here as well, {_WHEN}", path, sighting.span)
    yield from uses_of_helpers(project, symbol.key, fact.helpers, new)


def _circular(primals: Primals, view: View, symbol: Symbol, home: View, first: Span) -> Iterator[Note]:
    if view.key in primals.project.reached_before(home.file, _LAST):
        yield Note(
            f"the module of `{symbol.name}` imports this one, which may run before it", view.path, first
        )
