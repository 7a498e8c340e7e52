"""VJP004: transforms above the decorator that gives a function its rules."""

from __future__ import annotations

from tests.suites.contract.case import HEAD, Bad

_SUM = "def f(x):\n    return jnp.sum(x ** 2)\n"
_FWD = "def f_fwd(x):\n    return f(x), x\n"
_BWD = "def f_bwd(x, g):\n    return (2 * x * g,)\n"
_ATTACH = "f.defvjp(f_fwd, f_bwd)\n"
_XS = "xs = jnp.arange(6.0).reshape(2, 3)\n"
_RIGHT = "right = 2 * xs\n"
_RULE = "@f.defjvp\ndef f_jvp(primals, tangents):\n    (x,), (t,) = primals, tangents\n    return f(x), jnp.sum(2 * x * t)\n"


def squares(
    above: str = "",
    *,
    between: str = "",
    attach: str = _ATTACH,
    moved: str = "",
    name: str = "f",
    head: str = "",
    use: str = "y = jax.grad(lambda xs: {f}(xs).sum())(xs)\n",
    maker: str = "@jax.custom_vjp\n",
) -> str:
    """The sum of squares of a vector, for each row of ``xs``: decorators ``above``, what they ``moved`` to."""
    return (
        HEAD
        + head.format(f=name)
        + (above + maker + _SUM + between + _FWD + _BWD + attach + moved + _XS + use.format(f=name) + _RIGHT)
    )


def pushed(above: str = "", *, moved: str = "", name: str = "f", rule: str = _RULE) -> str:
    """The same with a jvp rule."""
    use = f"y = jax.grad(lambda xs: {name}(xs).sum())(xs)\n"
    return HEAD + above + "@jax.custom_jvp\n" + _SUM + rule + moved + _XS + use + _RIGHT


def _raises(code: str, line: int, fixed: str | None = None) -> Bad:
    return Bad(code, (line,), fixed, "AttributeError")


_ONE = "y = jax.grad(lambda x: {f}(x).sum())(xs[0])\nxs = xs[0]\n"
_MADE = "def make({p}):\n{above}    @jax.custom_vjp\n    def g(x):\n        return jnp.sum(x ** 2)\n    g.defvjp(lambda x: (g(x), x), lambda x, c: (2 * x * c,))\n{moved}    return {g}\n"
_CLASS = (
    "class Ops:\n{above}    @jax.custom_vjp\n    def f(x):\n        return jnp.sum(x ** 2)\n"
    "    f.defvjp(lambda x: (Ops.f(x), x), lambda x, g: (2 * x * g,))\n{moved}"
)


def made(above: str = "", moved: str = "", name: str = "g", parameter: str = "", given: str = "") -> str:
    """A function with rules that another one makes."""
    code = _MADE.format(above=above, moved=moved, g=name, p=parameter)
    return HEAD + code + _XS + f"y = jax.grad(lambda xs: make({given})(xs).sum())(xs)\n" + _RIGHT


def in_class(above: str = "", moved: str = "", name: str = "f") -> str:
    """A function with rules in the body of a class."""
    use = f"y = jax.grad(lambda xs: Ops.{name}(xs).sum())(xs)\n"
    return HEAD + _CLASS.format(above=above, moved=moved) + _XS + use + _RIGHT


_MAPPED = {"moved": "f_mapped = jax.vmap(f)\n", "name": "f_mapped"}

BAD = {
    "vmap": _raises(squares("@jax.vmap\n"), 4, squares(**_MAPPED)),
    "jit": _raises(
        squares("@jax.jit\n", use=_ONE),
        4,
        squares(moved="f_jitted = jax.jit(f)\n", name="f_jitted", use=_ONE),
    ),
    "jit with parentheses": _raises(
        squares("@jax.jit(inline=True)\n", use=_ONE),
        4,
        squares(moved="f_jitted = jax.jit(inline=True)(f)\n", name="f_jitted", use=_ONE),
    ),
    "grad": _raises(
        squares("@jax.grad\n", use="y = {f}(xs[0])\nxs = xs[0]\n"),
        4,
        squares(moved="f_grad = jax.grad(f)\n", name="f_grad", use="y = {f}(xs[0])\nxs = xs[0]\n"),
    ),
    "a transform of a part": _raises(
        squares("@functools.partial(jax.vmap, in_axes=0)\n"),
        4,
        squares(moved="f_mapped = jax.vmap(f, in_axes=0)\n", name="f_mapped"),
    ),
    "several, with comments, over lines": _raises(
        squares("@jax.jit  # once\n@functools.partial(\n    jax.vmap,\n    in_axes=(0,),\n)  # rows\n"),
        4,
        squares(moved="f_mapped = jax.jit(jax.vmap(f, in_axes=(0,)))  # once  # rows\n", name="f_mapped"),
    ),
    "with arguments that are no derivative's": _raises(
        squares("@jax.vmap\n", maker="@functools.partial(jax.custom_vjp, nondiff_argnums=())\n"),
        4,
        squares(**_MAPPED, maker="@functools.partial(jax.custom_vjp, nondiff_argnums=())\n"),
    ),
    "a name for the transform": _raises(
        squares("@rows\n", head="rows = functools.partial(jax.vmap, in_axes=0)\n"),
        5,
        squares(
            head="rows = functools.partial(jax.vmap, in_axes=0)\n",
            moved="f_mapped = rows(f)\n",
            name="f_mapped",
        ),
    ),
    "a rule as a decorator": _raises(
        pushed("@jax.vmap\n"), 4, pushed(moved="\n\nf_mapped = jax.vmap(f)\n", name="f_mapped")
    ),
    "a rule for each argument": _raises(
        pushed("@jax.vmap\n", rule="f.defjvps(lambda t, ans, x: jnp.sum(2 * x * t))\n"),
        4,
        pushed(
            rule="f.defjvps(lambda t, ans, x: jnp.sum(2 * x * t))\n",
            moved="f_mapped = jax.vmap(f)\n",
            name="f_mapped",
        ),
    ),
    "a jvp rule by a call": _raises(
        pushed("@jax.vmap\n", rule="f.defjvp(lambda p, t: (f(*p), jnp.sum(2 * p[0] * t[0])))\n"),
        4,
        pushed(
            rule="f.defjvp(lambda p, t: (f(*p), jnp.sum(2 * p[0] * t[0])))\n",
            moved="f_mapped = jax.vmap(f)\n",
            name="f_mapped",
        ),
    ),
    "in a function, with an argument of it": _raises(
        made("    @functools.partial(jax.vmap, in_axes=axis)\n", parameter="axis", given="0"),
        5,
        made(
            moved="    g_mapped = jax.vmap(g, in_axes=axis)\n", name="g_mapped", parameter="axis", given="0"
        ),
    ),
    "in a class": _raises(
        in_class("    @jax.vmap\n"), 5, in_class(moved="    f_mapped = jax.vmap(f)\n", name="f_mapped")
    ),
    "rules under a condition": _raises(
        squares("@jax.vmap\n", attach="if xs is None:\n    pass\nelse:\n    " + _ATTACH, head=_XS),
        5,
        squares(attach="if xs is None:\n    pass\nelse:\n    " + _ATTACH, head=_XS, **_MAPPED),
    ),
    "used in a function above the rules, which runs later": _raises(
        squares("@jax.vmap\n", between="def loss(xs):\n    return f(xs).sum()\n"),
        4,
        squares(between="def loss(xs):\n    return f_mapped(xs).sum()\n", **_MAPPED),
    ),
    "bound again later": _raises(
        squares("@jax.vmap\n", attach=_ATTACH + "f = jax.jit(f)\n"),
        4,
        squares(
            attach=_ATTACH,
            moved="f_mapped = jax.vmap(f)\nf_mapped = jax.jit(f_mapped)\n",
            name="f_mapped",
        ),
    ),
    "wraps on top": _raises(
        squares("@functools.wraps(len)\n@jax.vmap\n"),
        4,
        squares(moved="f_mapped = functools.wraps(len)(jax.vmap(f))\n", name="f_mapped"),
    ),
    "a transform below as well": _raises(
        squares("@jax.vmap\n", maker="@jax.custom_vjp\n@jax.jit\n"),
        4,
        squares(maker="@jax.custom_vjp\n@jax.jit\n", **_MAPPED),
    ),
    "used before it has rules": _raises(squares("@jax.vmap\n", between="g = jax.jit(f)\n"), 4),
    "rules attached in a function": _raises(
        squares("@jax.vmap\n", attach="def setup():\n    f.defvjp(f_fwd, f_bwd)\nsetup()\n"), 4
    ),
    "a decorator that is not known between": _raises(
        squares("@jax.vmap\n@same\n", head="def same(g):\n    return g\n"), 6
    ),
    "an argument that is called": _raises(
        squares("@functools.partial(jax.vmap, in_axes=int())\n"),
        4,
    ),
    "an argument that is bound again": _raises(
        squares("@functools.partial(jax.vmap, in_axes=axis)\n", head="axis = 0\n", between="axis = 1\n"), 5
    ),
    "another name": _raises(squares("@jax.vmap\n", attach="h = f\nh.defvjp(f_fwd, f_bwd)\n"), 4),
}

_TRIED = "import pytest\nwith pytest.raises(AttributeError):\n    f.defvjp(f_fwd, f_bwd)\n"
_NO_USE = "y = xs.sum()\nxs = y / 2\n"

GOOD = {
    "a statement of its own": squares(**_MAPPED),
    "a transform below": squares(maker="@jax.custom_vjp\n@jax.jit\n", use=_ONE),
    "custom_vjp above": squares("@jax.custom_vjp\n", maker="@jax.vmap\n", use="y = 2 * xs\n"),
    "wraps keeps the function": squares("@functools.wraps(len)\n", use=_ONE),
    "sequential_vmap passes it on": squares(
        "@jax.custom_batching.sequential_vmap\n", use="y = 2 * xs * f(xs[0]) / f(xs[0])\n"
    ),
    "a decorator of one's own": squares("@same\n", head="def same(g):\n    return g\n", use=_ONE),
    "a decorator of one's own above a transform": squares(
        "@only\n@jax.vmap\n", head="def only(g):\n    return g.__wrapped__\n", use=_ONE
    ),
    "a test of the error": squares("@jax.vmap\n", attach=_TRIED, use=_NO_USE),
    "it is tried": squares(
        "@jax.vmap\n",
        attach="try:\n    f.defvjp(f_fwd, f_bwd)\nexcept AttributeError:\n    pass\n",
        use=_NO_USE,
    ),
    "it is asked for": squares(
        "@jax.vmap\n", attach="if hasattr(f, 'defvjp'):\n    f.defvjp(f_fwd, f_bwd)\n", use=_NO_USE
    ),
    "no rules at all": squares("@jax.vmap\n", attach="", use=_NO_USE),
    "attached to what it wraps": squares("@jax.vmap\n", attach="f.__wrapped__.defvjp(f_fwd, f_bwd)\n"),
    "another function of that name": squares("@jax.vmap\n", between="@jax.custom_vjp\n" + _SUM, use=_ONE),
    "a jvp rule and a transform in a statement": pushed(moved="f_mapped = jax.vmap(f)\n", name="f_mapped"),
    "made by calls": HEAD
    + "def plain(x):\n    return jnp.sum(x ** 2)\nf = jax.custom_vjp(plain)\n"
    + (_FWD + _BWD + _ATTACH + "g = jax.jit(jax.vmap(f))\n" + _XS)
    + "y = jax.grad(lambda xs: g(xs).sum())(xs)\n"
    + _RIGHT,
}
