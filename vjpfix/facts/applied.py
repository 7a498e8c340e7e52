"""The derivatives that a module takes of its functions with rules, by the transforms it names."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from vjpfix.facts.anywhere import Anywhere
from vjpfix.facts.data import Application
from vjpfix.facts.own_code import own_nodes
from vjpfix.facts.values import Derived, Function, Primal, evaluate
from vjpfix.jaxfacts.differentiation import MODES, ONLY_TRACE, REVERSE, Mode
from vjpfix.jaxfacts.effects import short_name
from vjpfix.jaxfacts.transforms import Kind, Role, Transform
from vjpfix.semantic.data import Binding, Scope

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule


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
        self.program = module.program
        self.named = named
        self.context = module.anywhere
        self.positions = module.positions

    def application(self, node: ast.Call, called: str) -> Application | None:
        """What a call is, where it takes a derivative of a function with rules."""
        transform = self.program.table.transform(called)
        mode = MODES.get(transform.names[0]) if transform else None
        argument = function_of(node, transform) if transform and mode else None
        values = evaluate(argument, self.context) if argument else ()
        value = next(iter(values)) if len(values) == 1 else None
        primal, steps = (value.base, value.steps) if isinstance(value, Derived) else (value, ())
        if not isinstance(primal, Primal) or primal not in self.named or not all(map(self._passes_on, steps)):
            return None
        contract = self.program.primals[primal].maker.contract
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
        row = self.program.table.transform(step)
        return step in REVERSE or (row is not None and row.kind in (Kind.COMPILES, Kind.MAPS))

    def _maps(self, step: str) -> bool:
        row = self.program.table.transform(step)
        return row is not None and row.kind is Kind.MAPS

    def _calls_itself(self, primal: Primal) -> bool:
        """Whether a statement of the function's ``fwd`` that always runs calls the function by its name."""
        for role, values in self.program.primals[primal].rules.values():
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
