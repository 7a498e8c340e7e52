"""Which files are Python: by their suffix, or by their first line."""

from __future__ import annotations

import re
from pathlib import Path

SUFFIXES = (".py", ".pyi")
NOTEBOOK = ".ipynb"

# What Python programs are called besides; a folder's are not taken.
_OTHER_SUFFIXES = (".pyw", ".wsgi", ".tac", ".pyt", ".gyp", ".gypi")
_FIRST_LINE = re.compile(rb"#![^\n]*(?:python|pypy|\buv run\b|\bpipx run\b)")


def why_not_python(path: Path) -> str:
    """What keeps a file that was given by name from being looked at; nothing where it may be Python.

    It is Python if its suffix or its first line (``#!``) says so, or neither says anything.
    """
    suffix = path.suffix.lower()
    if suffix == NOTEBOOK:
        return "notebooks are not read yet; leave it out, or give the script that nbconvert makes of it"
    if suffix in SUFFIXES or suffix in _OTHER_SUFFIXES:
        return ""
    try:
        with path.open("rb") as stream:
            start = stream.read(200)
    except OSError:
        return ""  # to read it will fail, and say why
    if _FIRST_LINE.match(start) or not (suffix or start.startswith(b"#!")):
        return ""
    return "is not a Python file: neither its suffix nor a first line (#!) says so; leave it out"
