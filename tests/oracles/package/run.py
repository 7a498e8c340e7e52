"""Run a project that is on disk, in this process, with the stand-in for jax."""

from __future__ import annotations

import importlib
import re
import runpy
import sys
import typing
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import ModuleType
from unittest import mock  # imported before any project is, so that none imports it anew

import pytest

from tests.oracles.module.standin import WORLDS, Recorder, modules

from .project import Project, Session

_LOADED_BEFORE = (mock, pytest)
_MADE_BY = re.compile(r"\w+#")


@dataclass(frozen=True, slots=True)
class Event:
    """In one session, call site ``site`` reached ``version``; ``driven``: whose rules were running, if any.

    Both go without the name of the function they come from (``vmap(#1)``), for a fix may rename that.
    """

    session: int
    site: int | str
    version: str
    driven: str | None


def run(project: Project, top: Path) -> tuple[Event, ...]:
    """Every event of all sessions, in order. What a module raises is raised."""
    return tuple(
        event
        for number, session in enumerate(project.sessions)
        for event in run_session(number, session, top)
    )


def run_session(number: int, session: Session, top: Path) -> list[Event]:
    recorder = Recorder(WORLDS[0])
    with clean_process(session, top, recorder), redirect_stdout(StringIO()):
        if session.script:
            runpy.run_path(str(top / session.script), run_name="__main__")
        for name in session.modules:
            importlib.import_module(name)
            log_exports(name, recorder)
        for primal in tuple(recorder.primals):
            recorder.drive(primal)
    return [
        Event(number, each.site, nameless(each.version), each.driven and nameless(each.driven))
        for each in recorder.events
    ]


def nameless(version: str) -> str:
    return _MADE_BY.sub("#", version)


def log_exports(name: str, recorder: Recorder) -> None:
    """Log what a star import sees by way of ``__all__``."""
    module = sys.modules[name]
    for position, entry in enumerate(getattr(module, "__all__", ())):
        recorder.log(f"{name}.__all__[{position}]", getattr(module, entry))


@contextmanager
def clean_process(session: Session, top: Path, recorder: Recorder) -> Iterator[None]:
    """A ``sys.path`` and ``sys.modules`` as in a process of the session's own, and the real ones after it."""
    known, path = dict(sys.modules), list(sys.path)
    checking, bytecode = typing.TYPE_CHECKING, sys.dont_write_bytecode
    sys.path[:0] = [str(top / folder) for folder in session.folders]
    sys.modules.update(stand_ins(recorder))
    sys.dont_write_bytecode = True
    typing.TYPE_CHECKING = session.type_checking  # type: ignore[misc]
    try:
        yield
    finally:
        sys.path[:] = path
        typing.TYPE_CHECKING = checking  # type: ignore[misc]
        sys.dont_write_bytecode = bytecode
        for name in set(sys.modules) - set(known):
            del sys.modules[name]
        sys.modules.update(known)
        for folder in [each for each in sys.path_importer_cache if each.startswith(str(top))]:
            del sys.path_importer_cache[folder]


def stand_ins(recorder: Recorder) -> dict[str, ModuleType]:
    """The modules that a project may import: those of the oracle for single files, and two more functions.

    ``fake(*args)`` and ``said(label, *args)`` log the call site among their arguments.
    """
    found = modules(recorder)

    def said(label: str, *args: object, **kwargs: object) -> None:
        recorder.log_call(label, args, kwargs)

    def fake(*args: object, **kwargs: object) -> None:
        recorder.log_call("fake", args, kwargs)

    vars(found["probing"]).update(said=said, fake=fake)
    return found
