"""What a rule is: one class in one file, with its examples as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.transforms import Table
from vjpfix.model import Certainty, Finding, Safety


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
    """A rule: facts of a module in, findings out. The class docstring is its documentation.

    ``certainty``: the highest that a finding of it can have. ``safety``: that of its fix, where there is one.
    ``contract``: it is about ``facts.derivatives`` and ``facts.applications``, which are made for such rules
    only; the others are about ``facts.rebindings``. ``demo``: what `vjpfix explain --demo` runs.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    default: ClassVar[bool] = True
    certainty: ClassVar[Certainty] = Certainty.ERROR
    safety: ClassVar[Safety] = Safety.SAFE
    contract: ClassVar[bool] = False
    bad: ClassVar[tuple[Example, ...]] = ()
    good: ClassVar[tuple[Example, ...]] = ()
    demo: ClassVar[Demo | None] = None

    def find(self, facts: ModuleFacts, table: Table) -> Iterator[Finding]:
        """The findings of this rule in one module."""
        raise NotImplementedError
