"""A command in a session of its own, which ends or is killed with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from vjpfix.model import VjpfixError

_GRACE = 2.0  # seconds between asking to end and killing
_SHOWN = 100_000  # bytes of the output that are kept, its last


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit ``code``, None where the time was up, negative for a signal.

    ``output``: what it wrote on both streams, or the end of that.
    """

    code: int | None
    seconds: float
    output: str


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path, timeout: float
) -> Ended:
    """Run a command in a folder, without an input, until it ends or ``timeout`` seconds are over.

    Whatever ends this call, an exception as well, the command and the processes of its group have ended. The
    ``log`` gets its output. Raises VjpfixError where it cannot be started.
    """
    started = time.monotonic()
    with log.open("wb") as output:
        process = _start(command, folder, environment, output.fileno())
        try:
            code: int | None = process.wait(timeout)
        except subprocess.TimeoutExpired:
            code = None
            _end(process)
        finally:
            _kill(process)
    return Ended(code, time.monotonic() - started, _tail(log))


def _start(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], output: int
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  # it is what the user asked for
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise VjpfixError(f"there is no command {command[0]!r}; check its name and the PATH") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise VjpfixError(f"the command {command[0]!r} cannot be run: {why}") from None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask all processes of the group to end, and wait a little for the first of them."""
    _signal(process, "SIGTERM")
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the group."""
    _signal(process, "SIGKILL")
    process.kill()
    process.wait()


def _signal(process: subprocess.Popen[bytes], name: str) -> None:
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, getattr(signal, name))


def _tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - _SHOWN, 0))
        return file.read().decode("utf-8", "replace")
