"""A planted rebinding as a program, beside the one that was meant, and what is true of it."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, replace
from random import Random

from tests.jax.measured.program import Outside
from vjpfix.jaxfacts.transforms import Role

from .bodies import FIXED, Body
from .changes import HARMFUL, HARMLESS, Change, Effect
from .uses import USES, Use
from .ways import BOUNDARIES, CAPTURED, HELPED, INLINE, LIVE, NOWHERE, PLACES, Place, Way

OWN = Way("a name of its own", rebind="transformed = {made}", outer="transformed", live=False)
_NAMED = "(f.__name__, {value})[1]"

IMPORTS = """\
import functools
import types

import jax
import jax.numpy as jnp

"""

VJP = """
{decorator}
def f({params}):
    return {primal}

{helper}
def f_fwd({params}{default}):
    y = {fwd}
    return y, (x, y)

def f_bwd({fixed}res, g{default}):
    x, y = res
    y = {bwd}
    return ({cotangent},)

f.defvjp(f_fwd, f_bwd)
"""

JVP = """
{decorator}
def f({params}):
    return {primal}

{helper}
@f.defjvp
def f_jvp({fixed}primals, tangents{default}):
    (x,), (g,) = primals, tangents
    y = {jvp}
    return y, {tangent}
"""


@dataclass(frozen=True, slots=True)
class Plant:
    """A primal with rules, a new version of it, where that is kept, what reads it there, and a use.

    ``forward``: whether the rule is a jvp rule, rather than a fwd and a bwd.
    """

    seed: int
    body: Body
    change: Change
    way: Way
    place: Place
    use: Use
    forward: bool

    @property
    def harmful(self) -> bool:
        """Whether a rule, or the primal itself, can reach a version of it that does harm there."""
        return self.change.effect is not Effect.NOTHING and self.way.live and self.place.role is not None

    @property
    def runs(self) -> bool:
        """Whether the use runs the code that reads the name."""
        if self.change.effect is Effect.DIFFERENTIATES and self.place.role is not Role.PRIMAL:
            return True
        return self.place.role in self.use.roles

    @property
    def reported(self) -> bool:
        """Whether the guard is to report it: not what did not run, unless the name says it already.

        A value that changes is seen where values are known, and only in what a rule gives as the value.
        """
        if self.change.effect in (Effect.SCALES, Effect.GROWS):
            sees = self.use.concrete or self.change.effect is Effect.GROWS
            return self.harmful and self.runs and sees
        named = self.way.plain and self.change.plain and self.place.how != "by an object"
        return self.harmful and (named or (self.runs and self.change.fits and not self.without_frames))

    @property
    def without_frames(self) -> bool:
        """Whether the transform may fail where nothing tells which it was: JAX takes its own frames out of an
        error that passes through a checkpoint or the like, and the rule does not say where the version is."""
        return self.place.how in BOUNDARIES and self.way.name == "a look-up" and self.change.plain

    @property
    def title(self) -> str:
        rules = "jvp" if self.forward else "vjp"
        role = self.place.role.value if self.place.role else "no rule"
        return (
            f"{self.seed}: {self.body.name} ({rules}) | {self.change.made} | {self.way.name} | "
            f"{role} {self.place.how} | {self.use.name}"
        )

    def meant(self) -> Program:
        """The program in which the new version has a name of its own and the rule reads the function's."""
        way = OWN if self.way.read != "NAMED" else replace(OWN, read="NAMED")
        return _written(self, way)

    def planted(self) -> Program:
        return _written(self, self.way)


@dataclass(frozen=True, slots=True)
class Program:
    """The text of a program, and of the module ``lib`` that it imports, if it does.

    Its ``use(x)`` is the code outside. The line at fault ends in ``# call``, that which gave the name away
    in ``# rebinding``.
    """

    main: str
    lib: str = ""


def draw(seed: int) -> Plant:
    """The plant of a seed: a harmful one of an even seed, a harmless one of an odd seed.

    The changes come in turn, so that all of them are there in the first hundred; the rest is drawn.
    """
    random = Random(seed)
    harmful = seed % 2 == 0
    turn = seed // 2
    kinds = (HARMFUL, HARMLESS if turn % 3 == 0 else HARMFUL)[not harmful]
    change = kinds[(turn if harmful else turn // 3) % len(kinds)]
    while True:
        body, forward = random.choice(change.bodies), change.forward or random.random() < 0.4
        place = random.choice(PLACES) if harmful or turn % 3 < 2 else NOWHERE
        live = harmful or change.effect is Effect.NOTHING or place is NOWHERE
        way = random.choice(LIVE if live else CAPTURED)
        use = random.choice(USES)
        plant = Plant(seed, body, change, way, place, use, forward)
        if _fits(plant):
            return plant


def _fits(plant: Plant) -> bool:
    """Whether the parts of a plant go together."""
    body, change, place, way = plant.body, plant.change, plant.place, plant.way
    rules = (Role.JVP,) if plant.forward else (Role.FWD, Role.BWD)
    if place.role not in (*rules, Role.PRIMAL, None):
        return False
    if place.role is Role.PRIMAL and (not body.recursive or way.default or way.read == "NAMED"):
        return False
    if plant.use.forward and not plant.forward:
        return False
    if place.role is Role.PRIMAL and Role.PRIMAL not in plant.use.roles:
        return False
    if way.read == "NAMED" and not change.named:
        return False
    if way.module and change.setup:
        return False
    if way.default and place.how in HELPED and place.how != "directly":
        return False
    if change.effect in (Effect.SCALES, Effect.GROWS) and place.role not in (Role.FWD, Role.JVP, None):
        return False
    return change.outside is not Outside.LAST or all(body.sizes.values())


def _written(plant: Plant, way: Way) -> Program:
    body, change = plant.body, plant.change
    words = {
        "axes": ", in_axes=(None, 0)" if body in FIXED else "",
        "argnums": ", argnums=1" if body in FIXED else "",
        "static": ", static_argnums=0" if body in FIXED else "",
    }
    made = change.made.format(f=way.f, kept="original", **words)
    definition = _definition(plant, way, words)
    kept = "original = f" if "{kept}" in change.made and way.install != "original = f" else ""
    install = "\n".join(filter(None, (way.install.format(**words), kept)))
    above = change.setup.replace("{axes}", words["axes"]) + way.before + "\n"
    rebind = f"{way.rebind.format(made=made).replace('LIB', LIB)}  # rebinding\n{way.after}\n"
    args = "jnp.exp, x" if body in FIXED else "x"
    calls = change.use.format(args=args)
    outer = way.outer
    if change.effect is Effect.DIFFERENTIATES and plant.place.role is Role.PRIMAL:
        install, calls, outer = f"{install}\nversion_zero = f\n", f"version_zero({args})", "None"
    use = f"def use(x):\n    F = {outer}\n    return {calls}\n"
    if way.module:
        origin = "lib." if "version_zero" in install or kept else ""
        outside = f"import {LIB} as lib\n{_from_lib(install) if origin else ''}\n{rebind}\n{use}"
        return Program(f"{IMPORTS}{outside}", f"{IMPORTS}{above}{definition}\n{install}\n")
    text = f"{above}{definition}\n{install}\n{rebind}\n{use}"
    if way.enclosed:
        text = f"def make():\n{textwrap.indent(text, '    ')}\n    return use\n\nuse = make()\n"
    return Program(IMPORTS + text)


LIB = "planted_lib"


def _from_lib(install: str) -> str:
    names = [name for name in ("original", "version_zero") if f"{name} = f" in install]
    return f"from {LIB} import {', '.join(names)}"


def _definition(plant: Plant, way: Way, words: dict[str, str]) -> str:
    body, place = plant.body, plant.place
    args = "fn, x" if body in FIXED else "x"
    helper = HELPED.get(place.how, "") if place.role else ""
    read = way.read
    call = _NAMED.format(value=body.value) if read == "NAMED" else f"{read}({args})"
    inside = "helper({args})" if helper else INLINE.get(place.how, "")
    inside = inside.format(call=call, args=args)
    fields = {
        **words,
        "decorator": f"@jax.custom_{'jvp' if plant.forward else 'vjp'}",
        "params": args,
        "args": args,
        "call": call,
        "default": way.default if place.role else "",
        "fixed": "fn, " if body in FIXED else "",
        "primal": body.value,
        "fwd": body.value,
        "jvp": body.value,
        "bwd": "y",
        "cotangent": body.cotangent,
        "tangent": body.tangent,
    }
    if body in FIXED:
        fields["decorator"] = f"@functools.partial({fields['decorator'][1:]}, {body.fixed})"
    if place.role is Role.PRIMAL:
        fields["primal"] = re.sub(r"\bREAD\b", read, body.recursive) + "  # call"
    elif place.role:
        fields[place.role.name.lower()] = inside + ("" if helper else "  # call")
    fields["helper"] = helper.format(**fields)
    return (JVP if plant.forward else VJP).format(**fields)
