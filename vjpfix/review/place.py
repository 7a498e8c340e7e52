"""Where something is, as every format writes it."""

from __future__ import annotations

from pathlib import Path

from vjpfix.model import Span
from vjpfix.review.escape import escape


def place(path: Path, span: Span, encoding: str = "utf-8") -> str:
    """``path:line:col``, the column from 1, as editors and terminals make links of."""
    return f"{escape(str(path), encoding)}:{span.line}:{span.column + 1}"
