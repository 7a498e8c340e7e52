"""Small programs with the mistake in which the original gets the new name. Written by hand.

Marked as in ``rewrite_suite``: ``⟦…⟧`` is what the fix adds. In those to be refused, ``# here`` ends each line
that a reason has to name, and ``BY_THIS_ONLY`` are those that the other strategy fixes.
"""

from __future__ import annotations

from tests.suites.rewrite import Case

from .classes import CLASSES
from .declarations import DECLARATIONS
from .exact import EXACT
from .flow import FLOW
from .reads import READS
from .rebindings import REBINDINGS
from .refused import BY_BOTH, BY_THIS_ONLY
from .rules import RULES

__all__ = ["BY_BOTH", "BY_THIS_ONLY", "ORIGINALS", "REFUSED"]


def cases(*groups: dict[str, str | Case]) -> dict[str, Case]:
    return {
        name: case if isinstance(case, Case) else Case(case)
        for group in groups
        for name, case in group.items()
    }


ORIGINALS = cases(DECLARATIONS, RULES, REBINDINGS, FLOW, READS, CLASSES, EXACT)
REFUSED = cases(BY_BOTH, BY_THIS_ONLY)
