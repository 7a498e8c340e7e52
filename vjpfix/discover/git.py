"""The ignore lists that git would use for a folder: those of its repository, from the top down to it."""

from __future__ import annotations

import os
from pathlib import Path

from vjpfix.discover.ignore import IgnoreFile, parse
from vjpfix.model import VjpfixError

_OF_A_HOOK = frozenset(("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_INDEX_FILE"))


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
    """The lists for all of the repository whose top is ``folder``: the user's own, then ``info/exclude``."""
    git = Path(folder, ".git")
    if git.is_file():
        # A worktree or a submodule: the file says where the repository is.
        git = git.parent / _line(git).removeprefix("gitdir:").strip()
        if (git / "commondir").is_file():
            git = git / _line(git / "commondir")
    own = _own_list(folder)
    return (*(ignore_file(folder, own) if own else ()), *ignore_file(folder, git / "info" / "exclude"))


def _own_list(folder: str) -> Path | None:
    """The file that ``core.excludesFile`` names, or else git's default for it; None where there is none."""
    import subprocess

    # A hook's variables are about the repository that it runs for.
    environment = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    command = ["git", "-C", folder, "config", "--type=path", "--get", "core.excludesFile"]
    try:
        asked = subprocess.run(command, capture_output=True, check=False, timeout=60, env=environment)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        asked = None  # there is no git here
    if asked is not None and asked.returncode == 0:
        named = os.fsdecode(asked.stdout).removesuffix("\n")
        return Path(folder, named) if named else None
    settings = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111  # may fail
    return Path(settings, "git", "ignore")


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
