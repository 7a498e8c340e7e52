"""What a scene is about: a mistake that has a fix, one that has none, decorators that stand wrong, or nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tests.oracles.forms import stacked as forms
from tests.oracles.forms.others import EXPORTS, INSTEAD, REFUSALS, TAKEN
from tests.oracles.forms.reads import BLIND_READS
from tests.oracles.forms.rebindings import CHAINS, DIFFERENTIATES, HARMLESS, MAPS, SIMPLE
from tests.oracles.forms.regions import KINDS, ROLES
from tests.oracles.forms.table import Table
from tests.oracles.forms.uses import DEFERRED, TRAPS

from .draw import Draw, Filling
from .rebind import expand
from .region import make_region
from .scene import Recipe, Scene, Stage, Verdict, full_scene, region_lines, settled
from .text import ADDED, REMOVED, Lines, State

_SUFFIXES = {
    **dict.fromkeys(MAPS, "mapped"),
    **{name: name for name in DIFFERENTIATES},
    **dict.fromkeys(HARMLESS, "jitted"),
}


def fixable(draw: Draw, scope: str) -> Scene:
    """A scene in which the rules read a name that was taken over, and nothing stands in the way."""
    lines, final, suffix = mistaken(draw)
    lines, new = named(draw, lines, f"{draw.name}_{suffix}")
    if draw.may_export and scope == "module" and draw.maybe(0.4):
        lines = exported(draw, lines)
    return settled(draw, scope, lines, final, new, Verdict.FIX)


def mistaken(draw: Draw, middle: tuple[str, ...] = ()) -> tuple[Lines, State, str]:
    """The lines of such a scene, what the name holds in the end, and what a new name ends in."""
    chain: tuple[tuple[str, ...], ...] = draw.pick(CHAINS)
    differentiates = chain == (DIFFERENTIATES,)
    if differentiates:
        chain = ((draw.rng.choice(DIFFERENTIATES),),)
    kind = draw.pick(KINDS)
    roles = some_roles(draw, kind, certain=differentiates and kind != "gradient")
    lines, final = full_scene(draw, Recipe(kind, roles, chain, None, middle))
    names = [name for pool in chain for name in pool]
    return lines, final, "mapped" if set(names) & set(MAPS) else _SUFFIXES[names[0]]


def some_roles(draw: Draw, kind: str, certain: bool) -> tuple[str, ...]:
    """Which functions of the region read the name. ``certain``: among them a rule, not only the body."""
    roles = ROLES[kind]
    chosen = tuple(role for role in roles if draw.maybe(0.5)) or (draw.rng.choice(roles),)
    return (*chosen, roles[0]) if certain and chosen == ("body",) else chosen


def exported(draw: Draw, lines: Lines) -> Lines:
    export = Filling(draw).lines(draw.pick(EXPORTS))
    return [*export, *lines] if draw.maybe(0.5) else [*lines, *export]


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


def refuse(draw: Draw, scope: str) -> Scene:
    """A scene with the mistake in which no edit is right: the tool must say why and touch nothing."""
    form = draw.pick(REFUSALS)
    kind = draw.pick(KINDS)
    draw.shared = {"h": draw.fresh("shared")}
    draw.transforms = MAPS
    region = make_region(draw, kind, some_roles(draw, kind, certain=False), form.read)
    stage = Stage(draw, [*region_lines(draw, region), *region.late], [])
    filling = Filling(draw, State.ORIGINAL)
    stage.some(State.ORIGINAL, 0, 1)
    for part in (form.before, form.rebind, form.after):
        stage.lines += filling.lines(part)
        stage.some(State.ORIGINAL, 0, 1)
    return settled(draw, scope, stage.finish(), State.ORIGINAL, draw.name, Verdict.REFUSE, unharmed=False)


def leave(draw: Draw, scope: str) -> Scene:
    """A scene that looks like the mistake and is not: the tool must leave it alone."""
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


def stacked(draw: Draw, scope: str) -> Scene:
    """Transforms are decorators above the one that makes the primal, so that rules cannot be attached.

    In the generator's own fix the decorators are evaluated where they stood, and make a name of their own.
    """
    kind = draw.rng.choice(("vjp", "vjp", "jvp"))
    odd: set[str] = set()
    above = [_usual(draw, forms.ABOVE, odd) for _ in range(draw.rng.choices((1, 2, 3), (4, 3, 1))[0])]
    attachment = _usual(draw, forms.ATTACHMENTS[kind], odd)
    roles = some_roles(draw, kind, certain=False)
    region = make_region(draw, kind, roles, None, forms.BELOW, attachment)
    filling = Filling(draw)
    made = [draw.fresh("made") for _ in above]
    before: Lines = []
    for name, form in zip(made, above, strict=True):
        (line,) = filling.lines(form)
        before += [f"{REMOVED}@{line}", f"{ADDED}{name} = {line}"]
    result = f"{ADDED}$m = {'('.join(made)}($f{')' * len(made)}"
    stage = Stage(draw, [*before, *region.primal, result, *region.after_primal], [])
    stage.lines += [*region.helpers, *region.rules, *region.late]
    for _ in range(draw.rng.randint(0, 2)):
        table = draw.rng.choice((forms.BETWEEN, forms.BETWEEN, DEFERRED, TRAPS))
        form = _usual(draw, table, odd, 0.3) if table is forms.BETWEEN else draw.pick(table)
        stage.add(form, State.NEW)
    stage.lines += region.attach
    stage.some(State.NEW, 0, 2)
    if draw.maybe(0.3):
        draw.transforms = (*MAPS, "jit")
        draw.setup = []
        again = expand(draw, draw.pick(SIMPLE), State.NEW, {})
        stage.lines += [*draw.setup, *again]
    stage.add(_usual(draw, forms.AFTER, odd, 0.2), State.NEW)
    stage.add("<c>", State.NEW)
    verdict = Verdict.NO_FIX if "no" in odd else Verdict.ANY if "maybe" in odd else Verdict.FIX
    new = f"{draw.name}_meant"
    return settled(draw, scope, stage.finish(), State.NEW, new, verdict, unharmed=False, exact=False)


def _usual(draw: Draw, table: Table[str], odd: set[str], often: float = 0.1) -> str:
    """A form of the table, seldom one that is in the way, which ``odd`` is told."""
    is_odd = draw.maybe(often)
    prefixes = ("no", "maybe")
    barred = table.module_only if draw.in_function else table.function_only
    fits = [name for name in table.forms if name not in barred]
    names = [name for name in fits if (name.partition("_")[0] in prefixes) == is_odd] or fits
    name = draw.rng.choice(names)
    draw.features.add(f"{table.group}:{name}")
    odd |= {name.partition("_")[0]} & {*prefixes}
    return table.forms[name]
