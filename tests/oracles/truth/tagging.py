"""Rewrites a module so that it tells, when it runs, which binding each name that is read has come from.

Beside each binding of ``x`` stands a binding of ``x__tag`` to its number, in the same scope and at the same
time, and each read of ``x`` becomes ``tagged_read(number, x__tag, x)``: Python looks both names up in the same way.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from vjpfix.semantic.data import Binding, BindingKind, Module, Place, ScopeKind

TAG, READ = "__tag", "tagged_read"
# Their names are bound where no statement can stand beside it.
UNTAGGED = {"MatchAs", "MatchStar", "MatchMapping", "TypeVar", "ParamSpec", "TypeVarTuple"}


class Tagged(ast.NodeTransformer):
    """A tagged copy. ``bindings`` and ``reads`` give their numbers a meaning."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.bindings: list[Binding] = []
        self.reads: list[ast.Name] = []
        self.numbers: dict[ast.AST, list[tuple[str, int]]] = {}
        self.names: set[ast.Name] = set()
        self.places = {place for place in module.places() if _is_taggable(place)}
        for binding in module.bindings:
            if binding.place in self.places:
                self.numbers.setdefault(binding.node, []).append((binding.place.name, len(self.bindings)))
                self.bindings.append(binding)
        for node, reference in module.references.items():
            place = reference.scope.place(node.id)
            outer = module.scope.places.get(node.id)
            falls_back = place and place.scope.kind is ScopeKind.CLASS and outer
            if place in self.places and (not falls_back or outer in self.places):
                self.names.add(node)
        self.tree = self.visit(module.tree)
        ast.fix_missing_locations(self.tree)

    # What stands beside a binding.

    def tags(self, *nodes: ast.AST) -> list[ast.stmt]:
        found = [number for node in nodes for number in self.numbers.get(node, ())]
        return [
            ast.Assign([ast.Name(name + TAG, ast.Store())], ast.Constant(number), lineno=1)
            for name, number in found
        ]

    def stored(self, *targets: ast.AST | None) -> list[ast.stmt]:
        nodes = [node for target in targets if target for node in ast.walk(target)]
        return self.tags(
            *(node for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
        )

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node not in self.names or not isinstance(node.ctx, ast.Load):
            return node
        self.reads.append(node)
        number = ast.Constant(len(self.reads) - 1)
        tag = ast.Name(node.id + TAG, ast.Load())
        return ast.Call(ast.Name(READ, ast.Load()), [number, tag, ast.Name(node.id, ast.Load())], [])

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        node.value = self.visit(node.value)
        found = self.numbers.get(node.target, ())
        pairs = [ast.NamedExpr(ast.Name(name + TAG, ast.Store()), ast.Constant(n)) for name, n in found]
        return (
            ast.Subscript(ast.Tuple([node, *pairs], ast.Load()), ast.Constant(0), ast.Load())
            if pairs
            else node
        )

    def visit_MatchClass(self, node: ast.MatchClass | ast.MatchValue) -> ast.AST:
        return node  # nothing but names and attributes may stand there

    visit_MatchValue = visit_MatchClass

    def _turns(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        clauses: list[ast.comprehension] = []
        for each in node.generators:
            ifs, each.ifs = each.ifs, []
            clauses.append(each)
            for tag in self.stored(each.target):
                clauses.append(ast.comprehension(tag.targets[0], ast.Tuple([tag.value], ast.Load()), [], 0))
            clauses[-1].ifs = ifs
        node.generators = clauses
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _turns

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        after = self.stored(*node.targets)
        return [self.generic_visit(node), *after]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        after = self.stored(node.target) if node.value else []
        return [self.generic_visit(node), *after]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        after = self.stored(node.target)
        return [self.generic_visit(node), *after]

    def visit_Delete(self, node: ast.Delete) -> list[ast.stmt]:
        gone = [place.name for place in self.places for target in node.targets if target in place.changes]
        return [*(ast.Delete([ast.Name(name + TAG, ast.Del())]) for name in gone), self.generic_visit(node)]

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> list[ast.stmt]:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            return [node]
        return [node, *self.tags(*node.names)]

    visit_ImportFrom = visit_Import

    def _declared(self, node: ast.Global | ast.Nonlocal) -> list[ast.stmt]:
        known = {place.name for place in self.places}
        node.names = [*node.names, *(name + TAG for name in node.names if name in known)]
        return [node]

    visit_Global = visit_Nonlocal = _declared

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
        args = node.args
        rest = [arg for arg in (args.vararg, args.kwarg) if arg]
        first = self.tags(*args.posonlyargs, *args.args, *args.kwonlyargs, *rest)
        after = self.tags(node)
        self.generic_visit(node)
        node.body = _below_docstring(first, node.body)
        return [node, *after]

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> list[ast.stmt]:
        after = self.tags(node)
        return [self.generic_visit(node), *after]

    def visit_TypeAlias(self, node: ast.stmt) -> list[ast.stmt]:
        return [self.generic_visit(node), *self.stored(node.name)]

    def visit_For(self, node: ast.For | ast.AsyncFor) -> ast.AST:
        first = self.stored(node.target)
        self.generic_visit(node)
        node.body = [*first, *node.body]
        return node

    visit_AsyncFor = visit_For

    def visit_With(self, node: ast.With | ast.AsyncWith) -> ast.AST:
        first = self.stored(*(item.optional_vars for item in node.items))
        self.generic_visit(node)
        node.body = [*first, *node.body]
        return node

    visit_AsyncWith = visit_With

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        first = self.tags(node)
        self.generic_visit(node)
        node.body = [*first, *node.body]
        return node


def _is_taggable(place: Place) -> bool:
    """Whether a tag can stand beside each binding of a place, and its tag's name is no other name's."""
    reached = {each.node for each in place.bindings} | place.changes.keys()
    if not place.bindings or place.name.startswith("__") or place.sites != len(reached):
        return False
    if isinstance(place.scope.node, ast.Lambda):
        return False
    kinds = (
        type(each.node).__name__ in UNTAGGED or each.kind is BindingKind.STRING for each in place.bindings
    )
    return not any(kinds)


def _below_docstring(first: Iterable[ast.stmt], body: list[ast.stmt]) -> list[ast.stmt]:
    match body[0]:
        case ast.Expr(value=ast.Constant(value=str())):
            return [body[0], *first, *body[1:]]
    return [*first, *body]
