"""Which statements surely change nothing that a name or an attribute stands for, but for what they bind."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from vjpfix.facts.values import Anywhere, Derived, Imported, Pending, Value
from vjpfix.jaxfacts.effects import CONSTANT, gives_function_back

_LOUD = (
    *(ast.AugAssign, ast.Delete, ast.Import, ast.ImportFrom, ast.For, ast.AsyncFor),
    *(ast.With, ast.AsyncWith, ast.ClassDef, ast.Await, ast.Yield, ast.YieldFrom, ast.comprehension),
)


def is_quiet(statements: Iterable[ast.stmt], context: Anywhere, attaches: Callable[[ast.AST], bool]) -> bool:
    """Whether all of the statements are. ``attaches``: whether an expression is one that attaches rules."""
    return not any(_is_loud(part, context, attaches) for each in statements for part in _at_once(each))


def _is_loud(node: ast.AST, context: Anywhere, attaches: Callable[[ast.AST], bool]) -> bool:
    match node:
        case ast.Call(func=func):
            return not (attaches(func) or _gives_back(func, context))
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return not all(
                isinstance(each, ast.Call) or attaches(each) or _gives_back(each, context)
                for each in node.decorator_list
            )
        case ast.Attribute() | ast.Subscript():
            return not isinstance(node.ctx, ast.Load)
    return isinstance(node, _LOUD)


def _gives_back(function: ast.expr, context: Anywhere) -> bool:
    value = context.value(function)
    return isinstance(value, Pending) or (
        isinstance(value, Imported) and gives_function_back(value.name, context.table)
    )


def _at_once(node: ast.AST) -> Iterator[ast.AST]:
    """What is evaluated where a statement runs: of functions no more than what stands around their bodies."""
    yield node
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            inner: list[ast.AST] = [*node.decorator_list, node.args]
        case ast.Lambda():
            inner = [node.args]
        case _:
            inner = [*ast.iter_child_nodes(node)]
    for child in inner:
        yield from _at_once(child)


def is_constant(value: Value | None, context: Anywhere) -> bool:
    """Whether a value is a function of a library, or a transform, which nobody changes."""
    match value:
        case Imported(name=name):
            return name.startswith(CONSTANT) or context.table.transform(name) is not None
        case Pending() | Derived():
            return True
    return False


def is_literal(node: ast.expr | None) -> bool:
    """Whether an expression is a number, a string, a tuple of such: nothing that can change."""
    match node:
        case ast.Constant():
            return True
        case ast.UnaryOp(operand=operand):
            return is_literal(operand)
        case ast.Tuple(elts=parts):
            return all(map(is_literal, parts))
    return False
