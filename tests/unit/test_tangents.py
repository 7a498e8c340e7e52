"""What a value with a tangent passes it on to: every row of the tables, on real JAX."""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import pytest

from vjpfix.jaxfacts.arrays import SMOOTH_FUNCTIONS, SMOOTH_METHODS

AT = jnp.array([[0.3, 0.2], [0.1, 0.4]])
OF_TWO = """
add divide dot inner logaddexp matmul maximum minimum multiply outer power subtract tensordot vdot
"""
ARGUMENTS = {
    "arccosh": lambda w: (1.0 + w,),
    "broadcast_to": lambda w: (w, (2, 2)),
    "clip": lambda w: (w, 0.0, 1.0),
    "concatenate": lambda w: ([w, w],),
    "expand_dims": lambda w: (w, 0),
    "moveaxis": lambda w: (w, 0, 1),
    "repeat": lambda w: (w, 2),
    "reshape": lambda w: (w, (4,)),
    "roll": lambda w: (w, 1),
    "stack": lambda w: ([w, w],),
    "swapaxes": lambda w: (w, 0, 1),
    "tile": lambda w: (w, 2),
    **{name: lambda w: (jnp.ones((2, 2)), w) for name in OF_TWO.split()},
}


def function(name):
    return functools.reduce(getattr, name.split(".")[1:], jax)


def called(name, w):
    arguments = ARGUMENTS.get(name.rpartition(".")[2], lambda w: (w,))(w)
    if name in SMOOTH_FUNCTIONS:
        return function(name)(*arguments)
    first, *rest = (w, *arguments[:-1]) if name == "dot" else arguments
    return getattr(first, name)(*rest)


def value(w, *, outside=None, inside=lambda w: w):
    """Of a function with rules that closes over ``w``."""
    kept = outside(w) if outside else w

    @jax.custom_vjp
    def f(x):
        return x * jnp.sum(inside(kept))

    f.defvjp(lambda x: (f(x), x), lambda _, g: (g,))
    return f(1.0)


@pytest.mark.parametrize("name", sorted(SMOOTH_FUNCTIONS | SMOOTH_METHODS))
def test_what_it_gives_has_the_tangent_and_its_use_in_a_function_with_rules_raises(name):
    use = functools.partial(called, name)
    with pytest.raises(jax.errors.UnexpectedTracerError):
        jax.grad(lambda w: value(w, inside=use))(AT)
    with pytest.raises(jax.errors.UnexpectedTracerError):
        jax.grad(lambda w: value(w, outside=use))(AT)


@pytest.mark.parametrize(
    "use",
    [
        pytest.param(lambda w: w.shape[0], id="the length of an axis"),
        pytest.param(len, id="the length"),
        pytest.param(jnp.zeros_like, id="zeros of the shape"),
        pytest.param(lambda w: w is None, id="an identity"),
    ],
)
def test_what_asks_for_a_shape_only_is_harmless_inside(use):
    assert not jax.grad(lambda w: value(w, inside=use))(AT).any()


@pytest.mark.parametrize("use", [jnp.sign, jnp.round, jnp.argmax, jax.lax.stop_gradient, lambda w: w > 0])
def test_what_has_no_tangent_is_harmless_where_it_is_taken_outside(use):
    assert not jax.grad(lambda w: value(w, outside=use))(AT).any()
