"""Which transforms of JAX differentiate: in which direction, by which arguments, and what is only traced.

By the public name of each (the first of its row in ``transforms``). From the sources and documentation of
JAX 0.10; ``tests/suites`` runs programs of each kind on real JAX.
"""

from __future__ import annotations

from enum import Enum


class Mode(Enum):
    """In which direction a transform differentiates."""

    FORWARD = "forward"
    REVERSE = "reverse"
    FORWARD_OVER_REVERSE = "forward over reverse"
    LINEARIZE = "forward, when the linear function is called"


# Of those that fail, or say something, on a function with only a reverse rule.
MODES = {
    "jax.jvp": Mode.FORWARD,
    "jax.jacfwd": Mode.FORWARD,
    "jax.hessian": Mode.FORWARD_OVER_REVERSE,
    "jax.linearize": Mode.LINEARIZE,
    "jax.vjp": Mode.REVERSE,
}
REVERSE = ("jax.grad", "jax.value_and_grad", "jax.jacrev", "jax.jacobian")
# They trace what they are given and compute nothing: there errors do not come.
ONLY_TRACE = ("jax.make_jaxpr", "jax.eval_shape")
# By the arguments that ``argnums`` names, or by all that they are given.
BY_NUMBER = (*REVERSE, "jax.jacfwd", "jax.hessian")
BY_ALL = ("jax.vjp", "jax.jvp", "jax.linearize")
# It takes its primals as one tuple.
TUPLED = "jax.jvp"
# What they give back hands on just the arguments that it gets.
PASSES_ON = frozenset(["jax.jit", "jax.vmap", "jax.checkpoint"])
