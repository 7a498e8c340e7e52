"""Paths to source files. Reads files and folders, and writes nothing."""

from vjpfix.discover.reading import MAX_BYTES, decode, read, read_bytes
from vjpfix.discover.walk import find, find_names

__all__ = ["MAX_BYTES", "decode", "find", "find_names", "read", "read_bytes"]
