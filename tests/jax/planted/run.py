"""Run plants on JAX, without and under the guard, in the process of ``tests.jax.process``."""

from __future__ import annotations

import importlib
import linecache
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vjpfix
from tests.jax.measured.measure import alike, outer_x
from vjpfix.runtime.report import Check, Level, Place, Report

from .changes import Effect
from .program import LIB, Plant, Program
from .uses import CALL, GRAD, Use

_CODES = {Effect.MAPS: {"VJP001"}, Effect.DIFFERENTIATES: {"VJP002", "VJP001"}}
_ELSEWHERE = {"VJP005", "VJP102", ""}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the guard made of a plant. ``doubts``: why the plant is not what it says. ``missed``,
    ``invented``: what the guard should have said and did not, and the other way round. ``reported``: how
    many errors and warnings there were."""

    plant: Plant
    doubts: tuple[str, ...]
    missed: tuple[str, ...]
    invented: tuple[str, ...]
    reported: int


def examine(plant: Plant, folder: Path) -> Seen:
    """Run a plant and what was meant; compare what comes out, and the guard's reports, with the truth."""
    free = _attempt(plant.planted(), plant, plant.use, folder)
    doubts = tuple(_doubts(plant, free, folder))
    guard = vjpfix.guard("collect")
    with guard:
        watched = _attempt(plant.planted(), plant, plant.use, folder)
    reports = [each for each in guard.reports if each.level is not Level.NOTE]
    missed, invented = _compared(plant, reports, folder)
    if not _same(free, watched):
        invented.append(f"under the guard it gives {watched}, without {free}")
    return Seen(plant, doubts, tuple(missed), tuple(invented), len(reports))


def _doubts(plant: Plant, got: Any, folder: Path) -> Iterator[str]:
    """Where the truth by how a plant was made is not what running it shows: ``got``, under its own use, and
    where that changes nothing, under others."""
    for use in dict.fromkeys((plant.use, GRAD, CALL)):
        meant = _attempt(plant.meant(), plant, use, folder)
        if isinstance(meant, Exception):
            yield f"what was meant does not work under {use.name}: {type(meant).__name__}: {meant}"
            return
        if use != plant.use:
            got = _attempt(plant.planted(), plant, use, folder)
        if not _same(meant, got):
            if not plant.harmful:
                yield f"it is said to be harmless, and under {use.name} it is not"
            return
    if plant.harmful:
        yield "it is said to be harmful, and is not"


def _compared(plant: Plant, reports: list[Report], folder: Path) -> tuple[list[str], list[str]]:
    if not plant.harmful:
        return [], [str(report) for report in reports]
    if not reports and (plant.without_frames or not plant.reported):
        return [], []
    if not reports:
        return ["nothing was reported"], []
    missed = [f"{what} in {reports[0]}" for what in _wrong(plant, reports[0], folder)]
    return missed, [f"besides: {report}" for report in reports[1:]]


def _wrong(plant: Plant, report: Report, folder: Path) -> Iterator[str]:
    """What a report does not say as it is."""
    role, effect = plant.place.role, plant.change.effect
    assert role is not None
    rule = "" if role.value == "primal" else f"f_{role.name.lower()}"
    if (report.function, report.rule) != ("f", rule):
        yield f"the rule is {rule}"
    if effect in (Effect.SCALES, Effect.GROWS):
        if report.check not in (Check.VALUE, Check.OUTPUT):
            yield "the value differs"
        return
    if report.check not in (Check.NAME, Check.SELF):
        yield "the name was taken over"
    if report.transform.rpartition(".")[2] not in plant.change.transforms:
        yield f"the transform is {plant.change.transforms}"
    if report.code not in _CODES[effect] | _ELSEWHERE:
        yield f"the code is {_CODES[effect]}"
    if plant.way.plain and plant.change.plain and not report.code:
        yield "there is a code"
    calls, rebindings = (_marked(plant.planted(), mark, folder) for mark in ("call", "rebinding"))
    if report.call not in calls:
        yield f"the call is at {calls}"
    if report.rebinding not in (rebindings if plant.way.found else [None]):
        yield f"the rebinding is at {rebindings if plant.way.found else None}"


def _marked(program: Program, mark: str, folder: Path) -> list[Place]:
    return [
        Place(str(folder / name), number)
        for text, name in ((program.main, "main.py"), (program.lib, f"{LIB}.py"))
        for number, line in enumerate(text.splitlines(), 1)
        if line.endswith(f"# {mark}")
    ]


def _attempt(program: Program, plant: Plant, use: Use, folder: Path) -> Any:
    """What a use of a program gives, or the exception that it raises."""
    with _imported(program, folder) as namespace:
        try:
            namespace.update(__name__="__main__", __file__=str(folder / "main.py"))
            exec(compile(program.main, str(folder / "main.py"), "exec"), namespace)
            return use.apply(namespace["use"], argument(plant))
        except Exception as error:
            return error.with_traceback(None)


@contextmanager
def _imported(program: Program, folder: Path) -> Iterator[dict[str, Any]]:
    """The namespace of the module in which a program is run, while its library can be imported."""
    for text, name in ((program.main, "main"), (program.lib, LIB)):
        (folder / f"{name}.py").write_text(text)
    linecache.checkcache()
    importlib.invalidate_caches()
    path, module = sys.path[:], type(sys)("planted_main")
    module.__file__ = str(folder / "main.py")
    sys.path.insert(0, str(folder))
    sys.modules["planted_main"] = module
    sys.dont_write_bytecode = True
    try:
        yield vars(module)
    finally:
        sys.path[:] = path
        sys.modules.pop("planted_main", None)
        sys.modules.pop(LIB, None)


def argument(plant: Plant) -> Any:
    """The argument that the code outside passes."""
    leaves = {key: outer_x(plant.change.outside, size) for key, size in plant.body.sizes.items()}
    return leaves.get("", leaves)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Exception) or isinstance(other, Exception):
        return type(one) is type(other)
    return alike(one, other)
