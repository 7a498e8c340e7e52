"""Scopes of a module and which scope owns a name (Python reference, 4.2.2 Resolution of names)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp


class ScopeKind(Enum):
    MODULE = "module"
    FUNCTION = "function"
    CLASS = "class"
    COMPREHENSION = "comprehension"


@dataclass(eq=False, slots=True)
class Scope:
    """One scope. Functions, lambdas and generator expressions are FUNCTION: their code is deferred.

    ``again`` are the names bound at more than one place, ``places`` tells at how many. ``loads`` are the
    names read by code that runs with this scope's *unit* (the nearest module or function), each with the
    scope it stands in; ``attributes`` the attributes that code loads.
    """

    kind: ScopeKind
    node: ast.AST
    parent: Scope | None
    name: str
    bound: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    declarations: dict[str, list[ast.stmt]] = field(default_factory=dict)
    children: list[Scope] = field(default_factory=list)
    loads: list[tuple[ast.Name, Scope]] = field(default_factory=list)
    attributes: list[ast.Attribute] = field(default_factory=list)

    @property
    def unit(self) -> Scope:
        scope = self
        while scope.kind in (ScopeKind.CLASS, ScopeKind.COMPREHENSION) and scope.parent:
            scope = scope.parent
        return scope

    @property
    def module(self) -> Scope:
        scope = self
        while scope.parent:
            scope = scope.parent
        return scope

    def ancestors(self) -> Iterator[Scope]:
        """The scope itself and those around it."""
        scope: Scope | None = self
        while scope:
            yield scope
            scope = scope.parent

    def descendants(self) -> Iterator[Scope]:
        for child in self.children:
            yield child
            yield from child.descendants()

    def owner(self, name: str) -> Scope | None:
        """The scope whose binding ``name`` means here; None for a builtin or an unknown name."""
        if name in self.globals:
            return self.module
        if name in self.bound and name not in self.nonlocals:
            return self
        scope = self.parent
        while scope:
            if scope.kind is not ScopeKind.CLASS and name in scope.bound and name not in scope.nonlocals:
                return scope.module if name in scope.globals else scope
            if scope.kind is not ScopeKind.CLASS and name in scope.globals:
                return scope.module
            scope = scope.parent
        return None


class ScopeTree:
    """All scopes of a module, by the node that makes them.

    ``annotations``: names in annotations that are never evaluated are read as well.
    """

    def __init__(self, tree: ast.Module, *, annotations: bool = False) -> None:
        self.module = Scope(ScopeKind.MODULE, tree, None, "<module>")
        self.by_node: dict[ast.AST, Scope] = {tree: self.module}
        self.scope_of_store: dict[ast.AST, Scope] = {}
        self.names: list[tuple[ast.AST, str, Scope]] = []
        self.imports: list[tuple[ast.Import | ast.ImportFrom, Scope]] = []
        self.future_annotations = any(
            isinstance(node, ast.ImportFrom)
            and node.module == "__future__"
            and any(alias.name == "annotations" for alias in node.names)
            for node in tree.body
        )
        self.reads_annotations = annotations or not self.future_annotations
        self.reads_all_annotations = annotations
        _Builder(self).body(tree.body, self.module)

    def functions(self) -> Iterator[Scope]:
        return (scope for scope in self.module.descendants() if scope.kind is ScopeKind.FUNCTION)


class _Builder:
    def __init__(self, tree: ScopeTree) -> None:
        self.tree = tree
        self.methods: dict[type[ast.AST], Callable[[Any, Scope], None]] = {}

    def body(self, nodes: list[ast.stmt], scope: Scope) -> None:
        for node in nodes:
            self.visit(node, scope)

    def visit(self, node: ast.AST, scope: Scope) -> None:
        kind = type(node)
        method = self.methods.get(kind)
        if method is None:
            method = self.methods[kind] = getattr(self, f"visit_{kind.__name__}", self.children)
        method(node, scope)

    def children(self, node: ast.AST, scope: Scope) -> None:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                for child in value:
                    if isinstance(child, ast.AST):
                        self.visit(child, scope)
            elif isinstance(value, ast.AST):
                self.visit(value, scope)

    def bind(self, name: str, scope: Scope) -> None:
        owner = scope.module if name in scope.globals else scope
        (owner.again if name in owner.bound else owner.bound).add(name)
        owner.places[name] = owner.places.get(name, 0) + 1

    def open(self, kind: ScopeKind, node: ast.AST, parent: Scope, name: str) -> Scope:
        scope = Scope(kind, node, parent, name)
        parent.children.append(scope)
        self.tree.by_node[node] = scope
        if kind in (ScopeKind.FUNCTION, ScopeKind.CLASS):
            body = getattr(node, "body", [])
            for inner in _own_nodes(body if isinstance(body, list) else []):
                if isinstance(inner, ast.Global | ast.Nonlocal):
                    found = scope.globals if isinstance(inner, ast.Global) else scope.nonlocals
                    found.update(inner.names)
                    for declared in inner.names:
                        scope.declarations.setdefault(declared, []).append(inner)
        return scope

    def visit_Name(self, node: ast.Name, scope: Scope) -> None:
        self.tree.names.append((node, node.id, scope))
        if isinstance(node.ctx, ast.Load):
            scope.unit.loads.append((node, scope))
        else:
            self.bind(node.id, scope)

    def visit_Attribute(self, node: ast.Attribute, scope: Scope) -> None:
        scope.unit.attributes.append(node)
        self.visit(node.value, scope)

    def visit_NamedExpr(self, node: ast.NamedExpr, scope: Scope) -> None:
        target = scope
        while target.parent and (
            target.kind is ScopeKind.COMPREHENSION or isinstance(target.node, ast.GeneratorExp)
        ):
            target = target.parent
        self.bind(node.target.id, target)
        self.tree.names.append((node.target, node.target.id, target))
        self.tree.scope_of_store[node.target] = target
        self.visit(node.value, scope)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        self.bind(node.name, scope)
        self.tree.names.append((node, node.name, scope))
        for decorator in node.decorator_list:
            self.visit(decorator, scope)
        self._arguments(node.args, scope, annotations=True)
        if node.returns and self.tree.reads_annotations:
            self.visit(node.returns, scope)
        inner = self.open(ScopeKind.FUNCTION, node, scope, node.name)
        self._parameters(node.args, inner)
        self._type_params(node, inner)
        self.body(node.body, inner)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda, scope: Scope) -> None:
        self._arguments(node.args, scope, annotations=False)
        inner = self.open(ScopeKind.FUNCTION, node, scope, "<lambda>")
        self._parameters(node.args, inner)
        self.visit(node.body, inner)

    def _arguments(self, args: ast.arguments, scope: Scope, annotations: bool) -> None:
        for default in [*args.defaults, *(d for d in args.kw_defaults if d)]:
            self.visit(default, scope)
        if annotations and self.tree.reads_annotations:
            for arg in _all_args(args):
                if arg.annotation:
                    self.visit(arg.annotation, scope)

    def _parameters(self, args: ast.arguments, scope: Scope) -> None:
        for arg in _all_args(args):
            self.bind(arg.arg, scope)

    def _type_params(self, node: ast.AST, scope: Scope) -> None:
        for param in getattr(node, "type_params", []):
            scope.bound.add(param.name)

    def visit_ClassDef(self, node: ast.ClassDef, scope: Scope) -> None:
        self.bind(node.name, scope)
        for part in [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]:
            self.visit(part, scope)
        inner = self.open(ScopeKind.CLASS, node, scope, node.name)
        self._type_params(node, inner)
        self.body(node.body, inner)

    def visit_ListComp(self, node: Comprehension | ast.GeneratorExp, scope: Scope) -> None:
        self.visit(node.generators[0].iter, scope)
        deferred = isinstance(node, ast.GeneratorExp)
        kind = ScopeKind.FUNCTION if deferred else ScopeKind.COMPREHENSION
        inner = self.open(kind, node, scope, "<generator>" if deferred else "<comprehension>")
        for index, generator in enumerate(node.generators):
            if index:
                self.visit(generator.iter, inner)
            self.visit(generator.target, inner)
            for test in generator.ifs:
                self.visit(test, inner)
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for part in parts:
            self.visit(part, inner)

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_AnnAssign(self, node: ast.AnnAssign, scope: Scope) -> None:
        self.visit(node.target, scope)
        in_function = scope.kind is ScopeKind.FUNCTION
        if self.tree.reads_all_annotations or (self.tree.reads_annotations and not in_function):
            self.visit(node.annotation, scope)
        if node.value:
            self.visit(node.value, scope)

    def visit_Import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        self.tree.imports.append((node, scope))
        for alias in node.names:
            if alias.name != "*":
                self.bind(alias.asname or alias.name.split(".")[0], scope)

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node: ast.ExceptHandler, scope: Scope) -> None:
        if node.name:
            self.bind(node.name, scope)
        self.children(node, scope)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar, scope: Scope) -> None:
        if node.name:
            self.bind(node.name, scope)
        self.children(node, scope)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping, scope: Scope) -> None:
        if node.rest:
            self.bind(node.rest, scope)
        self.children(node, scope)

    def visit_TypeAlias(self, node: ast.AST, scope: Scope) -> None:
        target = getattr(node, "name", None)
        if isinstance(target, ast.Name):
            self.bind(target.id, scope)


def _own_nodes(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    """The statements of a body without those of nested scopes."""
    for node in nodes:
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for name in ("body", "orelse", "finalbody"):
            yield from _own_nodes(getattr(node, name, []))
        for handler in getattr(node, "handlers", []) + getattr(node, "cases", []):
            yield from _own_nodes(handler.body)


def _all_args(args: ast.arguments) -> list[ast.arg]:
    rest = [arg for arg in (args.vararg, args.kwarg) if arg]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *rest]
