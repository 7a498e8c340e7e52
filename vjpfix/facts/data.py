"""What the questions to a module answer about its functions with custom rules: values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from vjpfix.jaxfacts.differentiation import Mode
from vjpfix.jaxfacts.transforms import Contract, Kind, Role
from vjpfix.model import Span

if TYPE_CHECKING:
    from vjpfix.facts.sighted import Sighted


class Origin(Enum):
    """Whose name is taken over, and from where."""

    OWN = "the module's own, by a statement that binds it"
    ELSEWHERE = "a module's own, by its attribute or by name"
    IMPORTED = "one that the module imports"


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
class Taken:
    """A token that binds the name to a transformed version: by which transforms, innermost first."""

    span: Span
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Takeover:
    """A primal's name taken over by a transformed version of it, in the scope that binds both.

    ``scope``: the name of that scope. ``primal``: where the primal is bound; ``taken``: the bindings that
    take the name over, in order. ``always``: some code is sure to meet the transformed version. ``guilty``:
    the reads of rules that see it. ``home``: the module of the primal, with these reads, where it is another
    one. ``sighted``: what each read of the name sees.
    """

    name: str
    scope: str
    primal: Span
    taken: tuple[Taken, ...]
    always: bool
    guilty: tuple[GuiltyRead, ...]
    origin: Origin = Origin.OWN
    home: Path | None = None
    sighted: Sighted | None = field(default=None, compare=False, repr=False)


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


class Sort(Enum):
    """What an expression is, as far as tuples and lists go: a literal one or a name for it, something else,
    something else unless the program is a strange one, or not known."""

    TUPLE = "tuple"
    LIST = "list"
    OTHER = "other"
    HARDLY = "hardly"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shape:
    """``length``: of a tuple or a list, None where stars hide it."""

    sort: Sort
    length: int | None = None

    @property
    def is_sequence(self) -> bool:
        return self.sort in (Sort.TUPLE, Sort.LIST)


UNKNOWN = Shape(Sort.UNKNOWN)
OTHER = Shape(Sort.OTHER)
HARDLY = Shape(Sort.HARDLY)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a function can be called with.

    ``names``: what takes an argument by position, each with the ``span`` of its name; ``defaults``: how many
    of them, the last ones, have a default; ``rest``: there is ``*args``; ``required``: keyword-only ones
    without a default; ``plain``: nothing but names (no annotation, no default).
    """

    names: tuple[str, ...]
    spans: tuple[Span, ...]
    defaults: int = 0
    rest: bool = False
    required: tuple[str, ...] = ()
    plain: bool = True

    def takes(self, count: int) -> bool:
        """Whether a call with so many arguments by position works."""
        least = len(self.names) - self.defaults
        return not self.required and least <= count and (self.rest or count <= len(self.names))


@dataclass(frozen=True, slots=True)
class Returned:
    """One expression that a function returns (or nothing, at a bare ``return``).

    ``text``: its source where it stands on one line, else empty; ``name``: it is this parameter; ``parts``:
    the source of the elements of a literal tuple on one line.
    """

    span: Span
    shape: Shape
    text: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttachedRule:
    """A function that is attached as a rule. ``span``: of its name, or of the lambda. ``setter``: by what it
    was attached (``defvjp``). ``index``: which of the setter's arguments it is, ``count``: of how many.
    ``falls_off``: it never returns anything. ``shared``: the module does something else with it as well.
    ``public``: so may another module."""

    role: Role
    setter: str
    index: int
    count: int
    name: str
    span: Span
    parameters: Parameters
    returns: tuple[Returned, ...]
    falls_off: bool = False
    shared: bool = False
    public: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """A value by which a transform differentiates, read in a function with rules that is called meanwhile
    and does not take it as an argument.

    ``name``: as it is read, at ``span``, in the primal or a rule (``function``). ``transform``: the name of
    what differentiates, called at ``taken_at``. ``sure``: JAX is sure to raise.
    """

    name: str
    function: str
    span: Span
    transform: str
    taken_at: Span
    sure: bool


@dataclass(frozen=True, slots=True)
class Derivative:
    """A function with custom rules, or one that is to get them.

    ``contract``: of the decorator that made it. ``span``: of its name. ``parameters``: of the function,
    ``nondiff``: which of them are not differentiated, sorted; None where that is not plain to see.
    ``rules``: those that are certain. ``output``: what the function returns. ``bare``: where it is called or
    given to a transform, if nothing in the module can attach a rule to it. ``public``: another module may,
    before that.
    """

    name: str
    contract: Contract
    span: Span
    parameters: Parameters | None
    nondiff: tuple[int, ...] | None
    rules: tuple[AttachedRule, ...]
    output: Shape
    bare: tuple[Span, ...] = ()
    public: bool = False

    @property
    def differentiable(self) -> int | None:
        """How many arguments have a cotangent; None where that is not known."""
        if self.parameters is None or self.nondiff is None or self.parameters.rest:
            return None
        return len(self.parameters.names) - len(self.nondiff)


@dataclass(frozen=True, slots=True)
class Application:
    """A derivative taken of a function with rules. ``span``: of the call; ``transform``: the name of what is
    called; ``mapped``: it is given a mapped version. ``calls_itself``: the function's ``fwd`` is sure to call
    the function."""

    span: Span
    transform: str
    mode: Mode
    name: str
    contract: Contract
    mapped: bool = False
    calls_itself: bool = False
