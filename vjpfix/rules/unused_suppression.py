"""VJP900: a comment that suppresses findings has none to suppress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vjpfix.model import Certainty, Finding, Safety
from vjpfix.rules.base import Example, Rule
from vjpfix.suppress import Directive, Form
from vjpfix.words import Clue

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

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
    clues = Clue.COMMENTS
    bad = (Example(_START + "f_mapped = jax.vmap(f)  # vjpfix: ignore[VJP001]\n"),)
    good = (Example(_START + "f = jax.vmap(f)  # vjpfix: ignore[VJP001] until the next release\n"),)

    def find(self, module: JaxModule) -> Iterator[Finding]:  # noqa: ARG002
        """None: whether a comment hides something is known when all other rules have found what they find."""
        return iter(())

    def unused(self, path: Path, directives: Iterable[Directive]) -> Iterator[Finding]:
        """A finding for each of the ``directives`` of the file ``path``, which hide nothing."""
        for each in directives:
            yield Finding(self.code, path, each.span, _complaint(each), self.certainty, "")


def _complaint(directive: Directive) -> str:
    if directive.form is Form.FILE and directive.line is None:
        return "unused suppression: 'ignore-file' has to stand above the first statement"
    if directive.codes == ():
        return "unused suppression: the brackets name no rule"
    where = "in this file" if directive.form is Form.FILE else "here"
    what = "nothing" if directive.codes is None else "no finding of " + ", ".join(directive.codes)
    return f"unused suppression: there is {what} to hide {where}"
