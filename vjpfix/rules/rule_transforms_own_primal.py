"""VJP101: a rule maps or differentiates the function that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.model import Finding, Safety
from vjpfix.rules.base import Example, Rule
from vjpfix.rules.own_transform import own_transforms

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_START = "import jax\nimport jax.numpy as jnp\n\n\n@jax.custom_vjp\ndef f(x):\n    return jnp.sum(x**3)\n\n\n"
_END = "\n\nf.defvjp(f_fwd, f_bwd)\ny = jax.grad(f)(jnp.arange(3.0))\n"


class RuleTransformsOwnPrimal(Rule):
    """A derivative rule calls ``jax.grad`` of its own function, or gives ``jax.vmap`` of it as the output.

    The rule is what defines the derivative. To differentiate its own function (by ``grad``, ``vjp``, ``jvp``,
    ``linearize`` and the like) it has to run itself, and so on until Python's recursion limit; in a ``bwd``
    rule each level doubles the work, which may fill the memory before. Where a ``fwd`` or ``jvp`` rule gives
    ``vmap(f)`` of just its own arguments as the output, JAX finds a value with one axis too many, or one that
    happens to fit and makes the gradient wrong. Plain calls of the function work, so whoever first
    differentiates it meets the error.

    Do not follow it where a condition ends the recursion: what stands under one is not reported. Neither is
    ``f.fun`` or ``f.__wrapped__``, the function without its rules, a helper that other code calls as well, a
    mapped value that is not the whole output, and ``jit`` or ``checkpoint``, which do no harm. For ``vmap``,
    and for ``jax.vjp(f, x)`` in a ``bwd`` rule whose result may stay unused, it is a warning.

    There is no fix: what the rule should compute instead is the derivative written out, or that of a function
    of its own without rules. For ``vmap`` write the function itself.
    """

    code = "VJP101"
    name = "rule-transforms-own-primal"
    safety = Safety.NONE
    bad = (
        Example(
            _START + "def f_fwd(x):\n    return f(x), x\n\n\n"
            "def f_bwd(x, g):\n    return (g * jax.grad(f)(x),)\n" + _END
        ),
        Example(
            _START + "def f_fwd(x):\n    y, pull = jax.vjp(f, x)\n    return y, pull\n\n\n"
            "def f_bwd(pull, g):\n    return pull(g)\n" + _END
        ),
    )
    good = (
        Example(
            "import jax\nimport jax.numpy as jnp\n\n\ndef cubes(x):\n    return jnp.sum(x**3)\n\n\n"
            "@jax.custom_vjp\ndef f(x):\n    return cubes(x)\n\n\n"
            "def f_fwd(x):\n    y, pull = jax.vjp(cubes, x)\n    return y, pull\n\n\n"
            "def f_bwd(pull, g):\n    return pull(g)\n" + _END
        ),
        Example(
            _START + "def f_fwd(x):\n    return f(x), x\n\n\n"
            "def f_bwd(x, g):\n    return (g * jax.grad(f.fun)(x),)\n" + _END
        ),
    )

    def find(self, module: JaxModule) -> Iterator[Finding]:
        return own_transforms(self.code, module, by_alias=False)
