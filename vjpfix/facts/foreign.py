"""Names of other modules that a module takes over: imported ones, and attributes (``m.f = vmap(m.f)``).

``m.f`` is looked at as if it was one name of the module, ``m.f``, that all its functions declare ``global``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vjpfix.facts.data import Origin, Takeover
from vjpfix.facts.meaning import Meaning
from vjpfix.facts.module import JaxModule
from vjpfix.facts.sighted import Sighted
from vjpfix.facts.takeovers import cases
from vjpfix.facts.values import NOTHING, Primal, PrimalFact
from vjpfix.jaxfacts.transforms import OTHER_MEANING, Table
from vjpfix.model import Span
from vjpfix.semantic.parsing import parse
from vjpfix.semantic.positions import Positions

TOP = Span(1, 0, 1, 0)


@dataclass(frozen=True, slots=True)
class Spelled:
    """How a module spells the name ``name`` of another one.

    ``dotted``: in words; ``tokens``: by the number of the node in ``ast.walk`` (an attribute, or a call of
    ``getattr`` or ``setattr``) where the name stands; ``imports``: the numbers of the imports that bring it.
    """

    name: str
    dotted: str
    tokens: Mapping[int, Span]
    imports: frozenset[int]


def respelled(text: str, path: Path, table: Table, spelled: Spelled) -> Sighted | None:
    """What each read of the name sees where a module takes it over; None where it does not.

    Errors: as the questions to a ``JaxModule``.
    """
    tree = parse(text, path)
    nodes = list(ast.walk(tree))
    swap = _Swap(nodes, spelled)
    swap.visit(tree)
    start = ast.alias(name=spelled.name, asname=spelled.dotted, lineno=1, col_offset=0)
    start.end_lineno, start.end_col_offset = 1, 0
    statement = ast.ImportFrom(module="_", names=[start], level=0, lineno=1, col_offset=0)
    tree.body.insert(0, statement)
    swap.tokens[start] = TOP
    primal = Primal(start)
    imported = {start: primal}
    imported |= {n: primal for i in spelled.imports if isinstance(n := nodes[i], ast.alias)}
    meaning = Meaning(tree, table, imported=imported)
    meaning.primals[primal] = PrimalFact(next(iter(table.derivatives.values())), NOTHING)
    module = _Respelled(text, path, table, meaning.learn(), spelled, swap.tokens)
    place = meaning.module.scope.places[spelled.dotted]
    case = next((each for each in cases(meaning) if each.place is place), None)
    return Sighted(module, case) if case else None


class _Swap(ast.NodeTransformer):
    """Puts one name in the place of each attribute, in place."""

    def __init__(self, nodes: Iterable[ast.AST], spelled: Spelled) -> None:
        numbers = {node: number for number, node in enumerate(nodes)}
        self.wanted = {node: spelled.tokens[n] for node, n in numbers.items() if n in spelled.tokens}
        self.name = spelled.dotted
        self.tokens: dict[ast.AST, Span] = {}
        self.found: list[bool] = [False]

    def named(self, node: ast.expr, context: ast.expr_context) -> ast.Name:
        made = ast.copy_location(ast.Name(id=self.name, ctx=context), node)
        self.tokens[made] = self.wanted[node]
        self.found[-1] = True
        return made

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self.named(node, node.ctx) if node in self.wanted else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if node in self.wanted and len(node.args) == 2:
            return self.named(node, ast.Load())
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        call = node.value
        if isinstance(call, ast.Call) and call in self.wanted and len(call.args) == 3:
            value = self.visit(call.args[2])
            target = self.named(call, ast.Store())
            return ast.copy_location(ast.Assign(targets=[target], value=value), node)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        self.found.append(False)
        self.generic_visit(node)
        if self.found.pop():
            node.body.insert(0, ast.copy_location(ast.Global(names=[self.name]), node.body[0]))
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self.visit_FunctionDef(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self.visit_FunctionDef(node)


class _Positions(Positions):
    def __init__(self, text: str, spelled: Spelled, tokens: Mapping[ast.AST, Span]) -> None:
        super().__init__(text)
        self.spelled = spelled
        self.tokens = tokens
        self.places = frozenset(tokens.values())

    def token(self, node: ast.AST, name: str) -> Span:
        return self.tokens.get(node) or super().token(node, name)

    def text_at(self, span: Span) -> str:
        text = super().text_at(span)
        return self.spelled.dotted if span in self.places and text == self.spelled.name else text


class _Respelled(JaxModule):
    def __init__(
        self,
        text: str,
        path: Path,
        table: Table,
        meaning: Meaning,
        spelled: Spelled,
        tokens: Mapping[ast.AST, Span],
    ) -> None:
        super().__init__(text, path, table, meaning=meaning)
        self._spelled = spelled
        self._tokens = tokens

    @cached_property
    def positions(self) -> Positions:
        return _Positions(self.text, self._spelled, self._tokens)


Place = tuple[int, int]


def imported_takeovers(text: str, path: Path, table: Table, places: Iterable[Place]) -> tuple[Takeover, ...]:
    """Those of a module.

    Arguments: ``places``: where their names stand in its imports (line and byte column). A transform that
    neither maps nor differentiates gives nothing another meaning.
    Errors: as the questions to a ``JaxModule``.
    """
    tree, wanted = parse(text, path), set(places)
    maker = next(iter(table.derivatives.values()))
    imported = {
        node: Primal(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.alias) and (node.lineno, node.col_offset) in wanted
    }
    meaning = Meaning(tree, table, imported=imported)
    meaning.primals.update({primal: PrimalFact(maker, NOTHING) for primal in imported.values()})
    found = JaxModule(text, path, table, meaning=meaning.learn()).takeovers
    return tuple(each for each in found if each.origin is Origin.IMPORTED and _matters(each, table))


def _matters(takeover: Takeover, table: Table) -> bool:
    rows = [table.transform(step) for taken in takeover.taken for step in taken.steps]
    return any(row and row.kind in OTHER_MEANING for row in rows)
