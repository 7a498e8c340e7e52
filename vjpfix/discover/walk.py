"""From the paths a user gave to the files to look at, each once and always in the same order."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from vjpfix.config import Config, Configured
from vjpfix.discover import git
from vjpfix.discover.exclusions import Exclusions
from vjpfix.discover.ignore import IgnoreFile, is_ignored
from vjpfix.discover.kinds import NOTEBOOK, SUFFIXES, why_not_python
from vjpfix.model import Problem, VjpfixError

SKIPPED = frozenset(
    (
        *(".git", ".hg", ".svn", ".venv", ".tox", ".nox", ".eggs", ".ipynb_checkpoints"),
        *(".mypy_cache", ".ruff_cache", ".pytest_cache", "__pycache__", "node_modules", "site-packages"),
    )
)
_TOLD_OF = (*SUFFIXES, NOTEBOOK)
_TELLING = frozenset((".git", ".gitignore", "pyvenv.cfg"))


class Why(Enum):
    """Why something in a folder is not looked at, though nobody asked to leave it out."""

    NOTEBOOK = "a notebook"
    LEADS_OUT = "a link that leads out of the folder"
    SECOND_NAME = "a link to what the folder also holds by another name"


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in a folder that is not looked at, as a reader is shown it. ``target``: of a link."""

    path: str
    why: Why
    target: str = ""


def find(paths: Sequence[Path], configs: Configured) -> Iterator[Path | Problem]:
    """The Python files that ``paths`` stand for, as the user would name them.

    A file is taken if it is Python by its suffix or its first line. A folder is walked, except for folders
    nobody writes code in (SKIPPED, virtual environments) and what git and the ``exclude`` of its
    configuration leave out. A link to a file stands for its target if that lies inside the folder given (for
    a link given by name: inside its project); links to folders are not followed. A path that cannot be used
    gives a Problem, and the others go on.
    """
    for found in find_names(paths, configs):
        yield Path(found) if isinstance(found, str) else found


def find_names(
    paths: Sequence[Path], configs: Configured, skipped: Callable[[Skipped], None] = lambda _: None
) -> Iterator[str | Problem]:
    """As ``find``, with the files as strings: of thousands only few matter, and a Path is slow to make.

    ``skipped`` is called for what is in folders and not looked at, when the walk has ended.
    """
    walker = _Walker(configs)
    for path in paths:
        yield from walker.explicit(path)
    for each in walker.skipped:
        if each.why is not Why.LEADS_OUT or each.target not in walker.seen:
            skipped(each)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to walk: what its files' names start with on the screen, where it is, what reaches into it."""

    shown: str
    real: str
    lists: tuple[IgnoreFile, ...]
    given: bool = False


class _Walker:
    """One search. ``seen`` holds the real paths of files given out and of folders walked."""

    def __init__(self, configs: Configured) -> None:
        self.configs = configs
        self.exclusions = Exclusions(configs)
        self.seen: set[str] = set()
        self.left_out: set[str] = set()
        self.links: list[tuple[str, str]] = []
        self.skipped: list[Skipped] = []

    def explicit(self, path: Path) -> Iterator[str | Problem]:
        real = os.path.realpath(path)
        try:
            mode = path.stat().st_mode
        except OSError as error:
            yield Problem(_why(error, path), path)
            return
        if self.is_forced_out(path, real):
            return
        if stat.S_ISDIR(mode):
            yield from self.folder(path, real)
        elif not stat.S_ISREG(mode):
            yield Problem("is not a regular file; give files or folders of Python source", path)
        elif path.is_symlink() and not self.stays_in_project(path, real):
            yield Problem(f"is a link that leads out of the project, to {real}; give that file itself", path)
        elif self.is_new(real):
            why = why_not_python(path)
            yield Problem(why, path) if why else str(path)

    def is_forced_out(self, path: Path, real: str) -> bool:
        """Whether what was given by name is excluded, by its own name or its target's, and that holds."""
        own = _place(path)
        force = self.config(str(own.parent)).force_exclude
        return force and any(self.exclusions.holds(each) for each in (str(own), real))

    def config(self, folder: str) -> Config:
        """The configuration of a folder; where it is broken, which is told for its files, the defaults."""
        try:
            return self.configs.of(folder)
        except VjpfixError:
            return Config(root=Path(folder))

    def stays_in_project(self, link: Path, target: str) -> bool:
        folder = _place(link).parent
        tops = (self.config(str(folder)).root, self.configs.project(folder))
        return any(top is not None and _inside(target, str(top)) for top in tops)

    def is_new(self, real: str) -> bool:
        if real in self.seen:
            return False
        self.seen.add(real)
        return True

    def folder(self, path: Path, real: str) -> Iterator[str | Problem]:
        """Walk a folder the user gave, whatever its name."""
        try:
            lists = git.above(real, self.config(real).root)
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
            if target != real and not _inside(target, real):
                if os.path.exists(target):  # noqa: PTH110  # of strings
                    self.skipped.append(Skipped(shown, Why.LEADS_OUT, target))
            elif shown.endswith(SUFFIXES) and self.may_follow(target) and self.is_new(target):
                yield shown
            else:
                self.skipped.append(Skipped(shown, Why.SECOND_NAME, target))

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
        yield from self.taken(entries, replace(folder, lists=lists), below)

    def taken(
        self, entries: Sequence[os.DirEntry[str]], folder: _Folder, below: list[_Folder]
    ) -> Iterator[str]:
        """The files among the entries of a folder; the folders to walk are added to ``below``."""
        shown, at, lists = folder.shown, _slashed(folder.real), folder.lists
        excluded = self.exclusions.lists(folder.real)
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if self.takes(at + name, name, True, lists, excluded):
                    below.append(_Folder(f"{shown}{name}{os.sep}", at + name, lists))
            elif entry.is_symlink():
                if self.matters(entry) and self.takes(at + name, name, False, lists, excluded):
                    self.links.append((shown + name, at + name))
            elif (
                name.endswith(_TOLD_OF)
                and self.takes(at + name, name, False, lists, excluded)
                and entry.is_file(follow_symlinks=False)
                and self.is_new(at + name)
            ):
                if name.endswith(SUFFIXES):
                    yield shown + name
                else:
                    self.skipped.append(Skipped(shown + name, Why.NOTEBOOK))

    def matters(self, link: os.DirEntry[str]) -> bool:
        """Whether a link may stand for a file or folder to look at."""
        is_folder = os.path.isdir(link.path)  # noqa: PTH112  # the link itself may raise
        return link.name.endswith(_TOLD_OF) or (is_folder and link.name not in SKIPPED)

    def lists(self, folder: _Folder, names: set[str]) -> tuple[IgnoreFile, ...]:
        # The top of a repository: git's patterns end at its border.
        lists = git.repository(folder.real) if ".git" in names else folder.lists
        if ".gitignore" in names:
            lists += git.ignore_file(folder.real, Path(folder.real, ".gitignore"))
        return lists

    def takes(
        self,
        path: str,
        name: str,
        is_folder: bool,
        ignored: tuple[IgnoreFile, ...],
        excluded: tuple[IgnoreFile, ...],
    ) -> bool:
        if (
            (is_folder and name in SKIPPED)
            or (ignored and is_ignored(ignored, path, name, is_folder))
            or (excluded and is_ignored(excluded, path, name, is_folder))
        ):
            self.left_out.add(path)
            return False
        return True

    def may_follow(self, target: str) -> bool:
        """Whether a link's target is a file that was not left out by its own name."""
        if not Path(target).is_file():
            return False
        return self.left_out.isdisjoint((target, *map(str, Path(target).parents)))


def _place(path: Path) -> Path:
    """Where a path stands: in the real folder, under its own name, be it a link's."""
    absolute = path.absolute()
    if absolute.name in ("", ".."):
        return absolute.resolve()
    return Path(os.path.realpath(absolute.parent), absolute.name)


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
