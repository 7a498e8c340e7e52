"""What a generated program is: files, how they are run, and what the tool must make of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from tests.oracles.standin import MORE_WORLDS, WORLDS, World

from .scene import Scene

FILE = "program.py"


class Kind(Enum):
    """How programs are drawn."""

    MODULE = "module"
    STACKED = "stacked"
    PATHS = "paths"
    PROJECT = "project"


PROGRAMS = {Kind.MODULE: 1_200, Kind.STACKED: 320, Kind.PATHS: 600, Kind.PROJECT: 600}
"""How many there are of a kind, in one turn."""


@dataclass(frozen=True, slots=True)
class Session:
    """One Python process: the folders on ``sys.path``, then modules to import or one script to run."""

    folders: tuple[str, ...] = ("",)
    modules: tuple[str, ...] = ()
    script: str | None = None
    type_checking: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """``files``: every file as the user wrote it, by path. ``own_fix``: all of them after the generator's own fix
    of every mistake, which is of no use where ``can_be_fixed`` is false.

    ``touchable``: all files that a fix may change. ``broken``: those that cannot be parsed. ``sites``: call sites
    in groups of which each has one that runs. ``lenient``: rules may be attached to transformed versions. ``features``: the
    forms it combines, as "dimension:form".
    """

    kind: Kind
    seed: int
    files: dict[str, bytes] = field(repr=False)
    own_fix: dict[str, bytes] = field(repr=False)
    scenes: tuple[Scene, ...]
    features: frozenset[str]
    sessions: tuple[Session, ...] = (Session(modules=("program",)),)
    touchable: frozenset[str] = frozenset({FILE})
    broken: frozenset[str] = frozenset()
    sites: tuple[frozenset[int], ...] = ()
    can_be_fixed: bool = True

    @property
    def inside(self) -> frozenset[int]:
        return frozenset(site for scene in self.scenes for site in scene.content.inside)

    @property
    def exact(self) -> bool:
        return all(scene.exact for scene in self.scenes)

    @property
    def lenient(self) -> bool:
        return self.kind is Kind.STACKED

    @property
    def worlds(self) -> tuple[World, ...]:
        if self.kind is Kind.PATHS:
            return (*WORLDS, *MORE_WORLDS)
        return WORLDS[:2] if self.kind is Kind.PROJECT else WORLDS


def encoding_of(data: bytes) -> str:
    if b"latin-1" in data[:100]:
        return "latin-1"
    return "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"


def text_of(data: bytes) -> str:
    return data.decode(encoding_of(data))
