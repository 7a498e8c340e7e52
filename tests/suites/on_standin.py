"""Runs every module of a folder against the stand-in for jax."""

from __future__ import annotations

import contextlib
import importlib
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.oracles.standin import Event, Recorder, World, modules

from .case import Case

WORLDS = (World(True, 1, 1, False), World(False, 2, 2, True))


def runs(case: Case, folder: Path) -> dict[str, tuple[Event, ...]]:
    """The events of each module that is imported first, and of each script, in each world.

    At the end of a run the rules of every primal are run. Whatever a module raises is raised.
    """
    found: dict[str, tuple[Event, ...]] = {}
    roots = [folder / root for root in case.words("roots") or (".",) if root != "none"]
    for number, world in enumerate(WORLDS):
        for name in _module_names(case, [root.relative_to(folder) for root in roots]):
            found[f"{name} in world {number}"] = _run(case, roots, name, world)
        for script in case.words("scripts"):
            path = folder / script
            found[f"{script} in world {number}"] = _run(case, [path.parent, *roots], str(path), world)
    return found


def _module_names(case: Case, roots: list[Path]) -> Iterator[str]:
    """The modules that the roots lead to; a file belongs to the longest root."""
    not_imported = {*case.words("broken"), *case.words("scripts")}
    for path in map(Path, case.files):
        above = [root for root in roots if path.is_relative_to(root)]
        if path.suffix == ".py" and str(path) not in not_imported and above:
            parts = path.relative_to(max(above, key=lambda root: len(root.parts))).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _run(case: Case, roots: list[Path], what: str, world: World) -> tuple[Event, ...]:
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
def _isolated(case: Case, roots: list[Path], recorder: Recorder) -> Iterator[None]:
    """The modules of the case and the stand-ins are importable in here, and gone afterwards."""
    known = modules(recorder)
    own = {part.removesuffix(".py") for path in case.files for part in path.split("/")}
    hidden = {name: sys.modules.pop(name) for name in tuple(sys.modules) if _is_own(name, own, known)}
    path, bytecode = sys.path[:], sys.dont_write_bytecode
    sys.modules.update(known)
    # Packages of tests, in whose place a case may have its own, are what a checkout has.
    elsewhere = (entry for entry in path if not Path(entry, "tests", "__init__.py").exists())
    sys.path[:] = [*map(str, roots), *elsewhere]
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
    """What the call sites outside the rules reached."""
    return [(e.site, e.version) for e in events if e.driven is None]


def harmed(events: tuple[Event, ...]) -> list[Event]:
    """The call sites in a rule that reached anything but the primal itself."""
    return [event for event in events if event.driven is not None and event.version != event.driven]
