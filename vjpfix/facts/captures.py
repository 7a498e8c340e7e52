"""Functions with rules that close over a value by which a transform differentiates, as the module shows it.

Measured on JAX 0.10.2, of ``grad``, ``value_and_grad``, ``jacrev``, ``jacfwd``, ``hessian``, ``vjp``, ``jvp``
and ``linearize``: where the function's own body computes with such a value, JAX raises
(``UnexpectedTracerError``; within ``jit``, ``checkpoint`` or ``scan`` ``CustomVJPException``). If the
arguments of the function have tangents too, its body does not run: then JAX raises where a rule computes with
the value or calls the function, else the derivative is wrong.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vjpfix.facts.data import Capture
from vjpfix.facts.differentiation import Differentiated, called, differentiated, passes_on
from vjpfix.facts.runs import sure_nodes, sure_parts
from vjpfix.facts.values import Anywhere, Function, Primal, Values
from vjpfix.jaxfacts.arrays import SMOOTH_FUNCTIONS, SMOOTH_METHODS
from vjpfix.semantic.data import Place, Scope

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule


_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult)
_NO_COMPARISONS = (ast.Is, ast.IsNot, ast.In, ast.NotIn)

# Of names that have one: the name from outside to which a local one owes it.
Tangents = Mapping[Place, ast.Name | None]

_DEEPEST = 4


def root(node: ast.AST, tangents: Tangents, context: Anywhere) -> ast.Name | None:
    """A name to which an expression owes its tangent; None where it may have none."""
    match node:
        case ast.Name():
            owner = context.meaning.owner_of(node)
            return node if owner and owner.places.get(node.id) in tangents else None
        case ast.BinOp(op=operator) if not isinstance(operator, _OPERATORS):
            return None
        case ast.Subscript(value=value) | ast.Attribute(value=value, attr="T" | "mT"):
            return root(value, tangents, context)
        case ast.BinOp() | ast.UnaryOp(op=ast.USub() | ast.UAdd()) | ast.Call():
            return next(
                (found for each in _operands(node, context) if (found := root(each, tangents, context))), None
            )
    return None


def computed_with(node: ast.AST, tangents: Tangents, context: Anywhere) -> Iterator[ast.Name]:
    """The names with a tangent that this very node computes with."""
    for operand in _operands(node, context):
        if found := root(operand, tangents, context):
            yield found


def _operands(node: ast.AST, context: Anywhere) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            parts = [left, right]
            return [] if any(isinstance(part, ast.Tuple | ast.List) for part in parts) else parts
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return [operand]
        case ast.AugAssign(value=value):
            return [value]
        case ast.Compare(left=left, ops=operators, comparators=others):
            known = not any(isinstance(each, _NO_COMPARISONS) for each in operators)
            return [left, *others] if known else []
        case ast.Call(func=function, keywords=keywords) if not any(each.arg == "dtype" for each in keywords):
            name = context.called(function)
            if name in SMOOTH_FUNCTIONS:
                return _arguments(node, name)
            if isinstance(function, ast.Attribute) and not name and function.attr in SMOOTH_METHODS:
                return [function.value]
    return []


def _arguments(node: ast.Call, name: str) -> list[ast.expr]:
    """The first two arguments, or what is in them where they are lists of arrays."""
    if name.endswith("array") and len(node.args) > 1:  # of a type of its own
        return []
    found: list[ast.expr] = []
    for argument in node.args[:2]:
        found += argument.elts if isinstance(argument, ast.List | ast.Tuple) else [argument]
    return found


def captures(module: JaxModule) -> Mapping[Primal, tuple[Capture, ...]]:
    """The first read of each such value, by the function with rules."""
    meaning = module.meaning
    bodies = [scope for fact in meaning.primals.values() if fact.rules and (scope := _scope(fact.body))]
    if all(body.parent is meaning.module.scope for body in bodies):  # there is nothing to close over
        return {}
    found: dict[Primal, dict[str, Capture]] = {}
    for each in differentiated(module):
        for primal, capture in _Follower(module, each).captures():
            found.setdefault(primal, {}).setdefault(capture.name, capture)
    return {primal: tuple(by_name.values()) for primal, by_name in found.items()}


@dataclass(frozen=True, slots=True)
class _Made:
    """A function with rules, and what has a tangent where it was made."""

    primal: Primal
    tangents: Tangents


class _Follower:
    """Follows the values by which one transform differentiates into the functions that are called."""

    def __init__(self, module: JaxModule, taken: Differentiated) -> None:
        self.meaning = module.meaning
        self.context = module.anywhere
        self.positions = module.positions
        self.taken = taken

    def captures(self) -> Iterator[tuple[Primal, Capture]]:
        function = self.taken.function
        once = [name for name in self.taken.parameters if function.times(name) == 1]
        yield from self._within(function, {function.places[name]: None for name in once}, 0)

    def _within(self, function: Scope, tangents: Tangents, depth: int) -> Iterator[tuple[Primal, Capture]]:
        """What is captured by the functions with rules that a function calls, or that those it calls do."""
        made: dict[str, _Made] = {}
        for node, now in self._walk(function, tangents):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                    if function.times(name) == 1 and (given := self._given_back(call, now)):
                        made[name] = given
                case ast.Call():
                    inner = called(node.func, self.context)
                    if isinstance(inner, Function) and depth < _DEEPEST:
                        yield from self._within(inner.scope, self._bound(inner, node, now), depth + 1)
                    if (kept := self._called(node.func, now, made)) and (
                        found := self._capture(kept, node, now)
                    ):
                        yield kept.primal, found

    def _called(self, node: ast.expr, tangents: Tangents, made: Mapping[str, _Made]) -> _Made | None:
        """The function with rules that is called, by its name or as what its factory gave back."""
        value = called(node, self.context)
        if isinstance(value, Primal):
            return _Made(value, tangents)
        if isinstance(node, ast.Call):
            passed = node.args[0] if passes_on(node.func, self.context) and node.args else None
            return self._called(passed, tangents, made) if passed else self._given_back(node, tangents)
        return made.get(node.id) if isinstance(node, ast.Name) else None

    def _given_back(self, call: ast.Call, tangents: Tangents) -> _Made | None:
        """The function with rules that a call of a local function returns."""
        factory = called(call.func, self.context)
        if not isinstance(factory, Function):
            return None
        for node, now in self._walk(factory.scope, self._bound(factory, call, tangents)):
            if isinstance(node, ast.Return) and node.value:
                value = called(node.value, self.context)
                return _Made(value, now) if isinstance(value, Primal) else None
        return None

    def _capture(self, made: _Made, call: ast.Call, tangents: Tangents) -> Capture | None:
        """What a function with rules that is called closes over."""
        fact = self.meaning.primals[made.primal]
        body = _scope(fact.body)
        rules = [scope for _, values in fact.rules.values() if (scope := _scope(values))]
        if fact.maker.contract is None or body is None or not rules:
            return None
        outside = dict.fromkeys(made.tangents)
        own, in_rules = self._first(body, outside), [self._first(rule, outside) for rule in rules]
        ruled = any(in_rules) or any(self._calls(rule, made.primal) for rule in rules)
        moved = any(root(argument, tangents, self.context) for argument in call.args)
        read = own or (next(filter(None, in_rules), None) if moved else None)
        if read is None:
            return None
        return Capture(
            read.id,
            self.meaning.scope_of_load[read].unit.name,
            self.positions.span(read),
            self.taken.transform,
            self.positions.span(self.taken.node),
            bool(own and ruled),
        )

    def _calls(self, function: Scope, primal: Primal) -> bool:
        nodes = (node for part in sure_parts(function.node) for node in sure_nodes(part))
        return any(isinstance(node, ast.Call) and called(node.func, self.context) == primal for node in nodes)

    def _first(self, function: Scope, tangents: Tangents) -> ast.Name | None:
        return next(self._reads(function, tangents, 0), None)

    def _reads(self, function: Scope, tangents: Tangents, depth: int) -> Iterator[ast.Name]:
        """The names from outside that a function, or one that it calls, computes with."""
        for node, now in self._walk(function, tangents):
            for name in computed_with(node, now, self.context):
                yield self._origin(name, now)
            inner = called(node.func, self.context) if isinstance(node, ast.Call) else None
            if isinstance(node, ast.Call) and isinstance(inner, Function) and depth < _DEEPEST:
                yield from self._reads(inner.scope, self._bound(inner, node, now), depth + 1)

    def _walk(self, function: Scope, tangents: Tangents) -> Iterator[tuple[ast.AST, Tangents]]:
        """What is sure to run in a function, with what has a tangent by then."""
        for part in sure_parts(function.node):
            for node in sure_nodes(part):
                yield node, tangents
            if isinstance(part, ast.Assign) and len(part.targets) == 1:
                tangents = self._with(function, _names(part.targets[0]), part.value, tangents)

    def _bound(self, function: Function, call: ast.Call, tangents: Tangents) -> Tangents:
        """What has a tangent in a function that is called."""
        node = function.scope.node
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)  # noqa: S101
        names = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
        for name, argument in zip(names, call.args, strict=False):
            if isinstance(argument, ast.Starred):
                break
            tangents = self._with(function.scope, [name], argument, tangents)
        for keyword in call.keywords:
            if keyword.arg:
                tangents = self._with(function.scope, [keyword.arg], keyword.value, tangents)
        return tangents

    def _with(self, scope: Scope, names: list[str], value: ast.expr, tangents: Tangents) -> Tangents:
        """The tangents when a value is bound to names of a scope."""
        found = root(value, tangents, self.context)
        if found is None:
            return tangents
        once = [scope.places[name] for name in names if scope.times(name) == 1]
        return {**tangents, **dict.fromkeys(once, self._origin(found, tangents))}

    def _origin(self, name: ast.Name, tangents: Tangents) -> ast.Name:
        """The name from which a local one has its value."""
        owner = self.meaning.owner_of(name)
        return (tangents[owner.places[name.id]] if owner else None) or name


def _scope(values: Values) -> Scope | None:
    value = next(iter(values)) if len(values) == 1 else None
    return value.scope if isinstance(value, Function) else None


def _names(target: ast.expr) -> list[str]:
    parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    return [part.id for part in parts if isinstance(part, ast.Name)]
