"""Small programs that look like the mistake and are not: no finding, no change. Written by hand."""

from __future__ import annotations

from tests.suites.rewrite import Case

from .blind import BLIND
from .elsewhere import ELSEWHERE
from .harmless import HARMLESS
from .otherwise import OTHERWISE
from .paths import OTHER_PATHS
from .shadows import SHADOWS
from .unread import UNREAD

LEFT_ALONE: dict[str, Case] = {
    name: case if isinstance(case, Case) else Case(case)
    for group in (HARMLESS, UNREAD, BLIND, SHADOWS, ELSEWHERE, OTHERWISE, OTHER_PATHS)
    for name, case in group.items()
}
