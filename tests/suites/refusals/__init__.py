"""Small programs with the mistake in which no edit is right. Written by hand.

``# here`` ends each line that a reason has to name.
"""

from __future__ import annotations

from tests.suites.rewrite import Case

from .dynamic import DYNAMIC
from .order import ORDER
from .shared import SHARED

HERE = "# here"

REFUSALS: dict[str, Case] = {
    name: case if isinstance(case, Case) else Case(case)
    for group in (SHARED, ORDER, DYNAMIC)
    for name, case in group.items()
}
