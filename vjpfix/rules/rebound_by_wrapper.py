"""VJP003: a primal's name is rebound by a wrapper that is harmless or unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.jaxfacts.transforms import Kind
from vjpfix.model import Certainty, Finding
from vjpfix.rules.base import Example, Rule
from vjpfix.rules.rebound import rebound
from vjpfix.words import Clue

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule


class ReboundByWrapper(Rule):
    """A function with custom rules gives its name to a wrapped version of itself.

    ``f = jax.jit(f)`` does no harm, and ``f = log_calls(f)`` may or may not: the rules call the wrapped
    version from then on. Who reads a rule cannot see which of the two it calls, and whoever later makes a
    ``vmap`` of the ``jit`` breaks it.

    Do not follow it where one name for both is wanted, as it is in most programs: the rule is off by default,
    and is for those who want each name to have one meaning.

    The fix gives the wrapped version a name of its own (``f_jitted``, ``f_wrapped``), and every use outside
    the rules that means it. That is safe: calls outside compute what they did before. The rules call the
    function without the wrapper, so what that does besides (to log, to count) no longer happens for them.
    """

    code = "VJP003"
    name = "rebound-by-wrapper"
    clues = Clue.MAKES | Clue.SETS | Clue.WRAPS
    default = False
    certainty = Certainty.WARNING
    bad = (
        Example(
            "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x * x\n\n\n"
            "def f_fwd(x):\n    return f(x), x\n\n\ndef f_bwd(x, g):\n    return (2 * x * g,)\n\n\n"
            "f.defvjp(f_fwd, f_bwd)\nf = jax.jit(f)\ny = f(3.0)\n",
            "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x * x\n\n\n"
            "def f_fwd(x):\n    return f(x), x\n\n\ndef f_bwd(x, g):\n    return (2 * x * g,)\n\n\n"
            "f.defvjp(f_fwd, f_bwd)\nf_jitted = jax.jit(f)\ny = f_jitted(3.0)\n",
        ),
    )
    good = (
        Example(
            "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x * x\n\n\n"
            "f.defvjp(lambda x: (x * x, x), lambda x, g: (2 * x * g,))\nf = jax.jit(f)\n",
        ),
    )

    def find(self, module: JaxModule) -> Iterator[Finding]:
        return rebound(self.code, Kind.WRAPS, module)
