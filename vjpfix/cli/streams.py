"""The standard streams, as a shell may leave them."""

from __future__ import annotations

import os
import sys


def open_missing() -> None:
    """Open those of the three standard streams that were closed (``2>&-``) on the null device.

    Without this, the next file to be opened would become the stream, and what is printed would go there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123  # until the end
