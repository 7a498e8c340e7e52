"""Names of another module that stand in strings: ``mock.patch("pkg.m.f")``, ``getattr(m, "f")``."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from vjpfix.model import Span
from vjpfix.project.layout import Found
from vjpfix.project.sighting import Sighting, SightingKind
from vjpfix.project.view import View, last
from vjpfix.semantic.exports import text_inside

Member = Callable[[Found, str], Found]

# Calls that look a name up: by its whole path, or in the object that stands before it.
BY_PATH = frozenset(("patch", "setattr", "delattr", "import_string", "locate"))
BY_OBJECT = frozenset(("getattr", "setattr", "delattr", "hasattr", "object"))


def in_strings(view: View, key: str, name: str, member: Member) -> Iterator[Sighting]:
    """The strings of a module that name ``name`` of the module ``key``."""
    yield from _by_keyword(view, key, name, member)
    dotted = re.compile(rf"([\w.]+)[.:]{re.escape(name)}(?!\w)(.*)", re.DOTALL)
    for node, value in view.strings:
        if name in value:
            parent = view.parents.get(node)
            if value.endswith("." + name) and isinstance(parent, ast.BinOp | ast.JoinedStr):
                yield _stuck(view, node, "a name that is put together here may be looked up")
            elif value == name:
                yield from _by_object(view, node, key, member)
            elif found := dotted.fullmatch(value):
                yield from _by_path(view, node, key, found)


def _by_keyword(view: View, key: str, name: str, member: Member) -> Iterator[Sighting]:
    """``mock.patch.multiple("pkg.m", f=fake)``, and the same with the module itself."""
    for node in view.multiples:
        found = _patched(view, node.args[0], member)
        for keyword in node.keywords:
            if keyword.arg == name and key in found.keys:
                start = view.positions.column(keyword.lineno, keyword.col_offset)
                span = Span(keyword.lineno, start, keyword.lineno, start + len(name))
                kind = SightingKind.NAME if found.sure else SightingKind.STUCK
                yield Sighting(kind, span, name, "it is not known which module is patched here", is_use=True)


def _patched(view: View, target: ast.expr, member: Member) -> Found:
    if isinstance(target, ast.Constant) and isinstance(target.value, str):
        return view.layout.absolute(target.value, view.file)
    return view.module_of(target, member)


def _by_object(view: View, node: ast.Constant, key: str, member: Member) -> Iterator[Sighting]:
    """``f`` alone: the second argument of a call whose first one is the module, or a lazy attribute."""
    call = view.parents.get(node)
    if isinstance(call, ast.Call) and len(call.args) > 1 and call.args[1] is node:
        found = view.module_of(call.args[0], member)
        if key in found.keys and last(call.func) in BY_OBJECT:
            yield _edit(view, node, found.sure)
            return
    # PEP 562: a package may answer for the modules in it by a table of names.
    if "__getattr__" in view.module.scope.bound and key.startswith(view.key):
        yield _stuck(view, node, "a string names it beside a module-level `__getattr__`")


def _by_path(view: View, node: ast.Constant, key: str, match: re.Match[str]) -> Iterator[Sighting]:
    found = view.layout.absolute(match[1], view.file)
    if key not in found.keys:
        return
    call = view.parents.get(node)
    known = isinstance(call, ast.Call) and node in call.args and last(call.func) in BY_PATH
    if known and not match[2]:
        yield _edit(view, node, found.sure)
    elif not isinstance(call, ast.Expr):
        yield _stuck(view, node, f"the string {node.value!r} may be used to look the name up")


def _edit(view: View, node: ast.Constant, sure: bool) -> Sighting:
    assert isinstance(node.value, str)  # noqa: S101  # that is how it was found
    inside = text_inside(node.value, view.positions.span(node), view.positions)
    if not inside or not sure:
        return _stuck(view, node, f"the string {node.value!r} cannot be rewritten")
    return Sighting(SightingKind.STRING, inside, node.value, is_use=True)


def _stuck(view: View, node: ast.Constant, why: str) -> Sighting:
    return Sighting(SightingKind.STUCK, view.positions.span(node), why=why)
