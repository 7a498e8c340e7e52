"""The functions of a module that a transform of JAX differentiates, and by which of their parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vjpfix.facts.anywhere import Anywhere
from vjpfix.facts.applied import computed_calls, function_of
from vjpfix.facts.values import Derived, Function, Primal
from vjpfix.jaxfacts.differentiation import BY_ALL, BY_NUMBER, PASSES_ON, TUPLED
from vjpfix.jaxfacts.effects import PARTIAL, short_name
from vjpfix.semantic.data import Scope

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_OPTIONS = frozenset(["argnums", "has_aux", "fun", "f"])


@dataclass(frozen=True, slots=True)
class Differentiated:
    """A function and the ``parameters`` by which the ``transform`` that stands at ``node`` differentiates."""

    transform: str
    node: ast.expr
    function: Scope
    parameters: frozenset[str]


def differentiated(module: JaxModule) -> Iterator[Differentiated]:
    """Each function of the module whose derivative is taken, by one of its calls or by a decorator."""
    context = module.anywhere
    for call, name in computed_calls(module.calls, context):
        transform = context.table.transform(name)
        function = function_of(call, transform) if transform else None
        value = called(function, context) if function else None
        if isinstance(value, Function):
            yield from _taken(call.func, call.args[1:], call.keywords, value.scope, context)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            yield from _decorated(node.decorator_list[-1], context.program.module.scopes[node], context)


def _decorated(decorator: ast.expr, function: Scope, context: Anywhere) -> Iterator[Differentiated]:
    """By ``@jax.grad`` or ``@partial(jax.grad, …)``."""
    if not isinstance(decorator, ast.Call):
        yield from _taken(decorator, (), (), function, context)
    elif context.called(decorator.func) in PARTIAL and decorator.args:
        transform, *rest = decorator.args
        yield from _taken(transform, rest, decorator.keywords, function, context)


def called(node: ast.expr, context: Anywhere) -> Function | Primal | None:
    """The function of the module that a call runs with just its arguments."""
    value = context.value(node)
    if isinstance(value, Derived) and PASSES_ON.issuperset(value.steps):
        value = value.base
    return value if isinstance(value, Function | Primal) else None


def passes_on(node: ast.expr, context: Anywhere) -> bool:
    """Whether it is a transform whose function is given just the arguments that it gets."""
    row = context.table.transform(context.called(node))
    return row is not None and row.names[0] in PASSES_ON


def _taken(
    transform: ast.expr,
    arguments: Iterable[ast.expr],
    keywords: Iterable[ast.keyword],
    function: Scope,
    context: Anywhere,
) -> Iterator[Differentiated]:
    row = context.table.transform(context.called(transform))
    name = row.names[0] if row else ""
    options = {keyword.arg: keyword.value for keyword in keywords}
    names = _parameters(function)
    if not _OPTIONS.issuperset(options):
        return
    if name in BY_ALL:
        numbers = _all(list(arguments), len(names), tupled=name == TUPLED)
    elif name in BY_NUMBER:
        numbers = _numbers(options.get("argnums", next(iter(arguments), None)))
    else:
        return
    taken = frozenset(names[number] for number in numbers if -len(names) <= number < len(names))
    if taken:
        yield Differentiated(short_name(name), transform, function, taken)


def _parameters(function: Scope) -> list[str]:
    node = function.node
    if not isinstance(node, ast.FunctionDef | ast.Lambda):
        return []
    return [each.arg for each in (*node.args.posonlyargs, *node.args.args)]


def _all(arguments: list[ast.expr], count: int, *, tupled: bool) -> tuple[int, ...]:
    """The places of what `vjp`, `jvp` or `linearize` is given to differentiate at."""
    if tupled:
        first = arguments[0] if arguments else None
        arguments = first.elts if isinstance(first, ast.Tuple | ast.List) else []
    starred = [isinstance(each, ast.Starred) for each in arguments]
    return tuple(range(min(count, starred.index(True) if True in starred else len(starred))))


def _numbers(node: ast.expr | None) -> tuple[int, ...]:
    """The places that ``argnums`` names; none where they are not written out."""
    match node:
        case None:
            return (0,)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return tuple(number for each in elements for number in _numbers(each))
        case ast.Constant(value=int() as number):
            return (number,)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)):
            return (-number,)
    return ()
