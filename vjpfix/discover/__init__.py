"""Paths to source files. Reads files and folders, and writes nothing."""

from vjpfix.discover.exclusions import Exclusions
from vjpfix.discover.kinds import SUFFIXES
from vjpfix.discover.reading import MAX_BYTES, decode, read, read_bytes
from vjpfix.discover.walk import Skipped, Why, find, find_names

__all__ = [
    "MAX_BYTES",
    "SUFFIXES",
    "Exclusions",
    "Skipped",
    "Why",
    "decode",
    "find",
    "find_names",
    "read",
    "read_bytes",
]
