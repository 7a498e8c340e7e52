"""Access to a module's own names by other means than a statement: ``globals()["f"] = …`` and the like."""

from __future__ import annotations

import ast

from vjpfix.semantic.data import BindingKind


def bound_by_name(target: ast.expr) -> tuple[str, BindingKind] | None:
    """The name that an assignment to ``target`` binds in its own module, and how it is spelled."""
    match target:
        case ast.Subscript(
            value=ast.Call(func=ast.Name(id="globals"), args=[]), slice=ast.Constant(value=str(key))
        ):
            return key, BindingKind.STRING
        case ast.Attribute(value=base, attr=name) if _is_own_module(base):
            return name, BindingKind.NAME
    return None


def set_by_name(node: ast.expr) -> tuple[ast.Constant, ast.expr] | None:
    """The string and the value of ``setattr(sys.modules[__name__], "f", …)``."""
    match node:
        case ast.Call(func=ast.Name(id="setattr"), args=[base, ast.Constant(value=str()) as key, value]) if (
            _is_own_module(base)
        ):
            return key, value
    return None


def _is_own_module(node: ast.expr) -> bool:
    match node:
        case ast.Subscript(
            value=ast.Attribute(value=ast.Name(id="sys"), attr="modules") | ast.Name(id="modules"),
            slice=ast.Name(id="__name__"),
        ):
            return True
    return False
