"""The plain way to apply edits: replace text at positions. It checks what LibCST made of the same edits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vjpfix.model import Edit, EditKind

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")


def split_lines(text: str) -> list[str]:
    """Lines with their ends, split where Python's tokenizer splits (not at ``\\f`` or ``\\u2028``)."""
    return _LINE.findall(text)


def newline_of(text: str) -> str:
    """The first newline of a text, ``\\n`` where there is none."""
    found = re.search(r"\r\n|\r|\n", text)
    return found[0] if found else "\n"


def splice(text: str, edits: Sequence[Edit]) -> str:
    """The text with every edit applied; a ``ValueError`` where an edit does not find its old text."""
    lines = split_lines(text)
    newline = newline_of(text)
    # From the end to the start, so that positions stay true. At one place the first insert stays first, and
    # of what goes below one statement the first comes first, for the next goes below that.
    turns = [-at if edit.kind is EditKind.APPEND else at for at, edit in enumerate(edits)]
    for _, _, edit in sorted(
        zip((edit.span for edit in edits), turns, edits, strict=True), key=lambda row: row[:2], reverse=True
    ):
        row = edit.span.line - 1
        if edit.kind is EditKind.APPEND:
            _append(lines, edit.span.end_line - 1, edit.new.replace("\n", newline), newline)
            continue
        if edit.kind is EditKind.REMOVE:
            _remove(lines, row, edit)
            continue
        before, after = lines[row][: edit.span.column], lines[row][edit.span.column :]
        if edit.kind is EditKind.INSERT:
            indent = before.rpartition("\f")[2]
            lines[row] = f"{indent}{edit.new}{newline}{before}{after}"
            continue
        if not after.startswith(edit.old):
            raise ValueError(f"line {edit.span.line} does not hold {edit.old!r} at column {edit.span.column}")
        lines[row] = before + edit.new + after[len(edit.old) :]
    return "".join(lines)


def _append(lines: list[str], row: int, new: str, newline: str) -> None:
    """Text on lines of its own below a line, which goes on to be the last one if it has no end."""
    if lines[row].endswith(("\n", "\r")):
        lines[row] += new + newline
    else:
        lines[row] += newline + new


def _remove(lines: list[str], row: int, edit: Edit) -> None:
    end = edit.span.end_line
    if "".join(lines[row:end]) != edit.old:
        raise ValueError(f"line {edit.span.line} does not hold {edit.old!r}")
    lines[row:end] = [""] * (end - row)
