"""What code outside does with a function of one argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Function = Callable[[Any], Any]


def uses() -> dict[str, Callable[[Function, Any], Any]]:
    """The uses by name, for a process in which JAX may be imported."""
    import jax
    import jax.numpy as jnp

    def total(function: Function) -> Function:
        return lambda x: sum(jnp.sum(leaf) for leaf in jax.tree.leaves(function(x)))

    def pull_back(function: Function, x: Any) -> Any:
        y, pull = jax.vjp(function, x)
        return y, pull(jax.tree.map(jnp.ones_like, y))

    def push(function: Function, x: Any) -> Any:
        return jax.jvp(function, (x,), (jax.tree.map(jnp.ones_like, x),))

    def several(x: Any) -> Any:
        return jax.tree.map(lambda leaf: jnp.stack([leaf, 2.0 * leaf]), x)

    return {
        "call": lambda function, x: function(x),
        "jit": lambda function, x: jax.jit(function)(x),
        "vmap": lambda function, x: jax.vmap(function)(several(x)),
        "vjp": pull_back,
        "grad of a sum": lambda function, x: jax.grad(total(function))(x),
        "value_and_grad of a sum": lambda function, x: jax.value_and_grad(total(function))(x),
        "jit of grad of a sum": lambda function, x: jax.jit(jax.grad(total(function)))(x),
        "jit of value_and_grad of a sum": lambda function, x: jax.jit(jax.value_and_grad(total(function)))(x),
        "vmap of grad of a sum": lambda function, x: jax.vmap(jax.grad(total(function)))(several(x)),
        "jvp": push,
        "jvp of vmap": lambda function, x: push(jax.vmap(function), several(x)),
    }
