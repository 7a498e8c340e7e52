"""What code outside does with a function: each use, and which of its rules that runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vjpfix.jaxfacts.transforms import Role

_RULES = frozenset({Role.FWD, Role.BWD, Role.JVP})


@dataclass(frozen=True, slots=True)
class Use:
    """``apply`` takes the function and its argument. ``roles``: whose code it runs. ``concrete``: whether
    that code sees known values. ``forward``: whether it needs a jvp rule."""

    name: str
    apply: Callable[[Callable[[Any], Any], Any], Any]
    roles: frozenset[Role] = _RULES
    concrete: bool = True
    forward: bool = False


def _call(function: Callable[[Any], Any], x: Any) -> Any:
    return function(x)


def _total(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    import jax
    import jax.numpy as jnp

    return lambda x: sum(jnp.sum(leaf) for leaf in jax.tree.leaves(function(x)))


def _grad(function: Callable[[Any], Any], x: Any) -> Any:
    import jax

    return jax.grad(_total(function))(x)


def _value_and_grad(function: Callable[[Any], Any], x: Any) -> Any:
    import jax

    return jax.value_and_grad(_total(function))(x)


def _compiled_grad(function: Callable[[Any], Any], x: Any) -> Any:
    import jax

    return jax.jit(jax.grad(_total(function)))(x)


def _mapped_grad(function: Callable[[Any], Any], x: Any) -> Any:
    import jax
    import jax.numpy as jnp

    several = jax.tree.map(lambda leaf: jnp.stack([leaf, 2.0 * leaf]), x)
    return jax.vmap(jax.grad(_total(function)))(several)


def _vjp(function: Callable[[Any], Any], x: Any) -> Any:
    import jax
    import jax.numpy as jnp

    y, pull = jax.vjp(function, x)
    return y, pull(jax.tree.map(jnp.ones_like, y))


def _jvp(function: Callable[[Any], Any], x: Any) -> Any:
    import jax
    import jax.numpy as jnp

    return jax.jvp(function, (x,), (jax.tree.map(jnp.ones_like, x),))


def _compiled(function: Callable[[Any], Any], x: Any) -> Any:
    import jax

    return jax.jit(function)(x)


GRAD = Use("grad", _grad)
CALL = Use("call", _call, frozenset({Role.PRIMAL}))
USES = (
    GRAD,
    Use("value_and_grad", _value_and_grad),
    Use("vjp", _vjp),
    Use("jit of grad", _compiled_grad, concrete=False),
    Use("vmap of grad", _mapped_grad, concrete=False),
    CALL,
    Use("jit", _compiled, frozenset({Role.PRIMAL}), concrete=False),
    Use("jvp", _jvp, frozenset({Role.JVP}), forward=True),
)
