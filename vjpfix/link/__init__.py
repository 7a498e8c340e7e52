"""Across modules: who else can see a name that a fix changes."""

from __future__ import annotations

from vjpfix.link.attached_elsewhere import attached_elsewhere
from vjpfix.link.class_lookups import hidden_lookups
from vjpfix.link.class_uses import doubts_inside, follow_class
from vjpfix.link.classes import Classes
from vjpfix.link.early import too_early
from vjpfix.link.following import Following, follow, uses_of_helpers
from vjpfix.link.layout import key_of
from vjpfix.link.primals import Primals
from vjpfix.link.project import Project, Symbol
from vjpfix.link.rebound_elsewhere import rebound_elsewhere
from vjpfix.link.references import Reference, references
from vjpfix.link.sighting import Sighting, SightingKind

__all__ = [
    "Classes",
    "Following",
    "Primals",
    "Project",
    "Reference",
    "Sighting",
    "SightingKind",
    "Symbol",
    "attached_elsewhere",
    "doubts_inside",
    "follow",
    "follow_class",
    "hidden_lookups",
    "key_of",
    "rebound_elsewhere",
    "references",
    "too_early",
    "uses_of_helpers",
]
