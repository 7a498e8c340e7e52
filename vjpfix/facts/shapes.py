"""Whether an expression is a tuple or a list, and of what length, or certainly is neither."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vjpfix.facts.data import HARDLY, OTHER, UNKNOWN, Shape, Sort
from vjpfix.jaxfacts.arrays import ARRAY_FUNCTIONS, ARRAY_METHODS, CHOOSES
from vjpfix.semantic.data import Scope
from vjpfix.semantic.module import Module

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
