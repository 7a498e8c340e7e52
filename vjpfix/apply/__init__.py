"""Accepted changes to files on disk, all or none."""

from vjpfix.apply.writing import write

__all__ = ["write"]
