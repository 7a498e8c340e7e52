"""VJP202: what rules take."""

from __future__ import annotations

from tests.suites.contract.case import RIGHT, Bad, jvp, vjp
from tests.suites.contract.lookalikes import LOOKALIKES

_ONE = "@functools.partial(jax.custom_vjp, nondiff_argnums=(1,))\n"
_TWO = "@functools.partial(jax.custom_vjp, nondiff_argnums=(0, 2))\n"
_USE = "y = jax.grad(f)(2.0, 5.0)\nright = 60.0\n"
_JVP_USE = "y = jax.grad(f)(2.0, 5.0)\nright = 60.0\n"
_JVP_BODY = "    (x,), (t,) = primals, tangents\n    return f(x, n), n * 3 * x**2 * t\n"


def _cubed(
    fwd: str = "def f_fwd(x, n):\n    return f(x, n), 3 * x**2\n",
    bwd: str = "def f_bwd(n, res, g):\n    return (n * res * g,)\n",
    **parts: str,
) -> str:
    parts = {"primal": "def f(x, n):\n    return n * x**3\n", "maker": _ONE, "use": _USE, **parts}
    return vjp(fwd=fwd, bwd=bwd, **parts)


def _scaled(bwd: str) -> str:
    """Two arguments that are not differentiated, around the one that is."""
    return vjp(
        maker=_TWO,
        primal="def f(a, x, b):\n    return a * x**2 + b\n",
        fwd="def f_fwd(a, x, b):\n    return f(a, x, b), x\n",
        bwd=bwd,
        use="y = jax.grad(f, 1)(3.0, 2.0, 7.0)\nright = 12.0\n",
    )


def _jvp(head: str, maker: str = "@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))\n") -> str:
    return jvp(
        maker=maker,
        primal="def f(x, n):\n    return n * x**3\n",
        rule=f"@f.defjvp\n{head}\n{_JVP_BODY}",
        use=_JVP_USE,
    )


BAD = {
    "what is not differentiated comes last in bwd": Bad(
        _cubed(bwd="def f_bwd(res, g, n):\n    return (n * res * g**2,)\n"),
        (9,),
        _cubed(bwd="def f_bwd(n, res, g):\n    return (n * res * g**2,)\n"),
        raises="",
        unsafe=True,
        warning=True,
    ),
    "what is not differentiated stands in the middle of bwd": Bad(
        _scaled("def f_bwd(a, x, b, g):\n    return (a * 2 * x * g + 0 * b,)\n"),
        (9,),
        _scaled("def f_bwd(a, b, x, g):\n    return (a * 2 * x * g + 0 * b,)\n"),
        raises="",
        unsafe=True,
        warning=True,
    ),
    "two that are not differentiated are exchanged": Bad(
        _scaled("def f_bwd(b, a, x, g):\n    return (a * 2 * x * g + 0 * b,)\n"),
        (9,),
        _scaled("def f_bwd(a, b, x, g):\n    return (a * 2 * x * g + 0 * b,)\n"),
        raises="",
        unsafe=True,
        warning=True,
    ),
    "what is not differentiated comes first in fwd": Bad(
        _cubed(fwd="def f_fwd(n, x):\n    return f(x, n), 3 * x**2\n"),
        (7,),
        _cubed(fwd="def f_fwd(x, n):\n    return f(x, n), 3 * x**2\n"),
        raises="",
        unsafe=True,
        warning=True,
    ),
    "another order under an underscore": Bad(
        _scaled("def f_bwd(_b, a, x, g):\n    return (a * 2 * x * g,)\n"),
        (9,),
        _scaled("def f_bwd(a, _b, x, g):\n    return (a * 2 * x * g,)\n"),
        raises="",
        unsafe=True,
        warning=True,
    ),
    "another order, and annotations that cannot be moved": Bad(
        _scaled("def f_bwd(b: float, a: float, x, g):\n    return (a * 2 * x * g + 0 * b,)\n"),
        (9,),
        raises="",
        warning=True,
    ),
    "another order in a lambda": Bad(
        _cubed(bwd="", attach="f.defvjp(f_fwd, lambda res, g, n: (n * res * g**2,))\n"),
        (9,),
        _cubed(bwd="", attach="f.defvjp(f_fwd, lambda n, res, g: (n * res * g**2,))\n"),
        raises="",
        unsafe=True,
        warning=True,
    ),
    "bwd lacks what is not differentiated": Bad(_cubed(bwd="def f_bwd(res, g):\n    return (g,)\n"), (9,)),
    "bwd takes the arguments of the function": Bad(
        vjp(bwd="def f_bwd(x, y, res, g):\n    return (g,)\n"), (9,)
    ),
    "bwd takes the cotangent alone": Bad(vjp(bwd="def f_bwd(g):\n    return (g,)\n"), (9,)),
    "fwd lacks an argument": Bad(_cubed(fwd="def f_fwd(x):\n    return x, x\n"), (7,)),
    "fwd lacks what has a default": Bad(
        vjp(
            primal="def f(x, n=2.0):\n    return n * x\n",
            fwd="def f_fwd(x):\n    return f(x), None\n",
            bwd="def f_bwd(_, g):\n    return g, None\n",
        ),
        (7,),
    ),
    "fwd takes too many": Bad(vjp(fwd="def f_fwd(x, res):\n    return f(x), x\n"), (7,)),
    "fwd needs a keyword": Bad(vjp(fwd="def f_fwd(x, *, n):\n    return f(x), x\n"), (7,)),
    "fwd asks for a keyword-only argument of the function": Bad(
        vjp(
            primal="def f(x, *, n=2.0):\n    return n * x\n",
            fwd="def f_fwd(x, n):\n    return f(x), x\n",
        ),
        (7,),
    ),
    "a lambda takes too few": Bad(vjp(bwd="", attach="f.defvjp(f_fwd, lambda g: (g,))\n"), (9,)),
    "by names that are not differentiated": Bad(
        _cubed(
            maker="@functools.partial(jax.custom_vjp, nondiff_argnames=('n',))\n",
            bwd="def f_bwd(res, g):\n    return (g,)\n",
        ),
        (9,),
    ),
    "a jvp rule that takes the arguments one by one": Bad(
        jvp(rule="@f.defjvp\ndef f_jvp(x, y, t, u):\n    return f(x), t\n"), (8,)
    ),
    "a jvp rule with what is not differentiated last": Bad(
        _jvp("def f_jvp(primals, tangents, n):"),
        (8,),
        _jvp("def f_jvp(n, primals, tangents):"),
        unsafe=True,
        warning=True,
    ),
    "a jvp rule that lacks what is not differentiated": Bad(_jvp("def f_jvp(primals, tangents):"), (8,)),
    "too few rules for the arguments": Bad(
        jvp(
            primal="def f(x, y):\n    return x * y\n",
            rule="f.defjvps(lambda t, ans, x, y: t * y)\n",
            use="y = jax.grad(f)(2.0, 5.0)\n",
        ),
        (7,),
        raises="ValueError",
    ),
    "a rule for an argument that takes too few": Bad(
        jvp(rule="f.defjvps(lambda t, x: t * jnp.cos(x))\n"), (7,)
    ),
}

GOOD = {
    **LOOKALIKES,
    "first in bwd, in place in fwd": _cubed(),
    "two of them, sorted": _scaled("def f_bwd(a, b, x, g):\n    return (a * 2 * x * g,)\n"),
    "other names": _scaled("def f_bwd(first, last, x, g):\n    return (first * 2 * x * g,)\n"),
    "unused ones with an underscore": _scaled("def f_bwd(a, _, x, g):\n    return (a * 2 * x * g,)\n"),
    "any arguments": _cubed(bwd="def f_bwd(*args):\n    n, res, g = args\n    return (n * res * g,)\n"),
    "some, and any more": _cubed(bwd="def f_bwd(n, *rest):\n    return (n * rest[0] * rest[1],)\n"),
    "a default that is not used": _cubed(
        bwd="def f_bwd(n, res, g, scale=1.0):\n    return (scale * n * res * g,)\n"
    ),
    "what is bound by partial": _cubed(
        bwd="def impl(scale, n, res, g):\n    return (scale * n * res * g,)\n",
        attach="f.defvjp(f_fwd, functools.partial(impl, 1.0))\n",
    ),
    "a residual with the name of an argument": vjp(
        primal="def f(x, n):\n    return n * x**3\n",
        fwd="def f_fwd(x, n):\n    return f(x, n), n\n",
        bwd="def f_bwd(n, g):\n    return n * 12 * g, None\n",
        use=_USE,
    ),
    "the function takes any number": vjp(
        primal="def f(*xs):\n    return jnp.sin(xs[0])\n",
        fwd="def f_fwd(x, y):\n    return f(x, y), x\n",
        bwd="def f_bwd(x, g):\n    return (g * jnp.cos(x), None)\n",
        use="y = jax.grad(f)(2.0, 5.0)\n" + RIGHT,
    ),
    "another decorator changes what the function takes": vjp(
        maker="def spread(g):\n    return lambda x: g(x, 1.0)\n@jax.custom_vjp\n@spread\n",
        primal="def f(x, n):\n    return n * jnp.sin(x)\n",
    ),
    "positions from elsewhere": "POSITIONS = tuple(map(int, '1'))\n"
    + _cubed(maker="@functools.partial(jax.custom_vjp, nondiff_argnums=POSITIONS)\n"),
    "a jvp rule with what is not differentiated first": _jvp("def f_jvp(n, primals, tangents):"),
    "rules for each argument, one of them None": jvp(
        primal="def f(x, y):\n    return x * y\n",
        rule="f.defjvps(lambda t, ans, x, y: t * y, None)\n",
        use="y = jax.grad(f)(2.0, 5.0)\nright = 5.0\n",
    ),
    "each of two functions has a rule of that name": vjp(
        primal="def f(x):\n    return jnp.sin(x)\n",
        fwd="def outer():\n    @functools.partial(jax.custom_vjp, nondiff_argnums=(0,))\n    def f(n, x):\n"
        "        return n * x\n    def f_fwd(n, x):\n        return f(n, x), None\n"
        "    def f_bwd(n, _, g):\n        return (n * g,)\n    f.defvjp(f_fwd, f_bwd)\n    return f\n"
        "def f_fwd(x):\n    return f(x), x\n",
    ),
    "keyword-only arguments with defaults": vjp(
        primal="def f(x, *, n=1.0):\n    return n * jnp.sin(x)\n",
        fwd="def f_fwd(x, *, n=1.0):\n    return f(x), x\n",
    ),
}
