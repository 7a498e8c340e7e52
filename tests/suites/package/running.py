"""Runs every module of a folder against the stand-in for jax."""

from __future__ import annotations

import contextlib
import importlib
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.oracles.module.standin import Event, Recorder, World, modules

from .case import PackageCase

ROOT = Path(__file__).parents[3]  # its package of tests would hide one of the case
WORLDS = (World(True, 1, 1, False), World(False, 2, 2, True))
_NUMBERED = re.compile(r"\w+#(\d+)")


def runs(case: PackageCase, folder: Path) -> dict[str, tuple[Event, ...]]:
    """The events of each module that is imported first, and of each script, in each world.

    At the end of a run the rules of every primal are run. Whatever a module raises is raised.
    """
    found: dict[str, tuple[Event, ...]] = {}
    roots = [folder / root for root in case.roots]
    for number, world in enumerate(WORLDS):
        for name in module_names(case):
            found[f"{name} in world {number}"] = run(case, roots, name, world)
        for script in case.scripts:
            path = folder / script
            found[f"{script} in world {number}"] = run(case, [path.parent, *roots], str(path), world)
    return found


def module_names(case: PackageCase) -> list[str]:
    """The modules that the roots of the case lead to; a file belongs to the longest root."""
    names = []
    for path in case.files:
        root = max((r for r in case.roots if path.startswith(r)), key=len, default=None)
        if path.endswith(".py") and path not in (*case.not_run, *case.scripts) and root is not None:
            dotted = path[len(root) :].strip("/").removesuffix(".py").replace("/", ".")
            names.append(dotted.removesuffix(".__init__"))
    return names


def run(case: PackageCase, roots: list[Path], what: str, world: World) -> tuple[Event, ...]:
    recorder = Recorder(world)
    with _isolated(case, roots, recorder):
        if what.endswith(".py"):
            runpy.run_path(what, run_name="__main__")
        else:
            importlib.import_module(what)
        for primal in tuple(recorder.primals):
            recorder.drive(primal)
    return tuple(recorder.events)


@contextlib.contextmanager
def _isolated(case: PackageCase, roots: list[Path], recorder: Recorder) -> Iterator[None]:
    """The modules of the case and the stand-ins are importable in here, and gone afterwards."""
    known = modules(recorder)
    own = {part.removesuffix(".py") for path in case.files for part in path.split("/")}
    hidden = {name: sys.modules.pop(name) for name in tuple(sys.modules) if _is_own(name, own, known)}
    path, bytecode = sys.path[:], sys.dont_write_bytecode
    sys.modules.update(known)
    sys.path[:] = [*map(str, roots), *(entry for entry in path if Path(entry).resolve() != ROOT)]
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:], sys.dont_write_bytecode = path, bytecode
        for name in [name for name in sys.modules if _is_own(name, own, known)]:
            del sys.modules[name]
        sys.modules.update(hidden)


def _is_own(name: str, own: set[str], known: dict[str, object]) -> bool:
    return name.partition(".")[0] in own or name in known


def outside(events: tuple[Event, ...]) -> list[tuple[int | str, str]]:
    """What the call sites outside the rules reached; primals by their number, whatever they are called."""
    return [(e.site, _NUMBERED.sub(r"#\1", e.version)) for e in events if e.driven is None]


def harmed(events: tuple[Event, ...]) -> list[Event]:
    """The call sites in a rule that reached anything but the primal itself."""
    return [event for event in events if event.driven is not None and event.version != event.driven]
