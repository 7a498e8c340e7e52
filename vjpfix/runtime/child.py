"""The guard in the Python processes that a command starts: asked for by a variable, told in files.

``environment`` gives the variables for the command. Every Python below it, as long as it has vjpfix, imports
the ``sitecustomize`` of the folder ``startup``, which calls ``start``.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = "VJPFIX_GUARD"
GRADIENTS = "VJPFIX_GUARD_GRADIENTS"
_STARTUP = Path(__file__).parent / "startup"


def environment(folder: Path, outer: Mapping[str, str], *, check_gradients: bool = False) -> dict[str, str]:
    """The environment for a command whose processes are to run under the guard.

    Arguments: the existing ``folder`` for their reports, and the environment that it has otherwise.
    """
    path = os.pathsep.join(filter(None, (str(_STARTUP), outer.get("PYTHONPATH", ""))))
    gradients = {GRADIENTS: "1"} if check_gradients else {}
    return {**outer, "PYTHONPATH": path, FOLDER: str(folder.absolute()), **gradients}


def reports(folder: Path) -> list[dict[str, Any]]:
    """The documents of all processes that ran JAX, as ``saving.document`` makes them, by process id."""
    files = sorted(folder.glob("*.json"), key=lambda file: int(file.stem))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def start() -> None:
    """Guard this process to its end, if the environment says so. A process without JAX leaves no report."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    from vjpfix.runtime.guard import guard

    watching = guard("collect", check_gradients=bool(os.environ.get(GRADIENTS)))
    watching.__enter__()
    atexit.register(_end, watching, Path(folder))


def _end(watching: Any, folder: Path) -> None:
    if "jax" not in sys.modules:
        return
    from vjpfix.runtime.saving import write

    try:
        write(folder / f"{os.getpid()}.json", watching, sys.argv)
    except OSError as error:
        print(f"vjpfix: the guard's report could not be written: {error}", file=sys.stderr)  # noqa: T201
