"""Code that may find an attribute of a class without naming it: by an unknown name, or by all names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from vjpfix.model import Note, VjpfixError
from vjpfix.project.classes import Classes
from vjpfix.project.strings import BY_OBJECT
from vjpfix.project.view import View, last
from vjpfix.semantic.lineage import Verdict
from vjpfix.semantic.receivers import Kind

SHOWS = frozenset(("vars", "dir", "getmembers", "getmembers_static"))
TELLING = frozenset(("__dict__", "__getattribute__", "__dir__"))
_DYNAMIC = re.compile(rb"getattr|vars\(|dir\(|__dict__|getmembers")
_ASKS = BY_OBJECT | {"isinstance", "issubclass", "super", "type", "cast", "id", "print", "repr"}


def hidden_lookups(classes: Classes) -> Iterator[Note]:
    """The places where something unknown is looked into, where that may be the class.

    A name that is looked up has to come from a string somewhere; all names can be had from the class alone.
    """
    is_named = any(_names_it(view, classes) for view in classes.views.values())
    is_given = any(_gives_away(view, classes) for view in classes.views.values())
    if not (is_named or is_given):
        return
    for file, path in classes.project.files.items():
        data = classes.project.data(file)
        if not _DYNAMIC.search(data) or not classes.is_connected(file):
            continue
        try:
            view = classes.project.view(file)
        except VjpfixError as error:
            yield error.note("this module looks names up and cannot be read", path)
            continue
        for node in view.nodes:
            if isinstance(node, ast.Call | ast.Attribute) and _may_find(
                classes, view, node, is_named, is_given
            ):
                why = f"this may find `{classes.name}` of `{classes.scope.name}`"
                yield Note(why, path, view.positions.span(node))


def _may_find(
    classes: Classes, view: View, node: ast.Call | ast.Attribute, is_named: bool, is_given: bool
) -> bool:
    target: ast.expr | None = None
    match node:
        case ast.Call(args=[target, key, *_]) if last(node.func) in BY_OBJECT - {"object"}:
            if isinstance(key, ast.Constant) or not is_named:
                return False
        case ast.Call(args=[target, *_]) if last(node.func) in SHOWS and is_given:
            pass
        case ast.Attribute(value=target, attr=attr) if attr in TELLING and is_given:
            pass
        case _:
            return False
    receiver = classes.receivers_of(view).of(target)
    return classes.lineage.verdict(receiver, classes.scope, classes.name) is Verdict.UNSURE


def _names_it(view: View, classes: Classes) -> bool:
    """Whether a string of a module is the name, other than to look it up in something known."""
    return any(
        isinstance(node, ast.Constant)
        and node.value == classes.name
        and not isinstance(view.parents.get(node), ast.Expr)
        and not _is_key(node, view.parents.get(node))
        for node in view.nodes
    )


def _is_key(node: ast.Constant, parent: ast.AST | None) -> bool:
    """Whether it is the second argument of ``getattr`` and its like, which are judged by the first."""
    return isinstance(parent, ast.Call) and last(parent.func) in BY_OBJECT and node in parent.args[1:2]


def _gives_away(view: View, classes: Classes) -> bool:
    """Whether a module passes the class itself, or one below it, on."""
    receivers = classes.receivers_of(view)
    for node in view.nodes:
        if isinstance(node, ast.ClassDef):
            scope = view.module.scopes[node]
            decorated = any(receivers.of(_callee(d)).kind is Kind.UNKNOWN for d in node.decorator_list)
            local = any(receivers.of(_callee(d)).kind is Kind.UNRELATED for d in node.decorator_list)
            if (decorated or local) and classes.scope in (classes.lineage.order(scope) or ()):
                return True
        elif isinstance(node, ast.Name | ast.Attribute) and last(node) in classes.words:
            receiver = receivers.of(node)
            is_class = receiver.kind is Kind.CLASS and receiver.scope is not None
            order = classes.lineage.order(receiver.scope) if is_class and receiver.scope else None
            if classes.scope in (order or ()) and _is_passed(node, view.parents.get(node)):
                return True
    return False


def _callee(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _is_passed(node: ast.expr, parent: ast.AST | None) -> bool:
    match parent:
        case ast.Call(func=func):
            return func is not node and last(func) not in _ASKS | SHOWS
        case ast.Return() | ast.List() | ast.Tuple() | ast.Dict() | ast.Set() | ast.keyword() | ast.Starred():
            return True
    return False
