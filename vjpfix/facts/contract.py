"""The functions with custom rules of a module, and what their rules take and return."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from vjpfix.facts.bare import BareUses
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
from vjpfix.facts.nondiff import nondiff_of
from vjpfix.facts.own_code import own_nodes
from vjpfix.facts.shapes import Shapes
from vjpfix.facts.values import Derived, Function, Primal, Values
from vjpfix.jaxfacts.transforms import Kind, Role
from vjpfix.model import Span
from vjpfix.semantic.data import Binding, Scope, ScopeKind

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule


class Contracts:
    """Reads them from what is learnt about the module."""

    def __init__(self, module: JaxModule) -> None:
        self.program = module.program
        self.positions = module.positions
        self.context = module.anywhere
        self.bare = BareUses(module)
        self.calls = {
            argument: call
            for call in module.calls
            for argument in (*call.args, *(keyword.value for keyword in call.keywords))
        }

    def derivatives(self) -> Iterator[tuple[Primal, Derivative]]:
        """The functions with custom rules, by what made them."""
        for primal, fact in self.program.primals.items():
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
                    not any(map(self.bare.is_immediate, uses)) and binding.scope is self.program.module.scope
                )
                yield primal, replace(found, bare=tuple(map(self.positions.span, uses)), public=public)

    @cached_property
    def named(self) -> dict[Primal, Binding]:
        """What each primal was first bound to."""
        found: dict[Primal, Binding] = {}
        for binding in self.program.module.bindings:
            for value in self.program.stands_for(binding):
                if isinstance(value, Primal):
                    found.setdefault(value, binding)
        return found

    def _function(self, values: Values) -> Scope | None:
        """The one function that values stand for; to compile or to name it changes no argument."""
        if len(values) != 1:
            return None
        (value,) = values
        if isinstance(value, Derived) and isinstance(value.base, Function):
            rows = [self.program.table.transform(step) for step in value.steps]
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
        for expression, (role, values) in self.program.primals[primal].rules.items():
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
                function.parent is self.program.module.scope,
            )

    def _is_shared(self, function: Scope) -> bool:
        """Whether a function is read anywhere but where rules are attached."""
        node, parent = function.node, function.parent
        if isinstance(node, ast.Lambda):
            return node not in self.calls  # it has a name, by which others may call it
        if parent is None or parent.kind is ScopeKind.CLASS:
            return True
        return any(
            self.program.scope_of_load[load].owner(load.id) is parent
            and load not in self.program.attach_loads
            for load in self._loads.get(function.name, ())
        )

    @cached_property
    def _loads(self) -> dict[str, list[ast.Name]]:
        """The reads by their names."""
        found: dict[str, list[ast.Name]] = {}
        for load in self.program.scope_of_load:
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
        shapes = Shapes(self.program.module, function, self.context.called, given)
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
