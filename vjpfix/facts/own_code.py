"""The code of a function that runs when the function does."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator


def own_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """These nodes and those in them, without the code of functions and classes in them."""
    for node in nodes:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield from own_nodes(ast.iter_child_nodes(node))
