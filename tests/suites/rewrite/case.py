"""What one case of the suites is."""

from __future__ import annotations

import codecs
import re
import textwrap
from dataclasses import dataclass, field

ADDED = re.compile("⟦(.*?)⟧", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Case:
    """One program, with what the fix adds in ``⟦…⟧``, and how it is stored.

    ``options``: fields of the configuration. ``wrong``: what the tool does instead, where it is known not to
    do the right thing.
    """

    marked: str
    encoding: str = "utf-8"
    newline: str = "\n"
    bom: bool = False
    options: dict[str, object] = field(default_factory=dict)
    wrong: str = ""

    @property
    def before(self) -> bytes:
        return self._stored(ADDED.sub("", self.text))

    @property
    def after(self) -> bytes:
        return self._stored(ADDED.sub(r"\1", self.text))

    @property
    def text(self) -> str:
        return textwrap.dedent(self.marked).removeprefix("\n")

    @property
    def runs(self) -> bool:
        """Whether the program has a ``loss`` to be differentiated."""
        return "def loss(" in self.marked

    def _stored(self, text: str) -> bytes:
        mark = codecs.BOM_UTF8 if self.bom else b""
        return mark + text.replace("\n", self.newline).encode(self.encoding)
