"""What a generated project is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal


class Verdict(Enum):
    """What the tool must do with a defect: for EITHER a fix and a refusal are both right."""

    FIX = "fix"
    REFUSE = "refuse"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a module stands: its path from the project's top, and its name seen from ``root``."""

    root: str
    path: str
    name: str

    @property
    def is_package(self) -> bool:
        return self.path.endswith("__init__.py")

    @property
    def package(self) -> tuple[str, ...]:
        """The package that its relative imports start from; empty for a top-level module."""
        parts = tuple(self.name.split("."))
        return parts if self.is_package else parts[:-1]


def place(root: str, below: str) -> Place:
    parts = below.removesuffix(".py").split("/")
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Place(root, f"{root}/{below}".lstrip("/"), name)


@dataclass(frozen=True, slots=True)
class Defect:
    """One module with the mistake. ``number``: what its names are marked with. ``verdict_original``: what
    is right where the transformed function keeps the name."""

    number: int
    path: str
    name: str
    inside: frozenset[int]
    verdict: Verdict
    verdict_original: Verdict


@dataclass(frozen=True, slots=True)
class Session:
    """One Python process: the folders on ``sys.path``, then modules to import or one script to run."""

    folders: tuple[str, ...]
    modules: tuple[str, ...] = ()
    script: str | None = None
    type_checking: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """``files``: every file as the user wrote it, by path. ``own_fix``: those that the generator's fix of
    all defects changes (of no use where ``can_be_fixed`` is false). ``touchable``: all that a fix may change.
    ``broken``: files that cannot be parsed."""

    seed: int
    files: dict[str, bytes] = field(repr=False)
    own_fix: dict[str, bytes] = field(repr=False)
    sessions: tuple[Session, ...]
    defects: tuple[Defect, ...]
    outside: frozenset[int]
    touchable: frozenset[str]
    broken: frozenset[str]
    can_be_fixed: bool
    features: frozenset[str]
    doubtful: frozenset[str]

    def verdict(self, defect: Defect, strategy: Strategy) -> Verdict:
        return defect.verdict if strategy == "transformed" else defect.verdict_original


Strategy = Literal["transformed", "original"]
STRATEGIES: tuple[Strategy, ...] = ("transformed", "original")
