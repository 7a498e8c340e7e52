"""What a rule is: one class in one file, with its examples as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from vjpfix.model import Certainty, Finding, Safety
from vjpfix.words import Clue

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule


@dataclass(frozen=True, slots=True)
class Example:
    """A program and, for a bad one, what the fix makes of it. ``ops``: a module of that name beside it."""

    code: str
    fixed: str | None = None
    ops: str = ""


@dataclass(frozen=True, slots=True)
class Demo:
    """A program that shows on JAX what goes wrong, and what comes right with the fix.

    Both can be run as they are, and define ``loss``, a function of a vector to a number, which is
    differentiated ``at`` a point.
    """

    bad: str
    fixed: str
    at: tuple[float, ...]


class Rule:
    """A rule: a module in, findings out. The class docstring is its documentation.

    ``certainty``: the highest that a finding of it can have. ``safety``: that of its fix, where there is one.
    ``clues``: which files it looks at. ``demo``: what `vjpfix explain --demo` runs.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    default: ClassVar[bool] = True
    certainty: ClassVar[Certainty] = Certainty.ERROR
    safety: ClassVar[Safety] = Safety.SAFE
    clues: ClassVar[Clue] = Clue.MAKES
    bad: ClassVar[tuple[Example, ...]] = ()
    good: ClassVar[tuple[Example, ...]] = ()
    demo: ClassVar[Demo | None] = None

    def find(self, module: JaxModule) -> Iterator[Finding]:
        """The findings of this rule in one module."""
        raise NotImplementedError
