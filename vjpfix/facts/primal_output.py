"""Whether a call in a rule is to give what the primal gives: its value is the primal's output.

JAX asks ``fwd(*args)`` for a pair that starts with ``f(*args)``, and ``jvp(primals, tangents)`` for one that
starts with ``f(*primals)`` (``jax.custom_vjp.defvjp``, ``jax.custom_jvp.defjvp``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from vjpfix.jaxfacts.transforms import Role
from vjpfix.semantic.data import Scope

PAIR = 2


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
