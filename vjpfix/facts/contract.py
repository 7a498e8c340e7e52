"""The functions with custom rules of a module, and what their rules take and return."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from vjpfix.facts.data import (
    HARDLY,
    UNKNOWN,
    AttachedRule,
    Derivative,
    Parameters,
    Returned,
    Shape,
    Sort,
)
from vjpfix.facts.results import Shapes
from vjpfix.facts.runs import own_nodes
from vjpfix.facts.values import Anywhere, Derived, Function, Imported, Primal, Values
from vjpfix.jaxfacts.effects import PARTIAL, is_of_jax
from vjpfix.jaxfacts.transforms import Kind, Role
from vjpfix.model import Span
from vjpfix.semantic.data import Binding, Scope, ScopeKind

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule


_ARGNUMS, _ARGNAMES = "nondiff_argnums", "nondiff_argnames"

_NAMESPACES = frozenset(["globals", "locals", "vars", "eval", "exec"])
_ASKS = frozenset(["__name__", "__doc__", "__wrapped__", "__module__", "__qualname__"])


def nondiff_of(node: ast.AST, parameters: Parameters | None, context: Anywhere) -> tuple[int, ...] | None:
    """Which arguments are not differentiated, by sorted positions; None where these are not literal.

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
    elif context.meaning.table.derivative(name):
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


class BareUses:
    """Where functions are used to which no rule is attached, if nothing else could attach one to them."""

    def __init__(self, module: JaxModule) -> None:
        self.meaning = module.meaning
        self.context = module.anywhere
        self.module = module

    def of(self, binding: Binding) -> tuple[ast.Name, ...]:
        """Where a function is called or given to a transform of JAX; nothing if it gets away anywhere.

        Who gets it (by returning, keeping, importing, by any call that is not known) may attach rules.
        """
        scope, name = binding.scope, binding.name
        if scope.kind not in (ScopeKind.MODULE, ScopeKind.FUNCTION) or scope.times(name) != 1:
            return ()
        if self.looks_up_names or any(name in inner.nonlocals for inner in scope.descendants()):
            return ()
        found = self.meaning.scope_of_load
        loads = [load for load in found if load.id == name and found[load].owner(name) is scope]
        if not all(map(self._keeps, loads)):
            return ()
        body = self.meaning.module.scopes.get(binding.node)
        inside = {body, *body.descendants()} if body else set()
        outside = [load for load in loads if found[load] not in inside]
        return tuple(load for load in outside if not isinstance(self.module.parents[load], ast.Attribute))

    def is_immediate(self, load: ast.Name) -> bool:
        """Whether code of the module itself uses it, before any other module can have it."""
        return self.meaning.scope_of_load[load].unit is self.meaning.module.scope

    @cached_property
    def looks_up_names(self) -> bool:
        """Whether the module may get at a function by a string."""
        return any(load.id in _NAMESPACES for load in self.meaning.scope_of_load)

    def _keeps(self, load: ast.Name) -> bool:
        """Whether a read cannot attach rules: a call, a transform, a question."""
        parent = self.module.parents[load]
        match parent:
            case ast.Attribute(attr=attribute):
                return attribute in _ASKS
            case ast.Call(func=function) if function is load:
                return True
            case ast.Call(func=function):
                name = self.context.called(function)
                return is_of_jax(name) and self.meaning.table.transform(name) is not None
        return False


class Contracts:
    """Reads the functions with custom rules from what is learnt about their module."""

    def __init__(self, module: JaxModule) -> None:
        self.meaning = module.meaning
        self.positions = module.positions
        self.context = module.anywhere
        self.bare = BareUses(module)
        self.module = module

    @cached_property
    def calls(self) -> dict[ast.expr, ast.Call]:
        """The calls by their arguments."""
        return {
            argument: call
            for call in self.module.calls
            for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        }

    def derivatives(self) -> Iterator[tuple[Primal, Derivative]]:
        """The functions with custom rules, by what made them."""
        for primal, fact in self.meaning.primals.items():
            contract = fact.maker.contract
            if contract is None or primal not in self.named:
                continue
            binding = self.named[primal]
            name = binding.name
            span = self.positions.token(binding.node, name)
            body = self._function(fact.body)
            parameters = self._parameters(body) if body else None
            nondiff = nondiff_of(primal.node, parameters, self.context)
            found = Derivative(name, contract, span, parameters, nondiff, (), self._output(body))
            if fact.rules:
                yield primal, replace(found, rules=tuple(self._rules(primal, found)))
            else:
                uses = self.bare.of(binding)
                public = (
                    not any(map(self.bare.is_immediate, uses)) and binding.scope is self.meaning.module.scope
                )
                yield primal, replace(found, bare=tuple(map(self.positions.span, uses)), public=public)

    @cached_property
    def named(self) -> dict[Primal, Binding]:
        """What each primal was first bound to."""
        found: dict[Primal, Binding] = {}
        for binding in self.meaning.module.bindings:
            for value in self.meaning.stands_for(binding):
                if isinstance(value, Primal):
                    found.setdefault(value, binding)
        return found

    def _function(self, values: Values) -> Scope | None:
        """The one function that values stand for; to compile or to name it changes no argument."""
        if len(values) != 1:
            return None
        (value,) = values
        if isinstance(value, Derived) and isinstance(value.base, Function):
            rows = [self.meaning.table.transform(step) for step in value.steps]
            return value.base.scope if all(row and row.kind is Kind.COMPILES for row in rows) else None
        return value.scope if isinstance(value, Function) else None

    def _parameters(self, function: Scope) -> Parameters:
        assert isinstance(function.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)  # noqa: S101
        args = function.node.args
        taken = [*args.posonlyargs, *args.args]
        required = [
            arg.arg for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default is None
        ]
        return Parameters(
            tuple(arg.arg for arg in taken),
            tuple(self.positions.token(arg, arg.arg) for arg in taken),
            len(args.defaults),
            args.vararg is not None,
            tuple(required),
            not args.defaults and not any(arg.annotation for arg in taken),
        )

    def _output(self, body: Scope | None) -> Shape:
        """What a function returns, if it is one thing."""
        shapes = {returned.shape for returned in self._returns(body, {})} if body else set()
        return shapes.pop() if len(shapes) == 1 else UNKNOWN

    def _rules(self, primal: Primal, derivative: Derivative) -> Iterator[AttachedRule]:
        for expression, (role, values) in self.meaning.primals[primal].rules.items():
            function = self._function(values)
            placed = self._place(expression)
            if function is None or placed is None or isinstance(function.node, ast.AsyncFunctionDef):
                continue
            setter, index, count = placed
            parameters = self._parameters(function)
            given = (
                {parameters.names[-1]: _cotangent(derivative)}
                if role is Role.BWD and parameters.names
                else {}
            )
            returns = tuple(self._returns(function, given))
            yield AttachedRule(
                role,
                setter,
                index,
                count,
                function.name,
                self._name_span(function),
                parameters,
                returns,
                not returns and _falls_off(function.node),
                self._is_shared(function),
                function.parent is self.meaning.module.scope,
            )

    def _is_shared(self, function: Scope) -> bool:
        """Whether a function is read anywhere but where rules are attached."""
        node, parent = function.node, function.parent
        if isinstance(node, ast.Lambda):
            return node not in self.calls  # it has a name, by which others may call it
        if parent is None or parent.kind is ScopeKind.CLASS:
            return True
        return any(
            self.meaning.scope_of_load[load].owner(load.id) is parent
            and load not in self.meaning.attach_loads
            for load in self._loads.get(function.name, ())
        )

    @cached_property
    def _loads(self) -> dict[str, list[ast.Name]]:
        """The reads by their names."""
        found: dict[str, list[ast.Name]] = {}
        for load in self.meaning.scope_of_load:
            found.setdefault(load.id, []).append(load)
        return found

    def _place(self, expression: ast.expr) -> tuple[str, int, int] | None:
        """By what an expression was attached, as which of how many arguments; a decorator attaches one."""
        call = self.calls.get(expression)
        if call is None:
            setter = expression.func if isinstance(expression, ast.Call) else expression
            if isinstance(expression, ast.Call):  # partial(f.defjvp, symbolic_zeros=True)
                setter = expression.args[0] if expression.args else expression.func
            return (setter.attr, 0, 1) if isinstance(setter, ast.Attribute) else None
        starred = any(isinstance(argument, ast.Starred) for argument in call.args)
        if starred or not isinstance(call.func, ast.Attribute):
            return None
        index = call.args.index(expression) if expression in call.args else 0
        return call.func.attr, index, len(call.args)

    def _name_span(self, function: Scope) -> Span:
        node = function.node
        assert isinstance(node, ast.FunctionDef | ast.Lambda)  # noqa: S101
        return (
            self.positions.token(node, function.name)
            if isinstance(node, ast.FunctionDef)
            else self._head(node)
        )

    def _head(self, node: ast.Lambda) -> Span:
        """The word ``lambda``."""
        start = self.positions.span(node)
        return Span(start.line, start.column, start.line, start.column + len("lambda"))

    def _returns(self, function: Scope, given: dict[str, Shape]) -> Iterator[Returned]:
        shapes = Shapes(self.meaning.module, function, self.context.called, given)
        node = function.node
        if isinstance(node, ast.Lambda):
            yield from self._returned(node.body, shapes)
        elif isinstance(node, ast.FunctionDef) and not any(map(_gives, own_nodes(node.body))):
            for statement in own_nodes(node.body):
                if isinstance(statement, ast.Return):
                    yield from self._returned(statement.value or statement, shapes)

    def _returned(self, node: ast.expr | ast.Return, shapes: Shapes) -> Iterator[Returned]:
        if isinstance(node, ast.IfExp):
            yield from self._returned(node.body, shapes)
            yield from self._returned(node.orelse, shapes)
            return
        span = self.positions.span(node)
        value = node if isinstance(node, ast.expr) else None
        parts = [self._text(part) for part in value.elts] if isinstance(value, ast.Tuple) else []
        yield Returned(span, shapes.of(value), self._text(value), tuple(parts) if all(parts) else ())

    def _text(self, node: ast.expr | None) -> str:
        span = self.positions.span(node) if node else None
        return self.positions.text_at(span) if span and span.line == span.end_line else ""


def _cotangent(derivative: Derivative) -> Shape:
    """It has the structure of the output; which hardly is a tuple of one."""
    unknown = derivative.output.sort is Sort.UNKNOWN
    return HARDLY if unknown and derivative.differentiable == 1 else derivative.output


def _gives(node: ast.AST) -> bool:
    return isinstance(node, ast.Yield | ast.YieldFrom)


def _falls_off(node: ast.AST) -> bool:
    """Whether a function without ``return`` is sure to come to its end: it ends with a value for a name."""
    body = node.body if isinstance(node, ast.FunctionDef) else []
    leaves = ast.Yield | ast.YieldFrom | ast.Raise | ast.While | ast.With
    ends = isinstance(body[-1], ast.Assign | ast.AugAssign | ast.AnnAssign) if body else False
    return ends and not any(isinstance(part, leaves) for part in own_nodes(body))
