"""Program text before it is decided which of its versions it becomes.

A program is a list of logical lines (one that goes over several physical lines holds newlines). In them,
``$f`` is the primal's name, which stays; ``$m``, ``$b`` and ``$d`` are reads and bindings that get the new
name when they mean the transformed version: ``$m`` does for certain, ``$b`` sees both versions, ``$d``
sees what the scope holds when it ends. ``$+`` starts a line that only a fix with a merge has. ``$O`` and
``$I`` are the ids of call sites outside and inside the primal's region.

Settled, a name that a fix changes is marked as in the suites' cases, ``⟦old→new⟧``. A line that only the fixed
text has begins with ``ADDED``, and one that it has not with ``REMOVED``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

Lines = list[str]
INDENT = "    "
ADDED, REMOVED = "⟦+⟧", "⟦-⟧"
_EITHER = re.compile("⟦([^⟧]*)→([^⟧]*)⟧")


class State(Enum):
    """Which version a name holds at a point; the value is the token that reads it there."""

    ORIGINAL = "$f"
    NEW = "$m"
    BOTH = "$b"


def join(*states: State) -> State:
    return states[0] if len(set(states)) == 1 else State.BOTH


def indent(lines: Lines) -> Lines:
    return [INDENT + line.replace("\n", "\n" + INDENT) for line in lines]


def either(old: str, new: str) -> str:
    return f"⟦{old}→{new}⟧"


def plain(name: str) -> str:
    """A name as the user wrote it."""
    return _EITHER.sub(r"\1", name)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Lines in which only the choice between the two texts is left, and the sites they hold."""

    lines: tuple[str, ...]
    inside: frozenset[int]
    outside: frozenset[int]


def resolve(lines: Lines, old: str, new: str, final: State, serial: Iterator[int]) -> Resolved:
    """Settle the tokens of one scene. ``final`` is what the name holds when its scope ends."""
    lines = [line.replace("$d", final.value) for line in lines]
    merges = any(State.BOTH.value in line for line in lines)
    inside: set[int] = set()
    outside: set[int] = set()

    def settle(match: re.Match[str]) -> str:
        token = match[1]
        if token in "OI":
            site = next(serial)
            (inside if token == "I" else outside).add(site)
            return str(site)
        return old if token == "f" or old == new else either(old, new)

    kept: Lines = []
    for line in lines:
        if line.lstrip().startswith("$+"):
            if not merges or old == new:
                continue
            line = line.replace("$+", f"{ADDED}$m = $f")
        kept.append(re.sub(r"\$([fmbOI])", settle, line))
    return Resolved(tuple(kept), frozenset(inside), frozenset(outside))


def before(lines: Lines) -> Lines:
    """The lines of the text as the user wrote it."""
    return [plain(line).replace(REMOVED, "") for line in lines if ADDED not in line]


def after(lines: Lines) -> Lines:
    """The lines of the text as the generator's own fix leaves it."""
    return [_EITHER.sub(r"\2", line).replace(ADDED, "") for line in lines if REMOVED not in line]
