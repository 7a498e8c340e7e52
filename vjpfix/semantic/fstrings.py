"""Names inside f-strings: where they stand, and which of them a program prints.

Before Python 3.12 (PEP 701) the parser misplaces them. There an f-string is one token whose fields cannot
hold its own quotes or a backslash, so that each field can be found by looking for brackets, parsed alone, and
matched node by node with the field of the tree.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from functools import partial

from vjpfix.model import Span
from vjpfix.semantic.data import Module
from vjpfix.semantic.positions import Positions

_PREFIX = re.compile(r"([a-zA-Z]*)('''|\"\"\"|'|\")")
_NOT_THE_END = ("==", "!=", "<=", ">=")


def shown(tree: ast.Module, positions: Positions) -> tuple[Span, ...]:
    """The code whose text a program gets to see: ``f"{f(x) = }"``, and all fields of a template (PEP 750)."""
    fields = (node for node in ast.walk(tree) if isinstance(node, ast.FormattedValue))
    spans = [positions.corrected(field) or positions.span(field.value) for field in fields]
    templates = (node for node in ast.walk(tree) if type(node).__name__ == "Interpolation")
    values = (value for node in templates if isinstance(value := getattr(node, "value", None), ast.expr))
    return (
        *(span for span in spans if _has_equals_behind(span, positions.lines)),
        *(positions.span(value) for value in values),
    )


def _has_equals_behind(span: Span, lines: list[str]) -> bool:
    """Whether an equals sign ends the field; brackets around its expression are none of the span."""
    column = span.end_column
    for number in range(span.end_line - 1, len(lines)):
        rest = lines[number][column:].lstrip(" \t\f\\)")
        if rest and not rest.startswith("#"):
            return rest.startswith("=")
        column = 0
    return False


def positions_of(module: Module, text: str) -> Positions:
    """Where the nodes of a module stand."""
    return Positions(text, partial(_corrections, module.fstrings))


def _corrections(fstrings: Iterable[ast.JoinedStr], positions: Positions) -> dict[ast.AST, Span]:
    """Spans for the names inside f-strings and for the expressions of their fields.

    Empty from Python 3.12 on, whose own positions are right.
    """
    found: dict[ast.AST, Span] = {}
    if sys.version_info < (3, 12):
        inner: set[ast.AST] = set()  # those in the code of lambdas, which is walked later
        for node in fstrings:
            if node not in inner:
                inner |= {each for each in ast.walk(node) if isinstance(each, ast.JoinedStr)}
                found.update(_in_string(node, positions.span(node), positions.lines))
    return found


def _in_string(node: ast.JoinedStr, at: Span, lines: list[str]) -> Iterator[tuple[ast.AST, Span]]:
    fields = list(_fields(node))
    places = list(_places(at, lines))
    if len(fields) == len(places):
        for field, (line, column, text) in zip(fields, places, strict=True):
            yield field, _extent(line, column, text)
            yield from _in_field(field.value, line, column, text, lines)


def _fields(node: ast.JoinedStr) -> Iterator[ast.FormattedValue]:
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            yield value
            if isinstance(value.format_spec, ast.JoinedStr):
                yield from _fields(value.format_spec)


def _in_field(
    node: ast.expr, line: int, column: int, text: str, lines: list[str]
) -> Iterator[tuple[ast.AST, Span]]:
    try:
        alone = ast.parse(f"({text}\n)", mode="eval").body
    except SyntaxError:
        return
    local = Positions(f"({text}\n)")
    for twin, real in zip(ast.walk(alone), ast.walk(node), strict=False):
        if isinstance(twin, ast.Name | ast.Attribute | ast.JoinedStr):
            span = _moved(local.span(twin), line, column)
            if isinstance(twin, ast.JoinedStr) and isinstance(real, ast.JoinedStr):
                yield from _in_string(real, span, lines)
            elif not isinstance(twin, ast.JoinedStr):
                yield real, span


def _extent(line: int, column: int, text: str) -> Span:
    *above, last = text.split("\n")
    return Span(line, column, line + len(above), len(last) + (0 if above else column))


def _moved(span: Span, line: int, column: int) -> Span:
    """From the field's own text, which starts after a parenthesis, to the file."""
    first = column - 1 if span.line == 1 else 0
    last = column - 1 if span.end_line == 1 else 0
    return Span(span.line + line - 1, span.column + first, span.end_line + line - 1, span.end_column + last)


def _places(at: Span, lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Line, column and text of each replacement field's expression, nested format fields included."""
    rows = lines[at.line - 1 : at.end_line]
    rows[-1] = rows[-1][: at.end_column]
    rows[0] = rows[0][at.column :]
    source = "(" + "\n".join(rows) + "\n)"
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        match = _PREFIX.match(token.string) if token.type == tokenize.STRING else None
        if match and "f" in match[1].lower():
            body = token.string[match.end() : -len(match[2])]
            shift = at.column - 1 if token.start[0] == 1 else 0
            line = at.line + token.start[0] - 1
            yield from _scan(body, line, token.start[1] + shift + match.end())


def _scan(body: str, line: int, column: int) -> Iterator[tuple[int, int, str]]:
    index, spec_depth = 0, 0
    seen, begins = 0, -column  # up to where lines were counted, and where the last one begins
    while index < len(body):
        if body.startswith(("{{", "}}"), index) and not spec_depth:
            index += 2
        elif body[index] == "{":
            end = _field_end(body, index + 1)
            text = body[index + 1 : end]
            line += body.count("\n", seen, index)
            begins = body.rfind("\n", seen, index) + 1 or begins
            seen = index
            yield line, index + 1 - begins, _without_equals(text)
            while end < len(body) and body[end] not in ":}":
                end += 1
            spec_depth += body.startswith(":", end)
            index = end + 1
        else:
            spec_depth -= body[index] == "}" and spec_depth > 0
            index += 1


def _field_end(body: str, index: int) -> int:
    """The index of the ``!``, ``:`` or ``}`` that ends the expression starting at ``index``."""
    depth, quote = 0, ""
    while index < len(body):
        character = body[index]
        if quote:
            if body.startswith(quote, index):
                index += len(quote) - 1
                quote = ""
        elif character in "'\"":
            quote = body[index : index + 3] if body[index : index + 3] == character * 3 else character
            index += len(quote) - 1
        elif character in "([{":
            depth += 1
        elif depth and character in ")]}":
            depth -= 1
        elif not depth and (character in ":}" or (character == "!" and body[index + 1 : index + 2] != "=")):
            return index
        index += 1
    return index


def _without_equals(text: str) -> str:
    """``{x=}`` shows its own text: the expression ends before the sign."""
    bare = text.rstrip()
    return bare[:-1] if bare.endswith("=") and not bare.endswith(_NOT_THE_END) else text
