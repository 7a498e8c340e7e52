"""Edits as plain replacements: what each of them does to the text of its file, and all of them together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vjpfix.model import Edit, EditKind, Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")


def split_lines(text: str) -> list[str]:
    """Lines with their ends, split where Python's tokenizer splits (not at ``\\f`` or ``\\u2028``)."""
    return _LINE.findall(text)


def newline_of(text: str) -> str:
    """The first newline of a text, ``\\n`` where there is none."""
    found = re.search(r"\r\n|\r|\n", text)
    return found[0] if found else "\n"


def plain(text: str, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits of one file, of any kind, such that each only puts ``new`` in the place of its span.

    In the order of their places: of those that begin at one place the one that ends first comes first, and
    of those that also end there the one that was first.
    """
    lines, newline = split_lines(text), newline_of(text)
    return tuple(sorted((_plain(edit, lines, newline) for edit in edits), key=_span))


def apart(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Plain edits in the order of their places, such that no two begin at one place: these become one."""
    found: list[Edit] = []
    for edit in edits:
        if found and not found[-1].old and _start(found[-1].span) == _start(edit.span):
            added = found.pop()
            edit = replace(edit, kind=added.kind, new=added.new + edit.new)
        found.append(edit)
    return tuple(found)


def splice(text: str, edits: Sequence[Edit]) -> str:
    """The text with every edit applied; a ``ValueError`` where an edit does not find its old text."""
    starts = [0]
    for line in split_lines(text):
        starts.append(starts[-1] + len(line))
    parts: list[str] = []
    at = 0
    for edit in plain(text, edits):
        span = edit.span
        start, end = starts[span.line - 1] + span.column, starts[span.end_line - 1] + span.end_column
        if start < at or text[start:end] != edit.old:
            raise ValueError(f"line {span.line} does not hold {edit.old!r} at column {span.column}")
        parts += (text[at:start], edit.new)
        at = end
    return "".join((*parts, text[at:]))


def _plain(edit: Edit, lines: Sequence[str], newline: str) -> Edit:
    line, end_line, column = edit.span.line, edit.span.end_line, edit.span.column
    match edit.kind:
        case EditKind.INSERT:
            indent = lines[line - 1][:column].rpartition("\f")[2]
            return replace(edit, span=Span(line, 0, line, 0), new=f"{indent}{edit.new}{newline}")
        case EditKind.APPEND:
            # Above the end of the line, which a last line may not have.
            end = len(lines[end_line - 1].rstrip("\r\n"))
            new = edit.new.replace("\n", newline)
            return replace(edit, span=Span(end_line, end, end_line, end), new=newline + new)
        case EditKind.REMOVE:
            return replace(edit, span=Span(line, 0, end_line + 1, 0))
        case _:
            return replace(edit, span=Span(line, column, line, column + len(edit.old)))


def _span(edit: Edit) -> Span:
    return edit.span


def _start(span: Span) -> tuple[int, int]:
    return span.line, span.column
