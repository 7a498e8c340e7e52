"""Patterns as in ``.gitignore``: what ``pathspec`` says that they mean, such that no name takes long.

A regular expression for ``*a*a*a*b`` tries all ways in which a name can be divided among the stars, which
are millions. But where what follows a star fits first is as good as any other place: nothing else is tried.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_STAR, _ABOVE, _BETWEEN = "[^/]*", "^(?:.+/)?", "(?:/.+)?/"
_TOKEN = re.compile(r"\[\^/\]\*|\\.|\[\^?\]?(?:\\.|[^\]\\])*+\]?|.", re.DOTALL)
_BORDERS = frozenset("/()|$")


@lru_cache(maxsize=256)
def pattern_spec(pattern: str) -> GitIgnoreSpec:
    """One gitignore-style pattern, compiled. Raises ValueError or re.error for one that has no meaning."""
    from pathspec import GitIgnoreSpec

    spec = GitIgnoreSpec.from_lines([pattern], backend="simple")
    for each in spec.patterns:
        if each.regex is not None:
            each.regex = re.compile(_quick(each.regex.pattern))
    return spec


def _quick(regex: str) -> str:
    first, *parts = (_with_quick_stars(part) for part in regex.split(_BETWEEN))
    if not parts:
        return first
    if first.startswith(_ABOVE):
        first = f"^(?>(?:.+?/)??{first.removeprefix(_ABOVE)}(?=/))"
    between = (f"(?>(?:/.+?)??/{part}(?=/))" for part in parts[:-1])
    return "".join((first, *between, _BETWEEN, parts[-1]))


def _with_quick_stars(regex: str) -> str:
    found: list[str] = []
    since: list[str] = []  # what stands behind the last star of this part of a path, with the star
    for token in _TOKEN.findall(regex):
        if token in _BORDERS:
            found += (*since, token)
            since = []
        elif token == _STAR:
            found += ("(?>", f"{_STAR}?", *since[1:], ")") if since else ()
            since = [token]
        else:
            (since or found).append(token)
    return "".join((*found, *since))
