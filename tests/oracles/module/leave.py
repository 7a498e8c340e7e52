"""Scenes that look like the mistake and are not: the tool must leave them alone."""

from __future__ import annotations

from collections.abc import Callable

from .draw import Draw, Table
from .fixable import some_roles
from .reads import BLIND_READS
from .region import KINDS, make_region
from .scene import Recipe, Scene, Stage, Verdict, full_scene, region_lines, settled
from .text import Lines, State
from .transforms import DIFFERENTIATES, HARMLESS, MAPS

INSTEAD = Table(
    "instead",
    {
        "own_name": "<n>_batched = <jax:vmap>(<n>)\n<n>_batched(<o>)",
        "itself": "<n> = <n>",
        "alias_of_itself": "<y> = <n>\n<n> = <y>",
        "identity": "<n> = keep(<n>)",
        "annotation_only": "<n>: object",
        "class_attribute": "class <k>:\n    <n> = <jax:vmap>(1.0)",
        "class_transforms": "<y> = <n>\nclass <k>:\n    <n> = <jax:vmap>(<y>)\n    <n>(<args><o>)",
        "attribute": "<y> = box()\n<y>.<n> = <jax:vmap>(<n>)\n<y>.<n>(<o>)",
        "item": '<y> = {}\n<y>["<n>"] = <jax:vmap>(<n>)\n<y>["<n>"](<o>)',
        "parameter": "def <k>(<n>):\n    <n> = <jax:vmap>(<n>)\n    return <n>(<o>)\n<k>(<n>)",
        "default": "def <k>(<n>=<n>):\n    <n> = <jax:vmap>(<n>)\n    return <n>(<o>)\n<k>()",
        "local_of_alias": "<y> = <n>\ndef <k>():\n    <n> = <jax:vmap>(<y>)\n    return <n>(<o>)\n<k>()",
        "loop_variable": "def <k>(z):\n    for <n> in z:\n        <n> = <jax:vmap>(<n>)\n        <n>(<o>)\n<k>([<n>])",
        "comprehension": "<y> = [<jax:vmap>(<n>)(<o>) for <n> in [<n>]]",
        "lambda": "<k> = lambda <n>: <jax:vmap>(<n>)(<o>)\n<k>(<n>)",
        "applied_at_once": "<y> = <jax:vmap>(<n>)(<o>)",
        "other_function_owns_it": """
            def <k>():
                def <n>(x):
                    return x
                <n> = <jax:vmap>(<n>)
                return <n>(<o>)
            <k>()
            """,
        "another_primal_in_each_function": """
            def <k>():
                @<jax:custom_vjp>
                def <n>(x):
                    return x
                def fwd(x):
                    return <n>(<ii>), x
                <n>.defvjp(fwd, lambda res, ct: (ct,))
                return <n>(<o>)
            def <l>():
                <n> = <jax:vmap>(keep)
                return <n>(<o>)
            <k>(), <l>()
            """,
        "redefined": "def <n>(*args, **options):\n    return token('another function')",
        "redefined_and_mapped": """
            def <n>(*args, **options):
                return token('another function')
            <n> = <jax:vmap>(<n>)
            """,
    },
)


def leave(draw: Draw, scope: str) -> Scene:
    """A scene without a finding."""
    # The two that have tables of their own are drawn more often than the others.
    lot = draw.rng.random()
    return (_instead if lot < 0.4 else _blind_read if lot < 0.6 else draw.pick(LEAVES))(draw, scope)


def _full(draw: Draw, scope: str, recipe: Recipe, unharmed: bool = True) -> Scene:
    lines, final = full_scene(draw, recipe)
    return settled(draw, scope, lines, final, draw.name, Verdict.LEAVE, unharmed)


def _no_rule_reads(draw: Draw, scope: str) -> Scene:
    return _full(draw, scope, Recipe(draw.pick(KINDS), (), (MAPS,)))


def _harmless_transform(draw: Draw, scope: str) -> Scene:
    kind = draw.pick(KINDS)
    return _full(draw, scope, Recipe(kind, some_roles(draw, kind, certain=False), (HARMLESS,)))


def _blind_read(draw: Draw, scope: str) -> Scene:
    kind = draw.rng.choice(("vjp", "jvp"))
    read = draw.pick(BLIND_READS)
    return _full(draw, scope, Recipe(kind, ("fwd", "jvp"), (MAPS,), read))


def _body_only(draw: Draw, scope: str) -> Scene:
    """Differentiating the name does no harm to a primal that calls itself: only rules suffer."""
    kind = draw.rng.choice(("vjp", "jvp"))
    return _full(draw, scope, Recipe(kind, ("body",), (DIFFERENTIATES,)), unharmed=False)


def _instead(draw: Draw, scope: str) -> Scene:
    """Something else where the rebinding would be."""
    kind = draw.pick(KINDS)
    region = make_region(draw, kind, some_roles(draw, kind, certain=False))
    stage = Stage(draw, [*region_lines(draw, region), *region.late], [])
    stage.some(State.ORIGINAL, 0, 2)
    form = draw.pick(INSTEAD)
    stage.add(form, State.ORIGINAL)
    stage.some(State.ORIGINAL, 0, 3)
    lines: Lines = stage.finish()
    redefined = "another function" in form
    return settled(draw, scope, lines, State.ORIGINAL, draw.name, Verdict.LEAVE, unharmed=not redefined)


Leave = Callable[[Draw, str], Scene]
LEAVES: Table[Leave] = Table(
    "leave",
    {
        "no_rule_reads": _no_rule_reads,
        "harmless_transform": _harmless_transform,
        "blind_read": _blind_read,
        "grad_of_recursion": _body_only,
        "instead": _instead,
    },
)
