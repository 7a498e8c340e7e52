"""Folders with the mistake in one module and its users in others. Written by hand.

``⟦…⟧`` is text that the fix adds, in whatever file: without it the folder is as it was, with it as it has to
become. A case's sentence says why it is there.
"""

from __future__ import annotations

from .attributes import ATTRIBUTES
from .case import PackageCase
from .classes import CLASSES
from .imports import IMPORTS
from .layouts import LAYOUTS
from .order import ORDER
from .rebound import REBOUND
from .reexports import REEXPORTS
from .refusals import REFUSALS
from .shadowing import SHADOWING
from .stars import STARS
from .strategies import STRATEGIES, twins
from .strings import STRINGS

__all__ = ["PACKAGES", "PackageCase"]

_TRANSFORMED = (
    *(*IMPORTS, *ORDER, *ATTRIBUTES, *REEXPORTS, *STARS, *STRINGS, *LAYOUTS, *SHADOWING, *CLASSES, *REFUSALS),
    *REBOUND,
)
PACKAGES: tuple[PackageCase, ...] = (*_TRANSFORMED, *STRATEGIES, *twins(_TRANSFORMED))
