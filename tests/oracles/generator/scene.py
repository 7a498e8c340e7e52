"""One primal with its rules, its rebindings and its uses, in one scope."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tests.oracles.forms.reads import ReadForm
from tests.oracles.forms.table import Table
from tests.oracles.forms.uses import DEFERRED, IMMEDIATE, TRAPS

from .draw import Draw, Filling
from .rebind import rebinding
from .region import Region, make_region
from .text import Lines, Resolved, State, indent, resolve

FIXED, REFUSED, NOTHING = "fixed", "refused", "nothing"


class Verdict(Enum):
    """What the tool must do with a scene: for most one thing, for some it may do several."""

    FIX = frozenset({FIXED})
    REFUSE = frozenset({REFUSED})
    LEAVE = frozenset({NOTHING})
    EITHER = frozenset({FIXED, REFUSED})
    NO_FIX = frozenset({REFUSED, NOTHING})
    ANY = frozenset({FIXED, REFUSED, NOTHING})


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene ready to stand in a program. ``unharmed``: its inside sites see no harmful version.

    ``verdict_original``: what is right where the transformed version keeps the name. ``exact``: the tool must
    make just the text of the generator's own fix. ``path``: the file that it stands in.
    """

    name: str
    verdict: Verdict
    verdict_original: Verdict
    content: Resolved
    unharmed: bool = True
    exact: bool = True
    path: str = "program.py"

    @property
    def has_own_fix(self) -> bool:
        return any("⟦" in line for line in self.content.lines)

    def verdict_of(self, *, original: bool) -> Verdict:
        return self.verdict_original if original else self.verdict


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a scene is made from. ``chain``: for each rebinding the transforms to draw from.

    ``middle``: lines of others before the first rebinding.
    """

    kind: str
    roles: tuple[str, ...]
    chain: tuple[tuple[str, ...], ...]
    read: ReadForm | None = None
    middle: tuple[str, ...] = ()


SCOPES = Table(
    "scope",
    {name: name for name in ("module", "factory", "nested_factory", "method", "if_block", "try_block")},
)
IN_FUNCTION = ("factory", "nested_factory", "method")


@dataclass
class Stage:
    """The lines of a scope as they grow: ``lines`` so far, and what is to run at its end."""

    draw: Draw
    lines: Lines
    end: list[Lines]

    def add(self, form: str, state: State) -> None:
        use = Filling(self.draw, state).use(form)
        self.lines += use.now
        self.end += [use.end] if use.end else []

    def some(self, state: State, least: int, most: int) -> None:
        """Some uses of all kinds where the name is in ``state``."""
        for _ in range(self.draw.rng.randint(least, most)):
            table = self.draw.rng.choices((IMMEDIATE, DEFERRED, TRAPS), (5, 3, 2))[0]
            self.add(self.draw.pick(table), state)

    def rebind(self, pool: tuple[str, ...], state: State) -> State:
        self.draw.transforms = pool
        rebound = rebinding(self.draw, state)
        self.lines += rebound.lines
        return rebound.after

    def finish(self) -> Lines:
        self.draw.rng.shuffle(self.end)
        self.end.sort(key=lambda lines: "del $d" in lines)  # nothing runs it after that
        return [*self.lines, *(line for lines in self.end for line in lines)]


def full_scene(draw: Draw, recipe: Recipe) -> tuple[Lines, State]:
    """The lines of a scene with every part it can have, and what the name holds in the end."""
    stage = Stage(draw, [], [])
    region = make_region(draw, recipe.kind, recipe.roles, recipe.read)
    if draw.maybe(0.3):
        stage.add(draw.pick(DEFERRED), State.ORIGINAL)
    stage.lines += region_lines(draw, region)
    stage.some(State.ORIGINAL, 0, 2)
    stage.lines += recipe.middle
    late = region.late
    state = State.ORIGINAL
    for pool in recipe.chain:
        state = stage.rebind(pool, state)
        if late and draw.maybe(0.7):
            stage.lines, late = [*stage.lines, *late], []
        stage.some(state, 0, 1)
    stage.lines += late
    stage.some(state, 0, 2)
    stage.add("<c>", state)
    return stage.finish(), state


def region_lines(draw: Draw, region: Region) -> Lines:
    """The region in some order that Python allows."""
    above = [region.helpers, region.rules] if not region.after_primal else []
    parts = [region.primal, region.after_primal]
    for part in (region.helpers, region.rules):
        before = part in above and draw.maybe(0.3)
        parts.insert(0 if before else len(parts), part)
    return [*(line for part in parts for line in part), *region.attach]


def placed(draw: Draw, scope: str, lines: Lines) -> Lines:
    """Put the lines of a scope where it stands, and run it."""
    if scope == "module":
        return lines
    if scope == "if_block":
        return ["if turns >= 0:", *indent(lines)]
    if scope == "try_block":
        return ["try:", *indent(lines), "except ImportError:", "    raise"]
    name, outcome = draw.fresh("make"), draw.fresh("made")
    returned = [*lines, "return $d"]
    use = [f"{outcome}({draw.args}$O)"]
    if scope == "factory":
        return [f"def {name}(*options):", *indent(returned), f"{outcome} = {name}()", *use]
    if scope == "method":
        return [
            *(f"class {name}:", "    def build(self):", *indent(indent(returned))),
            *(f"{outcome} = {name}().build()", *use),
        ]
    inner = ["def build():", *indent(returned), "return build()"]
    return [f"def {name}(option=None):", *indent(inner), f"{outcome} = {name}()", *use]


def settled(
    draw: Draw,
    scope: str,
    lines: Lines,
    final: State,
    new: str,
    verdict: Verdict,
    unharmed: bool = True,
    exact: bool = True,
) -> Scene:
    """The scene with its tokens settled. Where ``new`` is its name, it has one text."""
    merges = any(token in line for line in lines for token in ("$b", "$+"))
    if scope in ("if_block", "try_block") and merges:
        scope = "module"
    draw.features.add(f"scope:{scope}")
    content = resolve(placed(draw, scope, lines), draw.name, new, final, draw.serial)
    return Scene(draw.name, verdict, verdict, content, unharmed, exact)
