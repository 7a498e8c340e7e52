"""Across modules: who else can see a name that a fix changes."""

from __future__ import annotations

from vjpfix.project.class_lookups import hidden_lookups
from vjpfix.project.class_uses import doubts_inside, follow_class
from vjpfix.project.classes import Classes
from vjpfix.project.following import Following, follow, too_early, uses_of_helpers
from vjpfix.project.index import Project, Symbol
from vjpfix.project.layout import key_of
from vjpfix.project.references import Reference, references
from vjpfix.project.sighting import Sighting, SightingKind

__all__ = [
    "Classes",
    "Following",
    "Project",
    "Reference",
    "Sighting",
    "SightingKind",
    "Symbol",
    "doubts_inside",
    "follow",
    "follow_class",
    "hidden_lookups",
    "key_of",
    "references",
    "too_early",
    "uses_of_helpers",
]
