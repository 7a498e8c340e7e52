"""What the docstring of a rule says, paragraph by paragraph."""

from __future__ import annotations

import inspect

from vjpfix.rules.base import Rule


def paragraphs(rule: Rule) -> tuple[str, ...]:
    """The paragraphs of a rule's documentation, each as one line, with code in single backquotes."""
    own = type(rule).__dict__.get("__doc__") or ""
    text = inspect.cleandoc(own).replace("``", "`")
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def summary(rule: Rule) -> str:
    """The first paragraph, or nothing."""
    return next(iter(paragraphs(rule)), "")
