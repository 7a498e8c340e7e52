"""Calls that run code in a text: magics of IPython (as nbconvert writes them), profilers, timers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

# Methods of IPython's shell; the last three only of what `get_ipython()` gives.
_MAGICS = frozenset(("run_line_magic", "run_cell_magic", "run_cell"))
_OF_SHELL = _MAGICS | {"magic", "ex", "ev"}
# In the namespace of `__main__`.
_IN_MAIN = frozenset(("cProfile.run", "profile.run", "pdb.run", "pdb.runeval", "trace.Trace.run"))
# In a namespace of its own, which has what the text imports.
_ALONE = frozenset(("timeit.timeit", "timeit.repeat", "timeit.Timer"))


@dataclass(frozen=True, slots=True)
class TextRun:
    """A call that runs ``texts``, constants or not. ``alone``: they see only what they import."""

    runner: str
    texts: tuple[ast.expr, ...]
    alone: bool = False


def text_run(call: ast.Call, called: str) -> TextRun | None:
    """The code that a call runs. ``called``: the qualified name of what is called, as far as it is known."""
    arguments = (*call.args, *(keyword.value for keyword in call.keywords))
    match call.func:
        case ast.Attribute(attr=method, value=base) if method in _MAGICS or (
            method in _OF_SHELL and _is_shell(base)
        ):
            return TextRun(method, arguments)
    if called in _IN_MAIN:
        return TextRun(called, arguments[:1])
    if called in _ALONE:
        return TextRun(called, tuple(_constants(arguments)), alone=True)
    return None


def _is_shell(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "get_ipython"


def _constants(nodes: tuple[ast.expr, ...]) -> Iterator[ast.expr]:
    for node in nodes:
        if isinstance(node, ast.Constant):
            yield node
