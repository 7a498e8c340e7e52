"""What an expression stands for, as far as custom derivatives and transforms go.

``evaluate`` is pure: it asks its ``Context`` what a name means and records nothing but the primals that a
custom-derivative decorator makes. A set of values means "one of these"; an empty set means "something else".
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from vjpfix.jaxfacts.effects import PARTIAL
from vjpfix.jaxfacts.transforms import PARTIAL_WITH_ARGUMENTS, CustomDerivative, Role, Table
from vjpfix.semantic.data import Place, Scope

if TYPE_CHECKING:
    from vjpfix.facts.meaning import Meaning

MAX_CALL_DEPTH = 4
UNDERLYING = ("__wrapped__", "fun")


@dataclass(frozen=True, slots=True)
class Imported:
    """Something from outside the module, by its qualified name."""

    name: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function or lambda of this module."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class Class:
    """A class of this module."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class Primal:
    """A function with custom rules. ``node`` is the decorator or call that made it."""

    node: ast.AST


@dataclass(frozen=True, slots=True)
class Derived:
    """A transformed function: the base and the qualified names of the transforms, innermost first."""

    base: Primal | Function
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A transform that still waits for its function: ``partial(vmap, in_axes=0)``."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Maker:
    """A custom-derivative decorator that still waits for its function."""

    name: str


@dataclass(frozen=True, slots=True)
class Setter:
    """``f.defvjp`` and its like."""

    primal: Primal
    attribute: str


Value = Imported | Function | Class | Primal | Derived | Pending | Maker | Setter
Values = frozenset[Value]
NOTHING: Values = frozenset()


class Context(Protocol):
    """What evaluation needs to know of the module and of the place it stands at."""

    table: Table

    def name(self, node: ast.Name) -> Values: ...

    def class_attribute(self, scope: Scope, attribute: str) -> Values: ...

    def function(self, node: ast.Lambda) -> Function: ...

    def make_primal(self, node: ast.AST, maker: CustomDerivative, body: Values) -> Primal: ...

    def within(self, function: Function, arguments: dict[str, Values]) -> Context | None: ...


def evaluate(node: ast.expr, context: Context, depth: int = 0) -> Values:
    """The values of an expression; ``depth`` bounds how far calls of local functions are followed."""
    match node:
        case ast.Name():
            return context.name(node)
        case ast.Attribute():
            return _attribute(node, context, depth)
        case ast.Call():
            return _call(node, context, depth)
        case ast.IfExp(body=body, orelse=orelse):
            return evaluate(body, context, depth) | evaluate(orelse, context, depth)
        case ast.BoolOp(values=values):
            return frozenset().union(*(evaluate(value, context, depth) for value in values))
        case ast.NamedExpr(value=value):
            return evaluate(value, context, depth)
        case ast.Lambda():
            return frozenset({context.function(node)})
    return NOTHING


def _attribute(node: ast.Attribute, context: Context, depth: int) -> Values:
    found: set[Value] = set()
    for value in evaluate(node.value, context, depth):
        if isinstance(value, Imported):
            found.add(Imported(f"{value.name}.{node.attr}"))
        elif isinstance(value, Class):
            found |= context.class_attribute(value.scope, node.attr)
        elif isinstance(value, Primal):
            found.add(value if node.attr in UNDERLYING else Setter(value, node.attr))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Call:
    node: ast.Call
    arguments: tuple[Values, ...]
    keywords: dict[str, Values]
    context: Context
    depth: int


def _call(node: ast.Call, context: Context, depth: int) -> Values:
    callee = evaluate(node.func, context, depth)
    call = _Call(
        node,
        tuple(evaluate(argument, context, depth) for argument in node.args),
        {k.arg: evaluate(k.value, context, depth) for k in node.keywords if k.arg},
        context,
        depth,
    )
    if not callee:
        passed = _passed(call)
        return wrap(passed, (ast.unparse(node.func),)) if passed else NOTHING
    return frozenset().union(*(_apply(value, call) for value in callee))


def _passed(call: _Call) -> Values:
    return frozenset().union(*call.arguments, *call.keywords.values())


def _first(call: _Call, keywords: tuple[str, ...]) -> Values | None:
    if call.arguments:
        return call.arguments[0]
    return next((call.keywords[name] for name in keywords if name in call.keywords), None)


def wrap(values: Values, steps: tuple[str, ...]) -> Values:
    """What a transform makes of its function: each value with these steps on top."""
    found: set[Value] = set()
    for value in values:
        if isinstance(value, Primal | Function):
            found.add(Derived(value, steps))
        elif isinstance(value, Derived):
            found.add(Derived(value.base, _chain(value.steps, steps)))
    return frozenset(found)


def _chain(inner: tuple[str, ...], outer: tuple[str, ...]) -> tuple[str, ...]:
    # A step counts once, so that loops reach a fixed point.
    return inner + tuple(step for step in outer if step not in inner)


def apply_value(value: Value, node: ast.AST, argument: Values, context: Context) -> Values:
    """What a decorator ``value`` makes of a function."""
    name = "decorator"
    if isinstance(value, Maker) and (maker := context.table.derivative(value.name)):
        return frozenset({context.make_primal(node, maker, argument)})
    if isinstance(value, Pending):
        return wrap(argument, value.steps)
    if isinstance(value, Setter):
        return argument
    if isinstance(value, Imported):
        if maker := context.table.derivative(value.name):
            return frozenset({context.make_primal(node, maker, argument)})
        transform = context.table.transform(value.name)
        name = transform.names[0] if transform else value.name
    elif isinstance(value, Function):
        name = value.scope.name
    return wrap(argument, (name,))


def _apply(value: Value, call: _Call) -> Values:
    match value:
        case Imported(name=name):
            return _apply_imported(name, call)
        case Function():
            return _apply_function(value, call)
        case Maker(name=name):
            return _apply_maker(name, call)
        case Pending(steps=steps):
            inner = _first(call, ("fun", "f", "func", "fn"))
            return wrap(inner, steps) if inner is not None else frozenset({value})
        case Setter():
            return call.arguments[0] if call.arguments else NOTHING
    return NOTHING


def _apply_imported(name: str, call: _Call) -> Values:
    if call.context.table.derivative(name):
        return _apply_maker(name, call)
    if name in PARTIAL:
        return _apply_partial(call)
    transform = call.context.table.transform(name)
    if transform is None:
        return wrap(_passed(call), (name,))
    if transform.applies:
        return NOTHING  # a result, not a function
    canonical = transform.names[0]
    if transform.factory:
        return frozenset({Pending((canonical,))})
    inner = _first(call, transform.keyword)
    if inner is None:
        return frozenset({Pending((canonical,))})
    return wrap(inner, (canonical,))


def _apply_maker(name: str, call: _Call) -> Values:
    maker = call.context.table.derivative(name)
    assert maker is not None  # noqa: S101  # the caller asked the table
    inner = _first(call, maker.keyword)
    if inner is None:
        return frozenset({Maker(name)})
    return frozenset({call.context.make_primal(call.node, maker, inner)})


def _apply_partial(call: _Call) -> Values:
    """``partial(g, …)``: of a transform or decorator it waits for its function, of a function it wraps it."""
    if not call.arguments:
        return NOTHING
    found: set[Value] = set()
    rest = call.arguments[1:]
    for value in call.arguments[0]:
        if isinstance(value, Imported) and call.context.table.derivative(value.name):
            found.add(Maker(value.name))
        elif isinstance(value, Imported) and (transform := call.context.table.transform(value.name)):
            step = (transform.names[0],)
            found |= wrap(rest[0], step) if rest else {Pending(step)}
        elif isinstance(value, Pending | Maker) or (isinstance(value, Setter) and not rest):
            found.add(value)
        elif isinstance(value, Primal | Function | Derived):
            step = (PARTIAL_WITH_ARGUMENTS.names[0] if rest else PARTIAL[0],)
            found |= wrap(frozenset({value}), step)
    return frozenset(found)


def _apply_function(function: Function, call: _Call) -> Values:
    """A call of a local function: what its one ``return`` gives, else "wraps what it was passed"."""
    passed = _passed(call)
    body = _returned(function.scope.node)
    if body is not None and call.depth < MAX_CALL_DEPTH:
        arguments = _bind(function.scope.node, call)
        inner = call.context.within(function, arguments)
        if inner is not None:
            return evaluate(body, inner, call.depth + 1)
    return wrap(passed, (function.scope.name,))


def _returned(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.Lambda):
        return node.body
    if isinstance(node, ast.FunctionDef):
        body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
        if len(body) == 1 and isinstance(body[0], ast.Return):
            return body[0].value
    return None


def _bind(node: ast.AST, call: _Call) -> dict[str, Values]:
    assert isinstance(node, ast.FunctionDef | ast.Lambda)  # noqa: S101  # only these have a returned value
    args = node.args
    names = [arg.arg for arg in [*args.posonlyargs, *args.args]]
    return {**dict(zip(names, call.arguments, strict=False)), **call.keywords}


@dataclass(frozen=True, slots=True)
class Method:
    """Any method of this name: what an attribute load may reach."""

    name: str


T = TypeVar("T")
Node = Scope | Place | Method | Primal


@dataclass(eq=False, slots=True)
class PrimalFact:
    """A primal: the function it was made of, and its rules with the expressions that named them."""

    maker: CustomDerivative
    body: Values
    rules: dict[ast.expr, tuple[Role, Values]] = field(default_factory=dict)

    def attach(self, expression: ast.expr, role: Role, values: Values) -> None:
        self.rules[expression] = (role, self.rules.get(expression, (role, NOTHING))[1] | values)


def bases(values: Values) -> list[Scope]:
    """The local functions at the bottom of these values."""
    return [base.scope for value in values if isinstance(base := base_of(value), Function)]


def base_of(value: Value) -> Value:
    return value.base if isinstance(value, Derived) else value


def union(sets: Iterable[frozenset[T]]) -> frozenset[T]:
    return frozenset().union(*sets)


def node_of(value: Value) -> Node | None:
    """The node of the reach graph that a value is, if any."""
    match base_of(value):
        case Primal() as primal:
            return primal
        case Function(scope=scope) | Class(scope=scope):
            return scope
    return None


class Anywhere:
    """The context (see ``values``) in which a name is what all of its bindings bind it to."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.table = meaning.table

    def name(self, node: ast.Name) -> Values:
        owner = self.meaning.owner_of(node)
        if owner is None:
            return frozenset({Imported(f"builtins.{node.id}")})
        place = owner.places.get(node.id)
        found = {self.meaning.stands_for(each) for each in place.bindings} if place else set()
        return found.pop() if place and len(found) == 1 and place.sites == len(place.bindings) else NOTHING

    def class_attribute(self, *_: object) -> Values:
        return NOTHING

    def function(self, node: ast.Lambda) -> Function:
        return Function(self.meaning.module.scopes[node])

    def make_primal(self, node: ast.AST, maker: CustomDerivative, body: Values) -> Primal:
        return self.meaning.make_primal(node, maker, body)

    def within(self, *_: object) -> Context | None:
        return None

    def value(self, node: ast.expr) -> Value | None:
        """The one thing that an expression stands for."""
        found = evaluate(node, self)
        return next(iter(found)) if len(found) == 1 else None

    def called(self, node: ast.expr) -> str:
        """The qualified name of what an expression stands for, "" where it is nothing from outside."""
        value = self.value(node) if isinstance(node, ast.Name | ast.Attribute) else None
        return value.name if isinstance(value, Imported) else ""
