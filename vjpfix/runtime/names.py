"""Whether a name that a primal or its rules read stands for a transformed version of that very primal."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType

from vjpfix.jaxfacts.transforms import Kind, Role, Transform
from vjpfix.model import Certainty
from vjpfix.runtime.codes import names_read
from vjpfix.runtime.jax_internals import Primal, cells_of, library_of, of_library, transform_made
from vjpfix.runtime.report import Place

_LONGEST_CHAIN = 16
_DEEPEST_HELPER = 2
_MOST_FUNCTIONS = 200


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A name that lost its primal: who reads it where, and the harmful transform it stands for.

    ``reader`` is the function whose code reads it; ``owner`` the file of the module that holds it, and empty
    for a variable of an enclosing function.
    """

    name: str
    role: Role
    reader: str
    read: Place
    transform: Transform
    certainty: Certainty
    owner: str


def taken_over(primal: Primal) -> Iterator[TakenOver]:
    """Every name in reach of a primal's code and its rules that stands for a transform of it.

    A name counts that is the primal's own, or under which its module has the primal no longer: another name
    for the mapped version is no mistake in itself. Names are looked up now, without running anything.
    """
    for role in (Role.PRIMAL, *primal.rules):
        for reader in _with_helpers(primal.written(role)):
            for name, value, line in _reads(reader):
                transform = harmful(value, primal.made, role)
                if transform and _lost(primal, name, reader):
                    place = Place(reader.__code__.co_filename, line)
                    owner = (
                        str(reader.__globals__.get("__file__", "")) if name not in cells_of(reader) else ""
                    )
                    yield TakenOver(
                        name, role, reader.__name__, place, transform, transform.breaks[role], owner
                    )


def harmful(value: object, made: object, role: Role) -> Transform | None:
    """The first transform between a value and the primal that it is made of that breaks a role, or None."""
    chain = chain_to(value, made)
    return next((row for row in chain or () if row.breaks.get(role)), None)


def chain_to(value: object, made: object) -> list[Transform] | None:
    """The known transforms from a value to the primal that it wraps, outermost first; None if it does not."""
    chain: list[Transform] = []
    for _ in range(_LONGEST_CHAIN):
        if value is made or _holds(value, made):
            return chain
        row = transform_made(value)
        if row:
            chain.append(row)
        value = _unwrapped(value, chain)
        if value is None:
            return None
    return None


def reads(value: object, made: object) -> bool:
    """Whether a value is a function of the user's that reads a primal, or a transform of it, by a name."""
    function = _python(value)
    return function is not None and any(chain_to(each, made) is not None for _, each, _ in _reads(function))


def _holds(value: object, made: object) -> bool:
    """Whether a library's own kind of function with rules is built on the primal."""
    if isinstance(value, FunctionType) or not of_library(value):
        return False
    return any(each is made for each in getattr(value, "__dict__", {}).values())


def _unwrapped(value: object, chain: list[Transform]) -> object | None:
    if isinstance(value, functools.partial):
        row = transform_made(value.func)
        if row and value.args:
            chain.append(row)
            first: object = value.args[0]
            return first
        return value.func
    try:
        return getattr(value, "__wrapped__", None)
    except Exception:  # a property of the user's own
        return None


def _lost(primal: Primal, name: str, reader: FunctionType) -> bool:
    if name in primal.names:
        return True
    return not any(
        value is primal.made for value in [*reader.__globals__.values(), *cells_of(reader).values()]
    )


def _with_helpers(function: object) -> Iterator[FunctionType]:
    """A function's Python code, and that of the functions which it reads by name, and they."""
    seen: set[int] = set()
    level = [_python(function)]
    for _ in range(_DEEPEST_HELPER + 1):
        fresh = [each for each in level if each is not None and id(each) not in seen][:_MOST_FUNCTIONS]
        seen |= {id(each) for each in fresh}
        yield from fresh
        level = [_python(value) for each in fresh for _, value, _ in _reads(each)]


def _python(value: object) -> FunctionType | None:
    """The user's Python function that a value is, or that a compiled one is made of."""
    for _ in range(_LONGEST_CHAIN):
        if isinstance(value, functools.partial):
            value = value.func
        elif isinstance(value, FunctionType) and not library_of(value.__code__.co_filename):
            return value
        else:
            row = transform_made(value)
            if row is None or row.kind not in (Kind.COMPILES, Kind.WRAPS):
                return None
            value = getattr(value, "__wrapped__", None)
    return None


def _reads(function: FunctionType) -> Iterator[tuple[str, object, int]]:
    """Names of the module and of enclosing functions that a function reads, each with what it stands for."""
    cells = cells_of(function)
    for name, line in names_read(function.__code__).items():
        if name in cells:
            yield name, cells[name], line
        elif name in function.__globals__:
            yield name, function.__globals__[name], line
