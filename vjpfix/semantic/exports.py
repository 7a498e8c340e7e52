"""The entries of ``__all__``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from vjpfix.model import Span
from vjpfix.semantic.positions import Positions


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
    """Whether ``__all__`` is made of strings, and of the ``__all__`` of other modules, which need no care."""
    return all(
        _is_literal(value)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.stmt) and _touches_all(statement)
        for value in _values(statement)
    )


def _values(statement: ast.stmt) -> list[ast.expr]:
    match statement:
        case ast.Expr(value=ast.Call(args=args)):
            return args
        case ast.Assign(value=value) | ast.AugAssign(value=value):
            return [value]
        case ast.AnnAssign(value=value):
            return [value] if value else []
    return []


def _is_literal(value: ast.expr) -> bool:
    match value:
        case ast.Constant() | ast.Attribute(attr="__all__"):
            return True
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return all(_is_literal(part) for part in parts)
        case ast.BinOp(left=left, right=right):
            return _is_literal(left) and _is_literal(right)
        case ast.Starred(value=inner):
            return _is_literal(inner)
        case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted"), args=[inner]):
            return _is_literal(inner)
    return False


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
