"""Whether a function that runs is sure to evaluate a call in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from vjpfix.semantic.data import Scope

_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
_LEAVES = ast.Return | ast.Raise | ast.Yield | ast.YieldFrom
_ONE_PATH = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Return
_MAY_BE_SKIPPED = ast.Lambda | ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp


def runs_always(unit: Scope, call: ast.Call) -> bool:
    """Whether each run of a function comes to ``call``: no branch, loop or early return stands before it.

    A condition may be what ends a recursion, so that a call under one is not sure to go wrong.
    """
    node = unit.node
    if isinstance(node, ast.Lambda):
        return _evaluates(node.body, call)
    return isinstance(node, ast.FunctionDef) and _block(node.body, call)


def _block(statements: list[ast.stmt], call: ast.Call) -> bool:
    for statement in statements:
        if any(node is call for node in ast.walk(statement)):
            if isinstance(statement, ast.With):
                heads = (item.context_expr for item in statement.items)
                return any(_evaluates(head, call) for head in heads) or _block(statement.body, call)
            return isinstance(statement, _ONE_PATH) and _evaluates(statement, call)
        if any(isinstance(node, _LEAVES) for node in _own_nodes(statement)):
            return False
    return False


def _evaluates(node: ast.AST, call: ast.Call) -> bool:
    if node is call:
        return True
    if isinstance(node, _MAY_BE_SKIPPED):
        return False
    parts: Iterator[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.IfExp):
        parts = iter([node.test])
    elif isinstance(node, ast.BoolOp):
        parts = iter(node.values[:1])
    elif isinstance(node, ast.Compare):
        parts = iter([node.left, node.comparators[0]])
    return any(_evaluates(part, call) for part in parts)


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, _SCOPES):
        for child in ast.iter_child_nodes(node):
            yield from _own_nodes(child)
