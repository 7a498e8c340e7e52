"""VJP001: a primal's name is rebound by a mapping transform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.jaxfacts.transforms import Kind
from vjpfix.model import Finding
from vjpfix.rules.base import Demo, Example, Rule
from vjpfix.rules.rebound import rebound

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_DEMO = (
    "import jax\nimport jax.numpy as jnp\n\n\n"
    "@jax.custom_vjp\ndef f(x):\n    return jnp.exp(jnp.dot(x, x))\n\n\n"
    "def f_fwd(x):\n    y = f(x)\n    return y, 2 * x * y\n\n\n"
    "def f_bwd(res, g):\n    return (res * g,)\n\n\n"
    "f.defvjp(f_fwd, f_bwd)\n%s = jax.vmap(f)\n\n\n"
    "def loss(x):\n    return %s(x.reshape(2, 2)).sum()\n"
)


class ReboundByMap(Rule):
    """A function with custom rules gives its name to a mapped version of itself.

    The rules call the function by its name, when they run. After ``f = jax.vmap(f)`` that name is the mapped
    version, so the forward rule returns a batch where JAX expects one primal output. Plain calls still work:
    whoever first differentiates the function gets an error that blames shapes or the rule or, where the
    shapes happen to broadcast, a wrong gradient without any error.

    Do not follow it where the function is never differentiated, or in a test that wants the error. Rules that
    do not read the name are not concerned, and are not reported.

    The fix gives the mapped version a name of its own (``f_mapped``), and every use outside the rules that
    means it. That is safe: calls outside compute what they did before, and the rules reach the function that
    they were written for. Where a use cannot be resolved, nothing is changed.
    """

    code = "VJP001"
    name = "rebound-by-map"
    bad = (
        Example(
            "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x * x\n\n\n"
            "def f_fwd(x):\n    return f(x), x\n\n\ndef f_bwd(x, g):\n    return (2 * x * g,)\n\n\n"
            "f.defvjp(f_fwd, f_bwd)\nf = jax.vmap(f)\ny = f(xs)\n",
            "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x * x\n\n\n"
            "def f_fwd(x):\n    return f(x), x\n\n\ndef f_bwd(x, g):\n    return (2 * x * g,)\n\n\n"
            "f.defvjp(f_fwd, f_bwd)\nf_mapped = jax.vmap(f)\ny = f_mapped(xs)\n",
        ),
    )
    good = (
        Example(
            "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x * x\n\n\n"
            "def f_fwd(x):\n    return f(x), x\n\n\ndef f_bwd(x, g):\n    return (2 * x * g,)\n\n\n"
            "f.defvjp(f_fwd, f_bwd)\nf_mapped = jax.vmap(f)\n",
        ),
    )
    demo = Demo(_DEMO % ("f", "f"), _DEMO % ("f_mapped", "f_mapped"), (1.0, 0.5, 0.2, 0.8))

    def find(self, module: JaxModule) -> Iterator[Finding]:
        return rebound(self.code, Kind.MAPS, module)
