"""Module objects that get away: after ``vars(m)`` or ``run(m)`` nobody knows which names of it are used."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from vjpfix.project.layout import tail_of
from vjpfix.project.sighting import Sighting, SightingKind
from vjpfix.project.strings import BY_OBJECT, Member
from vjpfix.project.view import View, last

_TELLING = frozenset(("__dict__", "__getattribute__", "__getattr__", "__dir__"))


def escapes(view: View, key: str, name: str, member: Member) -> Iterator[Sighting]:
    """The places where a module, of which ``name`` matters, is used other than to get an attribute."""
    for node in view.may_be_modules:
        if key in view.module_of(node, member).keys and (why := _why(view, node)):
            tail = tail_of(key)
            span = view.positions.span(node)
            yield Sighting(SightingKind.STUCK, span, why=f"the module `{tail}` {why}, and with it `{name}`")


def _why(view: View, node: ast.expr) -> str:
    """What is done with a module that is no plain look at an attribute."""
    match view.parents.get(node):
        case ast.Attribute(attr=attr):
            return f"is looked through by `{attr}` here" if attr in _TELLING else ""
        case ast.Call(func=func, args=[first, ast.Constant(value=str()), *_]) if first is node:
            return "" if last(func) in BY_OBJECT else "is passed on here"
        case ast.Call(func=func) if last(func) == "reload":
            return ""
        case (
            ast.Expr() | ast.Compare() | ast.If() | ast.IfExp() | ast.BoolOp() | ast.UnaryOp() | ast.Assert()
        ):
            return ""  # asked whether it is there
        case ast.Assign(targets=[ast.Name()], value=value) if isinstance(value, ast.Call):
            return ""  # a module got by its name has another one here
    return "is passed on here"
