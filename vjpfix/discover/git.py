"""The ignore lists that git would use for a folder: those of its repository, from the top down to it."""

from __future__ import annotations

import os
from pathlib import Path

from vjpfix.discover.ignore import IgnoreFile, parse
from vjpfix.model import VjpfixError


def above(folder: str, root: Path) -> tuple[IgnoreFile, ...]:
    """The lists that reach into ``folder`` from the folders above it, the shallowest first.

    They start at the top of the git repository. Without a repository they start at ``root`` if the folder
    lies below it. Raises VjpfixError for a list that cannot be read.
    """
    here = Path(folder)
    chain = (here, *here.parents)
    top = next((each for each in chain if (each / ".git").exists()), None)
    if top == here:
        return ()
    first = top or (root if here.is_relative_to(root) else here)
    between = [each for each in reversed(chain[1:]) if each.is_relative_to(first)]
    lists = [*repository(str(top))] if top else []
    for each in between:
        lists += ignore_file(str(each), each / ".gitignore")
    return tuple(lists)


def repository(folder: str) -> tuple[IgnoreFile, ...]:
    """The list in ``info/exclude`` of the repository whose top is ``folder``."""
    git = Path(folder, ".git")
    if git.is_file():
        # A worktree or a submodule: the file says where the repository is.
        git = git.parent / _line(git).removeprefix("gitdir:").strip()
        if (git / "commondir").is_file():
            git = git / _line(git / "commondir")
    return ignore_file(folder, git / "info" / "exclude")


def ignore_file(folder: str, path: Path) -> tuple[IgnoreFile, ...]:
    """The list at ``path`` for entries below ``folder``; none when there is no such file."""
    if not path.is_file():
        return ()
    return (parse(folder, _content(path).splitlines()),)


def _line(path: Path) -> str:
    return _content(path).strip()


def _content(path: Path) -> str:
    try:
        return os.fsdecode(path.read_bytes()).removeprefix("\ufeff")
    except OSError as error:
        raise VjpfixError(f"cannot be read: {error.strerror}; its patterns are left out", path) from error
