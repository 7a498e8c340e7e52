"""The work of ``diff``: a patch that does in the current folder what its reader thinks it does."""

from __future__ import annotations

from pathlib import Path

from vjpfix.cli.batches import Batch
from vjpfix.review.patch import patch_bytes
from vjpfix.review.summary import count

_NAMED = 3  # files that are told one by one


def patch_of(batch: Batch, here: Path) -> bytes:
    """A patch of these changes for `git apply` in the folder ``here``.

    Its paths are those of the repository's top, as `git diff` prints them; outside of any repository they are
    those of ``here``. What a link leads to has its own name, for git does not write through links.
    """
    top = _top(here)
    files = sorted(batch.files, key=lambda file: file.source.real_path)
    return b"".join(patch_bytes(f.source.real_path, f.source.data, f.data, top) for f in files)


def reach(batch: Batch, here: Path) -> str:
    """Why a patch of these changes does not do in the folder ``here``; empty where it does.

    In a folder of a repository `git apply` leaves out what does not lie below that folder, without a word and
    with exit code 0: the changes would be made by half.
    """
    paths = [here / file.source.real_path for file in batch.files]
    outside = sorted(path for path in paths if not path.is_relative_to(here))
    if not outside:
        return ""
    holding = (folder for folder in outside[0].parents if all(p.is_relative_to(folder) for p in paths))
    top = _top(next(holding, outside[0].parent))
    names = [path.relative_to(top).as_posix() if path.is_relative_to(top) else str(path) for path in outside]
    if len(names) > _NAMED:
        names[_NAMED:] = [count(len(names) - _NAMED, "other file")]
    what = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    who, verb = ("this fix", "changes") if len(batch.changes) == 1 else ("these fixes", "change")
    also = "also " if len(outside) < len(paths) else ""
    return f"{who} {also}{verb} {what}: run vjpfix diff in {top}"


def _top(folder: Path) -> Path:
    """The top of the git repository that a folder lies in; the folder itself where it lies in none."""
    for each in (folder, *folder.parents):
        git = each / ".git"
        if git.is_file() or (git / "HEAD").exists():  # a worktree or a submodule has a file
            return each
    return folder
