"""The one table of transforms and custom-derivative decorators: what each is, by qualified name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from vjpfix.model import Certainty


class Kind(Enum):
    """What a transform does with a function."""

    MAPS = "maps"
    DIFFERENTIATES = "differentiates"
    COMPILES = "compiles"
    WRAPS = "wraps"


class Role(Enum):
    """Where, inside a primal's region, a name is read. A helper has the role of the rule that reaches it."""

    FWD = "fwd"
    BWD = "bwd"
    JVP = "jvp rule"
    PRIMAL = "primal"


@dataclass(frozen=True, slots=True)
class Transform:
    """One row: a callable that takes a function and gives (or applies) a changed one.

    ``names``: the qualified names it is known by, the public one first. ``suffix``: what the new name of
    its result gets (``f_mapped``). ``breaks``: for each role the certainty that a rule which reads the
    rebound name there is broken; a role that is missing is harmless. ``keyword``: the names under which
    the function may be passed by keyword. ``applies``: it calls the function at once with the other
    arguments (``lax.map(f, xs)``), rather than giving a function back (``vmap(f)``).
    """

    names: tuple[str, ...]
    kind: Kind
    suffix: str
    breaks: Mapping[Role, Certainty] = field(default_factory=dict)
    keyword: tuple[str, ...] = ("fun", "f", "func", "fn")
    applies: bool = False


@dataclass(frozen=True, slots=True)
class CustomDerivative:
    """One way to make a primal. ``setters``: attribute of the primal (``defvjp``) to the roles of its
    arguments, in order, the last one repeated; ``keywords``: argument name to role."""

    names: tuple[str, ...]
    setters: Mapping[str, tuple[Role, ...]]
    keywords: Mapping[str, Role]
    keyword: tuple[str, ...] = ("fun", "f", "fn")
