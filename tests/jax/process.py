"""One process with JAX for all programs of a test run: started when it is first asked, and once for each worker."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import ParamSpec, TypeVar

DEADLINE = 300
"""Seconds for one answer; JAX is imported and compiles on the way to the first."""

# Some rebindings recurse without end, and in a backward pass each level doubles the work: at Python's own
# limit they fill the memory before they fail (with JAX 0.12 from a limit of 260 on).
RECURSION_LIMIT = 220

_P = ParamSpec("_P")
_R = TypeVar("_R")


def prepare() -> None:
    """Set up this process, before JAX is imported."""
    os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2 --xla_backend_optimization_level=0"
    os.environ["JAX_PLATFORMS"] = "cpu"
    sys.setrecursionlimit(RECURSION_LIMIT)


def _serve(here: Connection) -> None:
    prepare()
    while True:
        try:
            function, arguments, keywords = here.recv()
        except EOFError:
            return
        try:
            here.send((function(*arguments, **keywords), None))
        except Exception as error:
            here.send((None, error.with_traceback(None)))


class JaxProcess:
    """Runs functions in a process that ``prepare`` set up; another one follows where it is lost."""

    def __init__(self) -> None:
        self._running: tuple[BaseProcess, Connection] | None = None

    def ask(self, function: Callable[_P, _R], *arguments: _P.args, **keywords: _P.kwargs) -> _R:
        """What the function returns or raises there. TimeoutError, EOFError: the process did not survive it."""
        _, there = self._running = self._running or self._started()
        there.send((function, arguments, keywords))
        try:
            if not there.poll(DEADLINE):
                raise TimeoutError(f"no answer within {DEADLINE} seconds")
            result, error = there.recv()
        except (EOFError, TimeoutError):
            self.end()
            raise
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]

    def _started(self) -> tuple[BaseProcess, Connection]:
        context = get_context("spawn")
        there, here = context.Pipe()
        process = context.Process(target=_serve, args=(here,), daemon=True)
        process.start()
        here.close()
        return process, there

    def end(self) -> None:
        """Stop the process, whatever it is at."""
        if self._running:
            process, there = self._running
            there.close()
            process.kill()
            process.join()
            self._running = None
