"""What real JAX makes of a case's programs, in the process that ``tests.jax.process`` keeps for that."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

STEP = 1e-5
Loss = Callable[[Any], Any]
Gradient = list[float] | str


@dataclass(frozen=True, slots=True)
class Measured:
    """What a ``loss`` computes before and after the fix; a gradient that raises is the error's name."""

    value_before: float
    value_after: float
    gradient_before: Gradient
    gradient_after: Gradient
    differences: list[float]


def answer(texts: Mapping[str, str]) -> str:
    """The name of the error that a program raises; or else whether ``y`` is ``right`` or "wrong"."""
    try:
        names = _ran(texts)
    except Exception as error:
        return type(error).__name__
    if "right" not in names:
        return str(np.round(names["y"], 4))
    return "right" if np.allclose(names["y"], names["right"], atol=1e-5) else "wrong"


def measured(before: Mapping[str, str], after: Mapping[str, str]) -> Measured:
    """The value and the gradient of ``loss`` at ``x`` in two texts, in double precision."""
    import jax

    jax.config.update("jax_enable_x64", True)
    try:
        wrong, right = _ran(before), _ran(after)
        x = right["x"]
        return Measured(
            float(wrong["loss"](x)),
            float(right["loss"](x)),
            _gradient(wrong["loss"], x),
            _gradient(right["loss"], x),
            _differences(right["loss"], np.asarray(x)),
        )
    finally:
        jax.config.update("jax_enable_x64", False)


def _ran(texts: Mapping[str, str]) -> dict[str, Any]:
    """The names of a program that was run, with a module ``ops`` beside it."""
    beside = sys.modules["ops"] = ModuleType("ops")
    exec(compile(texts.get("ops.py", ""), "<ops>", "exec"), vars(beside))
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(texts["program.py"], "<program>", "exec"), names)
    return names


def _gradient(loss: Loss, x: Any) -> Gradient:
    import jax

    try:
        return [float(entry) for entry in np.ravel(jax.grad(loss)(x))]
    except Exception as error:
        return type(error).__name__


def _differences(loss: Loss, x: np.ndarray) -> list[float]:
    """Central differences, one entry of ``x`` at a time."""
    units = np.eye(x.size).reshape(x.size, *x.shape) * STEP
    return [float(loss(x + unit) - loss(x - unit)) / (2 * STEP) for unit in units]
