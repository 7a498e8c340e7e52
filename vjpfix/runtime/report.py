"""What the guard found, as values that can be shown, compared and written as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypedDict


class Check(Enum):
    """What was looked at: the names a rule reads, how it reaches its primal, and the rule's contract."""

    NAME = "name"
    SELF = "self"
    OUTPUT = "output"
    VALUE = "value"
    COTANGENT = "cotangent"
    GRADIENT = "gradient"
    GUARD = "guard"


class Level(Enum):
    """How sure a report is: shown to break, may break, or only worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that the guard saw.

    ``code``: the static rule that finds the same mistake in the source, where there is one. ``function``: the
    primal's name; ``rule``: the name of its fwd, bwd or jvp rule and ``role`` which of these it is; both are
    empty for the primal itself. ``transform``: the public name of what changed the primal. ``call``: the line
    at fault in the rule; ``rebinding``: the line that gave the name away, where it was found.
    """

    check: Check
    level: Level
    message: str
    function: str
    role: str = ""
    rule: str = ""
    transform: str = ""
    code: str = ""
    call: Place | None = None
    rebinding: Place | None = None
    help: str = ""

    def as_json(self) -> dict[str, object]:
        """The report as plain values for ``json.dumps``."""
        return {
            "check": self.check.value,
            "level": self.level.value,
            "code": self.code or None,
            "message": self.message,
            "function": self.function,
            "role": self.role or None,
            "rule": self.rule or None,
            "transform": self.transform or None,
            "call": _place(self.call),
            "rebinding": _place(self.rebinding),
            "help": self.help or None,
        }

    @classmethod
    def of_json(cls, fields: Mapping[str, Any]) -> Report:
        """The report that ``as_json`` made these fields of."""
        return cls(
            Check(fields["check"]),
            Level(fields["level"]),
            call=_place_of(fields["call"]),
            rebinding=_place_of(fields["rebinding"]),
            **{name: fields[name] or "" for name in _TEXTS},
        )


_TEXTS = ("message", "function", "role", "rule", "transform", "code", "help")


@dataclass(frozen=True, slots=True)
class Gradient:
    """A rule's directional derivative beside a finite difference of the primal, at values that were seen.

    ``error`` is their distance and ``tolerance`` how much of it rounding may explain, both absolute.
    ``precision``: the dtype in which the primal was evaluated for the difference.
    """

    function: str
    rule: str
    derivative: float
    difference: float
    error: float
    tolerance: float
    precision: str
    call: Place | None = None

    @property
    def agrees(self) -> bool:
        return self.error <= self.tolerance

    def as_json(self) -> dict[str, object]:
        """The comparison as plain values for ``json.dumps``."""
        return {
            "function": self.function,
            "rule": self.rule,
            "derivative": self.derivative,
            "difference": self.difference,
            "error": self.error,
            "tolerance": self.tolerance,
            "precision": self.precision,
            "agrees": self.agrees,
            "call": _place(self.call),
        }

    @classmethod
    def of_json(cls, fields: Mapping[str, Any]) -> Gradient:
        """The comparison that ``as_json`` made these fields of."""
        own = {name: value for name, value in fields.items() if name != "agrees"}
        return cls(**{**own, "call": _place_of(fields["call"])})


class _PlaceJson(TypedDict):
    file: str
    line: int


def _place_of(fields: _PlaceJson | None) -> Place | None:
    return None if fields is None else Place(fields["file"], fields["line"])


def _place(place: Place | None) -> _PlaceJson | None:
    return None if place is None else {"file": place.file, "line": place.line}
