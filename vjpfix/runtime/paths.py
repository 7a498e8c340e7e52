"""By which way a rule reached its own primal: the transforms that stand on the stack between them."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from types import CodeType, FrameType

from vjpfix.jaxfacts.transforms import Kind, Role, Transform
from vjpfix.runtime.codes import called_as
from vjpfix.runtime.jax_internals import (
    cells_of,
    given_function,
    library_of,
    stands_between,
    transform_of,
    words_for,
)
from vjpfix.runtime.names import chain_to, harmful, reads
from vjpfix.runtime.report import Level, Place

_MOST_HELD = 1000
_OWN = f"{__name__.rpartition('.')[0]}."


@dataclass(frozen=True, slots=True)
class Crossing:
    """A transform that was applied between the entry of a rule and a call of its primal.

    ``name``: what the caller wrote, as far as it has a name. ``level``: how sure it is that the name was
    taken over, rather than that the rule applies the transform on purpose.
    """

    transform: Transform
    name: str
    call: Place
    level: Level


def crossing(
    here: FrameType, entry: CodeType, depth: int, names: Sequence[str], role: Role
) -> Crossing | None:
    """What a rule's call of its primal went through, or None when it went through nothing that matters.

    Arguments: the frame ``here`` of the primal's call; the code of what enters rules, and at the
    how-many-th of its frames, from here, the rule began; the primal's ``names``; the rule's ``role``.
    """
    frames = _since(here, entry, depth)
    if not any(library_of(frame.f_code.co_filename) for frame in frames):
        return None
    users: list[FrameType] = []
    for library, run in ((library, list(run)) for library, run in groupby(frames, _is_library)):
        if not library:
            users += run
            continue
        row = _applied(run)
        if row and _breaks(row, role) and users:
            seen = _judged(row, users, names, direct=run[-1] is frames[-1])
            # A primal may be made of transforms of itself.
            return None if seen and seen.level is Level.NOTE and role is Role.PRIMAL else seen
    return None


def _breaks(row: Transform, role: Role) -> bool:
    """Whether a transform on the way does harm. A derivative of a primal seldom runs the primal itself."""
    return bool(row.breaks.get(role)) or (role is Role.PRIMAL and row.kind is Kind.DIFFERENTIATES)


def failed_crossing(error: BaseException, made: object, names: Sequence[str], role: Role) -> Crossing | None:
    """As ``crossing``, for a transform of the primal that failed before it called the primal.

    ``error``: what came out of the rule, with the frames that it went through.
    """
    users: list[FrameType] = []
    walk = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    for frame in walk:
        if not library_of(frame.f_code.co_filename):
            if not _is_own(frame):
                users.append(frame)
            continue
        row = transform_of(frame.f_code)
        if not row or not users:
            continue
        held = _held(frame)
        chains = [chain for each in held if (chain := chain_to(each, made)) is not None]
        given = next((one for chain in chains for one in (row, *chain) if one.breaks.get(role)), None)
        if given:
            return _judged(given, users, names, direct=True)
        called = called_as(users[-1].f_code, users[-1].f_lasti)
        applied = row if row.breaks.get(role) and called in names else _in_reach(made, row, users[-1], role)
        if applied:
            return Crossing(applied, called, place_of(users[-1]), Level.WARNING)
        if row.breaks.get(role) and any(reads(each, made) for each in held):
            seen = _judged(row, users, names, direct=False)
            if seen:
                return seen
    return None


def _held(frame: FrameType) -> list[object]:
    """What a library's function holds: in its variables, and in those of the functions it made."""
    values = list(frame.f_locals.values())
    inner = (each for value in values for each in cells_of(value).values())
    return [given_function(each) for each in (*values, *inner)]


def _in_reach(made: object, row: Transform, frame: FrameType, role: Role) -> Transform | None:
    """The harmful transform in a version, made by ``row`` too, of the primal that a user's function can read.

    It is read by name, or is in what is read by name.
    """
    names = {*frame.f_code.co_names, *frame.f_code.co_freevars}
    read = [space[name] for space in (frame.f_globals, frame.f_locals) for name in names & space.keys()]
    held = [each for value in read for each in islice(_contents(value), _MOST_HELD)]
    made_so = (each for each in (*read, *held) if row in (chain_to(each, made) or ()))
    return next(filter(None, (harmful(each, made, role) for each in made_so)), None)


def _contents(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list | tuple):
        yield from value
    else:
        yield from getattr(value, "__dict__", {}).values()


def _since(here: FrameType, entry: CodeType, depth: int) -> list[FrameType]:
    """The frames from the rule's own to the caller of the primal, without those of the guard."""
    found: list[FrameType] = []
    frame = here.f_back
    while frame is not None:
        if frame.f_code is entry:
            depth -= 1
            if not depth:
                break
        if not _is_own(frame):
            found.append(frame)
        frame = frame.f_back
    return found[::-1]


def _is_own(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).startswith(_OWN)


def _is_library(frame: FrameType) -> bool:
    return bool(library_of(frame.f_code.co_filename))


def _applied(run: Sequence[FrameType]) -> Transform | None:
    """The first transform in a run of a library's frames that changes what the function means."""
    for frame in run:
        row = transform_of(frame.f_code)
        if row is None and not stands_between(frame.f_code.co_filename):
            return None
        if row and row.kind is not Kind.COMPILES:
            return row
    return None


def _judged(
    row: Transform, users: Sequence[FrameType], names: Sequence[str], *, direct: bool
) -> Crossing | None:
    """How sure it is, by what the functions on the way say themselves, that the name was taken over."""
    called = [called_as(frame.f_code, frame.f_lasti) for frame in users]
    taken = next((index for index, name in enumerate(called) if name in names), None)
    if taken is not None:
        return Crossing(row, called[taken], place_of(users[taken]), Level.ERROR)
    saying = [index for index, frame in enumerate(users) if _mentions(frame, row.kind)]
    if not direct and saying:
        return None
    last, level = len(users) - 1, Level.ERROR if direct else Level.WARNING
    if any(_is_evident(index, users, called) for index in saying):
        level = Level.NOTE
    elif saying:
        last, level = saying[0] - 1, Level.WARNING
    return Crossing(row, called[last], place_of(users[last]), level)


def _is_evident(index: int, users: Sequence[FrameType], called: Sequence[str]) -> bool:
    """Whether who reads the rule sees what a function on the way does.

    It is the rule itself, stands in it, or is called by its own name; not one that was kept somewhere.
    """
    code = users[index].f_code
    return index == 0 or any(
        name == code.co_name
        or (
            frame.f_code.co_filename == code.co_filename
            and code.co_qualname.startswith(f"{frame.f_code.co_qualname}.<locals>.")
        )
        for frame, name in zip(users[:index], called, strict=False)
    )


def place_of(frame: FrameType) -> Place:
    """The line that a frame is at."""
    return Place(frame.f_code.co_filename, frame.f_lineno)


def _mentions(frame: FrameType, kind: Kind) -> bool:
    """Whether a function names a transform of this kind itself, by its own name or by another one."""
    code = frame.f_code
    words = words_for(kind)
    return any(_is_word(name, frame, words) for name in _names(code))


def _names(code: CodeType) -> Iterator[str]:
    yield from (*code.co_names, *code.co_freevars)


def _is_word(name: str, frame: FrameType, words: frozenset[str]) -> bool:
    found = frame.f_globals.get(name)
    if found is not None and str(getattr(found, "__module__", "")).partition(".")[0] in (
        "jax",
        "equinox",
        "flax",
    ):
        return getattr(found, "__name__", "") in words
    return name in words and (name != "map" or "lax" in frame.f_code.co_names)
