"""The transforms of a rebinding, how they are applied to a read, and what the new name is."""

from __future__ import annotations

from .draw import Draw, Filling, Table
from .text import State

MAPS = ("vmap", "pmap")
DIFFERENTIATES = ("grad", "value_and_grad", "jacfwd", "jacrev", "hessian")
HARMLESS = ("jit", "checkpoint", "remat")
TRANSFORM_FEATURES = frozenset(f"transform:{name}" for name in (*MAPS, *DIFFERENTIATES, *HARMLESS))
SUFFIXES = {
    **dict.fromkeys(MAPS, "mapped"),
    **{name: name for name in DIFFERENTIATES},
    **dict.fromkeys(HARMLESS, "jitted"),
}
OPTIONS = {
    **dict.fromkeys(MAPS, "axis_name=None"),
    **dict.fromkeys(DIFFERENTIATES, "has_aux=False"),
    **dict.fromkeys(("checkpoint", "remat"), "prevent_cse=True"),
    "jit": "inline=False",
}

APPLICATIONS = Table(
    "application",
    {
        "direct": "<one>(<t>)",
        "option": "<one>(<t>, <option>)",
        "keyword": "<one>(fun=<t>)",
        "multiline": "<one>(\n    <t>,  # <n>\n)",
        "partial_transform": "<partial>(<one>, <option>)(<t>)",
        "bound_transform": "<y> = <partial>(<one>, <option>)\n---\n<y>(<t>)",
        "aliased_transform": "<y> = <one>\n---\n<y>(<t>)",
        "partial_inside": "<one>(<partial>(<t>, None))",
    },
)
FLAT_APPLICATIONS = Table(
    APPLICATIONS.group, {name: form for name, form in APPLICATIONS.forms.items() if name != "multiline"}
)
COMPOSITIONS = Table(
    "composition",
    {
        "jit_outside": "<jax:jit>(<one>(<t>))",
        "jit_inside": "<one>(<jax:jit>(<t>))",
        "checkpoint_inside": "<one>(<jax:checkpoint>(<t>))",
        "twice": "<one>(<one>(<t>, <option>))",
        "partial_jit": "<partial>(<jax:jit>, static_argnums=())(<one>(<t>))",
        "jit_outside_partial_inside": "<jax:jit>(<one>(<partial>(<t>, None)))",
    },
)


def suffix(chain: tuple[tuple[str, ...], ...]) -> str:
    """What the new name ends in: mapping wins, else the one derivative that the chain draws from."""
    names = [name for pool in chain for name in pool]
    return "mapped" if set(names) & set(MAPS) else names[0]


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
