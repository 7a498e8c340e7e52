"""Which files and folders a list of gitignore patterns leaves out, as git does it.

``pathspec`` says what a pattern means. What is added here is speed, for a tree of many thousand files: a
pattern is compiled only once a name comes by that its last part could match. And since a walk never goes
below an ignored folder, an entry is asked about by itself, never for the sake of the folders above it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from vjpfix.globs import pattern_spec

_WILD = frozenset("*?[\\")


@dataclass(slots=True)
class _Pattern:
    """One line, without its trailing slash, compiled when it is first needed."""

    line: str
    folders_only: bool
    compiled: re.Pattern[str] | None = None
    dead: bool = False

    @property
    def keeps(self) -> bool:
        return self.line.startswith("!")

    def matches(self, path: str, is_folder: bool) -> bool:
        if self.dead or (self.folders_only and not is_folder):
            return False
        if self.compiled is None:
            self.compiled = _compiled(self.line)
            self.dead = self.compiled is None
        found = self.compiled.search(path) if self.compiled else None
        # The group is there when only a folder above the entry matched.
        return found is not None and found.groupdict().get("ps_d") is None


def _compiled(line: str) -> re.Pattern[str] | None:
    try:
        pattern = next(iter(pattern_spec(line).patterns), None)
    except (ValueError, re.error):
        # git takes a malformed pattern as one that matches nothing.
        return None
    return pattern.regex if pattern is not None else None


@dataclass(slots=True)
class IgnoreFile:
    """The patterns of one file, for entries below the folder ``base`` (an absolute path)."""

    base: str
    literal: dict[str, list[int]] = field(default_factory=dict)
    tails: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    always: tuple[int, ...] = ()
    patterns: list[_Pattern] = field(default_factory=list)

    def verdict(self, path: str, name: str, is_folder: bool) -> bool | None:
        """True: ignored; False: kept by a ``!`` pattern; None: no pattern is about it.

        Arguments: the entry's absolute ``path`` (below ``base``), its last part, and what it is.
        """
        several = name.endswith(self.tails) or name.startswith(self.heads)
        if several:
            candidates: Iterable[int] = range(len(self.patterns))
        elif name in self.literal:
            candidates = sorted((*self.literal[name], *self.always))
        elif self.always:
            candidates = self.always
        else:
            return None
        relative = path[len(self.base) :].replace(os.sep, "/").lstrip("/")
        for index in reversed(tuple(candidates)):
            pattern = self.patterns[index]
            if pattern.matches(relative, is_folder):
                return not pattern.keeps
        return None


def parse(base: str, lines: Iterable[str]) -> IgnoreFile:
    """The patterns of ``lines``, relative to the folder ``base``. Malformed ones match nothing."""
    found = IgnoreFile(base)
    tails, heads, always = [], [], []
    for line in lines:
        line = line.rstrip("\r\n") if "\\" in line else line.rstrip()
        if not line or line.startswith("#"):
            continue
        index = len(found.patterns)
        pattern = _Pattern(line.rstrip("/"), line.endswith("/"))
        found.patterns.append(pattern)
        last = pattern.line.removeprefix("!").rpartition("/")[2]
        if not _WILD.intersection(last):
            found.literal.setdefault(last, []).append(index)
        elif last[0] == "*" and len(last) > 1 and not _WILD.intersection(last[1:]):
            tails.append(last[1:])
        elif last[-1] == "*" and len(last) > 1 and not _WILD.intersection(last[:-1]):
            heads.append(last[:-1])
        else:
            always.append(index)
    found.tails, found.heads, found.always = tuple(tails), tuple(heads), tuple(always)
    return found


def is_ignored(stack: Sequence[IgnoreFile], path: str, name: str, is_folder: bool) -> bool:
    """Whether the last (deepest) of the lists that is about an entry ignores it."""
    for ignore_file in reversed(stack):
        verdict = ignore_file.verdict(path, name, is_folder)
        if verdict is not None:
            return verdict
    return False
