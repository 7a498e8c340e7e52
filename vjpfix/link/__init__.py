"""Across modules: who else can see a name that a fix changes."""

from __future__ import annotations

from vjpfix.link.importers import Target, target_of, uses_of

__all__ = ["Target", "target_of", "uses_of"]
