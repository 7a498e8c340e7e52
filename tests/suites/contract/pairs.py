"""VJP203: what a fwd or a jvp rule returns."""

from __future__ import annotations

from tests.suites.contract.case import HEAD, RIGHT, Bad, jvp, vjp
from tests.suites.contract.lookalikes import LOOKALIKES

_BODY = "    y, x2 = f(x), x\n"
_RESIDUALS = "def f_bwd(res, g):\n    x, c = res\n    return (g * jnp.cos(x),)\n"


def _fwd(returned: str, *, bwd: str = "def f_bwd(x, g):\n    return (g * jnp.cos(x),)\n") -> str:
    return vjp(fwd=f"def f_fwd(x):\n    {returned}\n", bwd=bwd)


def _jvp(returned: str) -> str:
    return jvp(
        rule=f"@f.defjvp\ndef f_jvp(primals, tangents):\n    (x,), (t,) = primals, tangents\n    {returned}\n"
    )


BAD = {
    "only the output": Bad(_fwd("return jnp.sin(x)"), (8,)),
    "only a name for an array": Bad(_fwd("y = jnp.sin(x)\n    return y"), (9,)),
    "the residuals are not in a tuple": Bad(
        _fwd("return f(x), x, jnp.cos(x)", bwd=_RESIDUALS),
        (8,),
        _fwd("return f(x), (x, jnp.cos(x))", bwd=_RESIDUALS),
        unsafe=True,
    ),
    "the residuals are not in a tuple, in parentheses": Bad(
        _fwd("return (f(x), x, jnp.cos(x))", bwd=_RESIDUALS),
        (8,),
        _fwd("return (f(x), (x, jnp.cos(x)))", bwd=_RESIDUALS),
        unsafe=True,
    ),
    "no residuals, but a comma": Bad(_fwd("return f(x),"), (8,)),
    "a dictionary": Bad(_fwd('return {"out": f(x), "res": x}'), (8,)),
    "a lambda with one value": Bad(vjp(fwd="", attach="f.defvjp(lambda x: jnp.sin(x), f_bwd)\n"), (9,)),
    "nothing": Bad(_fwd("y = f(x), x"), (7,)),
    "None": Bad(_fwd("return None"), (8,)),
    "one of two branches": Bad(
        vjp(
            primal="def f(x, on=True):\n    return jnp.sin(x)\n",
            maker="@functools.partial(jax.custom_vjp, nondiff_argnums=(1,))\n",
            fwd="def f_fwd(x, on):\n    if on:\n        return -x\n    return f(x), x\n",
            bwd="def f_bwd(on, x, g):\n    return (g * jnp.cos(x),)\n",
        ),
        (9,),
    ),
    "one side of a choice": Bad(_fwd("return (f(x), x) if x is None else jnp.sin(x)"), (8,)),
    "a rule that is compiled": Bad(vjp(fwd="@jax.jit\ndef f_fwd(x):\n    return jnp.sin(x)\n"), (9,)),
    "in a function, attached by keyword": Bad(
        HEAD + "def make():\n    @jax.custom_vjp\n    def g(x):\n        return jnp.sin(x)\n"
        "    def fwd(x):\n        return jnp.sin(x)\n    g.defvjp(bwd=lambda r, t: (t,), fwd=fwd)\n    return g\n"
        "f = make()\ny = jax.grad(f)(2.0)\n",
        (9,),
    ),
    "a jvp rule with the tangent alone": Bad(_jvp("return jnp.cos(x) * t"), (10,)),
    "a jvp rule with three values": Bad(_jvp("return f(x), x, t"), (10,)),
    "a product of what is not known": Bad(_fwd("c = x.real\n    return x * c"), (9,), warning=True),
}

GOOD = {
    **LOOKALIKES,
    "a pair": vjp(),
    "a list of two": _fwd("return [f(x), x]"),
    "a name for a pair": _fwd("both = (f(x), x)\n    return both"),
    "what another function returns": vjp(
        fwd="def both(x):\n    return f(x), x\ndef f_fwd(x):\n    return both(x)\n"
    ),
    "a named tuple": vjp(
        fwd="import collections\nPair = collections.namedtuple('Pair', 'out res')\n"
        "def f_fwd(x):\n    return Pair(f(x), x)\n"
    ),
    "a pair with stars": _fwd("rest = (x,)\n    return (f(x), *rest)"),
    "a sum of tuples": _fwd("return (f(x),) + (x,)"),
    "a function in the rule returns one value": _fwd(
        "def one():\n        return 1.0\n    return f(x), x * one()"
    ),
    "a rule that raises": vjp(fwd="def f_fwd(x):\n    raise NotImplementedError\n", use="y = right = 1.0\n"),
    "a rule that fails by a call": vjp(
        fwd="def f_fwd(x):\n    unittest.fail('not here')\n", use="y = right = 1.0\n"
    ),
    "a rule that is not written yet": vjp(fwd="def f_fwd(x):\n    ...\n", use="y = right = 1.0\n"),
    "rules that stand for what is not written yet": vjp(
        fwd="", bwd="", attach="f.defvjp(lambda x: ..., lambda *_: ...)\n", use="y = right = 1.0\n"
    ),
    "rules for each argument": jvp(rule="f.defjvps(lambda t, ans, x: jnp.cos(x) * t)\n"),
    "another library's contract": (
        "import equinox as eqx\nimport jax\nimport jax.numpy as jnp\n@eqx.filter_custom_vjp\ndef f(x):\n"
        "    return jnp.sin(x)\n@f.def_fwd\ndef f_fwd(perturbed, x):\n    return f(x), None\n"
        "@f.def_bwd\ndef f_bwd(res, g, perturbed, x):\n    return g * jnp.cos(x)\n"
        "y = jax.grad(lambda x: f(x))(2.0)\n" + RIGHT
    ),
    "a decorator of one's own in between": vjp(
        fwd="def paired(g):\n    return lambda x: (g(x), x)\n@paired\ndef f_fwd(x):\n    return jnp.sin(x)\n"
    ),
    "a name that is bound twice": _fwd("y = jnp.sin(x)\n    y = (y, x)\n    return y"),
}
