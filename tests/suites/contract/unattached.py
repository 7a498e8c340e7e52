"""VJP201: functions that are to have rules, and get none."""

from __future__ import annotations

from tests.suites.contract.case import HEAD, RIGHT, Bad
from tests.suites.contract.lookalikes import LOOKALIKES

_F = "@jax.custom_vjp\ndef f(x):\n    return jnp.sin(x)\n"
_RULES = "def fwd(x):\n    return f(x), x\ndef bwd(x, g):\n    return (g * jnp.cos(x),)\n"
_Y = "y = jax.grad(f)(2.0)\n" + RIGHT
_LOCAL = "def g(x):\n    @jax.custom_vjp\n    def f(x):\n        return jnp.sin(x)\n"


def _local(code: str) -> str:
    lines = "".join(f"    {line}\n" for line in code.splitlines())
    return HEAD + _LOCAL + lines + "y = g(2.0)\n"


BAD = {
    "called by the module": Bad(HEAD + _F + "y = f(2.0)\n", (5,), raises="AttributeError"),
    "with custom_jvp": Bad(
        HEAD + "@jax.custom_jvp\ndef f(x):\n    return x\ny = f(2.0)\n", (5,), raises="AttributeError"
    ),
    "given to a transform": Bad(HEAD + _F + "y = jax.grad(f)(2.0)\n", (5,), raises="AttributeError"),
    "not a decorator": Bad(
        HEAD + "def g(x):\n    return x\nf = jax.custom_vjp(g)\ny = f(2.0)\n", (6,), raises="AttributeError"
    ),
    "with arguments that are not differentiated": Bad(
        HEAD + "@functools.partial(jax.custom_vjp, nondiff_argnums=(1,))\ndef f(x, n):\n    return x**n\n"
        "y = f(2.0, 3)\n",
        (5,),
        raises="AttributeError",
    ),
    "local, and called": Bad(_local("return f(x)"), (6,), raises="AttributeError"),
    "local, and mapped": Bad(
        _local("return jax.vmap(f)(x[None])").replace("g(2.0)", "g(jnp.ones(3))"),
        (6,),
        raises="AttributeError",
    ),
    "local, and called by another function": Bad(
        _local("def h(x):\n    return f(x)\nreturn h(x)"), (6,), raises="AttributeError"
    ),
    "local, and its name is asked for": Bad(
        _local("name = f.__name__\nreturn f(x)"), (6,), raises="AttributeError"
    ),
    "another function of that name has rules": Bad(
        HEAD + _F + _RULES + "f.defvjp(fwd, bwd)\n" + _LOCAL + "    return f(x)\ny = g(2.0)\n",
        (14,),
        raises="AttributeError",
    ),
}

GOOD = {
    **LOOKALIKES,
    "attached": HEAD + _F + _RULES + "f.defvjp(fwd, bwd)\n" + _Y,
    "attached by another name": HEAD + _F + _RULES + "also = f\nalso.defvjp(fwd, bwd)\n" + _Y,
    "attached in a loop": HEAD + _F + _RULES + "for each in (f,):\n    each.defvjp(fwd, bwd)\n" + _Y,
    "attached by a function": HEAD
    + "def attach(each, *rules):\n    each.defvjp(*rules)\n"
    + _F
    + _RULES
    + "attach(f, fwd, bwd)\n"
    + _Y,
    "attached by a decorator": HEAD
    + "def fwd(x):\n    return jnp.sin(x), x\ndef bwd(x, g):\n    return (g * jnp.cos(x),)\n"
    "def with_rules(each):\n    made = jax.custom_vjp(each)\n    made.defvjp(fwd, bwd)\n    return made\n"
    "@with_rules\ndef f(x):\n    return jnp.sin(x)\n" + _Y,
    "attached under a condition": HEAD + _F + _RULES + "if True:\n    f.defvjp(fwd, bwd)\n" + _Y,
    "attached by a setter with a name": HEAD + _F + _RULES + "attach = f.defvjp\nattach(fwd, bwd)\n" + _Y,
    "attached by a string": HEAD + _F + _RULES + 'getattr(f, "defvjp")(fwd, bwd)\n' + _Y,
    "attached through the namespace": HEAD + _F + _RULES + 'globals()["f"].defvjp(fwd, bwd)\n' + _Y,
    "attached by who is given it": HEAD
    + "def make():\n    @jax.custom_vjp\n    def f(x):\n        return jnp.sin(x)\n    return f\nf = make()\n"
    + _RULES
    + "f.defvjp(fwd, bwd)\n"
    + _Y,
    "attached with stars": HEAD + _F + _RULES + "f.defvjp(*(fwd, bwd))\n" + _Y,
    "attached from another scope": HEAD
    + _F
    + _RULES
    + "def setup():\n    f.defvjp(fwd, bwd)\nsetup()\n"
    + _Y,
    "never used": HEAD + _F + "y = right = 1.0\n",
    "used by what another module may call later": HEAD + _F + "def g(x):\n    return f(x)\ny = right = 1.0\n",
    "kept in a list": HEAD + _F + _RULES + "held = [f]\nheld[0].defvjp(fwd, bwd)\n" + _Y,
}
