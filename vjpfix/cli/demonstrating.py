"""The work of ``explain --demo``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from vjpfix.explain.demonstration import demonstration_lines
from vjpfix.model import VjpfixError
from vjpfix.review.console import console, emit, look_of
from vjpfix.rules.base import Rule
from vjpfix.runtime.demo import bench


def demonstrate(chosen: Sequence[Rule], every: Sequence[Rule]) -> None:
    """Run the demonstrations of the ``chosen`` rules on the JAX at hand, and show what comes of them.

    Errors: ``VjpfixError`` for a rule without one, and where there is no JAX.
    """
    for rule in chosen:
        if rule.demo is None:
            others = ", ".join(each.code for each in every if each.demo)
            raise VjpfixError(f"{rule.code} has no demonstration; those that have one are {others}")
    at_hand = bench()
    screen = console(sys.stdout)
    for index, rule in enumerate(chosen):
        if index:
            screen.print()
            screen.print()
        if rule.demo:
            emit(screen, demonstration_lines(rule, rule.demo, at_hand, look_of(screen)))
