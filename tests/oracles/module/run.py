"""Run one program's text against the stand-in."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Mapping
from types import CodeType, ModuleType

from .standin import WORLDS, Event, Recorder, World, modules

MODULE = "oracle_program"


def run_everywhere(
    text: str,
    worlds: Iterable[World] = WORLDS,
    exported: tuple[str, ...] = (),
    *,
    goes_on: bool = False,
) -> tuple[tuple[Event, ...], ...]:
    """The events of ``text`` in each world. Whatever the program raises is raised, or logged (``goes_on``)."""
    codes = [compile(text, f"<{MODULE}>", "exec", optimize=level) for level in (0, 1)]
    return tuple(run(codes[world.optimized], world, exported, goes_on=goes_on) for world in worlds)


def run(
    code: CodeType, world: World, exported: tuple[str, ...] = (), *, goes_on: bool = False
) -> tuple[Event, ...]:
    """Every event of one run, in order, with the rules of all its primals run at the end.

    What ``__all__`` names is logged as a star import would see it, and what the module holds under the
    names ``exported`` as another module would import it.
    """
    recorder = Recorder(world)
    program = ModuleType(MODULE)
    program.__dict__["__builtins__"] = {**vars(builtins), "__import__": Importer(modules(recorder))}
    sys.modules[MODULE] = program
    try:
        try:
            exec(code, program.__dict__)
        except Exception as error:
            if not goes_on:
                raise
            recorder.log("raised", f"{type(error).__name__}: {error}")
        for position, name in enumerate(getattr(program, "__all__", ())):
            recorder.log(f"__all__[{position}]", getattr(program, name))
        for name in exported:
            if hasattr(program, name):
                recorder.log(f"module.{name}", getattr(program, name))
        for primal in tuple(recorder.primals):
            recorder.drive(primal)
    finally:
        del sys.modules[MODULE]
    return tuple(recorder.events)


class Importer:
    """An ``__import__`` that knows the stand-ins first, so that no real module is hidden from the tests."""

    def __init__(self, known: Mapping[str, ModuleType]) -> None:
        self.known = known

    def __call__(
        self,
        name: str,
        namespace: Mapping[str, object] | None = None,
        local_names: Mapping[str, object] | None = None,
        fromlist: tuple[str, ...] = (),
        level: int = 0,
    ) -> ModuleType:
        if name in self.known:
            return self.known[name if fromlist else name.partition(".")[0]]
        return builtins.__import__(name, namespace, local_names, fromlist, level)
