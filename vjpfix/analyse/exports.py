"""The entries of ``__all__``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from vjpfix.analyse.positions import Positions
from vjpfix.model import Span


@dataclass(frozen=True, slots=True)
class Export:
    """One name in ``__all__``. ``entry``: the text between the quotes, None if it can't be rewritten."""

    name: str
    span: Span
    entry: Span | None


def exports(tree: ast.Module, positions: Positions) -> Iterator[Export]:
    """Every string in a statement that sets or extends ``__all__`` (=, +=, .extend, .append, .remove)."""
    for statement in ast.walk(tree):
        if isinstance(statement, ast.stmt) and _touches_all(statement):
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    span = positions.span(node)
                    yield Export(node.value, span, text_inside(node.value, span, positions))


def is_literal(tree: ast.Module) -> bool:
    """Whether ``__all__`` is made of strings alone, so that all of its entries are known."""
    parts = ast.List | ast.Tuple | ast.Constant | ast.BinOp | ast.Add | ast.Load | ast.Starred
    for statement in ast.walk(tree):
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign) and _touches_all(statement):
            value = statement.value
            if value is None or not all(isinstance(node, parts) for node in ast.walk(value)):
                return False
        elif isinstance(statement, ast.Expr) and _touches_all(statement):
            assert isinstance(statement.value, ast.Call)  # noqa: S101  # so _touches_all says
            arguments = [node for argument in statement.value.args for node in ast.walk(argument)]
            if not all(isinstance(node, parts) for node in arguments):
                return False
    return True


def _touches_all(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=targets):
            return any(_is_all(target) for target in targets)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            return _is_all(target)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=base))):
            return _is_all(base)
    return False


def _is_all(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "__all__"


def text_inside(value: str, span: Span, positions: Positions) -> Span | None:
    """The span between the quotes of a string at ``span``; None where it is not plainly spelled."""
    if span.line != span.end_line:
        return None
    text = positions.text_at(span)
    for quote in ('"""', "'''", '"', "'"):
        if text == f"{quote}{value}{quote}":
            width = len(quote)
            return Span(span.line, span.column + width, span.end_line, span.end_column - width)
    return None
