"""A small program run on the JAX at hand: its gradient beside finite differences, or what JAX says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vjpfix.model import VjpfixError

if TYPE_CHECKING:
    from types import ModuleType

    import numpy as np

_STEPS = {"float64": 1e-6, "float32": 1e-2}
_CLOSE = {"float64": 1e-5, "float32": 1e-2}


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a program: its value, the components of its ``gradient``, by JAX, and of the same by
    central ``differences`` of the value. ``error``: the first line of an error, which leaves no gradient.
    """

    value: float | None = None
    gradient: tuple[float, ...] = ()
    differences: tuple[float, ...] = ()
    error: str = ""

    @property
    def apart(self) -> float:
        """How far the two are apart, as a part of the largest component of the differences."""
        largest = max((abs(each) for each in self.differences), default=0.0)
        pairs = zip(self.gradient, self.differences, strict=True)
        return max((abs(a - b) for a, b in pairs), default=0.0) / (largest or 1.0)


@dataclass(frozen=True, slots=True)
class Bench:
    """The JAX at hand: its ``version``, and the ``precision`` in which programs are run."""

    version: str
    precision: str
    jax: ModuleType

    def agrees(self, ran: Ran) -> bool:
        """Whether a gradient is that of the finite differences, as far as the precision tells."""
        return ran.apart < _CLOSE[self.precision]

    def run(self, code: str, at: tuple[float, ...]) -> Ran:
        """Run a program that defines ``loss``, a function of a vector to a number, and differentiate it.

        The point is ``at``. The program is run as it is: it has to be one of the project's own.
        """
        x = self.jax.numpy.asarray(at, self.precision)
        names: dict[str, Any] = {"__name__": "demo"}
        try:
            exec(compile(code, "<demo>", "exec"), names)  # noqa: S102  # a rule's own program
            loss = names["loss"]
            value = float(loss(x))
            differences = tuple(self._differences(loss, x))
        except Exception as error:  # what it raises is what is shown
            return Ran(error=_first_line(error))
        try:
            gradient = tuple(float(each) for each in self.jax.grad(loss)(x))
        except Exception as error:
            return Ran(value, (), differences, _first_line(error))
        return Ran(value, gradient, differences)

    def _differences(self, loss: Callable[[object], object], x: np.ndarray[Any, Any]) -> Iterator[float]:
        step = _STEPS[self.precision]
        for index in range(len(x)):
            ahead, behind = (self._value(loss, x, index, sign * step) for sign in (1, -1))
            yield (ahead - behind) / (2 * step)

    def _value(self, loss: Callable[[object], object], x: Any, index: int, step: float) -> float:
        return float(loss(x.at[index].add(step)))  # type: ignore[arg-type]


def bench() -> Bench:
    """The JAX at hand, set to double precision where its device has that.

    Errors: ``VjpfixError`` where JAX is not installed in the environment of vjpfix, or cannot be imported.
    """
    try:
        import jax
        import jax.numpy as jnp
    except ImportError as error:
        why = "is not installed" if error.name == "jax" else f"cannot be imported ({error})"
        raise VjpfixError(f"JAX {why} where vjpfix is; install it there to run a demonstration") from None
    jax.config.update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    try:
        precision = str((jnp.ones(1, "float64") + 1.0).dtype)
    except Exception:  # a device without double precision, which plug-ins report in their own ways
        precision = "float32"
    return Bench(jax.__version__, precision, jax)


def _first_line(error: Exception) -> str:
    text = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
