"""How each custom-derivative decorator of the table is used: a program for each way to attach rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.suites.reading import cases
from vjpfix.jaxfacts.transforms import Role

from .program import imports


@dataclass(frozen=True, slots=True)
class Declaration:
    """A decorator with one way to attach rules: the primal, its rules and what attaches them.

    Where a rule takes the primal's value from stands a word for its role.
    """

    source: str

    @property
    def name(self) -> str:
        """The decorator's qualified name."""
        return re.findall(r"^@(\S+)", self.source)[0]

    @property
    def setters(self) -> tuple[str, ...]:
        return tuple(re.findall(r"^f\.(\w+)\(", self.source, re.MULTILINE))

    @property
    def keywords(self) -> tuple[str, ...]:
        """Those of the setters."""
        lines = re.findall(r"^f\..*", self.source, re.MULTILINE)
        return tuple(re.findall(r"(\w+)=", "".join(lines)))

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(role for role in Role if role.name in self.source)

    def program(self, role: Role, target: str, rebinding: str) -> str:
        """The source in which the rule of this role calls ``f``, and ``target`` is a transform of ``f``."""
        source = self.source
        for other in self.roles:
            source = source.replace(other.name, "f(x)" if other is role else "jnp.sum(x ** 2)")
        return f"{imports(self.name)}{source}\n{target} = {rebinding}\nuse = {target}\n"


DECLARATIONS = tuple(
    Declaration(case.text) for case in cases(Path(__file__).with_suffix(".txt"), "declarations", {})
)
