"""What logs put around a traceback, taken off: something before each line, escapes in place of line ends."""

from __future__ import annotations

import re

_BEGINS = "Traceback (most recent call last)"
_STEP = '  File "'
_ESCAPED = re.compile(r"Traceback \(most recent call last\):\\n")
_ESCAPE = re.compile(r"\\(.)")
_MEANING = {"n": "\n", "t": "\t", "r": "\r"}
_WORD = re.compile(r"[A-Za-z_][\w.]*")  # pytest's E, and the type of the error in a notebook
_LONGEST = 200  # characters before a line
_MOST = 50  # different ones


def bare(text: str) -> str:
    """The text with the lines of its tracebacks as Python prints them.

    Docker, GitHub, Ray, ``torchrun`` and the like put a name or a time before each line, mail a ``>``;
    records in JSON have a traceback in one line, with ``\\n`` in it.
    """
    lines = [_unescaped(line) if _ESCAPED.search(line) else line for line in text.split("\n")]
    text = "\n".join(lines)
    shapes = {shape for line in text.split("\n") if (shape := _shape(line))}
    if not 0 < len(shapes) <= _MOST:
        return text
    longest_first = sorted(shapes, key=lambda shape: (-len(shape), shape))
    return re.sub(rf"^(?:{'|'.join(longest_first)})", "", text, flags=re.MULTILINE)


def _unescaped(line: str) -> str:
    return _ESCAPE.sub(lambda found: _MEANING.get(found[1], found[1]), line)


def _shape(line: str) -> str:
    """A pattern for what stands before a line of a traceback, with other numbers as well; or nothing."""
    at = line.find(_BEGINS)
    at = line.find(_STEP) if at < 0 else at
    before = line[: max(at, 0)]
    own = before.rstrip()
    if not own or len(own) > _LONGEST or _WORD.fullmatch(own):
        return ""
    parts = (r"\d+" if part.isdigit() else re.escape(part) for part in re.split(r"(\d+)", own))
    return "".join(parts) + f"[ \\t]{{0,{len(before) - len(own)}}}"
