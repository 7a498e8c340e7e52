"""Runs programs on real JAX. In: name to the texts before and after, as JSON. Out: what each computes.

Every program defines an array ``x`` and a function ``loss`` of it. Of each text the value and the gradient are
taken (a gradient that raises is given as the error's name), of the second the finite differences as well.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import jax
import numpy as np

STEP = 1e-5
Loss = Callable[[Any], Any]


def measure(before: str, after: str) -> dict[str, object]:
    """What the two texts of one program compute."""
    wrong, x = loaded(before)
    right, _ = loaded(after)
    return {
        "value before": float(wrong(x)),
        "value after": float(right(x)),
        "gradient before": gradient(wrong, x),
        "gradient after": gradient(right, x),
        "finite differences": differences(right, np.asarray(x)),
    }


def loaded(text: str) -> tuple[Loss, Any]:
    namespace: dict[str, Any] = {"__name__": "program"}
    exec(compile(text, "<program>", "exec"), namespace)
    return namespace["loss"], namespace["x"]


def gradient(loss: Loss, x: Any) -> list[float] | str:
    try:
        return [float(entry) for entry in np.ravel(jax.grad(loss)(x))]
    except Exception as error:
        return type(error).__name__


def differences(loss: Loss, x: np.ndarray) -> list[float]:
    """Central differences, one entry of ``x`` at a time."""
    units = np.eye(x.size).reshape(x.size, *x.shape) * STEP
    return [float(loss(x + unit) - loss(x - unit)) / (2 * STEP) for unit in units]


if __name__ == "__main__":
    programs = json.load(sys.stdin)
    json.dump({name: measure(*texts) for name, texts in programs.items()}, sys.stdout)
