"""The code of a function that runs whenever the function does, as far as that is plain to see."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_LEAVES = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_MAY_NOT_RUN = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.IfExp, ast.BoolOp),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


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
        if any(isinstance(node, _LEAVES) for node in sure_nodes(statement)):
            return


def sure_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what in it runs when it does: not the code of functions in it, nor that of one path only."""
    yield node
    is_chain = isinstance(node, ast.Compare) and len(node.comparators) > 1
    if not (is_chain or isinstance(node, _MAY_NOT_RUN)):
        for child in ast.iter_child_nodes(node):
            yield from sure_nodes(child)
