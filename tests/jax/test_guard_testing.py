"""``check_custom_vjp`` and ``check_custom_jvp`` pass what is right, and say what is wrong, where and by how much."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import pytest

from vjpfix.runtime.jax_internals import double_precision
from vjpfix.testing import CheckError, check_custom_jvp, check_custom_vjp

X = jnp.array([0.3, -0.7, 1.1])


def squares(slope=2.0, value=1.0, cotangent=lambda ct: ct, maps=False):
    """The sum of squares, with rules in which one thing can be wrong."""

    @jax.custom_vjp
    def f(x):
        return jnp.sum(x**2)

    def fwd(x):
        return value * (rows(x) if maps else f(x)), x

    def bwd(x, g):
        return (cotangent(slope * x * g),)

    f.defvjp(fwd, bwd)
    rows = jax.vmap(f)
    return f


def sine(slope=1.0):
    @jax.custom_jvp
    def f(x, n):
        return n * jnp.sin(x)

    @f.defjvp
    def jvp(primals, tangents):
        (x, n), (t, s) = primals, tangents
        return f(x, n), slope * n * jnp.cos(x) * t + jnp.sin(x) * s

    return f


def test_right_rules_pass():
    check_custom_vjp(squares(), X)
    check_custom_vjp(jax.jit(squares()), X)
    check_custom_jvp(sine(), X, 2.0)


def test_trees_integers_and_fixed_arguments_pass():
    @partial(jax.custom_vjp, nondiff_argnums=(0,))
    def f(g, p, i):
        return {"y": g(p["x"][i])}

    def fwd(g, p, i):
        return f(g, p, i), (p, i)

    def bwd(g, res, ct):
        p, i = res
        slope = jax.grad(g)(p["x"][i])
        return {"x": jnp.zeros_like(p["x"]).at[i].set(slope * ct["y"])}, None

    f.defvjp(fwd, bwd)
    check_custom_vjp(f, jnp.sin, {"x": X}, 1)


def test_double_precision_is_checked_more_closely():
    with double_precision():
        x = jnp.array([0.3, -0.7, 1.1])
        check_custom_vjp(squares(), x)
        with pytest.raises(CheckError, match="finite difference"):
            check_custom_vjp(squares(slope=2.0 + 1e-4), x)


def test_a_wrong_factor_is_told_with_its_size():
    with pytest.raises(CheckError) as caught:
        check_custom_vjp(squares(slope=3.0), X)
    (problem,) = caught.value.problems
    assert "by its rule `bwd`" in problem
    assert "differs from a finite difference" in problem
    assert "tolerance" in problem
    check_custom_vjp(squares(slope=3.0), X, gradients=False)


def test_a_wrong_slope_of_a_jvp_rule_is_told():
    with pytest.raises(CheckError, match="by its rule `jvp`"):
        check_custom_jvp(sine(slope=1.01), X, 2.0)
    check_custom_jvp(sine(slope=1.01), X, 2.0, rtol=0.1)


def test_a_wrong_value_is_told():
    with pytest.raises(
        CheckError, match=r"the fwd `fwd` of `f` gives as the value of `f` something that differs"
    ):
        check_custom_vjp(squares(value=2.0), X)


def test_a_wrong_cotangent_is_told_with_what_jax_says():
    with pytest.raises(CheckError) as caught:
        check_custom_vjp(squares(cotangent=jnp.sum), X)
    ours, theirs = caught.value.problems
    assert "float32[] for an argument of float32[3]" in ours
    assert theirs.startswith("JAX raises ValueError: Custom VJP bwd rule must produce")


def test_a_rule_that_calls_the_mapped_version_is_told():
    with pytest.raises(CheckError, match="reaches `f` through `vmap`"):
        check_custom_vjp(squares(maps=True), X)


def test_a_rule_that_is_wrong_under_vmap_only_is_told():
    @jax.custom_jvp
    def f(x):
        return jnp.sin(x)

    @f.defjvp
    def f_jvp(primals, tangents):
        (x,), (t,) = primals, tangents
        mapped = type(x).__name__ == "BatchTracer"
        return f(x), jnp.cos(x) * t * (2.0 if mapped else 1.0)

    with pytest.raises(CheckError, match=r"the derivative under vmap differs at \[1\] by up to"):
        check_custom_jvp(f, 0.3)
    check_custom_jvp(f, 0.3, batched=False)


def test_a_function_that_is_not_smooth_there_is_told():
    f = jax.custom_jvp(jnp.abs)
    f.defjvp(lambda p, t: (f(*p), jnp.sign(p[0]) * t[0]))
    check_custom_jvp(f, 1.0)
    f = jax.custom_jvp(lambda x: jnp.where(x > 0, 1.0, 0.0))
    f.defjvp(lambda p, t: (f(*p), 0.0 * t[0]))
    with pytest.raises(CheckError, match="not smooth there"):
        check_custom_jvp(f, 0.0)


def test_half_precision_passes():
    check_custom_vjp(squares(cotangent=lambda ct: ct.astype(jnp.bfloat16)), X.astype(jnp.bfloat16))


def test_complex_numbers_pass():
    f = jax.custom_vjp(lambda z: jnp.real(z) ** 2 + 3.0 * jnp.imag(z))
    f.defvjp(lambda z: (f(z), z), lambda z, g: (g * (2 * jnp.real(z) - 3.0j),))
    check_custom_vjp(f, 1.0 + 2.0j)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (jnp.sin, "is no jax.custom_vjp function"),
        (jax.vmap(squares()), "made by jax.vmap; give the original"),
        (sine(), "but a jax.custom_jvp one"),
        (jax.custom_vjp(jnp.sin), "has no rules; attach them with defvjp"),
    ],
)
def test_what_is_no_such_function_is_a_type_error(wrong, message):
    with pytest.raises(TypeError, match=message):
        check_custom_vjp(wrong, X)


def test_every_problem_stands_on_its_own_line():
    error = CheckError("f", ["one", "two"])
    assert str(error) == "`f` has 2 problems:\n- one\n- two"
