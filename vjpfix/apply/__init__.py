"""Accepted changes to files on disk, all or none."""

from vjpfix.apply.signals import deferred_signals
from vjpfix.apply.writing import obstacles, write

__all__ = ["deferred_signals", "obstacles", "write"]
