"""What is run on a copy, where, and in which environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import vjpfix
from vjpfix.verify.copying import Copy


def of_module(path: Path, folder: Path) -> tuple[str, ...]:
    """The command that runs a module itself: a script from ``folder``, a part of a package by its name."""
    top = top_of(path)
    if top == path.parent:
        return (sys.executable, os.path.relpath(path, folder))
    name = ".".join(path.relative_to(top).with_suffix("").parts)
    if path.name == "__init__.py":
        return (sys.executable, "-c", f"import {name.removesuffix('.__init__')}")
    return (sys.executable, "-m", name)


def top_of(path: Path) -> Path:
    """The folder from which the module in a file is imported."""
    top = path.parent
    while (top / "__init__.py").is_file() and top.name.isidentifier():
        top = top.parent
    return top


def on_copy(command: Sequence[str], folder: Path, copy: Copy) -> tuple[str, ...]:
    """A command as it is run on a copy, from what stands there for ``folder``.

    Paths of the project that are given in full become those of the copy. A program that is given by a path
    and was not copied, such as that of a virtual environment, is the project's.
    """
    program, *arguments = (_counterpart(word, copy) for word in command)
    own = folder / program
    if os.sep in program and own.exists() and not (here(folder, copy) / program).exists():
        program = str(own)
    return (program, *arguments)


def _counterpart(word: str, copy: Copy) -> str:
    found = copy.of(Path(word)) if Path(word).is_absolute() else None
    return str(found) if found is not None and found.exists() else word


def here(folder: Path, copy: Copy) -> Path:
    """What stands in a copy for the current folder; the top of the copy where that is not in the project."""
    found = copy.of(folder)
    return found if found is not None and found.is_dir() else copy.top


def variables(outer: Mapping[str, str], folder: Path, copy: Copy, temporary: Path) -> dict[str, str]:
    """The environment of the command: folders of the project on ``PYTHONPATH`` are the copy's.

    Python writes no compiled files. vjpfix itself is at the end of the path, for a Python that does not have
    it; the ``temporary`` folder gets a link to it.
    """
    link = temporary / "packages"
    if not link.exists():
        link.mkdir()
        (link / "vjpfix").symlink_to(Path(vjpfix.__file__).parent, target_is_directory=True)
    paths = [_counterpart(each, copy) for each in outer.get("PYTHONPATH", "").split(os.pathsep) if each]
    return {
        **outer,
        "PYTHONPATH": os.pathsep.join((*paths, str(link))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PWD": str(here(folder, copy)),
    }


def search(files: Iterable[Path], copy: Copy) -> tuple[str, ...]:
    """The folders of a copy from which the packages of these files are imported."""
    tops = dict.fromkeys(copy.of(top_of(path)) for path in files if top_of(path) != path.parent)
    return tuple(str(top) for top in tops if top is not None)
