"""VJP101 and VJP102: rules that call a mapped or differentiated version of their own function."""

from __future__ import annotations

from tests.suites.contract.case import HEAD, RIGHT, Bad, jvp, vjp

_X = "x = jnp.array([0.5, 1.0, 2.0])\n"
_SQUARES = "def f(x):\n    return jnp.sum(x ** 2)\n"
_SQUARE_USE = _X + "y, right = jax.grad(f)(x), 2 * x\n"
_SQUARE_BWD = "def f_bwd(x, g):\n    return (2 * x * g,)\n"
_SHARE = "def f(x):\n    return x / jnp.sum(x)\n"
_SHARE_BWD = "def f_bwd(res, g):\n    x, y = res\n    return ((g - jnp.sum(g * y)) / jnp.sum(x),)\n"
_SHARE_USE = (
    "weights = jnp.array([1.0, 2.0, 4.0])\n" + _X + "y = jax.grad(lambda x: jnp.sum(weights * f(x)))(x)\n"
    "right = jax.grad(lambda x: jnp.sum(weights * x / jnp.sum(x)))(x)\n"
)


def squares(
    fwd: str, *, after: str = "", bwd: str = _SQUARE_BWD, attach: str = "f.defvjp(f_fwd, f_bwd)\n"
) -> str:
    """The sum of squares of a vector; ``after`` stands below the function."""
    return vjp(primal=_SQUARES + after, fwd=fwd, bwd=bwd, attach=attach, use=_SQUARE_USE)


def shares(fwd: str, *, after: str = "") -> str:
    """A vector divided by its sum: it keeps the shape, so that a wrong output is silent."""
    return vjp(primal=_SHARE + after, fwd=fwd, bwd=_SHARE_BWD, use=_SHARE_USE)


def pushed(last: str, *, after: str = "", maker: str = "@jax.custom_jvp\n") -> str:
    """The sum of squares with a jvp rule that ends in these lines."""
    rule = "@f.defjvp\ndef f_jvp(primals, tangents):\n    (x,), (t,) = primals, tangents\n" + last
    return jvp(primal=_SQUARES + after, rule=rule, use=_SQUARE_USE, maker=maker)


def _recurses(code: str, *lines: int) -> Bad:
    return Bad(code, lines, raises="RecursionError")


def _maps(code: str, line: int, fixed: str | None = None, raises: str = "TypeError") -> Bad:
    return Bad(code, (line,), fixed, raises, warning=True)


_FWD = "def f_fwd(x):\n    return f(x), x\n"
_MAPPED = "f_mapped = jax.vmap(f)\n"
_DERIVED = "df = jax.grad(f)\n"

BAD_101 = {
    "grad in a bwd rule": _recurses(
        squares(_FWD, bwd="def f_bwd(x, g):\n    return (g * jax.grad(f)(x),)\n"), 10
    ),
    "vjp in a fwd rule": _recurses(
        squares("def f_fwd(x):\n    return jax.vjp(f, x)\n", bwd="def f_bwd(pull, g):\n    return pull(g)\n"),
        8,
    ),
    "vjp in a bwd rule": Bad(
        squares(_FWD, bwd="def f_bwd(x, g):\n    _, pull = jax.vjp(f, x)\n    return pull(g)\n"),
        (10,),
        raises="RecursionError",
        warning=True,
    ),
    "jacfwd in a bwd rule, which is forward mode": Bad(
        squares(_FWD, bwd="def f_bwd(x, g):\n    return (g * jax.jacfwd(f)(x),)\n"), (10,)
    ),
    "jvp in a jvp rule": _recurses(pushed("    return jax.jvp(f, (x,), (t,))\n"), 10),
    "linearize in a jvp rule": _recurses(
        pushed("    y, push = jax.linearize(f, x)\n    return y, push(t)\n"), 10
    ),
    "grad in the lambda of defjvps": _recurses(
        jvp(
            primal=_SQUARES,
            rule="f.defjvps(lambda t, ans, x: jnp.sum(jax.grad(f)(x) * t))\n",
            use=_SQUARE_USE,
        ),
        7,
    ),
    "grad in a lambda given to defvjp": _recurses(
        squares("", bwd="", attach="f.defvjp(lambda x: (f(x), x), lambda x, g: (g * jax.grad(f)(x),))\n"), 7
    ),
    "grad in a helper that only the rule calls": _recurses(
        squares(
            "def slope(x):\n    return jax.grad(f)(x)\n" + _FWD,
            bwd="def f_bwd(x, g):\n    return (g * slope(x),)\n",
        ),
        8,
    ),
    "grad under a name of the rule's own": _recurses(
        squares(_FWD, bwd="def f_bwd(x, g):\n    df = jax.grad(f)\n    return (g * df(x),)\n"), 11
    ),
    "grad of a compiled version": _recurses(
        squares(_FWD, bwd="def f_bwd(x, g):\n    return (g * jax.grad(jax.jit(f))(x),)\n"), 10
    ),
    "vmap as the output of a fwd rule": _maps(squares("def f_fwd(x):\n    return jax.vmap(f)(x), x\n"), 8),
    "vmap as the output of a jvp rule": _maps(pushed("    return jax.vmap(f)(x), jnp.sum(2 * x * t)\n"), 10),
    "vmap as an output that happens to have the right shape": _maps(
        shares("def f_fwd(x):\n    y = jax.vmap(f)(x)\n    return y, (x, y)\n"), 8, raises=""
    ),
}

_IMPL = "def squares(x):\n    return jnp.sum(x ** 2)\n"

GOOD_101 = {
    "vjp of another function": squares(
        _IMPL + "def f_fwd(x):\n    return jax.vjp(squares, x)\n",
        bwd="def f_bwd(pull, g):\n    return pull(g)\n",
    ),
    "grad of the function without its rules": squares(
        _FWD, bwd="def f_bwd(x, g):\n    return (g * jax.grad(f.fun)(x),)\n"
    ),
    "grad of what the function wraps": squares(
        _FWD, bwd="def f_bwd(x, g):\n    return (g * jax.grad(f.__wrapped__)(x),)\n"
    ),
    "a compiled version": squares("def f_fwd(x):\n    return jax.jit(f)(x), x\n"),
    "a version that is computed again": squares("def f_fwd(x):\n    return jax.checkpoint(f)(x), x\n"),
    "a recursion that a condition ends": jvp(
        primal="def f(x, n):\n    return x ** n\n",
        rule="@functools.partial(f.defjvp)\ndef f_jvp(n, primals, tangents):\n    (x,), (t,) = primals, tangents\n"
        "    slope = jax.grad(f)(x, n - 1) * x * n / (n - 1) if n > 1 else 1.0\n    return f(x, n), slope * t\n",
        use="y, right = jax.grad(f)(2.0, 3), 12.0\n",
        maker="@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))\n",
    ),
    "an early end of the recursion": jvp(
        primal="def f(x, n):\n    return x ** n\n",
        rule="@f.defjvp\ndef f_jvp(n, primals, tangents):\n    (x,), (t,) = primals, tangents\n"
        "    if n == 1:\n        return x, t\n"
        "    return f(x, n), jax.grad(f)(x, n - 1) * x * n / (n - 1) * t\n",
        use="y, right = jax.grad(f)(2.0, 3), 12.0\n",
        maker="@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))\n",
    ),
    "a mapped value from which the output is made": vjp(
        primal="def f(x):\n    return jnp.sum(jnp.sin(x))\n",
        fwd="def f_fwd(x):\n    parts = jax.vmap(f)(x)\n    return jnp.sum(parts), x\n",
        bwd="def f_bwd(x, g):\n    return (g * jnp.cos(x),)\n",
        use=_X + "y, right = jax.grad(f)(x), jnp.cos(x)\n",
    ),
    "a mapped version over an axis of the rule's own": squares(
        "def f_fwd(x):\n    return jax.vmap(f)(x[None])[0], x\n"
    ),
    "a mapped version of the residuals": squares(
        "def f_fwd(x):\n    return f(x), (x, jax.vmap(f)(x))\n",
        bwd="def f_bwd(res, g):\n    x, rows = res\n    return (2 * jnp.sign(x) * jnp.sqrt(rows) * g,)\n",
    ),
    "a helper that other code calls as well": squares(
        "def slope(x):\n    return jax.grad(f)(x)\n" + _FWD, attach="f.defvjp(f_fwd, f_bwd)\n"
    ),
    "a parameter with the function's name": squares(
        "def slope(f, x):\n    return jax.grad(f)(x)\n" + _FWD,
        bwd="def f_bwd(x, g):\n    return (g * slope(lambda x: jnp.sum(x ** 2), x),)\n",
    ),
}

BAD_102 = {
    "the mapped version as the output of a fwd rule": _maps(
        squares("def f_fwd(x):\n    return f_mapped(x), x\n", after=_MAPPED),
        9,
        squares("def f_fwd(x):\n    return f(x), x\n", after=_MAPPED),
    ),
    "the mapped version as an output with a name": _maps(
        squares("def f_fwd(x):\n    y = f_mapped(x)\n    return y, x\n", after=_MAPPED),
        9,
        squares("def f_fwd(x):\n    y = f(x)\n    return y, x\n", after=_MAPPED),
    ),
    "an output that happens to have the right shape": _maps(
        shares("def f_fwd(x):\n    y = f_mapped(x)\n    return y, (x, y)\n", after=_MAPPED),
        9,
        shares("def f_fwd(x):\n    y = f(x)\n    return y, (x, y)\n", after=_MAPPED),
        raises="",
    ),
    "a lambda": _maps(
        squares("", after=_MAPPED, attach="f.defvjp(lambda x: (f_mapped(x), x), f_bwd)\n"),
        10,
        squares("", after=_MAPPED, attach="f.defvjp(lambda x: (f(x), x), f_bwd)\n"),
    ),
    "an alias below the rules": _maps(
        squares(
            "def f_fwd(x):\n    return over_rows(x), x\n",
            attach="f.defvjp(f_fwd, f_bwd)\nover_rows = jax.vmap(f, 0)\n",
        ),
        8,
        squares(
            "def f_fwd(x):\n    return f(x), x\n",
            attach="f.defvjp(f_fwd, f_bwd)\nover_rows = jax.vmap(f, 0)\n",
        ),
    ),
    "a compiled mapped version": _maps(
        squares("def f_fwd(x):\n    return fast(x), x\n", after="fast = jax.jit(jax.vmap(f))\n"),
        9,
        squares("def f_fwd(x):\n    return f(x), x\n", after="fast = jax.jit(jax.vmap(f))\n"),
    ),
    "in a jvp rule": _maps(
        pushed("    return f_mapped(x), jnp.sum(2 * x * t)\n", after=_MAPPED),
        11,
        pushed("    return f(x), jnp.sum(2 * x * t)\n", after=_MAPPED),
    ),
    "in a jvp rule that passes its primals on": _maps(
        pushed("    y = f_mapped(*primals)\n    return y, jnp.sum(2 * x * t)\n", after=_MAPPED),
        11,
        pushed("    y = f(*primals)\n    return y, jnp.sum(2 * x * t)\n", after=_MAPPED),
    ),
    "with an argument that is not differentiated": _maps(
        vjp(
            maker="@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))\n",
            primal="def f(n, x):\n    return jnp.sum(x ** n)\nf_mapped = jax.vmap(f, (None, 0))\n",
            fwd="def f_fwd(n, x):\n    return f_mapped(n, x), x\n",
            bwd="def f_bwd(n, x, g):\n    return (n * x ** (n - 1) * g,)\n",
            use=_X + "y, right = jax.grad(f, 1)(2, x), 2 * x\n",
        ),
        9,
        vjp(
            maker="@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))\n",
            primal="def f(n, x):\n    return jnp.sum(x ** n)\nf_mapped = jax.vmap(f, (None, 0))\n",
            fwd="def f_fwd(n, x):\n    return f(n, x), x\n",
            bwd="def f_bwd(n, x, g):\n    return (n * x ** (n - 1) * g,)\n",
            use=_X + "y, right = jax.grad(f, 1)(2, x), 2 * x\n",
        ),
    ),
    "the gradient as the output": Bad(
        squares("def f_fwd(x):\n    return df(x), x\n", after=_DERIVED),
        (9,),
        squares("def f_fwd(x):\n    return f(x), x\n", after=_DERIVED),
        "RecursionError",
    ),
    "the gradient in a bwd rule": _recurses(
        squares(_FWD, after=_DERIVED, bwd="def f_bwd(x, g):\n    return (g * df(x),)\n"), 11
    ),
    "the gradient in a jvp rule": _recurses(
        pushed("    return f(x), jnp.sum(df(x) * t)\n", after=_DERIVED), 11
    ),
}

GOOD_102 = {
    "the function itself": squares(_FWD, after=_MAPPED),
    "a compiled version": squares("def f_fwd(x):\n    return fast(x), x\n", after="fast = jax.jit(f)\n"),
    "another name for the function": squares("def f_fwd(x):\n    return g(x), x\n", after="g = f\n"),
    "the mapped version of another function": vjp(
        primal=_SQUARES + "def parts(x):\n    return x ** 2\nparts_mapped = jax.vmap(parts)\n",
        fwd="def f_fwd(x):\n    return jnp.sum(parts_mapped(x)), x\n",
        bwd=_SQUARE_BWD,
        use=_SQUARE_USE,
    ),
    "the mapped version of what has no rules": squares(
        "def f_fwd(x):\n    return jnp.sum(f_mapped(x)), x\n", after="f_mapped = jax.vmap(f.fun)\n"
    ),
    "a mapped value from which the output is made": squares(
        "def f_fwd(x):\n    return jnp.sum(f_mapped(x)), x\n", after=_MAPPED
    ),
    "an axis of the rule's own": squares(
        "def f_fwd(x):\n    return f_mapped(x[None])[0], x\n", after=_MAPPED
    ),
    "the mapped version in the bwd rule": squares(
        _FWD,
        after=_MAPPED,
        bwd="def f_bwd(x, g):\n    return (2 * jnp.sign(x) * jnp.sqrt(f_mapped(x)) * g,)\n",
    ),
    "a local name in the rule": squares(
        "def f_fwd(x):\n    f_mapped = f\n    return f_mapped(x), x\n", after=_MAPPED
    ),
    "an alias that is bound twice": squares(
        "def f_fwd(x):\n    return g(x), x\n", after="g = jax.vmap(f)\ng = f\n"
    ),
    "a mapped version that the code outside uses": HEAD
    + "@jax.custom_vjp\ndef f(x):\n    return jnp.sin(x)\nf_mapped = jax.vmap(f)\n"
    "f.defvjp(lambda x: (f(x), x), lambda x, g: (g * jnp.cos(x),))\n"
    "y = jax.grad(lambda x: f_mapped(x).sum())(jnp.array([2.0]))[0]\n" + RIGHT,
}
