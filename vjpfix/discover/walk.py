"""From the paths a user gave to the files to look at, each once and always in the same order."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vjpfix.config import Config
from vjpfix.discover import git
from vjpfix.discover.ignore import IgnoreFile, is_ignored, parse
from vjpfix.model import Problem, VjpfixError

SUFFIXES = (".py", ".pyi")
SKIPPED = frozenset(
    (
        *(".git", ".hg", ".svn", ".venv", ".tox", ".nox", ".eggs"),
        *(".mypy_cache", ".ruff_cache", ".pytest_cache", "__pycache__", "node_modules", "site-packages"),
    )
)


_TELLING = frozenset((".git", ".gitignore", "pyvenv.cfg"))


def find(paths: Sequence[Path], config: Config) -> Iterator[Path | Problem]:
    """The Python files that ``paths`` stand for, as the user would name them.

    A file is taken as it is, whatever its name. A folder is walked, except for folders nobody writes code
    in (SKIPPED, virtual environments) and what ``.gitignore`` files and ``config.exclude`` leave out. A
    link to a file stands for its target if that lies inside the folder given (for a link given by name:
    inside the project or the current folder); links to folders are not followed. A path that cannot be
    used gives a Problem, and the others go on.
    """
    for found in find_names(paths, config):
        yield Path(found) if isinstance(found, str) else found


def find_names(paths: Sequence[Path], config: Config) -> Iterator[str | Problem]:
    """As ``find``, with the files as strings: of thousands only few matter, and a Path is slow to make."""
    walker = _Walker(config)
    for path in paths:
        yield from walker.explicit(path)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to walk: what its files' names start with on the screen, where it is, what reaches into it."""

    shown: str
    real: str
    lists: tuple[IgnoreFile, ...]
    given: bool = False


class _Walker:
    """One search. ``seen`` holds the real paths of files given out and of folders walked."""

    def __init__(self, config: Config) -> None:
        self.root = config.root
        self.excluded = parse(str(config.root), config.exclude) if config.exclude else None
        self.seen: set[str] = set()
        self.left_out: set[str] = set()
        self.links: list[tuple[str, str]] = []

    def explicit(self, path: Path) -> Iterator[str | Problem]:
        real = os.path.realpath(path)
        try:
            mode = path.stat().st_mode
        except OSError as error:
            yield Problem(_why(error, path), path)
            return
        if stat.S_ISDIR(mode):
            yield from self.folder(path, real)
        elif not stat.S_ISREG(mode):
            yield Problem("is not a regular file; give files or folders of Python source", path)
        elif path.is_symlink() and not any(_inside(real, str(top)) for top in (self.root, Path.cwd())):
            yield Problem(f"is a link that leads out of the project, to {real}; give that file itself", path)
        elif self.is_new(real):
            yield str(path)

    def is_new(self, real: str) -> bool:
        if real in self.seen:
            return False
        self.seen.add(real)
        return True

    def folder(self, path: Path, real: str) -> Iterator[str | Problem]:
        """Walk a folder the user gave, whatever its name."""
        try:
            lists = git.above(real, self.root)
        except VjpfixError as error:
            yield error.problem
            lists = ()
        # What is still to be walked, the next folder last.
        waiting = [_Folder("" if path == Path() else _slashed(str(path)), real, lists, given=True)]
        while waiting:
            folder = waiting.pop()
            if self.is_new(folder.real):
                below: list[_Folder] = []
                yield from self.entries(folder, below)
                waiting += reversed(below)
        # Last, so that a file is named by its own name if the walk came by it.
        links, self.links = self.links, []
        for shown, link in links:
            target = os.path.realpath(link)
            if self.may_follow(target, real) and self.is_new(target):
                yield shown

    def entries(self, folder: _Folder, below: list[_Folder]) -> Iterator[str | Problem]:
        """Give out the files of one folder, and add the folders to walk next to ``below``."""
        try:
            with os.scandir(folder.real) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
            names = {entry.name for entry in entries if entry.name in _TELLING}
            if "pyvenv.cfg" in names and not folder.given:
                self.left_out.add(folder.real)
                return
            lists = self.lists(folder, names)
        except OSError as error:
            unread = Path(folder.shown)
            yield Problem(_why(error, unread), unread)
            return
        except VjpfixError as error:
            yield error.problem
            lists = folder.lists
        shown, at = folder.shown, _slashed(folder.real)
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if self.takes(at + name, name, True, lists):
                    below.append(_Folder(f"{shown}{name}{os.sep}", at + name, lists))
            elif name.endswith(SUFFIXES) and self.takes(at + name, name, False, lists):
                if entry.is_symlink():
                    self.links.append((shown + name, at + name))
                elif entry.is_file(follow_symlinks=False) and self.is_new(at + name):
                    yield shown + name

    def lists(self, folder: _Folder, names: set[str]) -> tuple[IgnoreFile, ...]:
        # The top of a repository: git's patterns end at its border.
        lists = git.repository(folder.real) if ".git" in names else folder.lists
        if ".gitignore" in names:
            lists += git.ignore_file(folder.real, Path(folder.real, ".gitignore"))
        return lists

    def takes(self, path: str, name: str, is_folder: bool, lists: tuple[IgnoreFile, ...]) -> bool:
        if (
            (is_folder and name in SKIPPED)
            or (lists and is_ignored(lists, path, name, is_folder))
            or (self.excluded and self.is_excluded(path, name, is_folder))
        ):
            self.left_out.add(path)
            return False
        return True

    def is_excluded(self, path: str, name: str, is_folder: bool) -> bool:
        excluded = self.excluded
        if excluded is None or not _inside(path, excluded.base):
            return False
        return excluded.verdict(path, name, is_folder) is True

    def may_follow(self, target: str, top: str) -> bool:
        """Whether a link's target is a file below ``top`` that was not left out by its own name."""
        if not _inside(target, top) or not Path(target).is_file():
            return False
        return self.left_out.isdisjoint((target, *map(str, Path(target).parents)))


def _inside(path: str, top: str) -> bool:
    return path.startswith(_slashed(top))


def _slashed(folder: str) -> str:
    return folder if folder.endswith(os.sep) else folder + os.sep


def _why(error: OSError, path: Path) -> str:
    match error:
        case FileNotFoundError() if path.is_symlink():
            return "is a link to a file that does not exist"
        case FileNotFoundError():
            return "does not exist; check the path"
        case PermissionError():
            return "cannot be read: no permission; change its mode or exclude it in [tool.vjpfix]"
    return f"cannot be read: {error.strerror}"
