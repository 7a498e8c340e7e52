"""VJP302: the vjp of a mapped function with rules, where the mapped vjp says it more plainly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.jaxfacts.differentiation import Mode
from vjpfix.model import Certainty, Finding, Safety
from vjpfix.rules.base import Example, Rule
from vjpfix.rules.contract import no_fix

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_F = (
    "import jax\nimport jax.numpy as jnp\n\n\n@jax.custom_vjp\ndef f(x):\n    return jnp.sin(x)\n\n\n"
    "def f_fwd(x):\n    return f(x), x\n\n\ndef f_bwd(x, g):\n    return (g * jnp.cos(x),)\n\n\n"
    "f.defvjp(f_fwd, f_bwd)\nxs = jnp.ones(3)\n"
)


class VjpOfMap(Rule):
    """``vjp`` is taken of a mapped function with rules, rather than mapped itself.

    Both are right. ``vjp(vmap(f), xs)`` hides from its readers that the rules of ``f`` are written for one
    element, and tempts to give the mapped function the name of the other. A function for one element that
    calls ``vjp`` is mapped as a whole, and its rules see what they were written for.

    Do not follow it where the pullback of the whole batch is wanted as one function, to be kept or passed on.
    The rule is advice, and off by default.

    There is no fix: what is mapped over has to be chosen.
    """

    code = "VJP302"
    name = "vjp-of-map"
    default = False
    certainty = Certainty.WARNING
    safety = Safety.NONE
    bad = (Example(_F + "ys, back = jax.vjp(jax.vmap(f), xs)\n(y,) = back(ys)\n"),)
    good = (
        Example(
            _F + "\n\ndef pull(x):\n    y, back = jax.vjp(f, x)\n    return back(y)[0]\n\n\n"
            "y = jax.vmap(pull)(xs)\n"
        ),
    )

    def find(self, module: JaxModule) -> Iterator[Finding]:
        for each in module.applications:
            if each.mode is Mode.REVERSE and each.mapped:
                yield Finding(
                    self.code,
                    module.path,
                    each.span,
                    f"`vjp` is taken of a mapped `{each.name}`; a mapped function that takes the `vjp` of "
                    f"`{each.name}` says for one element what its rules do",
                    Certainty.WARNING,
                    each.name,
                    remedy=no_fix("what is mapped over has to be chosen"),
                )
