"""VJP102: a rule calls a mapped or differentiated version of its function by another name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.model import Finding
from vjpfix.rules.base import Demo, Example, Rule
from vjpfix.rules.own_transform import own_transforms

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_START = (
    "import jax\nimport jax.numpy as jnp\n\n\n@jax.custom_vjp\ndef f(x):\n    return jnp.sum(x**2)\n\n\n"
    "f_mapped = jax.vmap(f)\n\n\n"
)
_END = (
    "\n\ndef f_bwd(x, g):\n    return (2 * x * g,)\n\n\nf.defvjp(f_fwd, f_bwd)\n"
    "y = jax.grad(f)(jnp.ones(3))\n"
)
_DEMO = (
    "import jax\nimport jax.numpy as jnp\n\n\n"
    "@jax.custom_vjp\ndef softmax(x):\n    return jnp.exp(x) / jnp.exp(x).sum()\n\n\n"
    "softmax_rows = jax.vmap(softmax)\n\n\n"
    "def softmax_fwd(x):\n    y = %s(x)\n    return y, y\n\n\n"
    "def softmax_bwd(y, g):\n    return (y * (g - jnp.dot(g, y)),)\n\n\n"
    "softmax.defvjp(softmax_fwd, softmax_bwd)\n\n\n"
    "def loss(x):\n    return softmax(x)[0]\n"
)


class RuleCallsAlias(Rule):
    """A derivative rule calls a name that was given to a mapped or differentiated version of its function.

    After ``f_mapped = jax.vmap(f)`` a ``fwd`` or ``jvp`` rule that gives ``f_mapped`` of its own arguments as
    the output has one axis more than ``f``: a ``TypeError`` that blames the rule or, where the shapes happen
    to fit, a wrong gradient. After ``df = jax.grad(f)`` a rule that calls ``df`` runs itself again, until
    Python's recursion limit. Only derivatives suffer, so whoever first differentiates the function meets it.

    Do not follow it where the function maps over its arguments by itself, so that both versions give the same
    (the mapped case is a warning for that reason). A rule that calls the mapped version for something else
    than its output is left alone, and so is what stands under a condition, which may end the recursion.

    Where the value is the rule's output, the fix writes the function's own name there. That is safe: JAX asks
    for just this value. A derivative that the rule computes with is not fixed, for the rule defines it.
    """

    code = "VJP102"
    name = "rule-calls-alias"
    bad = (
        Example(
            _START + "def f_fwd(x):\n    return f_mapped(x), x\n" + _END,
            _START + "def f_fwd(x):\n    return f(x), x\n" + _END,
        ),
        Example(
            "import jax\n\n\n@jax.custom_jvp\ndef f(x):\n    return x**3\n\n\ndf = jax.grad(f)\n\n\n"
            "@f.defjvp\ndef f_jvp(primals, tangents):\n    (x,), (t,) = primals, tangents\n"
            "    return f(x), df(x) * t\n\n\ny = df(2.0)\n"
        ),
    )
    good = (
        Example(_START + "def f_fwd(x):\n    return f(x), x\n" + _END),
        Example(
            _START + "g = jax.jit(f)\n\n\ndef f_fwd(x):\n    return g(x), x\n" + _END,
        ),
    )

    demo = Demo(_DEMO % "softmax_rows", _DEMO % "softmax", (1.0, 0.5, 0.2))

    def find(self, module: JaxModule) -> Iterator[Finding]:
        return own_transforms(self.code, module, by_alias=True)
