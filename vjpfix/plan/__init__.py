"""Findings to changes: all edits of one fix, in all files, or the reasons why there is none."""

from __future__ import annotations

from vjpfix.plan.across import Clash, Seen, across, by_second_name
from vjpfix.plan.rename import NamePolicy, plan

__all__ = ["Clash", "NamePolicy", "Seen", "across", "by_second_name", "plan"]
