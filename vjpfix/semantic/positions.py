"""Where tokens stand: from the parser's byte columns to spans in characters."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from vjpfix.model import Span

Placed = ast.expr | ast.stmt | ast.arg | ast.alias | ast.ExceptHandler | ast.pattern
_NEWLINE = re.compile(r"\r\n|\r|\n")


class Positions:
    """Spans of the nodes of one module.

    Python's parser counts columns in UTF-8 bytes. Before 3.12 it misplaces names inside f-strings; those
    are found out with ``correct`` when a span is first asked for (see ``fstrings.positions_of``).
    """

    def __init__(self, text: str, correct: Callable[[Positions], dict[ast.AST, Span]] = lambda _: {}) -> None:
        self.text = text
        self.lines = _NEWLINE.split(text)
        self._correct = correct
        self._corrections: dict[ast.AST, Span] | None = None

    def column(self, line: int, byte_column: int) -> int:
        text = self.lines[line - 1]
        if text.isascii():
            return byte_column
        return len(text.encode("utf-8", "surrogatepass")[:byte_column].decode("utf-8", "replace"))

    def span(self, node: Placed) -> Span:
        """The span of a whole node."""
        if found := self.corrected(node):
            return found
        end_line, end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return Span(
            node.lineno, self.column(node.lineno, node.col_offset), end_line, self.column(end_line, end)
        )

    def corrected(self, node: ast.AST) -> Span | None:
        """The span of a node that the parser misplaces."""
        if self._corrections is None:
            self._corrections = {}  # which is asked of the f-strings themselves, and they are placed right
            self._corrections = self._correct(self)
        return self._corrections.get(node)

    def token(self, node: ast.AST, name: str) -> Span:
        """The span of the name token that a binding or read consists of."""
        if isinstance(node, ast.Name):
            return self.span(node)
        if isinstance(node, ast.Attribute):
            whole = self.span(node)
            return Span(whole.end_line, whole.end_column - len(name), whole.end_line, whole.end_column)
        assert isinstance(node, Placed)  # noqa: S101  # whatever binds a name has a place
        start = self.span(node)
        return self._search(name, start) or start

    def _search(self, name: str, start: Span) -> Span | None:
        """The first whole word ``name`` at or after the start (``def f``, ``import x as f``)."""
        pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        for line in range(start.line, start.end_line + 1):
            found = pattern.search(self.lines[line - 1], start.column if line == start.line else 0)
            if found:
                return Span(line, found.start(), line, found.end())
        return None

    def before(self, span: Span, mark: str) -> Span:
        """The span of ``mark``, which stands somewhere before ``span`` on the same line or above."""
        line, column = span.line, self.lines[span.line - 1].rfind(mark, 0, span.column)
        while column < 0 and line > 1:
            line -= 1
            column = self.lines[line - 1].rfind(mark)
        return Span(line, column, line, column + len(mark))

    def whole_lines(self, first: int, last: int) -> str:
        """The source of these lines, with their ends."""
        ends = [*_NEWLINE.findall(self.text), ""]
        return "".join(self.lines[n - 1] + ends[n - 1] for n in range(first, last + 1))

    def text_at(self, span: Span) -> str:
        """The source at a span that lies on one line."""
        return self.lines[span.line - 1][span.column : span.end_column]
