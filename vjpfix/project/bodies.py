"""Reads in class bodies, where a name that the class has not bound yet is looked for outside (LOAD_NAME)."""

from __future__ import annotations

import ast
from enum import Enum
from typing import Final, Literal

from vjpfix.semantic.data import Scope, ScopeKind


class Owner(Enum):
    """Whose name is read."""

    UNSURE = "the class's, if it has it by then"


UNSURE: Final = Owner.UNSURE


def owner(node: ast.AST, name: str, scope: Scope) -> Scope | Literal[Owner.UNSURE] | None:
    """The scope whose ``name`` stands at ``node``, in the code of ``scope``; None: of nobody here."""
    first, *others = owners(node, name, scope)
    return UNSURE if others else first


def owners(node: ast.AST, name: str, scope: Scope) -> tuple[Scope | None, ...]:
    """The same, or both scopes where either may have it."""
    reads = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    if scope.kind is not ScopeKind.CLASS or name not in scope.bound or not reads or not scope.parent:
        return (scope.owner(name),)
    assert isinstance(scope.node, ast.ClassDef)  # noqa: S101  # so says its kind
    body = scope.node.body
    holding = next(number for number, each in enumerate(body) if _holds(each, node))
    if any(binds(each, name) for each in body[:holding]):
        return (scope,)
    # It is not looked for in the functions around the class.
    outer = scope.module if name in scope.module.bound else None
    is_later = scope.times(name) == 1 and any(binds(each, name) for each in body[holding:])
    return (outer,) if is_later else (scope, outer)


def _holds(statement: ast.stmt, node: ast.AST) -> bool:
    return any(each is node for each in ast.walk(statement))


def binds(node: ast.stmt, name: str) -> bool:
    """Whether a statement surely binds a name."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.name == name
        case ast.Import() | ast.ImportFrom():
            return any((alias.asname or alias.name) == name for alias in node.names)
        case ast.Assign(targets=targets):
            return any(isinstance(target, ast.Name) and target.id == name for target in targets)
    return False
