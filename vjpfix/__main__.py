"""``python -m vjpfix``."""

from vjpfix.cli import main

main()
