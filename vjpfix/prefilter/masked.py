"""A file's bytes without what is no code: strings, comments, and the ends of lines that go on."""

from __future__ import annotations

import re

_NO_CODE = re.compile(
    rb"#[^\n]*"
    rb'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    rb"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    rb'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    rb"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'",
    re.DOTALL,
)
_FORM_FEED = re.compile(rb"[ \t]*\f")


def masked(data: bytes) -> bytes:
    """The code: blanks stand for comments, and a row of quotes for a string, also where it has many lines.

    So brackets are those of expressions, and how far to the right a line stands is what Python goes by. Line
    ends become ``\\n``. Where the quotes of a file do not match, or those in f-strings are of Python 3.12,
    what comes out may be wrong on their lines, as the file itself is to an older Python.
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    code = _NO_CODE.sub(_blank, data)
    if b"\f" in code:
        code = _FORM_FEED.sub(b"", code)
    return code.replace(b"\\\n", b"  ") if b"\\\n" in code else code


def _blank(match: re.Match[bytes]) -> bytes:
    text = match[0]
    return (b" " if text.startswith(b"#") else b'"') * len(text)
