"""VJP203: a fwd or jvp rule does not return a pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.facts.data import AttachedRule, Derivative, Returned, Sort
from vjpfix.jaxfacts.transforms import Role
from vjpfix.model import Finding, Remedy, Safety
from vjpfix.rules.base import Example, Rule
from vjpfix.rules.contract import (
    attached,
    certainty_of,
    described,
    finding,
    no_fix,
    replacing,
    what_is_returned,
)

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_START = "import jax\nimport jax.numpy as jnp\n\n\n@jax.custom_vjp\ndef f(x):\n    return jnp.sin(x)\n\n\n"
_END = (
    "\n\ndef f_bwd(res, g):\n    x, y = res\n    return (g * jnp.cos(x),)\n\n\n"
    "f.defvjp(f_fwd, f_bwd)\ny = jax.grad(f)(2.0)\n"
)


class FwdNotAPair(Rule):
    """The forward rule of a function, or its jvp rule, does not return a pair.

    A ``fwd`` gives the output and what ``bwd`` needs (the residuals), a ``jvp`` rule the output and its
    tangent: a tuple or a list of two. Anything else is a ``TypeError``, but only once the function is
    differentiated; plain calls work, so it is found late. Seen are literal tuples, and expressions that
    certainly are none.

    Do not follow it where the value that is returned is a pair of a type of your own, a named tuple say.

    Where ``fwd`` returns more than two values and the function returns one, the fix takes the first for the
    output and puts the others into a tuple of residuals. It is unsafe, for it is a guess which is which.
    """

    code = "VJP203"
    name = "fwd-not-a-pair"
    safety = Safety.UNSAFE
    bad = (
        Example(
            _START + "def f_fwd(x):\n    y = f(x)\n    return y, x, y\n" + _END,
            _START + "def f_fwd(x):\n    y = f(x)\n    return y, (x, y)\n" + _END,
        ),
        Example(_START + "def f_fwd(x):\n    return jnp.sin(x)\n" + _END),
    )
    good = (Example(_START + "def f_fwd(x):\n    y = f(x)\n    return y, (x, y)\n" + _END),)

    def find(self, module: JaxModule) -> Iterator[Finding]:
        for derivative, rule in attached(module, Role.FWD, Role.JVP):
            if rule.setter == "defjvps":
                continue
            wanted = f"not a pair of output and {'tangent' if rule.role is Role.JVP else 'residuals'}"
            if rule.falls_off:
                message = f"{described(derivative, rule)} returns nothing, {wanted}"
                yield finding(self.code, module.path, derivative, rule.span, message)
            for returned in filter(_is_no_pair, rule.returns):
                yield finding(
                    self.code,
                    module.path,
                    derivative,
                    returned.span,
                    f"{described(derivative, rule)} returns {what_is_returned(returned)}, {wanted}",
                    certainty=certainty_of(returned),
                    remedy=_remedy(module, derivative, rule, returned),
                )


def _is_no_pair(returned: Returned) -> bool:
    shape = returned.shape
    return shape.length not in (2, None) if shape.is_sequence else shape.sort is not Sort.UNKNOWN


def _remedy(module: JaxModule, derivative: Derivative, rule: AttachedRule, returned: Returned) -> Remedy:
    parts = returned.parts
    if rule.role is Role.JVP or derivative.output.sort is not Sort.OTHER or len(parts) < 3:
        return no_fix("which of the values is which is not to be seen from here")
    flat, new = ", ".join(parts), f"{parts[0]}, ({', '.join(parts[1:])})"
    if returned.text not in (flat, f"({flat})"):
        return no_fix("the tuple is written in a way that is not put together again")
    why = "it takes the first value for the output, and the others for the residuals"
    new = new if returned.text == flat else f"({new})"
    return replacing(module.path, rule, returned, new, Safety.UNSAFE, why)
