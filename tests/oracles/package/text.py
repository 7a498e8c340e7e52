"""Module text before it is decided which of its versions it becomes.

A name that the fix of defect 1 renames is marked (``marked``), and a line that only the fix has begins with
``ADDED``. The generator's own fix renames everywhere; it shows that a project can be fixed at all.
"""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

Form = TypeVar("Form")
ADDED = "\x03"
_MARK = re.compile("\x01(\\d)([^\x02]*)\x02")
_ADDED_LINE = re.compile(f"(?m)^ *{ADDED}.*\n")
_HOLE = re.compile(r"<([a-z_]+)>")


def marked(name: str, defect: int) -> str:
    return f"\x01{defect}{name}\x02"


def before(text: str) -> str:
    """The text as the user wrote it."""
    return _MARK.sub(r"\2", _ADDED_LINE.sub("", text))


def own_fix(text: str) -> str:
    """The text with everything renamed that a fix renames."""
    return _MARK.sub(r"\2_fixed\1", text.replace(ADDED, ""))


@dataclass
class Draw:
    """What one project draws with: chance, the ids of call sites, fresh names, and the forms drawn so far.

    ``doubtful``: forms drawn for which a fix and a refusal are both right.
    """

    rng: random.Random
    features: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    inside: set[int] = field(default_factory=set)
    outside: set[int] = field(default_factory=set)
    sites: Iterator[int] = field(default_factory=lambda: count(100))
    serial: Iterator[int] = field(default_factory=lambda: count(1))

    def maybe(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(
        self, group: str, forms: Mapping[str, Form], fits: Callable[[Form], bool] = lambda _: True
    ) -> Form:
        """One of the forms that fit, noted among the features as "group:name"."""
        name = self.rng.choice([name for name, form in forms.items() if fits(form)])
        self.features.add(f"{group}:{name}")
        return forms[name]

    def some(self, group: str, forms: Mapping[str, Form], least: int, most: int) -> list[Form]:
        return [self.pick(group, forms) for _ in range(self.rng.randint(least, most))]

    def one_of(self, values: Sequence[Form]) -> Form:
        return self.rng.choice(values)

    def fill(self, template: str, **holes: str) -> list[str]:
        """The lines of a template. ``<o>`` and ``<i>`` are ids of sites outside and inside, each its own;
        a hole of one letter that ``holes`` lacks is a fresh name, the same all through the template."""
        known = dict(holes)

        def filled(match: re.Match[str]) -> str:
            hole = match[1]
            if hole in ("o", "i"):
                site = next(self.sites)
                (self.outside if hole == "o" else self.inside).add(site)
                return str(site)
            if hole not in known:
                assert len(hole) == 1, f"no value for <{hole}>"
                known[hole] = f"{_STEMS.get(hole, hole)}_{next(self.serial)}"
            value = known[hole]
            return _HOLE.sub(filled, value) if "<" in value else value

        return _HOLE.sub(filled, textwrap.dedent(template).strip("\n")).splitlines()


_STEMS = {"a": "mod", "g": "given", "y": "var", "z": "item", "k": "func", "l": "inner", "c": "Kept"}


def indent(lines: Sequence[str], by: str = "    ") -> list[str]:
    return [by + line for line in lines]
