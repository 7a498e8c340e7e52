"""Every name token of a module with the scope that owns it, to compare a program before and after a fix."""

from __future__ import annotations

import ast
from pathlib import Path

from vjpfix.model import Span
from vjpfix.semantic.binder import module_of
from vjpfix.semantic.data import Scope
from vjpfix.semantic.fstrings import positions_of
from vjpfix.semantic.parsing import parse


def owned_names(text: str, path: Path) -> list[tuple[Span, str, str]]:
    """Span, name and owner of each name that is read or bound, in order.

    The owner is a path of child indices from the module, so that it does not depend on lines.
    """
    tree = parse(text, path)
    module = module_of(tree)
    positions = positions_of(module, text)
    paths = _paths(module.scope)
    return sorted(
        (positions.token(node, name), name, paths.get(scope.owner(name), "builtins"))
        for node, name, scope in module.names
    )


def identifiers(tree: ast.Module) -> frozenset[str]:
    """Every word of a module that a new name could capture or be captured by."""
    found: set[str] = set()
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "asname", "rest", "module"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                found.update(value.split("."))
        if isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(node.value)
    return frozenset(found)


def _paths(module: Scope) -> dict[Scope | None, str]:
    paths: dict[Scope | None, str] = {module: ""}
    for scope in module.descendants():
        assert scope.parent  # noqa: S101  # only the module has none
        paths[scope] = f"{paths[scope.parent]}/{scope.parent.children.index(scope)}"
    return paths
