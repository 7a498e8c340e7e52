"""The project around the modules that were given: it is looked at only where one of them calls for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from vjpfix.config import Config
from vjpfix.discover import decode, find_names, read_bytes
from vjpfix.link import Project
from vjpfix.model import Problem, SourceFile
from vjpfix.settings import Settings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All modules of a project, and those of them that must not be changed."""

    project: Project
    excluded: frozenset[Path]


def surroundings(given: Mapping[str, Path], settings: Settings) -> Surroundings:
    """The project of the modules that were given (by absolute path, the path that a reader is shown)."""
    config = settings.config
    root = str(top(Path(os.path.realpath(config.root))))
    files = {path: Path(os.path.relpath(path)) for path in _files(root, replace(config, exclude=()))}
    files |= given
    excluded: set[Path] = set()
    if config.exclude:
        kept = {*_files(root, config), *given}
        excluded = {shown for path, shown in files.items() if path not in kept}
    return Surroundings(Project(files, root, read_bytes, _decoded), frozenset(excluded))


def _decoded(path: Path, file: Path, data: bytes) -> SourceFile:
    """As ``decode``, with the file that is written where ``file`` is a link."""
    return decode(path, file.resolve(), data)


def _files(root: str, config: Config) -> Iterator[str]:
    """All modules of the project, as absolute paths with forward slashes."""
    for found in find_names([Path(root)], config):
        if not isinstance(found, Problem):
            yield Path(found).as_posix()


def top(root: Path) -> Path:
    """The folder of the repository around a project, which may hold several that import each other."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
