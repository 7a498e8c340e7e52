"""What is said about where was not looked, though nobody asked to leave it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from vjpfix.discover import Skipped, Why

_MOST = 5  # links that are named


def on_skipped(skipped: Iterable[Skipped]) -> Iterator[str]:
    """One sentence about the notebooks in folders, and one about links that lead out of them."""
    found = list(skipped)
    notebooks = [each.path for each in found if each.why is Why.NOTEBOOK]
    if notebooks:
        yield f"notebooks are not read yet: {len(notebooks)} left out, {_named(notebooks, 1)}"
    links = [f"{each.path} (to {each.target})" for each in found if each.why is Why.LEADS_OUT]
    if links:
        what = "a link that leads" if len(links) == 1 else f"{len(links)} links that lead"
        yield f"skipped {what} out of the folder given: {_named(links, _MOST)}"


def on_homeless(paths: Iterable[Path]) -> Iterator[str]:
    """A sentence about modules that lie in no project, given by name."""
    names = sorted({str(path) for path in paths})
    if names:
        where = f"no .git or pyproject.toml above {_named(names, 1)}"
        only_one = "only its own folder or package is looked through for modules that import it"
        several = "only their own folders or packages are looked through for modules that import them"
        yield f"{where}: {only_one if len(names) == 1 else several}"


def on_unasked(files: int) -> Iterator[str]:
    """A sentence about files that no rule looks at."""
    if files:
        what = "1 file" if files == 1 else f"{files} files"
        yield f"no rule is selected for {what}: nothing is looked for there"


def _named(names: list[str], most: int) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
