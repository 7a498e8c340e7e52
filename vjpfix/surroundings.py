"""The projects around the modules of a run: one is looked at only where a module of it calls for that."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from vjpfix.config import Config, Configured, project_root
from vjpfix.discover import SUFFIXES, Exclusions, Skipped, Why, decode, find_names, read_bytes
from vjpfix.model import Problem, SourceFile, VjpfixError
from vjpfix.project import Project


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All modules of a project. ``is_excluded``: whether one of them must not be changed."""

    project: Project
    is_excluded: Callable[[Path], bool]


class Home:
    """Where the importers of some files of a run are looked for.

    ``root``: everything below it; without one, what lies around each file (its folder, or its whole package).
    """

    def __init__(self, root: str, given: Callable[[], dict[str, Path]], configs: Configured) -> None:
        self.root = root
        self._find_given = given
        self._configs = configs

    @cached_property
    def given(self) -> dict[str, Path]:
        """The files of the run that lie here, by real path."""
        return self._find_given()

    @cached_property
    def surroundings(self) -> Surroundings:
        """What is there. Files that were given belong to it wherever they are, and are never excluded."""
        given = self.given
        skipped: list[Skipped] = []
        found = _below(Path(self.root), skipped.append) if self.root else _around(given, skipped.append)
        files = {path: Path(os.path.relpath(path)) for path in found} | given
        links = {
            Path(each.target).as_posix(): Path(os.path.relpath(each.path, self.root or None))
            for each in skipped
            if each.why is Why.SECOND_NAME
        }
        project = Project(files, self.root, read_bytes, _decoded, links)
        exclusions = Exclusions(self._configs)

        def is_excluded(path: Path) -> bool:
            file = project.file_at(path)
            return file not in given and exclusions.holds(file)

        return Surroundings(project, is_excluded)


def homes(
    paths: Iterable[Path], found: Sequence[str], files: Collection[Path], configs: Configured
) -> dict[Path, Home]:
    """The home of each of the ``files`` (real paths): its project.

    A project inside another one of the same run belongs to that. So does everything in a folder that was
    given and lies in no project. ``paths``: what was given; ``found``: all files there.
    """
    tops = _tops(paths, files, configs.project)

    def given(home: str) -> dict[str, Path]:
        return {file.as_posix(): path for file, path in _real(found) if _top(str(file), tops) == home}

    made = {top: Home(top, partial(given, top), configs) for top in {*tops, ""}}
    return {file: made[_top(str(file), tops)] for file in files}


def project_of(paths: Iterable[Path], files: Collection[Path]) -> Path:
    """The folder of the project that files of a run over ``paths`` lie in; without one, that of the files.

    Errors: ``VjpfixError`` where there are several.
    """
    real = {file.resolve() for file in files}
    tops = _tops(paths, real, project_root)
    found = {Path(_top(str(file), tops) or (_package(file.parent) or file).parent) for file in real}
    if len(found) > 1:
        named = ", ".join(sorted(map(str, found)))
        raise VjpfixError(f"the fixes lie in {len(found)} projects, and one is copied at a time: {named}")
    return found.pop()


def _tops(
    paths: Iterable[Path], files: Iterable[Path], project: Callable[[Path], Path | None]
) -> frozenset[str]:
    """The folders of the projects of a run, and those given that lie in none, less what is inside another."""
    given = [Path(os.path.realpath(path)) for path in paths]
    whole = {path for path in given if os.path.isdir(path)}  # noqa: PTH112  # a closed folder is no error
    tops: set[str] = set()
    for folder in sorted(whole | {path.parent for path in (*given, *files) if path not in whole}):
        if not _top(str(folder), tops):
            root = project(folder) or (folder if folder in whole else None)
            tops |= {str(root)} if root else set()
    return frozenset(top for top in tops if not _top(top, tops - {top}))


def _top(path: str, tops: Collection[str]) -> str:
    """The one of some folders that a path lies in, or is; nothing where there is none."""
    return next((top for top in tops if path == top or path.startswith(top.rstrip(os.sep) + os.sep)), "")


def _real(names: Iterable[str]) -> Iterator[tuple[Path, Path]]:
    """The real path of each file, which takes long to ask for one by one, and its own."""
    folders: dict[str, str] = {}
    for name in names:
        folder, last = os.path.split(name)
        if folder not in folders:
            folders[folder] = os.path.realpath(folder)
        path = Path(folders[folder], last)
        yield path.resolve() if path.is_symlink() else path, Path(name)


def _decoded(path: Path, file: Path, data: bytes) -> SourceFile:
    """As ``decode``, with the file that is written where ``file`` is a link."""
    return decode(path, file.resolve(), data)


def _below(folder: Path, skipped: Callable[[Skipped], None]) -> Iterator[str]:
    """All modules below a folder, as absolute paths with forward slashes, excluded or not."""
    for found in find_names([folder], Config(root=folder), skipped):
        if not isinstance(found, Problem):
            yield Path(found).as_posix()


def _around(files: Iterable[str], skipped: Callable[[Skipped], None]) -> Iterator[str]:
    """The modules of the package that a file belongs to, or else of its folder."""
    for folder in {Path(file).parent for file in files}:
        package = _package(folder)
        if package:
            yield from _below(package, skipped)
            continue
        with suppress(OSError):
            yield from (each.as_posix() for each in folder.iterdir() if each.suffix in SUFFIXES)


def _package(folder: Path) -> Path | None:
    """The outermost package that a folder belongs to."""
    found = None
    while any((folder / f"__init__{suffix}").is_file() for suffix in SUFFIXES):
        found, folder = folder, folder.parent
    return found
