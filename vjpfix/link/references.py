"""References to a name in documentation: ``:func:`pkg.m.f``` in docstrings and comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from vjpfix.link.layout import key_of
from vjpfix.link.project import Project, Symbol
from vjpfix.model import VjpfixError


def references(project: Project, symbols: Iterable[Symbol], name: str) -> Iterator[tuple[Path, int]]:
    """Where Python files refer to a name of any of these modules, in Sphinx's roles: the file and the line.

    A reference without a module means the file's own name, or one that it has from there.
    """
    role = re.compile(
        rf":(?:py:)?(?:func|obj|meth|attr|data):`[~!]?(?:([\w.]+)\.)?{re.escape(name)}(?:\(\))?`"
    )
    keys = {symbol.key for symbol in symbols}
    dotted = [project.layout.dotted(key) for key in keys]
    for file in project.mentioning(name):
        try:
            text = project.source(file).text
        except VjpfixError:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            for match in role.finditer(line):
                module = match[1]
                if key_of(file) in keys if module is None else any(_ends(each, module) for each in dotted):
                    yield project.files[file], number


def _ends(dotted: str, module: str) -> bool:
    return f".{dotted}".endswith(f".{module.lstrip('.')}")
