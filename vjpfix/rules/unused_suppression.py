"""VJP900: a comment that suppresses findings has none to suppress."""

from __future__ import annotations

from collections.abc import Iterator

from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.transforms import Table
from vjpfix.model import Certainty, Finding, Safety
from vjpfix.rules.base import Example, Rule

_START = (
    "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return 2.0 * x\n\n\n"
    "f.defvjp(lambda x: (f(x), None), lambda _, g: (2.0 * g,))\n"
)


class UnusedSuppression(Rule):
    """A comment such as ``# vjpfix: ignore[VJP001]`` hides no finding.

    It was needed once, or has a code or a line that is not that of the finding. It says of code that is right
    that something is wrong with it, and would hide a mistake that comes later.

    Do not follow it where some run needs the comment and another one does not, as where they select different
    rules. It is off by default; ``--report-unused-ignores`` turns it on as well.

    There is no fix: the comment may say more than which rule it is about, and is left to its reader.
    """

    code = "VJP900"
    name = "unused-suppression"
    default = False
    certainty = Certainty.WARNING
    safety = Safety.NONE
    bad = (Example(_START + "f_mapped = jax.vmap(f)  # vjpfix: ignore[VJP001]\n"),)
    good = (Example(_START + "f = jax.vmap(f)  # vjpfix: ignore[VJP001] until the next release\n"),)

    def find(self, facts: ModuleFacts, table: Table) -> Iterator[Finding]:  # noqa: ARG002
        """None: whether a comment hides something is known when all other rules have found what they find."""
        return iter(())
