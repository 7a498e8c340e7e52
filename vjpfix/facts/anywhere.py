"""What an expression stands for wherever it is read, where that is always the same."""

from __future__ import annotations

import ast

from vjpfix.facts.program import Program
from vjpfix.facts.values import NOTHING, Context, Function, Imported, Primal, Value, Values, evaluate
from vjpfix.jaxfacts.transforms import CustomDerivative


class Anywhere:
    """The context (see ``values``) in which a name is what all of its bindings bind it to."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.table = program.table

    def name(self, node: ast.Name) -> Values:
        owner = self.program.owner_of(node)
        if owner is None:
            return frozenset({Imported(f"builtins.{node.id}")})
        place = owner.places.get(node.id)
        found = {self.program.stands_for(each) for each in place.bindings} if place else set()
        return found.pop() if place and len(found) == 1 and place.sites == len(place.bindings) else NOTHING

    def class_attribute(self, *_: object) -> Values:
        return NOTHING

    def function(self, node: ast.Lambda) -> Function:
        return Function(self.program.module.scopes[node])

    def make_primal(self, node: ast.AST, maker: CustomDerivative, body: Values) -> Primal:
        return self.program.make_primal(node, maker, body)

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
