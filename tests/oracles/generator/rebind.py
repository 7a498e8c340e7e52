"""A rebinding of the name, filled in."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from tests.oracles.forms.rebindings import (
    APPLICATIONS,
    COMPOSITIONS,
    FLAT_APPLICATIONS,
    FLOW,
    MAPS,
    OPTIONS,
    PLAIN,
    SIMPLE,
    WRAPPERS,
)
from tests.oracles.forms.uses import IMMEDIATE

from .draw import Draw, Filling, logical_lines
from .text import Lines, State, join

_SPECIAL = re.compile(r"<(m|tok|to|toy|flat|one)(?::([a-z]))?>")
_BLOCK = re.compile(r"( *)<(rebind|use)(2?):([a-z])>$")
_PLACE = "<+>"


@dataclass(frozen=True, slots=True)
class Rebound:
    """The lines of a rebinding and what the name holds after it."""

    lines: Lines
    after: State


def rebinding(draw: Draw, state: State) -> Rebound:
    """One rebinding of any form, with the lines it needs before it and the place of ``new = old``."""
    draw.setup = []
    kind = draw.rng.random()
    if kind < 0.4:
        made = simple(draw, state)
    elif kind < 0.5:
        wrapper = draw.pick(WRAPPERS)
        made = Rebound(expand(draw, wrapper, state, {}), State.NEW)
    else:
        made = flow(draw, state, depth=0)
    first = state is State.ORIGINAL
    lines = [line for line in made.lines if first or line.strip() != "$+"]
    return Rebound([*draw.setup, *lines], made.after)


def simple(draw: Draw, state: State) -> Rebound:
    return Rebound(expand(draw, draw.pick(SIMPLE), state, {}), State.NEW)


def flow(draw: Draw, state: State, depth: int) -> Rebound:
    """A compound statement that holds one or two rebindings."""
    form = draw.pick(FLOW)
    states = {"s": state, "m": State.NEW, "j": join(state, State.NEW)}
    lines: Lines = []
    for line in textwrap.dedent(form.text).strip("\n").split("\n"):
        block = _BLOCK.fullmatch(line)
        if block is None:
            lines.append(line)
            continue
        inner = inner_block(draw, block[2], states, block[4], depth)
        if inner is not None:
            states["q" if block[3] else "r"] = inner.after
            lines += indent_to(inner.lines, block[1])
        else:
            lines += indent_to(some_uses(draw, states[block[4]]), block[1])
    filled = expand(draw, "\n".join(lines), state, states, dedent=False)
    return Rebound(filled, join(*(states[name] for name in form.after)))


def inner_block(draw: Draw, what: str, states: dict[str, State], name: str, depth: int) -> Rebound | None:
    if what == "use":
        return None
    if depth < 2 and draw.maybe(0.25):
        draw.features.add("rebind:nested")
        inner = flow(draw, states[name], depth + 1)
        return Rebound([continued(line) for line in inner.lines if line.strip() != "$+"], inner.after)
    if draw.maybe(0.3):
        inner = simple(draw, states[name])
        return Rebound([continued(line) for line in inner.lines], inner.after)
    plain = expand(draw, PLAIN, states[name], {})
    return Rebound([continued(line) for line in plain], State.NEW)


def some_uses(draw: Draw, state: State) -> Lines:
    """One or two uses in a block. What they leave for the end is dropped: the block may not run."""
    uses = (Filling(draw, state).use(draw.pick(IMMEDIATE)) for _ in range(draw.rng.choice((1, 1, 2))))
    return [continued(line) for use in uses for line in use.now]


def continued(line: str) -> str:
    """Mark the further lines of a logical line, so that it can be filled as a part of a template."""
    return line.replace("\n", "\n|")


def indent_to(lines: Lines, padding: str) -> Lines:
    return [padding + line.replace("\n|", "\n" + padding + "|") for line in lines]


def expand(draw: Draw, form: str, state: State, states: dict[str, State], dedent: bool = True) -> Lines:
    """Fill a form whose blocks are settled."""
    known = {"s": state, "m": State.NEW, "j": join(state, State.NEW), **states}
    transform = draw.rng.choice(draw.transforms)
    filling = Filling(draw, state, one=draw.spelling.jax(transform) if "<one>" in form else "")

    def special(match: re.Match[str]) -> str:
        kind, name = match[1], match[2]
        if kind == "m":
            return State.NEW.value
        if kind == "one":
            draw.features.add(f"transform:{transform}")
            return filling.values["one"]
        if kind == "tok":
            return known[name].value
        made = transformed(draw, known[name or "s"], flat=kind == "flat")
        if kind == "toy":
            made = made.replace(known["s"].value, filling.value("y", None), 1)
        return made.replace("\n", "\n|")

    text = textwrap.dedent(form) if dedent else form
    return logical_lines(filling.fill(_SPECIAL.sub(special, text).replace(_PLACE, "$+")))


def transformed(draw: Draw, state: State, flat: bool = False) -> str:
    """An expression for the next version of the name, on one line if ``flat``.

    Lines it needs before it go to ``draw.setup``.
    """
    transform = draw.rng.choice(draw.transforms)
    draw.features.add(f"transform:{transform}")
    composed = transform in MAPS and draw.maybe(0.3)
    table = COMPOSITIONS if composed else FLAT_APPLICATIONS if flat else APPLICATIONS
    form = draw.pick(table)
    filling = Filling(draw, state, one=draw.spelling.jax(transform), option=OPTIONS[transform])
    setup, _, expression = form.rpartition("---\n")
    if setup:
        draw.setup.append(filling.fill(setup.strip()))
    return filling.fill(expression)
