"""VJP303: forward mode over a function that has only a reverse rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.facts.data import Application
from vjpfix.jaxfacts.differentiation import Mode
from vjpfix.jaxfacts.transforms import Contract
from vjpfix.model import Certainty, Finding, Safety
from vjpfix.rules.base import Example, Rule
from vjpfix.rules.contract import no_fix

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_F = (
    "import jax\nimport jax.numpy as jnp\n\n\n@jax.custom_vjp\ndef f(x):\n    return jnp.sin(x)\n\n\n"
    "def f_fwd(x):\n    return {}(x), x\n\n\ndef f_bwd(x, g):\n    return (g * jnp.cos(x),)\n\n\n"
    "f.defvjp(f_fwd, f_bwd)\n"
)


class ForwardMode(Rule):
    """Forward mode is asked of a function with a ``custom_vjp``, which has none.

    ``jvp`` and ``jacfwd`` raise a ``TypeError``, and so does the linear function that ``linearize`` gives (a
    warning, for it may only be transposed). ``hessian`` is forward mode over reverse mode: it works where
    ``fwd`` and ``bwd`` can be differentiated, and does not where ``fwd`` calls the function itself.

    Do not follow it in a test that wants this error. Forward mode is only seen where it is given the
    function itself, or a compiled, mapped or differentiated version of it.

    There is no fix: take ``jacrev`` or ``vjp``, let ``fwd`` call another function, or make the rule a
    ``custom_jvp``, which serves both modes.
    """

    code = "VJP303"
    name = "forward-mode"
    safety = Safety.NONE
    bad = (
        Example(_F.format("f") + "y = jax.jacfwd(f)(2.0)\n"),
        Example(_F.format("f") + "y = jax.hessian(f)(2.0)\n"),
    )
    good = (
        Example(_F.format("f") + "y = jax.jacrev(f)(2.0)\n"),
        Example(_F.format("jnp.sin") + "y = jax.hessian(f)(2.0)\n"),
    )

    def find(self, module: JaxModule) -> Iterator[Finding]:
        for each in module.applications:
            if each.contract is Contract.VJP and _fails(each):
                yield Finding(
                    self.code,
                    module.path,
                    each.span,
                    f"`{each.transform}` {_how(each)}; `{each.name}` has only a reverse rule (`custom_vjp`)",
                    Certainty.WARNING if each.mode is Mode.LINEARIZE else Certainty.ERROR,
                    each.name,
                    remedy=no_fix("it needs reverse mode (`jacrev`, `vjp`), or a `custom_jvp`"),
                )


def _fails(each: Application) -> bool:
    over = each.mode is Mode.FORWARD_OVER_REVERSE and each.calls_itself
    return over or each.mode in (Mode.FORWARD, Mode.LINEARIZE)


def _how(each: Application) -> str:
    match each.mode:
        case Mode.LINEARIZE:
            return "gives a function that runs forward mode"
        case Mode.FORWARD_OVER_REVERSE:
            return f"runs forward mode over the fwd rule of `{each.name}`, which calls it"
    return "runs forward mode"
