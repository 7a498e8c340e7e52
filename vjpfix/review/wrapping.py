"""Sentences fitted to the screen."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text


def wrapped(sentence: Text, width: int, indent: int = 0) -> list[Text]:
    """Break ``sentence`` at spaces into lines of at most ``width`` cells, all but the first indented.

    A word that is wider than a line (a path, which people click) is left whole.
    """
    lines: list[Text] = []
    start = end = 0
    room = width
    for word_start, word_end in _words(sentence.plain):
        if end and cell_len(sentence.plain[start:word_end]) > room:
            lines.append(sentence[start:end])
            start, room = word_start, width - indent
        end = word_end
    lines.append(sentence[start:end])
    return lines[:1] + [Text.assemble(" " * indent, line) for line in lines[1:]]


def _words(text: str) -> list[tuple[int, int]]:
    """Where each word is; the first one has the spaces before it."""
    words: list[tuple[int, int]] = []
    at = 0
    for word in text.split(" "):
        if word:
            words.append((at if words else 0, at + len(word)))
        at += len(word) + 1
    return words
