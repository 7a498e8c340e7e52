"""Keep Ctrl-C and its like waiting while files are half written."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def deferred_signals() -> Iterator[None]:
    """Let an interruption that arrives inside the block take effect when the block ends.

    Outside the main thread nothing is done: Python delivers signals to the main thread only.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        arrived.append(number)

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    # One that is ignored stays so; one that was not set from Python could not be put back.
    before = {number: old for number, old in before.items() if old not in (None, signal.SIG_IGN)}
    try:
        for number in before:
            signal.signal(number, remember)
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
        for number in dict.fromkeys(arrived):
            signal.raise_signal(number)
