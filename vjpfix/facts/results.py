"""What a rule gives: a tuple or a list of what length, and whether a part of it is the primal's output.

JAX asks ``fwd(*args)`` for a pair that starts with ``f(*args)``, and ``jvp(primals, tangents)`` for one that
starts with ``f(*primals)`` (``jax.custom_vjp.defvjp``, ``jax.custom_jvp.defjvp``).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from vjpfix.facts.data import HARDLY, OTHER, UNKNOWN, Shape, Sort
from vjpfix.jaxfacts.arrays import ARRAY_FUNCTIONS, ARRAY_METHODS, CHOOSES
from vjpfix.jaxfacts.transforms import Role
from vjpfix.semantic.data import Module, Scope

_NEITHER = (
    ast.Constant
    | ast.JoinedStr
    | ast.Dict
    | ast.Set
    | ast.DictComp
    | ast.SetComp
    | ast.Lambda
    | ast.GeneratorExp
    | ast.UnaryOp
    | ast.Compare
)
MAX_DEPTH = 20
PAIR = 2


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of the expressions of one function.

    ``scope``: the function's, ``given``: what is known of its parameters, ``called``: the qualified name of
    the function that an expression stands for ("" where that is not known).
    """

    module: Module
    scope: Scope
    called: Callable[[ast.expr], str]
    given: Mapping[str, Shape]

    def of(self, node: ast.expr | None, depth: int = 0) -> Shape:
        """The shape of an expression; None is a bare ``return``."""
        if depth > MAX_DEPTH:
            return UNKNOWN
        match node:
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                stars = any(isinstance(element, ast.Starred) for element in elements)
                sort = Sort.TUPLE if isinstance(node, ast.Tuple) else Sort.LIST
                return Shape(sort, None if stars else len(elements))
            case ast.BinOp():
                return self._of_operation(node, depth)
            case ast.Name():
                return self._of_name(node, depth)
            case ast.Call():
                return self._of_call(node)
            case ast.NamedExpr(value=value):
                return self.of(value, depth + 1)
            case ast.Constant(value=value) if value is ...:
                return UNKNOWN  # it stands for what is not written yet
            case None:
                return OTHER
        return OTHER if isinstance(node, _NEITHER) else UNKNOWN

    def _of_operation(self, node: ast.BinOp, depth: int) -> Shape:
        """Only sums of sequences, and products of one and a whole number, are sequences."""
        if not isinstance(node.op, ast.Add | ast.Mult):
            return OTHER
        left, right = self.of(node.left, depth + 1), self.of(node.right, depth + 1)
        if left.is_sequence or right.is_sequence:
            return UNKNOWN
        if isinstance(node.op, ast.Add):
            return OTHER if OTHER in (left, right) else UNKNOWN
        is_square = isinstance(node.left, ast.Name) and ast.dump(node.left) == ast.dump(node.right)
        if (
            (left == right == OTHER)
            or is_square
            or self._is_inexact(node.left)
            or self._is_inexact(node.right)
        ):
            return OTHER
        return HARDLY

    def _is_inexact(self, node: ast.expr) -> bool:
        """Whether an expression is an array or a number that repeats no sequence."""
        match node:
            case ast.Constant(value=value):
                return isinstance(value, float | complex)
            case ast.Call():
                return self.called(node.func) in ARRAY_FUNCTIONS
            case ast.UnaryOp(operand=operand):
                return self._is_inexact(operand)
            case ast.BinOp(left=left, op=op, right=right):
                return isinstance(op, ast.Div) or self._is_inexact(left) or self._is_inexact(right)
        return False

    def _of_call(self, node: ast.Call) -> Shape:
        name = self.called(node.func)
        if name in ARRAY_FUNCTIONS or name in ("builtins.dict", "builtins.float", "builtins.set"):
            return OTHER
        if name == CHOOSES and len(node.args) == 3:
            return OTHER
        is_method = isinstance(node.func, ast.Attribute) and node.func.attr in ARRAY_METHODS
        return HARDLY if is_method and not name else UNKNOWN

    def _of_name(self, node: ast.Name, depth: int) -> Shape:
        """Of a parameter what is known, of a local name that is bound once its value, unless a list's."""
        scope = self.scope
        if scope.owner(node.id) is not scope or scope.times(node.id) != 1:
            return UNKNOWN
        if any(node.id in inner.nonlocals for inner in scope.descendants()):
            return UNKNOWN
        if node.id in self.given:
            return self.given[node.id]
        value = self._assigned(node.id)
        shape = self.of(value, depth + 1) if value else UNKNOWN
        return UNKNOWN if shape.sort is Sort.LIST else shape

    def _assigned(self, name: str) -> ast.expr | None:
        for statement in getattr(self.scope.node, "body", ()) if self.scope.name != "<lambda>" else ():
            match statement:
                case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                    return value
        return None


def gives_output(unit: Scope, call: ast.Call, role: Role) -> bool:
    """Whether a rule gives the value of ``call`` as the primal's output, of just the primal's arguments."""
    node = unit.node
    if role not in (Role.FWD, Role.JVP) or not isinstance(node, ast.FunctionDef | ast.Lambda):
        return False
    results = list(_results(node))
    expected = _arguments(unit, node, role)
    passed = [ast.unparse(argument) for argument in call.args]
    is_output = bool(results) and all(_is_value(unit, node, result, call) for result in results)
    return is_output and not call.keywords and passed in expected


def _results(node: ast.FunctionDef | ast.Lambda) -> Iterator[ast.expr | None]:
    """What a rule gives back, at each of its ends."""
    if isinstance(node, ast.Lambda):
        yield node.body
        return
    todo: list[ast.AST] = [*node.body]
    while todo:
        part = todo.pop()
        if isinstance(part, ast.Return):
            yield part.value
        elif not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo += ast.iter_child_nodes(part)


def _is_value(
    unit: Scope, node: ast.FunctionDef | ast.Lambda, result: ast.expr | None, call: ast.Call
) -> bool:
    if not isinstance(result, ast.Tuple) or len(result.elts) != PAIR:
        return False
    first = result.elts[0]
    if isinstance(first, ast.Name) and unit.times(first.id) == 1:
        return any(
            isinstance(part, ast.Assign)
            and part.value is call
            and any(isinstance(target, ast.Name) and target.id == first.id for target in part.targets)
            for part in ast.walk(node)
        )
    return first is call


def _arguments(unit: Scope, node: ast.FunctionDef | ast.Lambda, role: Role) -> list[list[str]]:
    """The ways to spell the primal's arguments in a rule that gives them no other meaning."""
    args = node.args
    if args.kwonlyargs or args.kwarg:
        return []
    names = [arg.arg for arg in (*args.posonlyargs, *args.args)]
    if role is Role.FWD:
        rest = [args.vararg.arg] if args.vararg else []
        fixed = all(unit.times(name) == 1 for name in (*names, *rest))
        return [[*names, *(f"*{name}" for name in rest)]] if fixed else []
    if len(names) != PAIR or args.vararg or any(unit.times(name) != 1 for name in names):
        return []
    return [[f"*{names[0]}"], *_unpacked(unit, node, names[0])]


def _unpacked(unit: Scope, node: ast.AST, primals: str) -> Iterator[list[str]]:
    """The names that the primals are taken apart into: ``x, y = primals``, ``(x,), (t,) = primals, ts``."""
    for part in ast.walk(node):
        if isinstance(part, ast.Assign) and len(part.targets) == 1:
            for target, value in _pairs(part.targets[0], part.value):
                if (
                    isinstance(value, ast.Name)
                    and value.id == primals
                    and isinstance(target, ast.Tuple | ast.List)
                ):
                    names = [each.id for each in target.elts if isinstance(each, ast.Name)]
                    if len(names) == len(target.elts) and all(unit.times(name) == 1 for name in names):
                        yield names


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    yield target, value
    if isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
        yield from zip(target.elts, value.elts, strict=False)
