"""Runs programs in this process, from texts in memory, with the stand-in for jax."""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
import sys
import typing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from types import CodeType, ModuleType
from unittest import mock  # imported before any program is, so that none imports it anew

import pytest

from .generator.program import Program, Session
from .standin import Event, Recorder, World, modules

_LOADED_BEFORE = (mock, pytest)
Files = Mapping[str, bytes]
BROKEN_RULE = "a rule raised"
Runs = tuple[tuple[Event, ...], ...]


def run_everywhere(
    program: Program,
    files: Files,
    worlds: Sequence[World] = (),
    *,
    exported: Sequence[str] = (),
    lenient: bool = False,
) -> Runs:
    """The events of each session of the program in each world, with these files in the place of its own.

    ``exported``: names under which others import what the modules hold in the end. What a module raises is the
    event "raised", and what a rule raises ``BROKEN_RULE``. At the end the rules of all primals are run.
    """
    return tuple(
        _run(session, files, Recorder(world, lenient), exported)
        for world in worlds or program.worlds
        for session in program.sessions
    )


def _run(session: Session, files: Files, recorder: Recorder, exported: Sequence[str]) -> tuple[Event, ...]:
    with _clean_process(session, files, recorder), redirect_stdout(StringIO()):
        try:
            if session.script:
                script = ModuleType("__main__")
                script.__file__ = session.script
                exec(_code(files[session.script], session.script, recorder.world.optimized), script.__dict__)
            for name in session.modules:
                _log_exports(importlib.import_module(name), recorder, exported)
        except Exception as error:
            recorder.log("raised", type(error).__name__)
        for primal in tuple(recorder.primals):
            try:
                recorder.drive(primal)
            except Exception as error:
                recorder.log(BROKEN_RULE, type(error).__name__)
    return tuple(recorder.events)


@functools.lru_cache(maxsize=64)
def _code(data: bytes, path: str, optimized: bool) -> CodeType:
    return compile(data, path, "exec", dont_inherit=True, optimize=int(optimized))


def _log_exports(module: ModuleType, recorder: Recorder, exported: Sequence[str]) -> None:
    """Log what a star import sees by way of ``__all__``, and what the module holds under the names given."""
    for position, entry in enumerate(getattr(module, "__all__", ())):
        recorder.log(f"{module.__name__}.__all__[{position}]", getattr(module, entry))
    for name in exported:
        if hasattr(module, name):
            recorder.log(f"{module.__name__}.{name}", getattr(module, name))


@contextmanager
def _clean_process(session: Session, files: Files, recorder: Recorder) -> Iterator[None]:
    """Modules as in a process of the session's own, and the real ones after it."""
    known = dict(sys.modules)
    checking = typing.TYPE_CHECKING
    finder = _Finder(session.folders, files, recorder.world.optimized)
    sys.meta_path.insert(0, finder)
    for name in finder.own & known.keys():
        del sys.modules[name]
    sys.modules.update(modules(recorder))
    typing.TYPE_CHECKING = session.type_checking  # type: ignore[misc]
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        typing.TYPE_CHECKING = checking  # type: ignore[misc]
        for name in sys.modules.keys() - known.keys():
            del sys.modules[name]
        sys.modules.update(known)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules of a program as Python would if its files were there: in ``folders``, first come first."""

    def __init__(self, folders: Sequence[str], files: Files, optimized: bool) -> None:
        self.folders, self.files, self.optimized = folders, files, optimized
        self.own = {part.removesuffix(".py") for path in files for part in path.split("/")}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        last = fullname.rpartition(".")[2]
        below = [f"{folder}/{last}".lstrip("/") for folder in (self.folders if path is None else path)]
        for stem in below:
            for found, is_package in ((f"{stem}/__init__.py", True), (f"{stem}.py", False)):
                if found in self.files:
                    spec = importlib.machinery.ModuleSpec(fullname, self, origin=found, is_package=is_package)
                    spec.submodule_search_locations = [stem] if is_package else None
                    return spec
        parts = [stem for stem in below if any(each.startswith(f"{stem}/") for each in self.files)]
        if not parts:
            return None
        spec = importlib.machinery.ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = parts
        return spec

    def exec_module(self, module: ModuleType) -> None:
        assert module.__spec__
        assert module.__spec__.origin
        path = module.__spec__.origin
        exec(_code(self.files[path], path, self.optimized), module.__dict__)
