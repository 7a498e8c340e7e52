"""VJP002: a primal's name is rebound by a differentiating transform."""

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
    "from jax import custom_jvp, grad\n\n\n@custom_jvp\ndef f(x):\n    return x * x\n\n\n"
    "@f.defjvp\ndef f_jvp(primals, tangents):\n    (x,), (t,) = primals, tangents\n"
    "    return f(x), 2 * x * t\n\n\n%s = grad(f)\n\n\ndef loss(x):\n    return %s(x[0])\n"
)


class ReboundByGrad(Rule):
    """A function with custom rules gives its name to its own gradient.

    After ``f = jax.grad(f)`` the forward rule that calls ``f`` calls the gradient, which runs the forward
    rule again, and so on until Python's recursion limit. The new ``f`` does nothing but differentiate, so
    already its first call fails, for whoever makes it.

    Do not follow it in a test that wants the error. Rules that do not read the name are not concerned, and
    are not reported; for ``jacfwd`` and the like over a function with ``custom_vjp`` it is a warning, for JAX
    refuses those anyhow.

    The fix gives the gradient a name of its own (``f_grad``), and every use outside the rules that means it.
    That is safe: the rules reach the function that they were written for, and calls outside mean what they
    did. Where a use cannot be resolved, nothing is changed.
    """

    code = "VJP002"
    name = "rebound-by-grad"
    bad = (
        Example(
            "from jax import custom_jvp, grad\n\n\n@custom_jvp\ndef f(x):\n    return x * x\n\n\n"
            "@f.defjvp\ndef f_jvp(primals, tangents):\n    (x,), (t,) = primals, tangents\n"
            "    return f(x), 2 * x * t\n\n\nf = grad(f)\nprint(f(3.0))\n",
            "from jax import custom_jvp, grad\n\n\n@custom_jvp\ndef f(x):\n    return x * x\n\n\n"
            "@f.defjvp\ndef f_jvp(primals, tangents):\n    (x,), (t,) = primals, tangents\n"
            "    return f(x), 2 * x * t\n\n\nf_grad = grad(f)\nprint(f_grad(3.0))\n",
        ),
    )
    good = (
        Example(
            "from jax import custom_jvp, grad\n\n\n@custom_jvp\ndef f(x):\n    return x * x\n\n\n"
            "@f.defjvp\ndef f_jvp(primals, tangents):\n    (x,), (t,) = primals, tangents\n"
            "    return f(x), 2 * x * t\n\n\ndf = grad(f)\nprint(df(3.0))\n",
        ),
    )
    demo = Demo(_DEMO % ("f", "f"), _DEMO % ("f_grad", "f_grad"), (3.0,))

    def find(self, module: JaxModule) -> Iterator[Finding]:
        return rebound(self.code, Kind.DIFFERENTIATES, module)
