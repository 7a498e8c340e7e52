"""Where a name, an attribute or an entry of a container was given to something else, in the source."""

from __future__ import annotations

import ast
import linecache
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

from vjpfix.runtime.jax_internals import library_of
from vjpfix.runtime.report import Place

_INSTALLED = frozenset({"site-packages", "dist-packages"})
_MOST_MODULES = 2000


def find(name: str, files: Iterable[str], *, plain: bool) -> Place | None:
    """The last line of the first of the ``files`` that gives ``name`` to something made of what it was.

    ``plain``: whether an assignment to the bare name counts, as it does in the module that owns it, beside
    ``m.name = …``, ``d["name"] = …`` and ``setattr(m, "name", …)``.
    """
    for file in files if name else ():
        lines = [line for line, bare in _rebindings(name, file) if plain or not bare]
        if lines:
            return Place(file, lines[-1])
    return None


def user_files() -> Iterator[str]:
    """The files of the loaded modules that are the user's own: neither Python's nor installed packages'."""
    modules = list(sys.modules.values())[::-1]
    main = sys.modules.get("__main__")
    for module in [main, *modules][:_MOST_MODULES]:
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and file.endswith(".py") and not _is_installed(file):
            yield file


def _is_installed(file: str) -> bool:
    """Whether a file is Python's, a package's in any environment, or a library's that knows transforms."""
    own = file.startswith(sysconfig.get_path("stdlib"))
    return own or not _INSTALLED.isdisjoint(Path(file).parts) or bool(library_of(file))


def _rebindings(name: str, file: str) -> Iterator[tuple[int, bool]]:
    """Lines that rebind the name, and whether they do it to the bare name."""
    text = "".join(linecache.getlines(file))
    if name not in text:
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if _mentions(name, node.value):
                yield from ((node.lineno, bare) for bare in _targets(name, targets))
        elif isinstance(node, ast.Call) and _sets(name, node):
            yield node.lineno, False


def _targets(name: str, targets: Iterable[ast.expr]) -> Iterator[bool]:
    for target in targets:
        match target:
            case ast.Name(id=found) if found == name:
                yield True
            case ast.Attribute(attr=found) if found == name:
                yield False
            case ast.Subscript(slice=ast.Constant(value=found)) if found == name:
                yield False
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                yield from _targets(name, elements)


def _mentions(name: str, value: ast.expr) -> bool:
    """Whether a value is a call, or is made of what the name stood for, rather than a first definition."""
    return any(
        isinstance(node, ast.Call | ast.Lambda)
        or (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and node.attr == name)
        for node in ast.walk(value)
    ) and not _defines(value)


def _defines(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and "custom_" in ast.unparse(value.func)


def _sets(name: str, call: ast.Call) -> bool:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = any(isinstance(each, ast.Constant) and each.value == name for each in call.args)
    keyword = function == "update" and any(each.arg == name for each in call.keywords)
    return keyword or (function in ("setattr", "setitem", "__setattr__", "__setitem__", "object") and given)
