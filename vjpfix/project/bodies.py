"""Reads in class bodies, where a name that the class has not bound yet is looked for outside (LOAD_NAME)."""

from __future__ import annotations

import ast
from enum import Enum
from typing import Final, Literal

from vjpfix.project.stars import binds
from vjpfix.semantic.data import Scope, ScopeKind


class Owner(Enum):
    """Whose name is read."""

    UNSURE = "the class's, if it has it by then"


UNSURE: Final = Owner.UNSURE


def owner(node: ast.AST, name: str, scope: Scope) -> Scope | Literal[Owner.UNSURE] | None:
    """The scope whose ``name`` stands at ``node``, in the code of ``scope``; None: of nobody here."""
    reads = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    if scope.kind is not ScopeKind.CLASS or name not in scope.bound or not reads or not scope.parent:
        return scope.owner(name)
    assert isinstance(scope.node, ast.ClassDef)  # noqa: S101  # so says its kind
    binding = [each for each in scope.node.body if binds(each, name)]
    holding = next(each for each in scope.node.body if _holds(each, node))
    if any(each.lineno < holding.lineno for each in binding):
        return scope
    if len(binding) == scope.times(name) == 1:
        outer = scope.parent
        while outer.kind is ScopeKind.CLASS and outer.parent:
            outer = outer.parent
        return outer.owner(name)
    return UNSURE


def _holds(statement: ast.stmt, node: ast.AST) -> bool:
    return any(each is node for each in ast.walk(statement))
