"""Scenes that the tool must fix, in just one way."""

from __future__ import annotations

import itertools

from .draw import Draw, Filling, Table
from .region import KINDS, ROLES
from .scene import Recipe, Scene, Verdict, full_scene, settled
from .text import Lines, State
from .transforms import DIFFERENTIATES, HARMLESS, MAPS, suffix

TAKEN = Table(
    "taken",
    {
        "in_the_scope": "<taken> = 1.0",
        "in_the_scope_later": "---\n<taken> = 1.0",
        "parameter": "def <k>(<taken>):\n    return <taken>, <dc>\n---\n<k>(1.0)",
        "local": "def <k>():\n    <taken> = 1.0\n    return <taken>, <dc>\n---\n<k>()",
        "comprehension": "def <k>():\n    return [<dc> for <taken> in (1.0,)]\n---\n<k>()",
        "function": "def <taken>(x):\n    return x\n---\n<taken>(1.0)",
    },
)
EXPORTS = Table(
    "exports",
    {
        "list": '__all__ = ["<dt>"]',
        "tuple_single_quotes": "__all__ = ('box', '<dt>')",
        "multiline": '__all__ = [\n|    "<dt>",  # <n>\n|    "probe",\n|]',
        "annotated": '__all__: list[str] = ["<dt>"]',
    },
)
CHAINS: Table[tuple[tuple[str, ...], ...]] = Table(
    "chain",
    {
        "maps": (MAPS,),
        "maps_twice": (MAPS, MAPS),
        "maps_then_jit": (MAPS, HARMLESS),
        "maps_then_anything": (MAPS, (*MAPS, *HARMLESS, *DIFFERENTIATES)),
        "jit_then_maps": (HARMLESS, MAPS),
        "three": (MAPS, HARMLESS, MAPS),
        "differentiates": (DIFFERENTIATES,),
    },
)


def fixable(draw: Draw, scope: str) -> Scene:
    """A scene in which the rules read a name that was taken over, and nothing stands in the way."""
    chain: tuple[tuple[str, ...], ...] = draw.pick(CHAINS)
    differentiates = chain == (DIFFERENTIATES,)
    if differentiates:
        chain = ((draw.rng.choice(DIFFERENTIATES),),)
    kind = draw.pick(KINDS)
    roles = some_roles(draw, kind, certain=differentiates and kind != "gradient")
    lines, final = full_scene(draw, Recipe(kind, roles, chain))
    lines, new = named(draw, lines, f"{draw.name}_{suffix(chain)}")
    if draw.may_export and scope == "module" and draw.maybe(0.15):
        export = Filling(draw).lines(draw.pick(EXPORTS))
        lines = [*export, *lines] if draw.maybe(0.5) else [*lines, *export]
    return settled(draw, scope, lines, final, new, Verdict.FIX)


def some_roles(draw: Draw, kind: str, certain: bool) -> tuple[str, ...]:
    """Which functions of the region read the name. ``certain``: among them a rule, not only the body."""
    roles = ROLES[kind]
    chosen = tuple(role for role in roles if draw.maybe(0.5)) or (draw.rng.choice(roles),)
    return (*chosen, roles[0]) if certain and chosen == ("body",) else chosen


def named(draw: Draw, lines: Lines, base: str) -> tuple[Lines, str]:
    """Use the new name for something else now and then, so that it needs a number."""
    taken = set(draw.names_given)
    new = free(base, taken)
    while draw.may_take and draw.maybe(0.15):
        use = Filling(draw, State.ORIGINAL, taken=new).use(draw.pick(TAKEN))
        lines = [*use.now, *lines, *use.end]
        taken.add(new)
        new = free(base, taken)
    draw.names_given.add(new)
    return lines, new


def free(base: str, taken: set[str]) -> str:
    numbered = (f"{base}_{number}" for number in itertools.count(2))
    return next(name for name in itertools.chain((base,), numbered) if name not in taken)
