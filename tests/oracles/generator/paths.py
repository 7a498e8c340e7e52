"""Programs of statements and expressions put into one another at random: no fix may change what they do."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from tests.oracles.forms.paths import TABLES

from .program import FILE, Kind, Program
from .scene import Scene, Verdict
from .text import Resolved

_INSIDE = 1000
"""The call site in the rule."""
_IMPORTS = """\
from contextlib import suppress
from jax import custom_vjp, jit, named_scope, vmap
from probing import box, flag, keep, mode, probe, risky, turns
"""
_PRIMAL = f"""\
@custom_vjp
def f(x):
    return x
def f_fwd(x):
    return f({_INSIDE}), x
f.defvjp(f_fwd, lambda x, ct: (ct,))
first = vmap(f)
second = jit(first)
"""
_HOLE = re.compile("<([eqsnvxd])>")
_BLOCK = re.compile("( *)<([blp])>")
MOST = 8
"""How many statements a program may have: the time that a program takes grows much faster than they do."""


def paths(seed: int) -> Program:
    """The program of a seed."""
    made = _Maker(random.Random(seed))
    files = {FILE: made.program().encode()}
    content = Resolved((), frozenset({_INSIDE}), frozenset(range(1, next(made.sites))))
    scene = Scene("f", Verdict.ANY, Verdict.ANY, content, exact=False)
    return Program(Kind.PATHS, seed, files, files, (scene,), frozenset(made.features), can_be_fixed=False)


@dataclass
class _Maker:
    """Fills forms. ``room``: how many statements there may still be."""

    rng: random.Random
    features: set[str] = field(default_factory=set)
    sites: Iterator[int] = field(default_factory=lambda: count(1))
    names: Iterator[int] = field(default_factory=lambda: count(1))
    room: int = 0

    def program(self) -> str:
        self.room = self.rng.randint(3, MOST)
        lines: list[str] = []
        while self.room > 0:
            lines += self.statement(3, in_loop=False)
        lines.append(self.filled("probe(<s>, f)", 0))
        if self.name_of("cut_in") == "module":
            return _IMPORTS + _PRIMAL + "\n".join(lines) + "\n"
        body = [*_PRIMAL.splitlines(), *lines, "return f"]
        end = self.filled("made = main()\nprobe(<s>, made)\n", 0)
        return "\n".join([f"{_IMPORTS}def main():", *(f"    {line}" for line in body), end])

    def name_of(self, group: str) -> str:
        name = self.rng.choice(list(TABLES[group]))
        self.features.add(f"{group}:{name}")
        return name

    def pick(self, group: str) -> str:
        return TABLES[group][self.name_of(group)]

    def statement(self, depth: int, *, in_loop: bool) -> list[str]:
        self.room -= 1
        lot = self.rng.random()
        if depth and self.room > 0 and lot < 0.6:
            form = self.pick("compound")
        elif in_loop and lot > 0.9:
            form = self.pick("in_loop")
        else:
            form = self.pick("simple")
        name = f"name_{next(self.names)}"
        lines: list[str] = []
        for line in form.replace("<x>", name).split("\n"):
            if block := _BLOCK.fullmatch(line):
                loops = block[2] == "l" or (in_loop and block[2] == "b")
                lines += [block[1] + each for each in self.block(depth - 1, in_loop=loops)]
            else:
                lines.append(self.filled(line, 2))
        return lines

    def block(self, depth: int, *, in_loop: bool) -> list[str]:
        lines: list[str] = []
        for _ in range(self.rng.randint(1, 3)):
            lines += self.statement(depth, in_loop=in_loop)
        return lines

    def filled(self, form: str, depth: int) -> str:
        return _HOLE.sub(lambda match: self.value(match[1], depth), form)

    def value(self, hole: str, depth: int) -> str:
        match hole:
            case "s":
                return str(next(self.sites))
            case "v":
                return self.rng.choice(("first", "first", "second"))
            case "n":
                return self.pick("turns")
            case "d":
                return self.filled(self.pick("context"), depth)
            case "q":
                return self.filled(self.pick("read"), 0)
        lot = self.rng.random()
        if depth and lot < 0.6:
            return self.filled(self.pick("expression"), depth - 1)
        return self.filled(self.pick("bind" if lot > 0.85 else "read"), depth)
