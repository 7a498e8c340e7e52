"""Which expressions surely have a tangent when some names have one, and where one is computed with.

Measured on JAX 0.10.2. What gives integers or booleans, and what asks for a shape or a type only, ends it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from vjpfix.facts.anywhere import Anywhere
from vjpfix.jaxfacts.arrays import SMOOTH_FUNCTIONS, SMOOTH_METHODS
from vjpfix.semantic.data import Place

_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult)
_NO_COMPARISONS = (ast.Is, ast.IsNot, ast.In, ast.NotIn)

# Of names that have one: the name from outside to which a local one owes it.
Tangents = Mapping[Place, ast.Name | None]


def root(node: ast.AST, tangents: Tangents, context: Anywhere) -> ast.Name | None:
    """A name to which an expression owes its tangent; None where it may have none."""
    match node:
        case ast.Name():
            owner = context.program.owner_of(node)
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
