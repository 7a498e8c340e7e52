"""VJP301: a function with rules closes over a value by which it is differentiated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from vjpfix.facts.data import Capture, Derivative
from vjpfix.model import Certainty, Finding, Note, Safety
from vjpfix.rules.base import Example, Rule
from vjpfix.rules.contract import finding, no_fix

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_WHY = "it needs a parameter more in the function, its rules and its calls, and a cotangent to be decided on"
_LOSS = (
    "import jax\nimport jax.numpy as jnp\n\n\ndef loss(w, x):\n    @jax.custom_vjp\n    def f({0}x):\n"
    "        return jnp.sum(w * x)\n\n    def f_fwd({0}x):\n        return f({0}x), {1}\n\n"
    "    def f_bwd(res, g):\n        {2}\n        return ({3}g * w,)\n\n"
    "    f.defvjp(f_fwd, f_bwd)\n    return f({0}x)\n\n\ny = jax.grad(loss)(jnp.ones(3), jnp.ones(3))\n"
)
_OPEN = _LOSS.format("", "None", "del res", "")
_PASSED = _LOSS.format("w, ", "(w, x)", "w, x = res", "g * x, ")
_FACTORY = (
    "import jax\nimport jax.numpy as jnp\n\n\ndef scaled({0}):\n    @jax.custom_jvp\n    def f(x):\n"
    "        return {0} * jnp.sin(x)\n\n    @f.defjvp\n    def f_jvp(primals, tangents):\n"
    "        (x,), (t,) = primals, tangents\n        return f(x), {0} * jnp.cos(x) * t\n\n    return f\n\n\n"
)


class ClosedOverArgument(Rule):
    """A function with rules closes over a value by which a transform differentiates.

    Rules give derivatives by the arguments of their function, and none by what it closes over. JAX raises an
    ``UnexpectedTracerError`` about a side effect that nobody wrote or, within ``jit`` or ``checkpoint``, a
    ``CustomVJPException``. Plain calls, ``jit``, ``vmap`` and derivatives by other arguments work, so whoever
    first differentiates by this one meets it. Where the arguments are differentiated as well and the rules do
    not use the value, there is no error and the gradient is wrong (a warning).

    Do not follow it in a test that wants this error. What is closed over does no harm where nothing
    differentiates by it (a number, a function, a shape), and is not reported: only a value that can be
    followed from what is differentiated to where the function is called. A value that ``jit`` or ``scan``
    traces within the derivative does harm as well, and is not looked for.

    There is no fix: make the value an argument of the function and of ``fwd``, give it to ``bwd`` among the
    residuals, and return a cotangent for it, zeros where it has none; ``jax.closure_convert`` helps with
    that. ``nondiff_argnums`` is only for what is never traced.
    """

    code = "VJP301"
    name = "closed-over-argument"
    safety = Safety.NONE
    bad = (
        Example(_OPEN),
        Example(_FACTORY.format("w") + "y = jax.grad(lambda w: scaled(w)(2.0))(3.0)\n"),
    )
    good = (
        Example(_PASSED),
        Example(_FACTORY.format("w") + "y = jax.grad(scaled(3.0))(2.0)\n"),
    )

    def find(self, module: JaxModule) -> Iterator[Finding]:
        for derivative, capture in module.captures:
            yield _finding(self.code, module, derivative, capture)


def _finding(code: str, module: JaxModule, derivative: Derivative, capture: Capture) -> Finding:
    message = (
        f"`{derivative.name}` closes over `{capture.name}`, by which `{capture.transform}` differentiates: "
        "its rules give derivatives by its arguments only"
    )
    certainty = Certainty.ERROR if capture.sure else Certainty.WARNING
    found = finding(
        code, module.path, derivative, capture.span, message, certainty=certainty, remedy=no_fix(_WHY)
    )
    taken = Note(f"`{capture.transform}` differentiates here", module.path, capture.taken_at)
    return replace(found, related=(taken, *found.related))
