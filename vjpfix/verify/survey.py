"""What of a project is copied.

That is everything but version control, virtual environments, caches, and large things that git ignores.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from vjpfix.discover.git import above, ignore_file, repository
from vjpfix.discover.ignore import IgnoreFile, is_ignored
from vjpfix.discover.walk import SKIPPED
from vjpfix.model import VjpfixError

PREFIX = "vjpfix-verify-"
_TELLING = frozenset((".git", ".gitignore", "pyvenv.cfg"))


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is copied at most, in all, and of one thing that git ignores."""

    files: int = 50_000
    bytes: int = 500_000_000
    ignored_files: int = 2_000
    ignored_bytes: int = 20_000_000


@dataclass(slots=True)
class Survey:
    """What is to be copied, by paths below the project.

    ``folders``: those above others first. ``files``: each with what it is read from. ``links``: those within
    the project, with their targets. ``left_out``: what git ignores and is large, or cannot be read. ``size``:
    of all files, in bytes.
    """

    folders: list[str] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    size: int = 0


def survey(root: Path, limits: Limits) -> Survey:
    """Look through the project at ``root`` (a real path).

    A link to something inside the project becomes a link inside the copy; what another link leads to is
    copied, so that nothing in the copy leads out of it. Raises VjpfixError for more than the limits allow.
    """
    surveyor = _Surveyor(str(root), limits)
    surveyor.folder("", str(root), above(str(root), root), ())
    return surveyor.found


class _Surveyor:
    def __init__(self, root: str, limits: Limits) -> None:
        self.root = root
        self.limits = limits
        self.found = Survey()

    def folder(self, below: str, real: str, lists: tuple[IgnoreFile, ...], through: tuple[str, ...]) -> None:
        """Take up what is in a folder. ``through``: the real paths of the folders that links led to."""
        try:
            with os.scandir(real) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError:
            self.found.left_out.append(below)
            return
        names = {entry.name for entry in entries if entry.name in _TELLING}
        if below:
            if "pyvenv.cfg" in names:
                return
            self.found.folders.append(below)
        if ".git" in names:
            lists = repository(real)
        if ".gitignore" in names:
            lists += ignore_file(real, Path(real, ".gitignore"))
        for entry in entries:
            self.entry(f"{below}{os.sep}{entry.name}" if below else entry.name, entry, lists, through)

    def entry(
        self, below: str, entry: os.DirEntry[str], lists: tuple[IgnoreFile, ...], through: tuple[str, ...]
    ) -> None:
        name, path = entry.name, entry.path
        if name in SKIPPED or name.startswith(PREFIX):
            return
        if entry.is_symlink():
            self.link(below, path, lists, through)
            return
        is_folder = entry.is_dir(follow_symlinks=False)
        if lists and is_ignored(lists, path, name, is_folder) and self.is_large(path, is_folder):
            self.found.left_out.append(below)
        elif is_folder:
            self.folder(below, path, lists, through)
        else:
            self.file(below, path)

    def link(self, below: str, path: str, lists: tuple[IgnoreFile, ...], through: tuple[str, ...]) -> None:
        real = os.path.realpath(path)
        if real == self.root or real.startswith(self.root + os.sep):
            inside = os.path.relpath(real, self.root)
            self.found.links.append((below, os.path.relpath(inside, Path(below).parent)))
        elif not Path(real).is_dir():
            self.file(below, real)
        elif self.root.startswith(real.rstrip(os.sep) + os.sep):
            self.found.left_out.append(below)
        elif real not in through:
            self.folder(below, real, lists, (*through, real))

    def file(self, below: str, path: str) -> None:
        """Take up a regular file; others (sockets, pipes, devices) and what is gone are left."""
        try:
            status = Path(path).stat()
        except OSError:
            return
        if not stat.S_ISREG(status.st_mode):
            return
        if not os.access(path, os.R_OK):
            self.found.left_out.append(below)
            return
        found = self.found
        found.files.append((below, path))
        found.size += status.st_size
        if len(found.files) > self.limits.files or found.size > self.limits.bytes:
            raise _too_much(self.root, self.limits)

    def is_large(self, path: str, is_folder: bool) -> bool:
        size = count = 0
        files = _files(Path(path)) if is_folder else [Path(path)]
        for file in files:
            with suppress(OSError):
                size, count = size + file.lstat().st_size, count + 1
            if size > self.limits.ignored_bytes or count > self.limits.ignored_files:
                return True
        return False


def _files(folder: Path) -> Iterator[Path]:
    return (Path(top, name) for top, _, files in os.walk(folder) for name in files)


def _too_much(root: str, limits: Limits) -> VjpfixError:
    most = f"{limits.files:,} files or {limits.bytes / 1e6:,.0f} MB"
    return VjpfixError(
        f"is too large to be copied: it holds more than {most}. Put large things outside of it or into "
        ".gitignore; the folder is that of .git, of pyproject.toml or, without one, of the file given",
        Path(root),
    )
