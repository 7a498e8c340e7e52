"""What a module does to the names of others: ``m.f = jax.vmap(m.f)``, and imported names that it rebinds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from vjpfix.elsewhere.primals import Primals
from vjpfix.facts.data import Origin, Takeover
from vjpfix.facts.foreign import Spelled, imported_takeovers, respelled
from vjpfix.facts.module import JaxModule
from vjpfix.facts.takeovers import takeover
from vjpfix.model import Span, VjpfixError
from vjpfix.project.index import Symbol
from vjpfix.project.view import View
from vjpfix.semantic.data import ScopeKind
from vjpfix.semantic.exports import text_inside

_REBOUND = "rebound_elsewhere"


@dataclass(frozen=True, slots=True)
class Attribute(Takeover):
    """A name of another module that is taken over as its attribute.

    ``symbol``: the name and its module; ``spelled``: how it is spelled in ``view``, the module that takes it
    over. ``at_home``: what it would mean to its own module (``owner``) that it was taken over in a last line.
    """

    symbol: Symbol = field(kw_only=True, compare=False, repr=False)
    spelled: Spelled = field(kw_only=True, compare=False, repr=False)
    view: View = field(kw_only=True, compare=False, repr=False)
    at_home: Takeover = field(kw_only=True, compare=False, repr=False)
    owner: View = field(kw_only=True, compare=False, repr=False)


def takeovers_elsewhere(primals: Primals, file: str, path: Path) -> tuple[Takeover, ...]:
    """The takeovers of a module's imports and of attributes. Errors: ``VjpfixError``: it cannot be parsed."""
    view = primals.project.view(file)
    return (*_imports(primals, view, path), *_attributes(primals, view, path))


def _imports(primals: Primals, view: View, path: Path) -> tuple[Takeover, ...]:
    """The imported names that it rebinds."""
    places = [
        (each.alias.lineno, each.alias.col_offset)
        for each in view.imports
        if each.alias and each.scope.times(each.local) > 1 and primals.imported(each)
    ]
    return imported_takeovers(view.text, path, primals.table, places) if places else ()


def _attributes(primals: Primals, view: View, path: Path) -> Iterator[Attribute]:
    """The functions of other modules that it takes over as their attributes."""
    for symbol in sorted(_targets(primals, view), key=lambda s: (s.key, s.name)):
        spelled = _spelled(primals, view, symbol)
        sighted = respelled(view.text, path, primals.table, spelled)
        owner = primals.project.source_view(symbol.key)
        if not sighted or not owner:
            continue
        try:
            at_home = _taken_at_its_end(primals, owner, symbol.name)
        except VjpfixError:
            continue
        if at_home:
            here = takeover(sighted)
            lines = owner.text.count("\n") + 1
            yield Attribute(
                name=symbol.name,
                scope=spelled.dotted,
                primal=at_home.primal,
                taken=here.taken,
                always=bool(sighted.end) and sighted.end <= sighted.case.taken.keys(),
                guilty=tuple(read for read in at_home.guilty if read.span.line <= lines),
                origin=Origin.ELSEWHERE,
                home=owner.path,
                sighted=sighted,
                symbol=symbol,
                spelled=spelled,
                view=view,
                at_home=at_home,
                owner=owner,
            )


def _taken_at_its_end(primals: Primals, owner: View, name: str) -> Takeover | None:
    """What it would mean to a module that its ``name`` was taken over in a last line.

    None where no rule reads the name. The takeover tells the reads that get the transformed version.
    """
    text = owner.text
    end = "\n" if text.endswith(("\n", "\r")) else "\n\n"
    module = JaxModule(f"{text}{end}{name} = {_REBOUND}({name})\n", owner.path, primals.table)
    found = (each for each in module.takeovers if each.name == name)
    return next((t for t in found if t.sighted and t.sighted.scope.kind is ScopeKind.MODULE), None)


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
