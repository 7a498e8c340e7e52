"""Which functions have transforms above the decorator that makes them primals, and rules attached below.

There the name is the transformed version from the start, which has no ``defvjp``. (Measured on JAX 0.10.2;
what ``sequential_vmap`` and ``functools.wraps`` give back has it, see ``Transform.forwards``.)
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vjpfix.facts.meaning import Meaning
from vjpfix.facts.values import Anywhere, Derived, Imported, Pending, Primal, Value, Values
from vjpfix.jaxfacts.effects import ASKS_FOR_NAME, NAMELESS, never_swallows
from vjpfix.jaxfacts.transforms import Transform
from vjpfix.model import Span
from vjpfix.semantic.data import Binding

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule


Parents = Mapping[ast.AST, ast.AST]


@dataclass(frozen=True, slots=True)
class Above:
    """A decorator above the custom-derivative decorator. ``row``: None where it is nothing of the table."""

    node: ast.expr
    row: Transform | None


@dataclass(frozen=True, slots=True)
class Stack:
    """A function with decorators ``above`` the one that makes it the ``primal``, from the top.

    ``attached``: the attributes by which rules are attached to what the decorators give back. ``steps``: the
    names of the decorators that are transforms, from the top, with their places; ``maker``: that of the one
    below.
    """

    binding: Binding
    node: ast.FunctionDef
    primal: Primal
    above: tuple[Above, ...]
    attached: tuple[ast.Attribute, ...]
    steps: tuple[tuple[str, Span], ...]
    maker: str


def stacks(module: JaxModule) -> Iterator[Stack]:
    """The functions whose rules are attached to something that takes none."""
    meaning = module.meaning
    asked: dict[Derived, list[ast.Attribute]] = {}
    for attribute, values in meaning.asked.items():
        value = next(iter(values)) if len(values) == 1 else None
        if isinstance(value, Derived) and attribute.attr in _setters(meaning, value.base):
            asked.setdefault(value, []).append(attribute)
    for value, attributes in asked.items():
        stack = _stack(module, value, attributes)
        if stack and _takes_no_rules(meaning, stack) and not _is_met(module, stack):
            yield stack


def _setters(meaning: Meaning, value: Value) -> Collection[str]:
    return meaning.primals[value].maker.setters if isinstance(value, Primal) else ()


def _stack(module: JaxModule, value: Derived, attributes: list[ast.Attribute]) -> Stack | None:
    """The function of which decorators alone made a value."""
    meaning = module.meaning
    for binding in meaning.module.bindings:
        node, primal = binding.node, value.base
        if not isinstance(node, ast.FunctionDef) or not isinstance(primal, Primal):
            continue
        if meaning.stands_for(binding) == {value} and (above := _above(meaning, node, primal)):
            attached = sorted(attributes, key=lambda each: (each.lineno, each.col_offset))
            steps = tuple((last_word(a.row.names), module.positions.span(a.node)) for a in above if a.row)
            maker = last_word(meaning.primals[primal].maker.names)
            return Stack(binding, node, primal, above, tuple(attached), steps, maker)
    return None


def _above(meaning: Meaning, node: ast.FunctionDef, primal: Primal) -> tuple[Above, ...]:
    if primal.node not in node.decorator_list:
        return ()
    above = node.decorator_list[: [*node.decorator_list].index(primal.node)]
    return tuple(Above(each, _row(meaning, meaning.decorators.get(each, frozenset()))) for each in above)


def _row(meaning: Meaning, values: Values) -> Transform | None:
    """The row of the one transform that a decorator is."""
    names = {
        value.name if isinstance(value, Imported) else value.steps[-1] if isinstance(value, Pending) else ""
        for value in values
    }
    rows = [meaning.table.transform(name) for name in names]
    row = rows[0] if len(rows) == 1 else None
    return None if row is None or row.applies else row


def last_word(names: Sequence[str]) -> str:
    """The last word of the public one of a row's qualified names."""
    return names[0].rpartition(".")[2]


def _takes_no_rules(meaning: Meaning, stack: Stack) -> bool:
    """Whether what the decorators give back surely has no setter."""
    names = {each.row.names[0] for each in stack.above if each.row}
    if meaning.primals[stack.primal].maker.names[0].startswith(NAMELESS) and names & ASKS_FOR_NAME:
        return False
    rows = [each.row for each in stack.above]
    first = next((row for row in rows if row is None or not row.forwards), None)
    return first is not None


def _is_met(module: JaxModule, stack: Stack) -> bool:
    """Whether the code that attaches rules seems to know that it may be in vain."""
    return any(
        _is_expected(module.anywhere, stack.node.name, inner, outer)
        for attribute in stack.attached
        for inner, outer in _steps_out(attribute, module.parents)
    )


def _steps_out(node: ast.AST, parents: Parents) -> Iterator[tuple[ast.AST, ast.AST]]:
    while node in parents:
        yield node, parents[node]
        node = parents[node]


def _is_expected(context: Anywhere, name: str, inner: ast.AST, outer: ast.AST) -> bool:
    """Whether ``outer``, of which ``inner`` is a part, is there for what happens in it."""
    match outer:
        case ast.Lambda() | ast.BoolOp():
            return True
        case ast.Try() | ast.TryStar():
            return bool(outer.handlers) and inner in outer.body
        case ast.With():
            return inner in outer.body and not all(
                _passes_errors(context, item.context_expr) for item in outer.items
            )
        case ast.If() | ast.While() | ast.IfExp():
            return inner is not outer.test and _names(outer.test, name)
        case ast.Match():
            return _names(outer.subject, name)
    return False


def _passes_errors(context: Anywhere, node: ast.expr) -> bool:
    return never_swallows(context.called(node.func if isinstance(node, ast.Call) else node))


def _names(node: ast.AST, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(node))
