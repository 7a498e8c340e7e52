"""VJP001, VJP002, VJP003: names that a transform takes over. ``⟦…⟧`` is what the fix adds."""

from __future__ import annotations

from tests.suites.contract.case import HEAD, Bad, taken

_RULES = (
    "def f_fwd(x):\n    return f(x), x\ndef f_bwd(x, g):\n    return (2 * x * g,)\nf.defvjp(f_fwd, f_bwd)\n"
)
_F = HEAD + "xs = jnp.arange(6.0).reshape(2, 3)\n@jax.custom_vjp\ndef f(x):\n    return jnp.sum(x**2)\n"
_JVP = HEAD + (
    "xs = jnp.arange(6.0).reshape(2, 3)\n@jax.custom_jvp\ndef f(x):\n    return jnp.sum(x**2)\n@f.defjvp\n"
    "def f_jvp(primals, tangents):\n    (x,), (t,) = primals, tangents\n    return f(x), jnp.sum(2 * x * t)\n"
)
_ROWS = "right = 4 * jnp.sum(xs**2, 1)[:, None] * xs\n"
_USE = "y = jax.grad(lambda xs: (f⟦_mapped⟧(xs) ** 2).sum())(xs)\n" + _ROWS
_OWN = "y = jax.grad(lambda xs: (jax.vmap(f)(xs) ** 2).sum())(xs)\n" + _ROWS


def _mapped(binding: str, start: str = _F + _RULES, use: str = _USE, raises: str = "") -> Bad:
    return taken(start + binding + use, raises)


BAD_MAP = {
    "vmap": _mapped("f⟦_mapped⟧ = jax.vmap(f)\n"),
    "with axes": _mapped("f⟦_mapped⟧ = jax.vmap(f, in_axes=(0,), out_axes=0)\n"),
    "compiled vmap": _mapped("f⟦_mapped⟧ = jax.jit(jax.vmap(f))\n", raises="TypeError"),
    "a function with a jvp rule": _mapped("f⟦_mapped⟧ = jax.vmap(f)\n", _JVP, raises="TypeError"),
    "by way of another name": _mapped("rows = jax.vmap(f)\nf⟦_mapped⟧ = rows\n"),
    "by an annotated assignment": _mapped("f⟦_mapped⟧: object = jax.vmap(f)\n"),
    "by another library": _mapped("import equinox as eqx\nf⟦_mapped⟧ = eqx.filter_vmap(f)\n"),
    "rules that are lambdas": _mapped(
        "f⟦_mapped⟧ = jax.vmap(f)\n", _F + "f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))\n"
    ),
    "silent, for the value is only a residual": _mapped(
        "f⟦_mapped⟧ = jax.vmap(f)\n",
        HEAD
        + "xs = jnp.arange(6.0).reshape(2, 3)\n@jax.custom_vjp\ndef f(x):\n    return jnp.exp(jnp.sum(x))\n"
        "f.defvjp(lambda x: (jnp.exp(jnp.sum(x)), f(x)), lambda res, g: (res * g * jnp.ones(3),))\n",
        "y = jax.grad(lambda xs: (f⟦_mapped⟧(xs) ** 2).sum())(xs)\nright = 2 * jnp.exp(2 * xs.sum(1))[:, None] * jnp.ones((2, 3))\n",
    ),
}
GOOD_MAP = {
    "a name of its own": _F + _RULES + "f_mapped = jax.vmap(f)\n" + _USE.replace("⟦_mapped⟧", "_mapped"),
    "no name": _F + _RULES + _OWN,
    "compiled": _F + _RULES + "f = jax.jit(f)\n" + _OWN,
    "rules that do not read the name": _F
    + "f.defvjp(lambda x: (jnp.sum(x**2), x), lambda x, g: (2 * x * g,))\nf = jax.vmap(f)\n"
    + _USE.replace("⟦_mapped⟧", ""),
    "a rule that took the function as a default": _F
    + _RULES.replace("f_fwd(x)", "f_fwd(x, f=f)")
    + "f = jax.vmap(f)\n"
    + _USE.replace("⟦_mapped⟧", ""),
    "a parameter of that name": _F + _RULES + "def rows(f):\n    f = jax.vmap(f)\n    return f\n"
    "y = jax.grad(lambda xs: (rows(f)(xs) ** 2).sum())(xs)\n" + _ROWS,
    "a local of that name": _F
    + _RULES
    + "def loss(xs, g=f):\n    f = jax.vmap(g)\n    return (f(xs) ** 2).sum()\n"
    "y = jax.grad(loss)(xs)\n" + _ROWS,
    "another function of that name, mapped": _F + _RULES + "g = f\ndef use(xs):\n    def f(x):\n"
    "        return g(x)\n    f = jax.vmap(f)\n    return (f(xs) ** 2).sum()\ny = jax.grad(use)(xs)\n"
    + _ROWS,
    "a function without rules": HEAD
    + "xs = jnp.arange(6.0).reshape(2, 3)\ndef f(x):\n    return jnp.sum(x**2)\n"
    "f = jax.vmap(f)\n" + _USE.replace("⟦_mapped⟧", ""),
}

_AT = "y = f⟦_{0}⟧(xs[0])\nright = 2 * xs[0]\n"
BAD_GRAD = {
    "grad": taken(_F + _RULES + "f⟦_grad⟧ = jax.grad(f)\n" + _AT.format("grad"), "RecursionError"),
    "grad of a jvp rule": taken(_JVP + "f⟦_grad⟧ = jax.grad(f)\n" + _AT.format("grad"), "RecursionError"),
    "jacrev": taken(_F + _RULES + "f⟦_jacrev⟧ = jax.jacrev(f)\n" + _AT.format("jacrev"), "RecursionError"),
    "jacfwd of a jvp rule": taken(
        _JVP + "f⟦_jacfwd⟧ = jax.jacfwd(f)\n" + _AT.format("jacfwd"), "RecursionError"
    ),
    "the value as well": taken(
        _F + _RULES + "f⟦_value_and_grad⟧ = jax.value_and_grad(f)\ny = f⟦_value_and_grad⟧(xs[0])[1]\n"
        "right = 2 * xs[0]\n",
        "RecursionError",
    ),
    "compiled": taken(
        _F + _RULES + "f⟦_grad⟧ = jax.jit(jax.grad(f))\n" + _AT.format("grad"), "RecursionError"
    ),
    "by keyword": taken(_F + _RULES + "f⟦_grad⟧ = jax.grad(fun=f)\n" + _AT.format("grad"), "RecursionError"),
    "by way of another name": taken(
        _F + _RULES + "df = jax.grad(f)\nf⟦_grad⟧ = df\n" + _AT.format("grad"), "RecursionError"
    ),
    "by another library": taken(
        _F + _RULES + "import equinox as eqx\nf⟦_grad⟧ = eqx.filter_grad(f)\n" + _AT.format("grad"),
        "RecursionError",
    ),
}
_SLOPE = "y = jax.grad(f)(xs[0])\nright = 2 * xs[0]\n"
_DF = "y = f(xs[0])\nright = 2 * xs[0]\n"
GOOD_GRAD = {
    "a name of its own": _F + _RULES + "df = jax.grad(f)\n" + _SLOPE,
    "no name": _JVP + _SLOPE,
    "compiled": _F + _RULES + "f = jax.jit(f)\n" + _SLOPE,
    "rules that do not read the name": _F
    + "f.defvjp(lambda x: (jnp.sum(x**2), x), lambda x, g: (2 * x * g,))\nf = jax.grad(f)\n"
    + _DF,
    "a rule that took the function as a default": _F
    + _RULES.replace("f_fwd(x)", "f_fwd(x, f=f)")
    + "f = jax.grad(f)\n"
    + _DF,
    "a local of that name": _F + _RULES + "def slope(x, g=f):\n    f = jax.grad(g)\n    return f(x)\n"
    "y = slope(xs[0])\nright = 2 * xs[0]\n",
    "a parameter of that name": _JVP + "def slope(f):\n    f = jax.grad(f)\n    return f\n"
    "y = slope(f)(xs[0])\nright = 2 * xs[0]\n",
    "a function without rules": HEAD + "xs = jnp.ones((1, 3))\ndef f(x):\n    return jnp.sum(x**2)\n"
    "f = jax.grad(f)\n" + _DF,
}


def _wrapped(binding: str, start: str = _F + _RULES) -> Bad:
    word = binding.partition("⟦")[2].partition("⟧")[0]
    return taken(
        start + binding + f"y = jax.grad(f⟦{word}⟧)(xs[0])\nright = 2 * xs[0]\n", "right", warning=True
    )


BAD_WRAP = {
    "compiled": _wrapped("f⟦_jitted⟧ = jax.jit(f)\n"),
    "compiled, with options": _wrapped("f⟦_jitted⟧ = jax.jit(f, inline=True)\n"),
    "a jvp rule": _wrapped("f⟦_jitted⟧ = jax.jit(f)\n", _JVP),
    "with checkpoints": _wrapped("f⟦_checkpointed⟧ = jax.checkpoint(f)\n"),
    "with a name": _wrapped("f⟦_named⟧ = jax.named_call(f, name='f')\n"),
    "by another library": _wrapped("import equinox as eqx\nf⟦_jitted⟧ = eqx.filter_jit(f)\n"),
    "by a wrapper of one's own": _wrapped(
        "def logged(g):\n    def call(x):\n        return g(x)\n    return call\nf⟦_wrapped⟧ = logged(f)\n"
    ),
    "by way of another name": _wrapped("fast = jax.jit(f)\nf⟦_jitted⟧ = fast\n"),
}
GOOD_WRAP = {
    "a name of its own": _F + _RULES + "fast = jax.jit(f)\n" + _SLOPE,
    "no wrapper": _JVP + _SLOPE,
    "another name for the same": _F + _RULES + "g = f\n" + _SLOPE,
    "rules that do not read the name": _F
    + "f.defvjp(lambda x: (jnp.sum(x**2), x), lambda x, g: (2 * x * g,))\nf = jax.jit(f)\n"
    + _SLOPE,
    "a rule that took the function as a default": _F
    + _RULES.replace("f_fwd(x)", "f_fwd(x, f=f)")
    + "f = jax.jit(f)\n"
    + _SLOPE,
    "a local of that name": _F
    + _RULES
    + "def slope(x, g=f):\n    f = jax.jit(g)\n    return jax.grad(f)(x)\n"
    "y = slope(xs[0])\nright = 2 * xs[0]\n",
    "a parameter of that name": _JVP + "def fast(f):\n    f = jax.jit(f)\n    return f\n"
    "y = jax.grad(fast(f))(xs[0])\nright = 2 * xs[0]\n",
    "a function without rules": HEAD + "xs = jnp.ones((1, 3))\ndef f(x):\n    return jnp.sum(x**2)\n"
    "f = jax.jit(f)\n" + _SLOPE,
}
