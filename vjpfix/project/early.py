"""Modules that run while another one is still on its way to a rebinding: imports in a circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from vjpfix.model import Span
from vjpfix.project.index import Project
from vjpfix.project.layout import key_of
from vjpfix.project.sighting import Sighting
from vjpfix.project.view import View

_IMPORT_LINE = re.compile(r"^[ \t]*(?:from|import)\b[^\n(]*(?:\([^()]*\))?", re.MULTILINE)


def too_early(
    project: Project, file: str, line: int, seen: Iterable[tuple[str, tuple[Sighting, ...]]]
) -> Iterator[tuple[str, Sighting]]:
    """What may see a name of ``file`` before it is rebound in ``line``.

    Arguments: ``seen``: what sees the name, by file. A function whose name nobody mentions who may run before
    is not called before.
    """
    found = list(seen)
    if not found:
        return
    early = project.reached_before(file, line)
    texts = [_above(project.source(file).text, line)]
    texts += [project.source(each).text for key in early for each in project.layout.files[key]]
    for other, sightings in found:
        if key_of(other) in early:
            view = project.view(other)
            for sighting in sightings:
                function = _function_at(view, sighting.span)
                if function is None or _mentions(texts, function.name):
                    yield other, sighting
                    break


def _above(text: str, line: int) -> str:
    return "\n".join(text.split("\n")[: line - 1])


def _function_at(view: View, span: Span) -> ast.FunctionDef | None:
    """The function of the module, without decorators, in whose body a place is."""
    for node in view.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            body = node.body[0].lineno
            if body <= span.line <= (node.end_lineno or body):
                return node
    return None


def _mentions(texts: Iterable[str], name: str) -> bool:
    """Whether anything but its definition and imports names a function."""
    used = re.compile(rf"(?<!\w)(?<!def ){re.escape(name)}(?!\w)")
    renamed = re.compile(rf"(?<!\w){re.escape(name)}\s+as\b")
    return any(renamed.search(text) or used.search(_IMPORT_LINE.sub("", text)) for text in texts)
