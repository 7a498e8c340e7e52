"""What the configurations leave out, each for the folders that it is the nearest of."""

from __future__ import annotations

import os
from pathlib import Path

from vjpfix.config import Configured
from vjpfix.discover.ignore import IgnoreFile, is_ignored, parse
from vjpfix.model import VjpfixError


class Exclusions:
    """The patterns of ``exclude`` and ``--exclude``.

    An entry is judged by the configuration of the folder that it lies in. So a folder that is excluded stays
    so, whatever is configured inside.
    """

    def __init__(self, configs: Configured) -> None:
        self._configs = configs
        self._parsed: dict[tuple[Path, tuple[str, ...]], IgnoreFile] = {}
        self._lists: dict[str, tuple[IgnoreFile, ...]] = {}

    def lists(self, folder: str) -> tuple[IgnoreFile, ...]:
        """The lists for the entries of a folder (a real path); none where its configuration is broken."""
        if folder not in self._lists:
            try:
                exclusions = self._configs.of(folder).exclusions
            except VjpfixError:  # it is told for the files that it is the configuration of
                exclusions = ()
            here = Path(folder)
            self._lists[folder] = tuple(
                self._list(base, patterns)
                for base, patterns in exclusions
                if patterns and here.is_relative_to(base)
            )
        return self._lists[folder]

    def _list(self, base: Path, patterns: tuple[str, ...]) -> IgnoreFile:
        if (base, patterns) not in self._parsed:
            self._parsed[base, patterns] = parse(str(base), patterns)
        return self._parsed[base, patterns]

    def holds(self, path: str) -> bool:
        """Whether an entry, given by its real path, or a folder above it is excluded."""
        is_folder = os.path.isdir(path)  # noqa: PTH112  # of strings, as all of a walk
        while True:
            folder, name = os.path.split(path)
            if not name:
                return False
            if is_ignored(self.lists(folder), path, name, is_folder):
                return True
            path, is_folder = folder, True
