"""Across modules: who else can see a name that a fix changes."""

from __future__ import annotations

from vjpfix.link.early import too_early
from vjpfix.link.following import Following, follow
from vjpfix.link.importers import Target, target_of, uses_of
from vjpfix.link.layout import key_of
from vjpfix.link.project import Project, Symbol
from vjpfix.link.sighting import Sighting, SightingKind

__all__ = [
    "Following",
    "Project",
    "Sighting",
    "SightingKind",
    "Symbol",
    "Target",
    "follow",
    "key_of",
    "target_of",
    "too_early",
    "uses_of",
]
