"""What analysis tells about the functions with custom rules of one module: values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from vjpfix.analyse.transforms import Contract, Role
from vjpfix.model import Span


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
    before that. ``captures``: the first read of each value that it takes from the functions around it.
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
    captures: tuple[Capture, ...] = ()

    @property
    def differentiable(self) -> int | None:
        """How many arguments have a cotangent; None where that is not known."""
        if self.parameters is None or self.nondiff is None or self.parameters.rest:
            return None
        return len(self.parameters.names) - len(self.nondiff)


class Mode(Enum):
    """In which direction a transform differentiates."""

    FORWARD = "forward"
    REVERSE = "reverse"
    FORWARD_OVER_REVERSE = "forward over reverse"
    LINEARIZE = "forward, when the linear function is called"


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
