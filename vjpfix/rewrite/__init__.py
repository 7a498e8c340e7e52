"""Source and edits to new bytes, and the proof that they are right, through LibCST."""

from __future__ import annotations

from vjpfix.rewrite.rewrite import rewrite, spliced

__all__ = ["rewrite", "spliced"]
