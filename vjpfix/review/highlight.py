"""Python's syntax colours, from the sixteen of the terminal's own palette: they fit dark and light."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.syntax import Syntax

from vjpfix.review.layout import Paint

_MOST_CHARACTERS = 500_000
_STYLES = {
    "Token.Comment": "dim italic",
    "Token.Keyword": "magenta",
    "Token.Operator.Word": "magenta",
    "Token.Literal.String": "cyan",
    "Token.Literal.Number": "cyan",
    "Token.Name.Decorator": "blue",
    "Token.Name.Function": "bold",
    "Token.Name.Class": "bold",
}


def paint(lines: Sequence[str], wanted: Collection[int]) -> dict[int, list[Paint]]:
    """The styles of the ``wanted`` lines (by index) of a module, given as all its lines without newlines.

    The lexer reads from the top, so that a line inside a long string is known for what it is, and stops
    after the last wanted line. Beyond half a million characters there are no colours.
    """
    last = max(wanted, default=-1)
    code = "\n".join(lines[: last + 1]) + "\n"
    painted: dict[int, list[Paint]] = {index: [] for index in wanted}
    if len(code) > _MOST_CHARACTERS:
        return painted
    line = column = 0
    for kind, value in _tokens(code):
        style = _style(kind)
        for number, part in enumerate(value.split("\n")):
            if number:
                line, column = line + 1, 0
            if style and part and line in painted:
                painted[line].append((column, column + len(part), style))
            column += len(part)
    return painted


def _tokens(code: str) -> list[tuple[str, str]]:
    lexer = Syntax("", "python").lexer
    if lexer is None:
        return []
    return [(str(kind), value) for _, kind, value in lexer.get_tokens_unprocessed(code)]


def _style(kind: str) -> str:
    while kind not in _STYLES and "." in kind:
        kind = kind.rpartition(".")[0]
    return _STYLES.get(kind, "")
