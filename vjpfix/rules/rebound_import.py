"""VJP006: an imported function with custom derivatives gives its name to a transformed version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.model import Certainty, Finding
from vjpfix.rules.base import Example, Rule
from vjpfix.rules.rebound import rebound_import
from vjpfix.words import Clue

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_OPS = (
    "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x * x\n\n\n"
    "def f_fwd(x):\n    return f(x), x\n\n\ndef f_bwd(x, g):\n    return (2 * x * g,)\n\n\n"
    "f.defvjp(f_fwd, f_bwd)\n"
)


class ReboundImport(Rule):
    """A module rebinds the name of an imported function with custom rules to a transformed version of it.

    ``from ops import f`` and then ``f = jax.vmap(f)`` does no harm: the rules read the name in ``ops``. But
    one name means two functions, and whoever moves the line into ``ops`` breaks the rules.

    Do not follow it where the imported function is not needed under its own name: the rule is off by default,
    and is for those who want each name to have one meaning. Only what maps or differentiates the function is
    reported, and only where its module is in the project.

    The fix gives the transformed version a name of its own (``f_mapped``), here and where other modules
    import it from here. That is safe: every call computes what it did before. Where a use cannot be resolved,
    nothing is changed.
    """

    code = "VJP006"
    name = "rebound-import"
    clues = Clue.REBINDS
    default = False
    certainty = Certainty.WARNING
    bad = (
        Example(
            "import jax\n\nfrom ops import f\n\nf = jax.vmap(f)\ny = f(xs)\n",
            "import jax\n\nfrom ops import f\n\nf_mapped = jax.vmap(f)\ny = f_mapped(xs)\n",
            ops=_OPS,
        ),
    )
    good = (
        Example("import jax\n\nfrom ops import f\n\nf_mapped = jax.vmap(f)\ny = f_mapped(xs)\n", ops=_OPS),
        Example("import jax\n\nfrom ops import f\n\nf = jax.jit(f)\ny = f(3.0)\n", ops=_OPS),
    )

    def find(self, module: JaxModule) -> Iterator[Finding]:
        return rebound_import(self.code, module)
