"""A progress line on standard error, once a person at a terminal has waited for a moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.status import Status

PATIENCE = 0.7  # seconds before anything is shown
PAUSE = 0.1  # seconds between updates


@contextmanager
def progress(stream: TextIO) -> Iterator[Callable[[], None]]:
    """Gives a function to call after each file; it shows the count when ``stream`` is a terminal."""
    if not stream.isatty():
        yield lambda: None
        return
    line = _Line(stream)
    try:
        yield line.tick
    finally:
        line.close()


class _Line:
    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.files = 0
        self.due = time.monotonic() + PATIENCE
        self.status: Status | None = None

    def tick(self) -> None:
        self.files += 1
        now = time.monotonic()
        if now < self.due:
            return
        self.due = now + PAUSE
        if self.status is None:
            from rich.console import Console
            from rich.status import Status

            self.status = Status("", console=Console(file=self.stream))
            self.status.start()
        self.status.update(f"{self.files} files checked")

    def close(self) -> None:
        if self.status:
            self.status.stop()
