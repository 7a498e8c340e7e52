"""The walk over calls: what they run, what they may keep, and the rules they attach."""

from __future__ import annotations

import ast

from vjpfix.analyse.definitions import Node, union
from vjpfix.analyse.expressions import Carries, ExpressionWalk
from vjpfix.analyse.inert import gives_function_back, keeps_nothing, never_swallows
from vjpfix.analyse.transforms import CustomDerivative
from vjpfix.analyse.values import (
    NOTHING,
    Context,
    Derived,
    Function,
    Imported,
    Maker,
    Pending,
    Primal,
    Setter,
    Value,
    Values,
    evaluate,
    wrap,
)
from vjpfix.semantic.data import Scope


class CallWalk(ExpressionWalk):
    """Follows calls."""

    def within(self, function: Function, arguments: dict[str, Values]) -> Context | None:
        return _CallContext(self, function.scope, arguments)

    def call(self, node: ast.Call) -> Carries:
        callee = evaluate(node.func, self) if self.state else NOTHING
        function = self.expr(node.func)
        self.note(node, callee)
        setters = [value for value in callee if isinstance(value, Setter)]
        attaches = [s for s in setters if s.attribute in self.setters_of(s.primal)]
        makes = any(
            isinstance(value, Maker) or (isinstance(value, Imported) and self.table.derivative(value.name))
            for value in callee
        )
        if attaches or makes:
            self.mark_attach_loads(node)
        passed = union([self.expr(part) for part in [*node.args, *(k.value for k in node.keywords)]])
        self.line = node.lineno
        for setter in attaches:
            self.attach(setter, node)
        if attaches or makes:
            return self.bound_carries(evaluate(node, self), function | passed)
        if callee and all(self.is_inert(value) for value in callee):
            return self.bound_carries(evaluate(node, self), function | passed)
        if callee and all(keeps_nothing(value, self.table) for value in callee):
            self.run(function | passed)
            return self.given_back(function)
        self.run(function)
        self.escape(passed)
        return self.given_back(function) | passed

    def given_back(self, function: Carries) -> Carries:
        """What the result of a call may call: no array is a function, and a lambda called at once is gone."""
        nodes: set[Node] = set()
        for node in function:
            if isinstance(node, Scope) and isinstance(node.node, ast.Lambda | ast.GeneratorExp):
                nodes.update(self.program.neighbours(node))
            elif not isinstance(node, Primal):
                nodes.add(node)
        return frozenset(nodes)

    def note(self, node: ast.Call, callee: Values) -> None:
        """Remember the functions this call runs, for functions that wrap a primal."""
        found: set[Value] = {v for v in callee if isinstance(v, Primal | Function | Derived)}
        for value in callee:
            transform = self.table.transform(value.name) if isinstance(value, Imported) else None
            if transform and transform.applies and node.args:
                found |= wrap(evaluate(node.args[0], self), (transform.names[0],))
        if found:
            self.program.note_applied(self.unit, node, frozenset(found))

    def is_inert(self, value: object) -> bool:
        return isinstance(value, Pending | Maker) or (
            isinstance(value, Imported) and gives_function_back(value.name, self.table)
        )

    def setters_of(self, primal: Primal) -> dict[str, object]:
        return dict(self.program.primals[primal].maker.setters)

    def mark_attach_loads(self, node: ast.Call) -> None:
        """The names in the arguments are no uses that can call the rules; lambdas have code of their own."""
        todo: list[ast.AST] = [*node.args, *(k.value for k in node.keywords)]
        while todo:
            part = todo.pop()
            if isinstance(part, ast.Name):
                self.program.attach_loads.add(part)
            elif not isinstance(part, ast.Lambda):
                todo.extend(ast.iter_child_nodes(part))

    def attach(self, setter: Setter, node: ast.Call) -> None:
        """``f.defvjp(fwd, bwd)``: the rules are the arguments, whatever they are called."""
        maker = self.program.primals[setter.primal].maker
        roles = maker.setters[setter.attribute]
        for index, argument in enumerate(node.args):
            role = roles[min(index, len(roles) - 1)]
            self.program.attach(setter.primal, argument, role, evaluate(argument, self))
        for keyword in node.keywords:
            if named := maker.keywords.get(keyword.arg or ""):
                self.program.attach(setter.primal, keyword.value, named, evaluate(keyword.value, self))

    def may_swallow(self, node: ast.expr) -> bool:
        """Whether a context manager could end its body early without an error."""
        value = node.func if isinstance(node, ast.Call) else node
        values = evaluate(value, self)
        return not values or not all(isinstance(v, Imported) and never_swallows(v.name) for v in values)


class _CallContext:
    """A local function's body, seen from one call: parameters first, then what names may mean at all."""

    def __init__(self, outer: ExpressionWalk, scope: Scope, arguments: dict[str, Values]) -> None:
        self.outer = outer
        self.scope = scope
        self.arguments = arguments
        self.table = outer.table

    def name(self, node: ast.Name) -> Values:
        owner = self.scope.owner(node.id)
        if owner is self.scope:
            return self.arguments.get(node.id, NOTHING)
        return self.outer.program.values_of(owner, node.id)

    def class_attribute(self, scope: Scope, attribute: str) -> Values:
        return self.outer.class_attribute(scope, attribute)

    def function(self, node: ast.Lambda) -> Function:
        return self.outer.function(node)

    def make_primal(self, node: ast.AST, maker: CustomDerivative, body: Values) -> Primal:
        return self.outer.make_primal(node, maker, body)

    def within(self, function: Function, arguments: dict[str, Values]) -> Context | None:
        return _CallContext(self.outer, function.scope, arguments)
