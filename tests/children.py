"""Processes that tests start. Each has a deadline, and hears signals wherever the tests run.

What a shell starts in the background, and what ``nohup`` starts, ignores some signals, and so do its children.
"""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import DEVNULL, PIPE, STDOUT, CompletedProcess, TimeoutExpired

__all__ = ["DEADLINE", "DEVNULL", "PIPE", "STDOUT", "Child", "CompletedProcess", "TimeoutExpired", "run"]

# In seconds. No child needs so long, however busy the machine is: it is there for one that hangs.
DEADLINE = 600
SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
]


@contextmanager
def _heard() -> Iterator[None]:
    """Let a process that is started inside the block do by default what signals ask for."""
    ignored = []
    if threading.current_thread() is threading.main_thread():
        ignored = [each for each in SIGNALS if signal.getsignal(each) is signal.SIG_IGN]
    try:
        for each in ignored:
            # Here it goes on to do nothing; but only what is ignored stays so in a child.
            signal.signal(each, lambda *_: None)
        yield
    finally:
        for each in ignored:
            signal.signal(each, signal.SIG_IGN)


class Child(subprocess.Popen):
    """As ``subprocess.Popen``, with the deadline for whoever waits."""

    def __init__(self, *arguments, **options):
        with _heard():
            super().__init__(*arguments, **options)

    def wait(self, timeout=DEADLINE):
        return super().wait(timeout)

    def communicate(self, input=None, timeout=DEADLINE):  # noqa: A002  # as in Popen
        try:
            return super().communicate(input, timeout)
        except TimeoutExpired:
            self.kill()
            raise


def run(command, *, input=None, capture_output=False, check=False, timeout=DEADLINE, **options):  # noqa: A002
    """As ``subprocess.run``, with the deadline."""
    if input is not None:
        options["stdin"] = PIPE
    if capture_output:
        options |= {"stdout": PIPE, "stderr": PIPE}
    with Child(command, **options) as child:
        try:
            out, err = child.communicate(input, timeout)
        except BaseException:
            child.kill()
            raise
    done = CompletedProcess(command, child.returncode, out, err)
    if check:
        done.check_returncode()
    return done
