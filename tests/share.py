"""Which of the generated programs a run looks at: a fifth, or what ``VJPFIX_SHARE`` says.

``VJPFIX_SHARE=2/5`` takes every fifth program, from the third on; ``0/1`` takes all. ``VJPFIX_FACTOR=3`` makes
all of them three times as many. A run prints both at its end, so that a failure can be repeated.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
FIFTH, ALL = "0/5", "0/1"
FACTOR = int(os.environ.get("VJPFIX_FACTOR") or 1)


def share() -> str:
    """The part of this run, as K/N."""
    return os.environ.get("VJPFIX_SHARE") or FIFTH


def some_of(items: Sequence[T]) -> Sequence[T]:
    """The share of these that the run looks at."""
    first, step = map(int, share().split("/"))
    return items[first % step :: step]


def seeds(count: int) -> Sequence[int]:
    """The share of so many seeds, times the factor."""
    return some_of(range(count * FACTOR))


def seeds_of(chunk: Sequence[int]) -> str:
    """What to call a test of these seeds."""
    return f"seeds {chunk[0]} to {chunk[-1]}"


def chunks(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """The items in parts of this size, each of which is one test."""
    return [items[start : start + size] for start in range(0, len(items), size)]
