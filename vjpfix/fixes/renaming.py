"""What a fix of a taken-over name renames in its module, for each of the two directions."""

from __future__ import annotations

from dataclasses import dataclass

from vjpfix.facts.data import Takeover
from vjpfix.model import Note, Span


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why no edit is right, and where."""

    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Renaming:
    """One direction: the tokens that get the new name, and why these edits are not right.

    ``alias_at``: the first token of the statement above which an alias must stand, where paths meet.
    ``reaches_end``: what gets the new name is there when the code of the scope ends. ``strings``: the text
    between the quotes of strings that mean it, and of entries of ``__all__``.
    """

    tokens: tuple[Span, ...] = ()
    alias_at: Span | None = None
    obstacles: tuple[Obstacle, ...] = ()
    reaches_end: bool = False
    strings: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """Decorators above the custom-derivative decorator, which become a statement of their own.

    ``lines``: whole lines to remove, with their text. ``below``: the statement below which the new one goes.
    ``before``, ``after``: what stands around the name of the function in its value. ``indent``: what stands
    before it on its line. ``gap``: how many empty lines come above.
    """

    lines: tuple[tuple[Span, str], ...]
    below: Span
    before: str
    after: str
    indent: str
    gap: int


@dataclass(frozen=True, slots=True)
class Renamings:
    """Both directions of the fix of a takeover.

    ``transformed``: the transformed version gets a name of its own; ``seen``: the same where other modules
    import the name, so that its version at the end of the module counts (None where that is not the
    transformed one). ``original``: the original gets the new name. ``public``: other modules can import the
    name, ``in_class``: or reach it through its class. ``helpers``: functions of the module whose meaning a
    fix changes as well. ``inside``: where the functions stand that belong to the primal. ``others``: reasons
    against a fix in other modules. ``words``: of those, which a new name must not be. ``moved``: the
    decorators by which the name is taken over from the start.
    """

    takeover: Takeover
    transformed: Renaming
    original: Renaming
    seen: Renaming | None = None
    public: bool = False
    in_class: bool = False
    helpers: tuple[str, ...] = ()
    inside: tuple[Span, ...] = ()
    others: tuple[Note, ...] = ()
    words: frozenset[str] = frozenset()
    moved: Moved | None = None
