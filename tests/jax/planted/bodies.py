"""What a primal computes, and how its rules do: expressions of ``x``, ``y`` (its value) and ``g``."""

from __future__ import annotations

from dataclasses import dataclass

from tests.jax.measured.program import SCALAR, TO_SCALAR, TO_VECTOR, Shape


@dataclass(frozen=True, slots=True)
class Body:
    """A primal as a function of ``x``.

    ``sizes``: the shapes of the arrays of ``x``, by key, or one under the empty key. ``cotangent``,
    ``tangent``: what a rule makes of ``g``; they use ``y``, so that a wrong ``y`` gives a wrong gradient.
    ``recursive``: the same primal by calls of READ, which end on a shape. ``fixed``: the keyword by which the
    decorator is told of an argument ``fn`` in front that is not differentiated.
    """

    name: str
    sizes: dict[str, tuple[int, ...]]
    value: str
    cotangent: str
    tangent: str
    recursive: str = ""
    fixed: str = ""

    @property
    def is_scalar(self) -> bool:
        """Whether the value is one number."""
        return self in (SUM, CUBE, *FIXED)


def _body(shape: Shape, recursive: str = "") -> Body:
    return Body(shape.name, {"": shape.size}, shape.value, f"g * {shape.slope}", shape.tangent, recursive)


def _fixed(keyword: str) -> Body:
    return Body(
        keyword.partition("=")[0],
        {"": (3,)},
        "jnp.sum(fn(x))",
        "g * 2. * x * y",
        "jnp.sum(2. * x * y * g)",
        "fn(x[0]) if len(x) == 1 else fn(x[0]) + READ(fn, x[1:])",
        keyword,
    )


SUM = _body(TO_SCALAR, "x[0] ** 2 if len(x) == 1 else x[0] ** 2 + READ(x[1:])")
NORMALISED = _body(TO_VECTOR)
CUBE = _body(SCALAR, "x ** 3 if x.ndim == 1 else READ(x[None])[0]")
RUNNING = Body(
    "running sum",
    {"": (3,)},
    "jnp.cumsum(x)",
    "g * x * y",
    "x * y * g",
    "x if len(x) == 1 else jnp.concatenate([x[:1], x[0] + READ(x[1:])])",
)
TREE = Body(
    "pytree",
    {"a": (3,), "b": (3,)},
    '{"s": x["a"] * jnp.sum(x["b"]), "t": jnp.sum(x["a"])}',
    '{"a": x["a"] * y["t"] * g["s"], "b": x["b"] * y["t"] * g["t"]}',
    '{"s": x["a"] * y["t"] * g["a"], "t": jnp.sum(y["s"] * g["b"])}',
)
FIXED = (_fixed("nondiff_argnums=(0,)"), _fixed('nondiff_argnames=("fn",)'))

BODIES = (SUM, NORMALISED, CUBE, RUNNING, TREE, *FIXED)
