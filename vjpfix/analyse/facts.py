"""What analysis tells the later stages about one module: values only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vjpfix.analyse.transforms import Role
from vjpfix.model import Span


@dataclass(frozen=True, slots=True)
class GuiltyRead:
    """A read inside a primal's region that sees the rebound name."""

    span: Span
    role: Role
    function: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why no edit is right, and where."""

    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Taken:
    """A token that binds the name to a transformed version: by which transforms, innermost first."""

    span: Span
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rebinding:
    """A primal's name taken over by a transformed version of it, in the scope that binds both.

    ``taken``: the bindings that do it, in order. ``always``: some code is sure to meet it.
    ``renames``: every token that means the transformed version (bindings and reads). ``alias_at``: the
    first token of the statement above which ``new = old`` must stand, where paths meet. ``exports``:
    entries of ``__all__`` (the text between the quotes). ``public``: other modules can import the name,
    ``in_class``: or reach it through its class (``scope``). ``helpers``: functions of the module whose
    meaning a fix changes as well.
    """

    name: str
    scope: str
    primal: Span
    taken: tuple[Taken, ...]
    always: bool
    guilty: tuple[GuiltyRead, ...]
    renames: tuple[Span, ...]
    alias_at: Span | None
    exports: tuple[Span, ...]
    obstacles: tuple[Obstacle, ...]
    public: bool
    in_class: bool
    helpers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """The facts of one module. ``identifiers``: every name and name-like string that stands in it
    (empty where there is no rebinding)."""

    path: Path
    rebindings: tuple[Rebinding, ...]
    identifiers: frozenset[str]
