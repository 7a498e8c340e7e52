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
                    yield Export(node.value, span, _entry(node.value, span, positions))


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


def _entry(name: str, span: Span, positions: Positions) -> Span | None:
    if span.line != span.end_line:
        return None
    text = positions.text_at(span)
    for quote in ('"""', "'''", '"', "'"):
        if text == f"{quote}{name}{quote}":
            width = len(quote)
            return Span(span.line, span.column + width, span.end_line, span.end_column - width)
    return None
