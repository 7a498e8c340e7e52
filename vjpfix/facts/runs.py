"""Which code of a function runs whenever the function does, as far as that is plain to see."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from vjpfix.semantic.data import Scope

_SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
_LEAVES = ast.Return | ast.Raise | ast.Yield | ast.YieldFrom
_ONE_PATH = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Return
_MAY_BE_SKIPPED = ast.Lambda | ast.GeneratorExp | ast.ListComp | ast.SetComp | ast.DictComp
_ENDS = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_MAY_NOT_RUN = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.IfExp, ast.BoolOp),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def own_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """These nodes and those in them, without the code of functions and classes in them."""
    for node in nodes:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from own_nodes(ast.iter_child_nodes(node))


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


def sure_parts(function: ast.AST) -> Iterator[ast.stmt | ast.expr]:
    """The statements of a function, or the expression of a lambda, that always run, in order."""
    if isinstance(function, ast.Lambda):
        yield function.body
    elif isinstance(function, ast.FunctionDef):
        yield from _statements(function.body)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.With):
            yield from _statements(statement.body)
        elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Return):
            yield statement
        if any(isinstance(node, _ENDS) for node in sure_nodes(statement)):
            return


def sure_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what in it runs when it does: not the code of functions in it, nor that of one path only."""
    yield node
    is_chain = isinstance(node, ast.Compare) and len(node.comparators) > 1
    if not (is_chain or isinstance(node, _MAY_NOT_RUN)):
        for child in ast.iter_child_nodes(node):
            yield from sure_nodes(child)
