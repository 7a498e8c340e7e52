"""VJP204: what a bwd rule returns."""

from __future__ import annotations

from tests.suites.contract.case import HEAD, RIGHT, Bad, vjp
from tests.suites.contract.lookalikes import LOOKALIKES

_TWO = {
    "primal": "def f(x, y):\n    return 2.0 * x * y\n",
    "fwd": "def f_fwd(x, y):\n    return f(x, y), (x, y)\n",
    "use": "y = jax.grad(f)(2.0, 3.0)\nright = 6.0\n",
}
_PAIR = "y = jax.grad(lambda x: f(x)[0])(2.0)\nright = 1.0\n"


def _bwd(returned: str) -> str:
    return vjp(bwd=f"def f_bwd(x, g):\n    {returned}\n")


def _fixed(before: str, after: str, *, lines: tuple[int, ...] = (10,)) -> Bad:
    return Bad(_bwd(before), lines, _bwd(after))


def _two(returned: str) -> str:
    return vjp(bwd=f"def f_bwd(res, g):\n    x, y = res\n    {returned}\n", **_TWO)


def _unknown(returned: str) -> str:
    """The output is not known to be an array."""
    return vjp(
        primal="def f(x):\n    return impl(x)\ndef impl(x):\n    y = jnp.sin(x)\n    return y\n",
        bwd=f"def f_bwd(x, g):\n    {returned}\n",
    )


BAD = {
    "a product": _fixed("return g * jnp.cos(x)", "return (g * jnp.cos(x),)"),
    "a sum": _fixed("return 0.0 + g * jnp.cos(x)", "return (0.0 + g * jnp.cos(x),)"),
    "in parentheses": _fixed("return (g * jnp.cos(x))", "return ((g * jnp.cos(x),))"),
    "a quotient": _fixed("return g / (1 / jnp.cos(x))  # why", "return (g / (1 / jnp.cos(x)),)  # why"),
    "a name for an array": _fixed(
        "gx = g * jnp.cos(x)\n    return gx", "gx = g * jnp.cos(x)\n    return (gx,)", lines=(11,)
    ),
    "a function of JAX": _fixed(
        "return jnp.multiply(g, jnp.cos(x))", "return (jnp.multiply(g, jnp.cos(x)),)"
    ),
    "both branches": _fixed(
        "if x is None:\n        return -g\n    return g * jnp.cos(x)",
        "if x is None:\n        return (-g,)\n    return (g * jnp.cos(x),)",
        lines=(11, 12),
    ),
    "both sides of a choice": _fixed(
        "return -g if x is None else g * jnp.cos(x)",
        "return (-g,) if x is None else (g * jnp.cos(x),)",
        lines=(10, 10),
    ),
    "a lambda": Bad(
        vjp(bwd="", attach="f.defvjp(f_fwd, lambda x, g: g * jnp.cos(x))\n"),
        (9,),
        vjp(bwd="", attach="f.defvjp(f_fwd, lambda x, g: (g * jnp.cos(x),))\n"),
    ),
    "the cotangent itself, of an array": Bad(
        vjp(bwd="def f_bwd(_, g):\n    return g\n", use="y = jax.grad(f)(0.0)\nright = 1.0\n"),
        (10,),
        vjp(bwd="def f_bwd(_, g):\n    return (g,)\n", use="y = jax.grad(f)(0.0)\nright = 1.0\n"),
    ),
    "the cotangent itself, of what is not known": Bad(
        _unknown("return g").replace("jax.grad(f)(2.0)\n" + RIGHT, "jax.grad(f)(0.0)\nright = 1.0\n"),
        (13,),
        _unknown("return (g,)").replace("jax.grad(f)(2.0)\n" + RIGHT, "jax.grad(f)(0.0)\nright = 1.0\n"),
        unsafe=True,
        warning=True,
    ),
    "a product of what is not known": Bad(
        _unknown("c = x.real\n    return g * jax.jit(jnp.cos)(c)"),
        (14,),
        _unknown("c = x.real\n    return (g * jax.jit(jnp.cos)(c),)"),
        unsafe=True,
        warning=True,
    ),
    "one cotangent for two arguments": Bad(_two("return (2.0 * y * g,)"), (11,)),
    "three cotangents for two arguments": Bad(_two("return 2.0 * y * g, 2.0 * x * g, None"), (11,)),
    "a list of one for two arguments": Bad(_two("return [2.0 * y * g]"), (11,)),
    "an array for two arguments": Bad(_two("return jnp.stack([2.0 * y * g, 2.0 * x * g])"), (11,)),
    "a name for a tuple that is too short": Bad(_two("grads = (2.0 * y * g,)\n    return grads"), (12,)),
    "None": Bad(_bwd("return None"), (10,)),
    "nothing": Bad(_bwd("gx = g * jnp.cos(x)"), (9,)),
    "a cotangent for an argument that is not differentiated": Bad(
        vjp(
            maker="@functools.partial(jax.custom_vjp, nondiff_argnums=(1,))\n",
            primal="def f(x, n):\n    return x * n\n",
            fwd="def f_fwd(x, n):\n    return f(x, n), None\n",
            bwd="def f_bwd(n, _, g):\n    return g * n, None\n",
            use="y = jax.grad(f)(2.0, 3.0)\n",
        ),
        (10,),
    ),
    "the same by its name": Bad(
        vjp(
            maker="@functools.partial(jax.custom_vjp, nondiff_argnames=('n',))\n",
            primal="def f(x, n):\n    return x * n\n",
            fwd="def f_fwd(x, n):\n    return f(x, n), None\n",
            bwd="def f_bwd(n, _, g):\n    return g * n, None\n",
            use="y = jax.grad(f)(2.0, 3.0)\n",
        ),
        (10,),
    ),
    "several outputs passed on for one argument": Bad(
        vjp(
            primal="def f(x):\n    return x, 2.0 * x\n",
            bwd="def f_bwd(_, g):\n    return g\n",
            use="y = jax.grad(lambda x: f(x)[0])(2.0)\n",
        ),
        (10,),
    ),
    "a default counts as an argument": Bad(
        vjp(
            primal="def f(x, scale=1.0):\n    return scale * jnp.sin(x)\n",
            fwd="def f_fwd(x, scale):\n    return f(x, scale), x\n",
        ),
        (10,),
    ),
}

GOOD = {
    **LOOKALIKES,
    "a tuple of one": vjp(),
    "a list of one": _bwd("return [g * jnp.cos(x)]"),
    "as many as there are arguments": _two("return 2.0 * y * g, 2.0 * x * g"),
    "no cotangent for one of them": _two("return 2.0 * y * g, None"),
    "the cotangents of as many outputs": vjp(
        primal="def f(x, y):\n    return x, y\n",
        fwd="def f_fwd(x, y):\n    return f(x, y), None\n",
        bwd="def f_bwd(_, g):\n    return g\n",
        use="y = jax.grad(lambda x: f(x, x)[0])(2.0)\nright = 1.0\n",
    ),
    "the cotangent of a tuple of one": vjp(
        primal="def f(x):\n    return (x,)\n", bwd="def f_bwd(_, g):\n    return g\n", use=_PAIR
    ),
    "what another function returns": vjp(
        bwd="def impl(x, g):\n    return (g * jnp.cos(x),)\ndef f_bwd(x, g):\n    return impl(x, g)\n"
    ),
    "a tuple made of a list": _bwd("grads = [g * jnp.cos(x)]\n    return tuple(grads)"),
    "a list that grows": _bwd("grads = []\n    grads.append(g * jnp.cos(x))\n    return grads"),
    "a tuple that grows": _bwd("grads = ()\n    grads += (g * jnp.cos(x),)\n    return grads"),
    "a tuple times a number": _two("return (g * 6.0,) * 2"),
    "stars": _two("rest = (2.0 * x * g,)\n    return (2.0 * y * g, *rest)"),
    "any number of arguments": vjp(
        primal="def f(*xs):\n    return jnp.sin(xs[0])\n",
        fwd="def f_fwd(*xs):\n    return f(*xs), xs\n",
        bwd="def f_bwd(xs, g):\n    return (g * jnp.cos(xs[0]),)\n",
    ),
    "positions that are not written down": HEAD
    + "NONDIFF = tuple(i for i in range(3) if i > 0)\n"
    + vjp(
        maker="@functools.partial(jax.custom_vjp, nondiff_argnums=NONDIFF)\n",
        primal="def f(x, a, b):\n    return jnp.sin(x)\n",
        fwd="def f_fwd(x, a, b):\n    return f(x, a, b), x\n",
        bwd="def f_bwd(a, b, x, g):\n    return (g * jnp.cos(x),)\n",
        use="y = jax.grad(f)(2.0, 1, 2)\n" + RIGHT,
    ),
    "a keyword-only argument has no cotangent": vjp(
        primal="def f(x, *, scale=1.0):\n    return scale * jnp.sin(x)\n"
    ),
    "a decorator of one's own in between": vjp(
        bwd="def as_tuple(g):\n    return lambda *args: (g(*args),)\n@as_tuple\ndef f_bwd(x, g):\n"
        "    return g * jnp.cos(x)\n"
    ),
    "another function of that name is attached": vjp(
        bwd="def f_bwd(x, g):\n    return g * jnp.cos(x)\ndef g_bwd(x, g):\n    return (f_bwd(x, g),)\n",
        attach="f.defvjp(f_fwd, g_bwd)\n",
    ),
    "a function in the rule returns one value": _bwd(
        "def times(c):\n        return g * c\n    return (times(jnp.cos(x)),)"
    ),
    "another library's contract": (
        "import equinox as eqx\nimport jax\nimport jax.numpy as jnp\n@eqx.filter_custom_vjp\ndef f(x):\n"
        "    return jnp.sin(x)\n@f.def_fwd\ndef f_fwd(perturbed, x):\n    return f(x), None\n"
        "@f.def_bwd\ndef f_bwd(res, g, perturbed, x):\n    return g * jnp.cos(x)\n"
        "y = jax.grad(lambda x: f(x))(2.0)\n" + RIGHT
    ),
}
