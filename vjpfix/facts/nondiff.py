"""Which arguments of a function with custom rules are not differentiated, as far as it is written down."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from vjpfix.facts.anywhere import Anywhere
from vjpfix.facts.data import Parameters
from vjpfix.facts.values import Imported
from vjpfix.jaxfacts.effects import PARTIAL

_ARGNUMS, _ARGNAMES = "nondiff_argnums", "nondiff_argnames"


def nondiff_of(node: ast.AST, parameters: Parameters | None, context: Anywhere) -> tuple[int, ...] | None:
    """The sorted positions; None where they are not literal.

    Arguments: the decorator or the call that made the function, and what the function takes. JAX sorts them
    (``custom_vjp.__init__`` of JAX 0.10.2), and counts no negative one from the end.
    """
    try:
        options = dict(_options(node, context))
    except _UnknownError:
        return None
    found = _numbers(options.get(_ARGNUMS))
    names = _names(options.get(_ARGNAMES))
    if found is None or names is None or (names and parameters is None):
        return None
    for name in names:
        if not parameters or name not in parameters.names:
            return None
        found.add(parameters.names.index(name))
    size = len(parameters.names) if parameters else 0
    within = all(index >= 0 and (parameters is None or parameters.rest or index < size) for index in found)
    return tuple(sorted(found)) if within else None


class _UnknownError(Exception):
    """The options are not plain to see."""


def _options(node: ast.AST, context: Anywhere) -> Iterator[tuple[str, ast.expr]]:
    """The keywords of a decorator, through ``partial``."""
    if not isinstance(node, ast.Call):
        if isinstance(node, ast.expr) and isinstance(context.value(node), Imported):
            return
        raise _UnknownError
    if any(keyword.arg is None for keyword in node.keywords):
        raise _UnknownError
    yield from ((keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg)
    name = context.called(node.func)
    if name in PARTIAL:
        if len(node.args) != 1:
            raise _UnknownError
        yield from _options(node.args[0], context)
    elif isinstance(node.func, ast.Call):
        yield from _options(node.func, context)
    elif context.program.table.derivative(name):
        if len(node.args) > 2 or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise _UnknownError
        yield from ((_ARGNUMS, argument) for argument in node.args[1:])
    else:
        raise _UnknownError


def _numbers(node: ast.expr | None) -> set[int] | None:
    """``(0, 2)``, ``[0, 2]``, ``range(3)``, ``tuple(range(3))``; a plain number is an error to JAX."""
    match node:
        case None:
            return set()
        case ast.Call(func=ast.Name(id="tuple" | "list"), args=[inner], keywords=[]):
            return _numbers(inner)
        case ast.Call(func=ast.Name(id="range"), args=arguments, keywords=[]):
            bounds = [each.value for each in arguments if isinstance(each, ast.Constant)]
            whole = [each for each in bounds if isinstance(each, int)]
            return set(range(*whole)) if len(whole) == len(arguments) and 1 <= len(whole) <= 2 else None
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            values = [each.value for each in elements if isinstance(each, ast.Constant)]
            numbers = {each for each in values if isinstance(each, int) and not isinstance(each, bool)}
            return numbers if len(values) == len(elements) == len(numbers) else None
    return None


def _names(node: ast.expr | None) -> tuple[str, ...] | None:
    match node:
        case None:
            return ()
        case ast.Constant(value=str() as name):
            return (name,)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            values = [each.value for each in elements if isinstance(each, ast.Constant)]
            names = tuple(each for each in values if isinstance(each, str))
            return names if len(names) == len(elements) else None
    return None
