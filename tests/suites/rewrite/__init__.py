"""Small programs with the mistake and, marked in them, what the fix adds. Written by hand.

``⟦…⟧`` is text that the fix adds: without it the program is as it was, with it as it has to become. It may
span lines, where an alias is needed. A case's name says why it is there. Where a program defines ``loss`` and
``x``, it is run on real JAX as well.
"""

from __future__ import annotations

from .case import Case
from .classes import CLASSES
from .declarations import DECLARATIONS
from .derivatives import DERIVATIVES
from .exact import EXACT
from .flow import FLOW
from .functions import FUNCTIONS
from .paths import PATHS
from .reads import READS
from .rebindings import REBINDINGS
from .transforms import TRANSFORMS

__all__ = ["REWRITES", "Case"]

REWRITES: dict[str, Case] = {
    name: case if isinstance(case, Case) else Case(case)
    for group in (
        *(DECLARATIONS, DERIVATIVES, REBINDINGS, TRANSFORMS, FLOW, PATHS, FUNCTIONS, CLASSES, READS, EXACT),
    )
    for name, case in group.items()
}
