"""Runs the text of a program under the guard, in this process, with JAX looking for leaked tracers."""

from __future__ import annotations

import gc
import linecache
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax

import vjpfix
from vjpfix.runtime.report import Gradient, Place, Report

PRELUDE = """\
import functools
from functools import partial
from types import SimpleNamespace

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

x3 = jnp.array([0.3, -0.7, 1.1])
x23 = jnp.linspace(0.1, 1.2, 6).reshape(2, 3)

"""


@dataclass(frozen=True)
class Ran:
    """What a program left: the guard's reports, the error that ended it, and its own names."""

    path: str
    text: str
    reports: tuple[Report, ...]
    gradients: tuple[Gradient, ...]
    error: Exception | None
    skipped: tuple[str, ...]
    names: dict[str, Any]

    def marked(self, marker: str) -> Place | None:
        """The line of the program that ends in a comment."""
        lines = [n for n, line in enumerate(self.text.splitlines(), 1) if line.endswith(f"# {marker}")]
        return Place(self.path, lines[0]) if lines else None


def run(folder: Path, text: str, *, leaks: bool = True, **options: Any) -> Ran:
    """Run ``text`` below the prelude, as a file of its own; errors of the program are part of what is seen."""
    path = folder / "program.py"
    text = PRELUDE + text
    path.write_text(text)
    linecache.checkcache(str(path))
    names: dict[str, Any] = {"__name__": "program", "__file__": str(path)}
    guard = vjpfix.guard("collect", **options)
    error = None
    gc.freeze()  # JAX looks for leaks among all objects, again and again: those from before are not meant
    try:
        with jax.checking_leaks() if leaks else nullcontext(), guard:
            exec(compile(text, str(path), "exec"), names)
    except Exception as raised:
        error = raised.with_traceback(None)
    finally:
        gc.unfreeze()
    return Ran(str(path), text, guard.reports, guard.gradients, error, guard.skipped, names)
