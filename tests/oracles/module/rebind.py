"""How the name is taken over.

A form's text is a template (see ``draw.Filling``) with holes of its own: ``<m>`` binds or reads the new
version; ``<to:s>`` is the transformed version of what the state ``s`` reads; ``<tok:s>`` reads it;
a line ``<rebind:s>`` is another rebinding that starts in ``s``, and ``<use:s>`` some uses in ``s``.
States: ``s`` on entry, ``m`` new, ``j`` either of the two (where paths come back or meet), ``r`` and
``q`` what the first and the second inner rebinding left. ``<+>`` is where ``new = old`` would stand.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from .draw import Draw, Filling, Table, logical_lines
from .rebind_flow import FLOW
from .text import Lines, State, join
from .transforms import transformed
from .uses import IMMEDIATE

PLAIN = "<m> = <to:s>"
SIMPLE = Table(
    "rebind",
    {
        "plain": PLAIN,
        "annotated": "<m>: object = <to:s>",
        "chained_first": "<m> = <y> = <to:s>\n<y>(<args><o>)",
        "chained_last": "<y> = <m> = <to:s>\n<y>(<args><o>)",
        "tuple": "<m>, <y> = <to:s>, <tok:s>(<args><o>)",
        "tuple_second": "<y>, <m> = <tok:s>(<args><o>), <to:s>",
        "list_target": "[<y>, <m>] = [1, <to:s>]",
        "parenthesised": "(<m>) = (<to:s>)",
        "walrus_called": "(<m> := <to:s>)(<args><o>)",
        "walrus_between": "<y> = (<tok:s>(<args><o>), (<m> := <to:s>), <m>(<args><o>))",
        "walrus_argument": "probe(<o>, (<m> := <to:s>))",
        "walrus_f_string": "<y> = f'{(<m> := <flat:s>)} {<m>(<args><o>)}'",
        "walrus_dict": "<y> = {probe(<o>, <tok:s>): (<m> := <to:s>), probe(<o>, <m>): 1.0}",
        "alias": "<y> = <to:s>\n<m> = <y>\n<y>(<args><o>)",
        "alias_of_original": "<y> = <tok:s>\n<m> = <toy>\n<y>(<args><o>)",
        "semicolons": "<y> = 1; <m> = <to:s>; <m>(<args><o>)",
        "twice": "<m> = <to:s>\n<m> = <to:m>",
        "wide_text_before": "<y> = 'ä€😀'; <m> = <to:s>  # <n>",
    },
)
WRAPPERS = Table(
    "rebind",
    {
        "later_def": "<y> = <tok:s>\ndef <m>(*args, **kwargs):\n    return <one>(<y>)(*args, **kwargs)",
        "later_lambda": "<y> = <tok:s>\n<m> = lambda *args, **kwargs: <one>(<y>)(*args, **kwargs)",
        "later_def_documented": '''
            <y> = <tok:s>
            def <m>(*args, **kwargs):
                """Many <n> at once."""
                return <one>(<y>)(*args, **kwargs)
            ''',
    },
)
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
