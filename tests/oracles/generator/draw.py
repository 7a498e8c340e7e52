"""Drawing forms at random and filling them in."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from tests.oracles.forms.table import Table

from .spelling import Spelling
from .text import Lines, State

Form = TypeVar("Form")
Value = str | Callable[[], str]
_HOLE = re.compile(r"<([a-z_]+)(?::([a-z_]+))?>")
_STEMS = {"y": "value", "z": "kept", "k": "work", "l": "inner", "a": "mod", "g": "given"}


@dataclass
class Draw:
    """What one scene draws with.

    ``args`` is what a call passes before the site's id, ``setup`` the lines the next rebinding needs
    before it, ``shared`` the values of holes that mean the same in every form of the scene.
    ``names_given`` are the new names of the program so far. ``may_export``: no ``__all__`` stands in it
    yet. ``may_take``: the new name may be used for something else. ``rules``: the rules that have names and read
    the primal's, each with the number of its parameters. ``barred``: what a form must not hold.
    """

    rng: random.Random
    spelling: Spelling
    features: set[str]
    serial: Iterator[int]
    name: str
    in_function: bool = False
    args: str = ""
    transforms: tuple[str, ...] = ("vmap",)
    setup: Lines = field(default_factory=list)
    shared: dict[str, str] = field(default_factory=dict)
    names_given: set[str] = field(default_factory=set)
    rules: list[tuple[str, int]] = field(default_factory=list)
    barred: tuple[str, ...] = ()
    may_export: bool = True
    may_take: bool = True

    def pick(self, table: Table[Form], fits: Callable[[Form], bool] = lambda _: True) -> Form:
        barred = table.module_only if self.in_function else table.function_only

        def can(name: str) -> bool:
            form = table.forms[name]
            return name not in barred and fits(form) and not any(each in str(form) for each in self.barred)

        return table.choose(self.rng, self.features, can)

    def maybe(self, probability: float) -> bool:
        return self.rng.random() < probability

    def fresh(self, stem: str) -> str:
        return f"{stem}_{next(self.serial)}"

    def call(self, token: str, site: str = "$O") -> str:
        return f"{token}({self.args}{site})"


@dataclass(frozen=True)
class Use:
    """Lines for the place where a form stands, and lines to run when its scope ends."""

    now: Lines
    end: Lines


class Filling:
    """Fills the holes of one form. A hole keeps its fresh name all through the form.

    ``<y>``, ``<z>`` fresh variables, ``<k>``, ``<l>`` fresh functions, ``<a>`` a fresh module, ``<g>`` a fresh
    name for the function, ``<n>`` the name left alone, ``<t>`` and ``<c>`` a read and a call of what the name
    holds here, ``<dt>`` and ``<dc>`` of what it holds in the end, ``<i>`` a call inside the region, ``<o>`` and
    ``<ii>`` an id outside and inside, ``<args>`` what a call passes first, ``<jax:vmap>`` and ``<partial>``
    imported names as spelled here.
    """

    def __init__(self, draw: Draw, state: State = State.ORIGINAL, **values: Value) -> None:
        self.draw = draw
        token = state.value
        self.values: dict[str, Value] = {
            "n": "$f",
            "t": token,
            "dt": "$d",
            "c": draw.call(token),
            "dc": draw.call("$d"),
            "i": draw.call("$f", "$I"),
            "o": "$O",
            "ii": "$I",
            "args": draw.args,
            "partial": draw.spelling.partial,
            **draw.shared,
            **values,
        }

    def fill(self, form: str) -> str:
        return _HOLE.sub(lambda match: self.value(match[1], match[2]), form)

    def value(self, hole: str, detail: str | None = None) -> str:
        if hole == "jax" and detail:
            return self.draw.spelling.jax(detail)
        if hole not in self.values:
            self.values[hole] = self.draw.fresh(_STEMS[hole])
        value = self.values[hole]
        return value if isinstance(value, str) else value()

    def use(self, form: str) -> Use:
        now, _, end = textwrap.dedent(form).partition("---\n")
        return Use(logical_lines(self.fill(now)), logical_lines(self.fill(end)))

    def lines(self, form: str) -> Lines:
        return logical_lines(self.fill(textwrap.dedent(form)))


def logical_lines(text: str) -> Lines:
    """Split a form into logical lines; ``|`` at the start continues the line above."""
    lines: Lines = []
    for line in text.strip("\n").split("\n") if text.strip("\n") else ():
        if line.lstrip().startswith("|"):
            lines[-1] += "\n" + line.replace("|", "", 1)
        else:
            lines.append(line)
    return lines
