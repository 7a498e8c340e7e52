"""Whether a text that this Python cannot parse is written for a newer one. Asked only after a failure."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst


def is_newer(text: str) -> bool:
    """Whether LibCST, which knows the newest grammar, reads the text and finds what this Python lacks.

    LibCST runs in a process of its own: what no parser has looked at may be nested so deeply that LibCST's
    overflows the stack, which would end this process without a word.
    """
    data = text.encode("utf-8", "surrogatepass")
    command = [sys.executable, "-P", __file__]
    result = subprocess.run(command, input=data, capture_output=True, check=False)  # noqa: S603  # this file
    return result.returncode == 0 and result.stdout.strip() == b"newer"


def _is_newer(text: str) -> bool:
    """As ``is_newer``, in this process.

    That LibCST reads the text is not enough: it also takes some that no Python does (``b'\u00e9'``).
    """
    import libcst as cst

    try:
        module = cst.parse_module(text)
        return any(_since(node, module) > sys.version_info[:2] for node in _nodes(module))
    except (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError):
        return False


def _nodes(module: cst.Module) -> Iterator[cst.CSTNode]:
    waiting: list[cst.CSTNode] = [module]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children)


def _since(node: cst.CSTNode, module: cst.Module) -> tuple[int, int]:
    """The Python that brought the syntax of this node; (3, 0) where every one that runs vjpfix has it."""
    import libcst as cst

    match node:
        case cst.TypeAlias() | cst.TypeParameters():
            return (3, 12)
        case cst.TypeParam() if node.default:
            return (3, 13)
        case cst.FormattedString() if _is_free(node, module):
            return (3, 12)
        case cst.ExceptHandler() | cst.ExceptStarHandler() if (
            isinstance(node.type, cst.Tuple) and not node.type.lpar
        ):
            return (3, 14)
    # Older versions of LibCST do not have this class.
    return (3, 14) if type(node).__name__ == "TemplatedString" else (3, 0)


def _is_free(node: cst.FormattedString, module: cst.Module) -> bool:
    """Whether an f-string's expressions hold what only PEP 701 allows: its quote, a backslash, a comment."""
    import libcst as cst

    forbidden = (node.end, "\\", "#", *(("\n",) if len(node.end) == 1 else ()))
    codes = [module.code_for_node(p) for p in node.parts if isinstance(p, cst.FormattedStringExpression)]
    return any(mark in code for code in codes for mark in forbidden)


if __name__ == "__main__":
    if _is_newer(sys.stdin.buffer.read().decode("utf-8", "surrogatepass")):
        sys.stdout.write("newer\n")
