"""VJP204: a bwd rule does not return a tuple with one cotangent for each differentiable argument."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.facts.data import AttachedRule, Returned, Sort
from vjpfix.jaxfacts.transforms import Role
from vjpfix.model import Finding, Remedy, Safety
from vjpfix.rules.base import Example, Rule
from vjpfix.rules.contract import (
    attached,
    certainty_of,
    count,
    described,
    finding,
    no_fix,
    replacing,
    what_is_returned,
)

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_START = (
    "import jax\nimport jax.numpy as jnp\n\n\n@jax.custom_vjp\ndef f(x):\n    return jnp.sin(x)\n\n\n"
    "def f_fwd(x):\n    return f(x), x\n\n\n"
)
_TWO = (
    "import jax\n\n\n@jax.custom_vjp\ndef f(x, y):\n    return 2.0 * x * y\n\n\n"
    "def f_fwd(x, y):\n    return f(x, y), (x, y)\n\n\n"
)
_END_TWO = "\n\nf.defvjp(f_fwd, f_bwd)\ny = jax.grad(f)(2.0, 3.0)\n"
_END = "\n\nf.defvjp(f_fwd, f_bwd)\ny = jax.grad(f)(2.0)\n"


class BwdNotATuple(Rule):
    """The backward rule of a function returns no tuple, or one of another length than it has arguments.

    JAX wants one cotangent for each argument that is differentiated (those of ``nondiff_argnums`` have
    none), in a tuple or a list of just that length, also where there is only one: ``return (g,)`` and not
    ``return g``. It is a ``TypeError`` about containers and pytrees, but only once the function is
    differentiated. Seen are literal tuples, and expressions that certainly are none; where a product could
    be a tuple in a strange program it is a warning.

    Do not follow it where the function returns a tuple or a list of as many values as it has arguments, so
    that ``return g`` is right. It is not reported where that can be seen.

    A value that certainly is no tuple gets its comma where there is one differentiable argument, which is
    safe: JAX raises without it. Where it only may be none, the same fix is unsafe. Tuples of another length
    are left to their reader.
    """

    code = "VJP204"
    name = "bwd-not-a-tuple"
    bad = (
        Example(
            _START + "def f_bwd(x, g):\n    return g * jnp.cos(x)\n" + _END,
            _START + "def f_bwd(x, g):\n    return (g * jnp.cos(x),)\n" + _END,
        ),
        Example(_TWO + "def f_bwd(res, g):\n    x, y = res\n    return (2.0 * y * g,)\n" + _END_TWO),
    )
    good = (
        Example(_START + "def f_bwd(x, g):\n    return (g * jnp.cos(x),)\n" + _END),
        Example(
            _TWO + "def f_bwd(res, g):\n    x, y = res\n    return [2.0 * y * g, 2.0 * x * g]\n" + _END_TWO
        ),
    )

    def find(self, module: JaxModule) -> Iterator[Finding]:
        for derivative, rule in attached(module, Role.BWD):
            wanted = derivative.differentiable
            if rule.falls_off:
                message = f"{described(derivative, rule)} returns nothing, {_not(wanted)}"
                yield finding(self.code, module.path, derivative, rule.span, message)
            for returned in rule.returns:
                if _is_wrong(returned, wanted):
                    yield finding(
                        self.code,
                        module.path,
                        derivative,
                        returned.span,
                        f"{described(derivative, rule)} returns {what_is_returned(returned)}, {_not(wanted)}",
                        certainty=certainty_of(returned),
                        remedy=_remedy(module, rule, returned, wanted),
                    )


def _is_wrong(returned: Returned, wanted: int | None) -> bool:
    shape = returned.shape
    if shape.is_sequence:
        return None not in (shape.length, wanted) and shape.length != wanted
    return shape.sort is not Sort.UNKNOWN


def _not(wanted: int | None) -> str:
    if wanted is None:
        return "not a tuple of cotangents"
    return f"not a tuple with the cotangents of its {count(wanted, 'differentiable argument')}"


def _remedy(module: JaxModule, rule: AttachedRule, returned: Returned, wanted: int | None) -> Remedy:
    if returned.shape.is_sequence or wanted != 1:
        return no_fix("which cotangents are missing, or too many, is not to be seen from here")
    if returned.text in ("", "None"):
        return no_fix("what the cotangent should be is not to be seen from here, or it is over several lines")
    hardly = returned.shape.sort is Sort.HARDLY
    why = f"where `{returned.text}` is a tuple already, it is right as it is" if hardly else ""
    safety = Safety.UNSAFE if hardly else Safety.SAFE
    return replacing(module.path, rule, returned, f"({returned.text},)", safety, why)
