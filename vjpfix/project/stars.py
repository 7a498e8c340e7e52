"""Names that come by ``from m import *``, and what else may bind them in the same module."""

from __future__ import annotations

import ast
from enum import Enum
from typing import Final, Literal

from vjpfix.model import Span, VjpfixError
from vjpfix.project.bodies import binds
from vjpfix.project.index import Project
from vjpfix.project.view import STAR, Import, View


class Later(Enum):
    """What becomes of a name after a star import has brought it."""

    SURELY = "something else has the name before anybody can read it"


SURELY: Final = Later.SURELY
_QUIET = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def taken_later(project: Project, view: View, star: Import, name: str) -> Span | Literal[Later.SURELY] | None:
    """Whether the name that ``star`` brings is bound by something else.

    None: it is not; SURELY: it is, at once; a span: perhaps, there.
    """
    statements = {alias: node for node, _ in view.module.imports.items() for alias in node.names}
    assert star.alias  # noqa: S101  # that is where the star stands
    own = statements[star.alias]
    later: list[tuple[ast.stmt, bool | None]] = []
    for each in view.stars:
        if each.alias is not star.alias and each.alias:
            given = gives(project, each, star, name)
            if given is not False:
                later.append((statements[each.alias], given))
    later += [(node, True) for node in view.tree.body if binds(node, name)]
    after = [(node, sure) for node, sure in later if node.lineno > own.lineno]
    if after:
        last, sure = after[-1]
        between = [node for node in view.tree.body if own.lineno < node.lineno < last.lineno]
        at_top = last in view.tree.body and own in view.tree.body
        quiet = at_top and all(_is_quiet(node) for node in between)
        return SURELY if sure and quiet else view.positions.span(last)
    if name in view.module.scope.bound:
        return _first(view, name)
    # Whatever brought the name before is over now, if nobody has read it.
    read_before = any(
        word == name and getattr(node, "lineno", 0) < own.lineno for node, word, _ in view.module.names
    )
    return view.positions.span(later[0][0]) if later and read_before else None


def gives(project: Project, other: Import, own: Import, name: str) -> bool | None:
    """Whether another star import brings the name too; None: nobody knows. ``own``: the one that does."""
    if other.name == own.name and other.module.keys == own.module.keys:
        return False
    if not other.module.keys or not other.module.sure:
        return None
    try:
        view = project.source_view(other.module.keys[0])
    except VjpfixError:
        return None
    if view is None:
        return None
    if name in view.module.scope.bound:
        return project.gives_to_star(view.key, name)
    return None if any(each.name == STAR for each in view.imports) else False


def _is_quiet(node: ast.stmt) -> bool:
    """Whether a statement runs no code that could read a name."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return not node.decorator_list and not isinstance(node, ast.ClassDef)
    return isinstance(node, _QUIET) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _first(view: View, name: str) -> Span:
    module = view.module.scope
    for node, word, scope in view.module.names:
        if word == name and scope.owner(name) is module:
            return view.positions.token(node, name)
    return Span(1, 0, 1, 0)
