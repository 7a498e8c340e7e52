"""What analysis tells the later stages about one module: values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from vjpfix.analyse.derivatives import Application, Derivative
from vjpfix.analyse.transforms import Kind, Role
from vjpfix.model import Note, Span


class Origin(Enum):
    """Whose name is taken over, and from where."""

    OWN = "the module's own, by a statement that binds it"
    ELSEWHERE = "a module's own, by its attribute or by name"
    IMPORTED = "one that the module imports"
    STACKED = "the module's own, by decorators above the one that makes it a primal"


@dataclass(frozen=True, slots=True)
class GuiltyRead:
    """A read inside a primal's region that sees the rebound name.

    ``function``: the rule that leads there, ``reader``: the function that the read stands in. ``is_called``:
    the rule is a function of the module, so that it calls the reader if it is not the same.
    """

    span: Span
    role: Role
    function: str
    reader: str
    is_called: bool


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
class Moved:
    """Decorators above the custom-derivative decorator, which are to become a statement of their own.

    ``steps``: the names of those that are transforms, from the top, with their places. ``maker``: that of
    the decorator below. ``attached``: where rules are attached, by which attribute, which raises. ``lines``:
    whole lines to remove, with their text. ``below``: the statement below which the new one goes.
    ``before``, ``after``: what stands around the name of the function in its value. ``indent``: what stands
    before it on its line. ``gap``: how many empty lines come above. Without ``lines`` there is no fix.
    """

    steps: tuple[tuple[str, Span], ...]
    maker: str
    attached: tuple[tuple[str, Span], ...]
    lines: tuple[tuple[Span, str], ...] = ()
    below: Span | None = None
    before: str = ""
    after: str = ""
    indent: str = ""
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Rebinding:
    """A primal's name taken over by a transformed version of it, in the scope that binds both.

    ``taken``: the bindings that do it, in order. ``always``: some code is sure to meet it.
    ``renames``: every token that means the transformed version (bindings and reads). ``alias_at``: the
    first token of the statement above which ``new = old`` must stand, where paths meet. ``exports``:
    entries of ``__all__`` (the text between the quotes). ``obstacles``: why these edits are not right.
    ``originals``, ``original_alias_at``, ``original_obstacles``: the same for the other strategy, in which
    the transformed version keeps the name: every token that means the original, the statement above which
    ``old = new`` must stand, the reasons. ``public``: other modules can import the name,
    ``in_class``: or reach it through its class (``scope``). ``helpers``: functions of the module whose
    meaning a fix changes as well. ``inside``: where the functions stand that belong to the primal.
    ``seen``: the same where other modules do import the name, so that its version at the end of the module
    counts; None where that is not the transformed one. ``origin``, and
    ``home``: the module of the primal, with the guilty reads, where it is another one. ``strings``: the text
    of strings that mean the transformed version. ``others``: reasons against a fix in other modules.
    ``moved``: the decorators by which the name is taken over from the start (STACKED).
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
    originals: tuple[Span, ...]
    original_alias_at: Span | None
    original_obstacles: tuple[Obstacle, ...]
    public: bool
    in_class: bool
    helpers: tuple[str, ...]
    inside: tuple[Span, ...]
    seen: Rebinding | None = None
    origin: Origin = Origin.OWN
    home: Path | None = None
    strings: tuple[Span, ...] = ()
    others: tuple[Note, ...] = ()
    moved: Moved | None = None


@dataclass(frozen=True, slots=True)
class SelfUse:
    """A call, in a primal's rule, of a version of that primal which a transform of this kind made.

    ``span``: what is called; ``function``: the rule; ``name``: the primal's; ``step``: the transform.
    ``alias``: the name, bound once outside the rule (``alias_at``), by which it is called; empty where the
    rule makes the version itself. ``is_output``: its value is what the rule gives as the primal's output.
    ``is_applied``: it is differentiated and only perhaps pulled back (``jax.vjp(f, x)``). ``repair``: a name
    that means the original there, where the alias may be replaced by it. ``is_spelled_out``: what is called
    stands there letter by letter (Python takes some other letters for the same). ``changes``: functions that
    others may import and that then do something else.
    """

    span: Span
    role: Role
    function: str
    name: str
    step: str
    kind: Kind
    alias: str
    alias_at: Span | None
    is_output: bool
    is_applied: bool
    repair: str
    is_spelled_out: bool
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """The facts of one module. ``identifiers``: every name and name-like string that stands in it
    (empty where there is no rebinding). ``derivatives``, ``applications``: its functions with custom rules
    and the derivatives taken of them (only where a rule about these is selected). ``primals``: the names of
    the module that hold such functions (only where a rule about names is selected)."""

    path: Path
    rebindings: tuple[Rebinding, ...]
    identifiers: frozenset[str]
    derivatives: tuple[Derivative, ...] = ()
    applications: tuple[Application, ...] = ()
    self_uses: tuple[SelfUse, ...] = ()
    primals: frozenset[str] = frozenset()


def joined(first: ModuleFacts, second: ModuleFacts) -> ModuleFacts:
    """Two lots of facts about one module."""
    return ModuleFacts(
        first.path,
        (*first.rebindings, *second.rebindings),
        first.identifiers | second.identifiers,
        (*first.derivatives, *second.derivatives),
        (*first.applications, *second.applications),
        (*first.self_uses, *second.self_uses),
        first.primals | second.primals,
    )
