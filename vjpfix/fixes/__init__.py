"""Findings to changes: all edits of one fix, in all files, or the reasons why there is none."""

from __future__ import annotations

from vjpfix.fixes.across import Clash, Seen, across, by_second_name
from vjpfix.fixes.plan import Plan, plan, plan_one

__all__ = ["Clash", "Plan", "Seen", "across", "by_second_name", "plan", "plan_one"]
