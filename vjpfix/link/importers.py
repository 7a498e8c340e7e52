"""Uses of a module's names in other modules.

A fix changes one module so far. Where another module may import a name whose meaning the fix changes, the
finding is refused. Modules are matched by the last part of their name, so that this errs to the safe side.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vjpfix.analyse.facts import Rebinding
from vjpfix.analyse.parsing import parse
from vjpfix.analyse.positions import Positions
from vjpfix.model import Note, Span, VjpfixError


@dataclass(frozen=True, slots=True)
class Target:
    """What others could import: the last part of the module's name, and the names a fix touches.

    ``attribute``: the name they would have to spell for it to matter (a class's attribute, or the name).
    """

    module: str
    package: Path | None
    names: frozenset[str]
    attribute: str


def target_of(path: Path, rebinding: Rebinding) -> Target | None:
    """What of this rebinding other modules can see; None where it is local to a function."""
    is_package = path.stem == "__init__"
    module = path.absolute().parent.name if is_package else path.stem
    package = path.absolute().parent if is_package else None
    if rebinding.public:
        names = frozenset({rebinding.name, *rebinding.helpers})
        return Target(module, package, names, rebinding.name)
    if rebinding.in_class:
        return Target(module, package, frozenset({rebinding.scope}), rebinding.name)
    return None


def uses_of(target: Target, path: Path, data: bytes, text: str) -> tuple[Note, ...]:
    """The places in another module that may use the target.

    Arguments: the other module's ``path``, its bytes (for a first look) and text. A module that cannot be
    parsed is a place too: it may hold any use.
    """
    words = [target.attribute.encode(), *([] if target.package else [target.module.encode()])]
    if not all(word in data for word in words):
        return ()
    try:
        tree = parse(text, path)
    except VjpfixError as error:
        line = error.line or 1
        why = f"this module names `{target.attribute}` and `{target.module}` and cannot be read"
        return (Note(why, path, Span(line, 0, line, 0)),)
    positions = Positions(text)
    return tuple(
        Note(f"another module uses `{target.attribute}` from `{target.module}` here", path, span)
        for span in sorted({positions.span(node) for node in _uses(tree, target, path)})
    )


def _uses(tree: ast.Module, target: Target, path: Path) -> Iterator[ast.expr | ast.stmt]:
    nodes = list(ast.walk(tree))
    reached = [node for node in nodes if _imports_module(node, target)]
    for node in nodes:
        if (
            (isinstance(node, ast.ImportFrom) and _imports_name(node, target, path))
            or (isinstance(node, ast.Constant) and _names_it(node, target))
            or (
                isinstance(node, ast.Attribute)
                and node.attr in target.names
                and (reached or _spelled(node, target))
            )
        ):
            yield node


def _spelled(node: ast.Attribute, target: Target) -> bool:
    """``package.module.f``, whatever import the package came by."""
    return isinstance(node.value, ast.Attribute) and node.value.attr == target.module


def _imports_module(node: ast.AST, target: Target) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return any(target.module in alias.name.split(".") for alias in node.names)
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.rpartition(".")[2] == target.module
    )


def _imports_name(node: ast.ImportFrom, target: Target, path: Path) -> bool:
    module = (node.module or "").rpartition(".")[2]
    inside = bool(target.package and target.package in path.absolute().parents)
    if module != target.module and not (inside and node.level and not node.module):
        return False
    return any(alias.name == "*" or alias.name in target.names for alias in node.names)


def _names_it(node: ast.Constant, target: Target) -> bool:
    if not isinstance(node.value, str):
        return False
    module, _, name = node.value.rpartition(".")
    return name in target.names and module.rpartition(".")[2] == target.module
