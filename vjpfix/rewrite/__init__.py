"""Source and edits to new bytes, through LibCST; then checked against the plan."""

from __future__ import annotations

from vjpfix.rewrite.rewrite import rewrite

__all__ = ["rewrite"]
