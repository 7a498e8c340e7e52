"""The text of a module to its syntax tree, with errors a reader can act on."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vjpfix.model import VjpfixError

TOO_DEEP = "an expression is nested too deeply to be read; split it up"


class NotPythonError(VjpfixError):
    """The text breaks the grammar of the Python that runs."""


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say in plain words that the module at ``path`` is nested too deeply. Errors: ``VjpfixError``."""
    try:
        yield
    except RecursionError:
        raise VjpfixError(TOO_DEEP, path) from None


def parse(text: str, path: Path) -> ast.Module:
    """The syntax tree of a module.

    Errors: ``NotPythonError`` says where the text is no Python, ``VjpfixError`` that it is nested too deeply.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the user's escapes and comparisons
            return ast.parse(text)
    except SyntaxError as error:
        raise NotPythonError(f"not valid Python: {error.msg}", path, error.lineno) from None
    except (RecursionError, MemoryError):
        raise VjpfixError(TOO_DEEP, path) from None
    except ValueError as error:
        raise VjpfixError(f"not valid Python: {error}", path) from None


def nodes_of(tree: ast.AST) -> list[ast.AST]:
    """All nodes of a tree, in the order of ``ast.walk``, which takes thrice as long."""
    found = [tree]
    for node in found:  # which grows
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                found += [each for each in value if isinstance(each, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found


def parents_of(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """What each node of a tree stands in, in the order of ``nodes_of``; the tree itself in nothing."""
    return {child: node for node in nodes_of(tree) for child in ast.iter_child_nodes(node)}
