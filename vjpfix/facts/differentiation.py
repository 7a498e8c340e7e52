"""The derivatives that a module takes: of functions with rules, and by which parameters of any function."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vjpfix.facts.data import Application
from vjpfix.facts.runs import own_nodes
from vjpfix.facts.values import Anywhere, Derived, Function, Primal, evaluate
from vjpfix.jaxfacts.differentiation import (
    BY_ALL,
    BY_NUMBER,
    MODES,
    ONLY_TRACE,
    PASSES_ON,
    REVERSE,
    TUPLED,
    Mode,
)
from vjpfix.jaxfacts.effects import PARTIAL, short_name
from vjpfix.jaxfacts.transforms import Kind, Role, Transform
from vjpfix.semantic.data import Binding, Scope

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_OPTIONS = frozenset(["argnums", "has_aux", "fun", "f"])


def applications(module: JaxModule, named: Mapping[Primal, Binding]) -> Iterator[Application]:
    """Each call of such a transform that is given a function with rules, or a version of it.

    ``named``: what the functions with rules are bound to.
    """
    reader = _Reader(module, named)
    for call, name in computed_calls(module.calls, module.anywhere):
        if found := reader.application(call, name):
            yield found


def computed_calls(calls: Iterable[ast.Call], context: Anywhere) -> Iterator[tuple[ast.Call, str]]:
    """The calls whose values are computed, each with the qualified name of what it calls.

    Left out are those that are only traced: there errors do not come.
    """
    named = {call: name for call in calls if (name := context.called(call.func))}
    traced = {inner for call, name in named.items() if name in ONLY_TRACE for inner in ast.walk(call)}
    yield from ((call, name) for call, name in named.items() if call not in traced)


class _Reader:
    """Reads calls."""

    def __init__(self, module: JaxModule, named: Mapping[Primal, Binding]) -> None:
        self.meaning = module.meaning
        self.named = named
        self.context = module.anywhere
        self.positions = module.positions

    def application(self, node: ast.Call, called: str) -> Application | None:
        """What a call is, where it takes a derivative of a function with rules."""
        transform = self.meaning.table.transform(called)
        mode = MODES.get(transform.names[0]) if transform else None
        argument = function_of(node, transform) if transform and mode else None
        values = evaluate(argument, self.context) if argument else ()
        value = next(iter(values)) if len(values) == 1 else None
        primal, steps = (value.base, value.steps) if isinstance(value, Derived) else (value, ())
        if not isinstance(primal, Primal) or primal not in self.named or not all(map(self._passes_on, steps)):
            return None
        contract = self.meaning.primals[primal].maker.contract
        if transform is None or mode is None or contract is None:
            return None
        if mode is Mode.FORWARD and any(step in REVERSE for step in steps):
            mode = Mode.FORWARD_OVER_REVERSE
        return Application(
            self.positions.span(node),
            short_name(transform.names[0]),
            mode,
            self.named[primal].name,
            contract,
            any(self._maps(step) for step in steps),
            self._calls_itself(primal),
        )

    def _passes_on(self, step: str) -> bool:
        """Whether what is asked of a transformed function is asked of the function itself."""
        row = self.meaning.table.transform(step)
        return step in REVERSE or (row is not None and row.kind in (Kind.COMPILES, Kind.MAPS))

    def _maps(self, step: str) -> bool:
        row = self.meaning.table.transform(step)
        return row is not None and row.kind is Kind.MAPS

    def _calls_itself(self, primal: Primal) -> bool:
        """Whether a statement of the function's ``fwd`` that always runs calls the function by its name."""
        for role, values in self.meaning.primals[primal].rules.values():
            value = next(iter(values)) if len(values) == 1 else None
            if role is Role.FWD and isinstance(value, Function):
                return any(
                    isinstance(each, ast.Call)
                    and isinstance(each.func, ast.Name)
                    and self.context.value(each.func) == primal
                    for each in own_nodes(_always_run(value.scope))
                )
        return False


def function_of(node: ast.Call, transform: Transform) -> ast.expr | None:
    """What a call of a transform gives it as its function."""
    if node.args:
        return None if isinstance(node.args[0], ast.Starred) else node.args[0]
    return next((each.value for each in node.keywords if each.arg in transform.keyword), None)


def _always_run(function: Scope) -> list[ast.AST]:
    node = function.node
    if isinstance(node, ast.Lambda):
        return [node.body]
    body = node.body if isinstance(node, ast.FunctionDef) else []
    return [part for part in body if isinstance(part, ast.Assign | ast.Expr | ast.Return)]


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
            yield from _decorated(node.decorator_list[-1], context.meaning.module.scopes[node], context)


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
