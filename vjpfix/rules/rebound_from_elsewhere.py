"""VJP005: a primal's name is rebound from elsewhere, or by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.model import Finding
from vjpfix.rules.base import Demo, Example, Rule
from vjpfix.rules.rebound import rebound_elsewhere
from vjpfix.words import Clue

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_OPS = (
    "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x * x\n\n\n"
    "def f_fwd(x):\n    return f(x), x\n\n\ndef f_bwd(x, g):\n    return (2 * x * g,)\n\n\n"
    "f.defvjp(f_fwd, f_bwd)\n"
)
_DEMO = (
    "import jax\nimport jax.numpy as jnp\n\n\n"
    "@jax.custom_vjp\ndef f(x):\n    return jnp.exp(jnp.dot(x, x))\n\n\n"
    "def f_fwd(x):\n    y = f(x)\n    return y, 2 * x * y\n\n\n"
    "def f_bwd(res, g):\n    return (res * g,)\n\n\n"
    'f.defvjp(f_fwd, f_bwd)\nglobals()["%s"] = jax.vmap(f)\n\n\n'
    "def loss(x):\n    return %s(x.reshape(2, 2)).sum()\n"
)


class ReboundFromElsewhere(Rule):
    """A function with custom rules gets a transformed version under its name by other means than a statement.

    Its rules look the name up in their module when they run. ``ops.f = jax.vmap(ops.f)`` in another module,
    ``setattr(ops, "f", …)`` and ``globals()["f"] = …`` change what they find, as ``f = jax.vmap(f)`` would:
    the forward rule calls the mapped version. Whoever differentiates the function gets an error or a wrong
    gradient, in a module where nothing looks wrong.

    Do not follow it in a test that wants the error. Attributes of other modules are reported where the module
    is in the project; elsewhere nobody can tell whether it reads the name in its rules.

    The fix gives the transformed version a name of its own (``ops.f_mapped``, ``globals()["f_mapped"]``), and
    says so where it is used. That is safe, for nothing is changed where other modules, or other functions of
    its own module, read the name as well: nobody can tell whether they run before or after.
    """

    code = "VJP005"
    name = "rebound-from-elsewhere"
    clues = Clue.MAKES | Clue.SETS
    bad = (
        Example(
            _OPS + 'globals()["f"] = jax.vmap(f)\ny = f(xs)\n',
            _OPS + 'globals()["f_mapped"] = jax.vmap(f)\ny = f_mapped(xs)\n',
        ),
        Example(
            "import jax\n\nimport ops\n\nops.f = jax.vmap(ops.f)\ny = ops.f(xs)\n",
            "import jax\n\nimport ops\n\nops.f_mapped = jax.vmap(ops.f)\ny = ops.f_mapped(xs)\n",
            ops=_OPS,
        ),
    )
    good = (
        Example(_OPS + 'globals()["f_mapped"] = jax.vmap(f)\n'),
        Example("import jax\n\nimport ops\n\nops.g = jax.vmap(ops.f)\ny = ops.g(xs)\n", ops=_OPS),
    )
    demo = Demo(_DEMO % ("f", "f"), _DEMO % ("f_mapped", "f_mapped"), (1.0, 0.5, 0.2, 0.8))

    def find(self, module: JaxModule) -> Iterator[Finding]:
        return rebound_elsewhere(self.code, module)
