"""Run programs with the rebinding and with a name of its own, and compare what comes out.

Everything here runs in the process of ``tests.jax.process``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from enum import Enum
from itertools import product
from math import prod
from typing import Any
from zlib import crc32

from vjpfix.jaxfacts.transforms import Role

from .declarations import Declaration
from .program import OWN_NAME, REBOUND, TO_SCALAR, Outside, Recipe, imports, program
from .uses import uses

_EVERY = frozenset(Role)
_RULES = _EVERY - {Role.PRIMAL}
_JVP = frozenset({Role.JVP})
_ROLES = {
    "call": _EVERY,
    "vjp": _RULES,
    "jit of value_and_grad of a sum": _RULES,
    "vmap of grad of a sum": _RULES,
    "jit": _EVERY - _RULES,
    "vmap": _EVERY - _RULES,
    "jvp": _JVP,
    "jvp of vmap": _JVP,
}
"""The uses that are tried, each with the roles whose code it runs."""


class Outcome(Enum):
    """What the rebinding did to one use. NO_REFERENCE: the program that was meant does not work either."""

    SAME = "same"
    RAISES = "raises"
    DIFFERS = "differs"
    NO_REFERENCE = "no reference"


BROKEN = frozenset({Outcome.RAISES, Outcome.DIFFERS})


@dataclass(frozen=True, slots=True)
class Measurement:
    """One use of one program. ``error``: what it raised, or what the meant program raised."""

    shape: str
    use: str
    outcome: Outcome
    error: str = ""

    @property
    def is_unharmed(self) -> bool:
        """Whether a rule ran, or a transform of the function, and nothing came of the rebinding."""
        return self.outcome is Outcome.SAME and self.use != "call"


def measure(recipe: Recipe, role: Role, enough: int | None) -> list[Measurement]:
    """The uses of the programs of one recipe that name the primal in ``role``, until one is broken, or until
    ``enough`` are as they were without the rebinding."""
    found: list[Measurement] = []
    for measurement in _measurements(recipe, role):
        found.append(measurement)
        if measurement.outcome in BROKEN or len([each for each in found if each.is_unharmed]) == enough:
            break
    return found


def _measurements(recipe: Recipe, role: Role) -> Iterator[Measurement]:
    """Each use with each shape; the first few have all shapes, and not the same uses in every recipe."""
    every = uses()
    tried = [(name, every[name]) for name, roles in _ROLES.items() if role in roles]
    first = crc32(recipe.rebinding.encode()) % len(tried)
    shapes = len(recipe.shapes)
    for turn, (number, (name, use)) in product(range(shapes), enumerate(tried[first:] + tried[:first])):
        shape = recipe.shapes[(turn + number) % shapes]
        x = outer_x(recipe.outside, shape.size)
        meant, mistake = (program(recipe, role, shape, target) for target in (OWN_NAME, REBOUND))
        yield Measurement(shape.name, name, *compare(meant, mistake, use, x))


def measure_declaration(declaration: Declaration, role: Role, transform: str) -> Measurement:
    """What rebinding a decorator's function to ``transform`` of it does to the gradient of a sum."""
    meant = declaration.program(role, OWN_NAME, f"{transform}(f)")
    mistake = declaration.program(role, REBOUND, f"{transform}(f)")
    outside = Outside.STACKED if transform == "jax.vmap" else Outside.SINGLE
    name = "jit of value_and_grad of a sum"
    use = uses()[name]
    return Measurement(TO_SCALAR.name, name, *compare(meant, mistake, use, outer_x(outside, TO_SCALAR.size)))


def outer_x(outside: Outside, size: tuple[int, ...]) -> Any:
    """The array that the code outside passes, where the primal takes one of this size."""
    import jax.numpy as jnp

    shape = outside.shape(size)
    return jnp.linspace(0.5, 1.5, prod(shape)).reshape(shape)


def compare(meant: str, mistake: str, use: Callable[..., Any], x: Any) -> tuple[Outcome, str]:
    """What the mistake changes in one use of a program, and the error that it or the meant program raises."""
    expected, error = _attempt(meant, use, x)
    if error is not None:
        if isinstance(error, RecursionError | SyntaxError | NameError):
            raise error
        return Outcome.NO_REFERENCE, f"{type(error).__name__}: {error}"
    got, error = _attempt(mistake, use, x)
    if error is not None:
        return Outcome.RAISES, f"{type(error).__name__}: {error}"
    return (Outcome.SAME if alike(expected, got) else Outcome.DIFFERS), ""


def _attempt(source: str, use: Callable[..., Any], x: Any) -> tuple[Any, Exception | None]:
    namespace: dict[str, Any] = {}
    try:
        exec(compile(source, "<program>", "exec"), namespace)
        with namespace.get("around", nullcontext)():
            return use(namespace["use"], x), None
    except Exception as error:
        return None, error


def alike(expected: Any, got: Any) -> bool:
    """Whether two results have one structure, the same shapes and nearly the same values."""
    import jax
    import numpy as np

    (leaves, tree), (others, other_tree) = jax.tree.flatten(expected), jax.tree.flatten(got)
    return tree == other_tree and all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-5)
        for a, b in zip(leaves, others, strict=True)
    )


def setters_after(recipe: Recipe, made: str) -> dict[str, bool]:
    """Whether what is ``made`` of a function with rules by a transform still has what attaches them."""
    found = {}
    for maker, setters in (("custom_vjp", ["defvjp"]), ("custom_jvp", ["defjvp", "defjvps"])):
        parameters = recipe.extra + "x"
        start = imports(recipe.name) + recipe.setup + f"@jax.{maker}\ndef f({parameters}):\n    return x\n"
        namespace: dict[str, object] = {}
        exec(f"{start}made = {made}\n", namespace)
        found |= {setter: hasattr(namespace["made"], setter) for setter in setters}
    return found
