"""What a place in an importing module means for a fix."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from vjpfix.model import Span


class SightingKind(Enum):
    """What is to be done there."""

    NAME = "a name to rename"
    ALIAS = "an imported name, to be imported under its old name"
    STRING = "the text of a string, to be renamed"
    STUCK = "a use that cannot be followed"
    GIVEN_ON = "the module has the name as well"
    TAKEN = "the new name must not be a word of this module"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One place. ``old``: the text there; ``why``: of STUCK; ``is_use``: code reads the name there;
    ``by_name``: of GIVEN_ON, the name came by an import that can alias it; ``path``: of STUCK, where it is
    another module's fault."""

    kind: SightingKind
    span: Span
    old: str = ""
    why: str = ""
    is_use: bool = False
    by_name: bool = False
    path: Path | None = None
