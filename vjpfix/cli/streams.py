"""The standard streams, as a shell may leave them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def open_missing() -> None:
    """Open those of the three standard streams that were closed (``2>&-``) on the null device.

    Without this, the next file to be opened would become the stream, and what is printed would go there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123  # until the end


@contextmanager
def while_read() -> Iterator[None]:
    """Output that ends early where the reader of a pipe has seen enough (``vjpfix rules | head -1``).

    What is left of it goes nowhere, and the command goes on to what it does and to its own exit code.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        silence()


def silence() -> None:
    """Let whatever else goes to standard output go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_bytes(data: bytes) -> None:
    """All of ``data`` to standard output, of which an unbuffered stream may take only a part at a time."""
    left = memoryview(data)
    while left:
        written = sys.stdout.buffer.write(left)
        if written is None:
            raise BlockingIOError("standard output does not take it all")
        left = left[written:]
    sys.stdout.flush()
