"""References to a name in documentation: ``:func:`pkg.m.f``` in docstrings and comments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vjpfix.model import Span, VjpfixError
from vjpfix.project.index import Project, Symbol
from vjpfix.project.layout import key_of
from vjpfix.semantic.positions import Positions


@dataclass(frozen=True, slots=True)
class Reference:
    """Where documentation names something. ``in_docstring``: in a string that stands by itself."""

    path: Path
    span: Span
    in_docstring: bool


def references(project: Project, symbols: Iterable[Symbol], name: str) -> Iterator[Reference]:
    """Where Python files refer to a name of any of these modules, in Sphinx's roles.

    A reference without a module means the file's own name, or one that it has from there.
    """
    role = re.compile(
        rf":(?:py:)?(?:func|obj|meth|attr|data):`[~!]?(?:([\w.]+)\.)?({re.escape(name)})(?:\(\))?`"
    )
    keys = {symbol.key for symbol in symbols}
    dotted = [project.layout.dotted(key) for key in keys]
    for file in project.mentioning(name):
        try:
            text = project.source(file).text
        except VjpfixError:
            continue
        docstrings: list[Span] | None = None
        for number, line in enumerate(Positions(text).lines if role.search(text) else (), 1):
            for match in role.finditer(line):
                module = match[1]
                if key_of(file) in keys if module is None else any(_ends(each, module) for each in dotted):
                    docstrings = _docstrings(project, file) if docstrings is None else docstrings
                    span = Span(number, match.start(2), number, match.end(2))
                    inside = any(each.holds(span) for each in docstrings)
                    yield Reference(project.files[file], span, inside)


def _ends(dotted: str, module: str) -> bool:
    return f".{dotted}".endswith(f".{module.lstrip('.')}")


def _docstrings(project: Project, file: str) -> list[Span]:
    """Where the strings of a file stand that are statements of their own."""
    try:
        view = project.view(file)
    except VjpfixError:
        return []
    alone = (node for node, _ in view.strings if isinstance(view.parents[node], ast.Expr))
    return [view.positions.span(node) for node in alone]
