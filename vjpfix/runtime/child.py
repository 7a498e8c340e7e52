"""The guard in the Python processes that a command starts: asked for by variables, told in files.

``environment`` gives the variables for the command. Every Python below it, as long as it has vjpfix, imports
the ``sitecustomize`` of the folder ``startup``, which calls ``start``.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vjpfix.runtime.pytest_results import FOLDER as TESTS

FOLDER = "VJPFIX_GUARD"
GRADIENTS = "VJPFIX_GUARD_GRADIENTS"
SKIPPED = "VJPFIX_GUARD_SKIP_GRADIENTS"
ORIGINAL = "VJPFIX_GUARD_ORIGINAL"
COPY = "VJPFIX_GUARD_COPY"
_STARTUP = Path(__file__).parent / "startup"


def environment(
    folder: Path,
    outer: Mapping[str, str],
    *,
    check_gradients: bool = False,
    skip_gradients: Sequence[str] = (),
    search: Sequence[str] = (),
    moved: tuple[str, str] | None = None,
) -> dict[str, str]:
    """The environment for a command whose processes are to run under the guard.

    Arguments: the existing ``folder`` for their reports, and the environment that it has otherwise.
    ``search``: folders to put first in the search path of modules. ``moved``: a project and its copy, as real
    paths; modules of the one are imported from the other, and how tests of pytest end is told as well.
    """
    path = os.pathsep.join(filter(None, (str(_STARTUP), *search, outer.get("PYTHONPATH", ""))))
    found = {**outer, "PYTHONPATH": path, FOLDER: str(folder.absolute())}
    if check_gradients:
        found |= {GRADIENTS: "1", SKIPPED: ",".join(skip_gradients)}
    if moved is not None:
        found |= {ORIGINAL: moved[0], COPY: moved[1], TESTS: str(folder.absolute())}
    return found


def reports(folder: Path) -> list[dict[str, Any]]:
    """The documents of all processes that ran JAX, as ``saving.document`` makes them, by process id."""
    files = sorted(folder.glob("*.json"), key=lambda file: int(file.stem))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def start() -> None:
    """Guard this process to its end, if the environment says so. A process without JAX leaves no report."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    if ORIGINAL in os.environ:
        from vjpfix.runtime.pytest_results import ask
        from vjpfix.runtime.redirect import Moved, redirect

        redirect(Moved(os.environ[ORIGINAL], os.environ[COPY]))
        ask()
    from vjpfix.runtime.guard import guard

    skipped = os.environ.get(SKIPPED, "").split(",")
    watching = guard("collect", check_gradients=GRADIENTS in os.environ, skip_gradients=skipped)
    watching.__enter__()
    atexit.register(_end, watching, Path(folder))


def _end(watching: Any, folder: Path) -> None:
    if "jax" not in sys.modules:
        return
    from vjpfix.runtime.saving import write

    path = folder / f"{os.getpid()}.json"
    part = path.with_suffix(".part")  # who is killed while he writes leaves no half of it
    try:
        write(part, watching, sys.argv)
        part.replace(path)
    except OSError as error:
        print(f"vjpfix: the guard's report could not be written: {error}", file=sys.stderr)  # noqa: T201
