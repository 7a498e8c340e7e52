"""The text of small programs in which a primal's name is, or is not, taken over by a transform."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from vjpfix.jaxfacts.transforms import Role

OWN_NAME = "transformed"
REBOUND = "f"


@dataclass(frozen=True, slots=True)
class Shape:
    """A primal as a function of ``x``.

    ``size``: the shape of ``x``. ``value``: the result ``y``. ``slope``: what the rule multiplies a cotangent
    by; it uses ``y``, so that a wrong ``y`` gives a wrong gradient. ``tangent``: what it makes of a tangent
    ``g``. ``stop`` and ``step``: the same primal by recursion, which ends on a shape, as JAX can see it.
    """

    name: str
    size: tuple[int, ...]
    value: str
    slope: str
    tangent: str
    stop: str
    step: str


TO_SCALAR = Shape(
    name="vector to scalar",
    size=(3,),
    value="jnp.sum(x ** 2)",
    slope="2. * x * y",
    tangent="jnp.sum(2. * x * y * g)",
    stop="len(x) == 1",
    step="x[0] ** 2 + f({extra}x[1:])",
)
TO_VECTOR = Shape(
    name="vector to vector",
    size=(3,),
    value="x / jnp.sum(x)",
    slope="x * y",
    tangent="x * y * g",
    stop="len(x) == 1",
    step="jnp.concatenate([x[:1], f({extra}x[1:])])",
)
SCALAR = Shape(
    name="scalar",
    size=(),
    value="x ** 3",
    slope="3. * x * y",
    tangent="3. * x * y * g",
    stop="x.ndim == 1",
    step="f({extra}x[None])[0]",
)
LINEAR = Shape(
    name="linear",
    size=(3,),
    value="3. * x",
    slope="y",
    tangent="3. * g",
    stop="len(x) == 1",
    step="jnp.concatenate([3. * x[:1], f({extra}x[1:])])",
)

NUMBER = Shape(
    name="plain number",
    size=(),
    value="x ** 3",
    slope="3. * x * y",
    tangent="3. * x * y * g",
    stop="x < 1.",
    step="f({extra}x - 1.)",
)


class Outside(Enum):
    """How the ``x`` of the code outside is made of the primal's own."""

    SINGLE = "as it is"
    STACKED = "two of them, along a new first axis"
    LAST = "two of them, along a new last axis"
    TWICE = "two times two of them"
    JOINED = "two of them in one"

    def shape(self, size: tuple[int, ...]) -> tuple[int, ...]:
        match self:
            case Outside.STACKED:
                return (2, *size)
            case Outside.LAST:
                return (*size, 2)
            case Outside.TWICE:
                return (2, 2, *size)
            case Outside.JOINED:
                return tuple(2 * length for length in size)
        return size


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one transform is written in a program, and where that program can work at all.

    ``name``: the transform's qualified name. ``row``: the table's name for it, where that differs.
    ``rebinding``: the expression that transforms ``f``. ``use``: how code outside calls the result, ``F``,
    with its ``x``. ``extra``: the parameters before ``x``, for a transform that binds them. ``setup``: lines
    in front, among them what is to be ``around`` a use. ``forward``: recursion is tried on a ``custom_jvp`` function, as the transform refuses
    ``custom_vjp``. ``aliased``: roles that no working call of the result reaches, only one of the original
    that was kept under another name.
    """

    name: str
    rebinding: str
    use: str = "F(x)"
    outside: Outside = Outside.SINGLE
    shapes: tuple[Shape, ...] = (TO_SCALAR, TO_VECTOR)
    extra: str = ""
    setup: str = ""
    forward: bool = False
    aliased: frozenset[Role] = frozenset()
    row: str = ""


VJP = """
@jax.custom_vjp
def f({extra}x):
    return {primal}

def f_fwd({extra}x):
    y = {fwd}
    return y, ({extra}x, y)

def f_bwd(res, g):
    {extra}x, y = res
    y = {bwd}
    return ({zero}g * {slope},)

f.defvjp(f_fwd, f_bwd)
"""

JVP = """
@jax.custom_jvp
def f({extra}x):
    return {primal}

@f.defjvp
def f_jvp(primals, tangents):
    {extra}x, = primals
    g = tangents[-1]
    y = {jvp}
    return y, {tangent}
"""

OUTSIDE = """
original = f
{target} = {rebinding}

def use(x):
    F = {target}
    return {use}
"""


def program(recipe: Recipe, role: Role, shape: Shape, target: str) -> str:
    """The source of a program in which the primal ``f`` is named in ``role``, and ``target`` is its transform.

    With REBOUND as the target it is the mistake, with OWN_NAME what was meant. Its ``use(x)`` is the code
    outside.
    """
    call = f"f({recipe.extra}x)"
    step = shape.step.format(extra=recipe.extra)
    fields = {
        "extra": recipe.extra,
        "zero": "0. * a, " if recipe.extra else "",
        "primal": f"{shape.value} if {shape.stop} else {step}" if role is Role.PRIMAL else shape.value,
        "fwd": call if role is Role.FWD else shape.value,
        "bwd": call if role is Role.BWD else "y",
        "jvp": call if role is Role.JVP else shape.value,
        "slope": shape.slope,
        "tangent": shape.tangent,
    }
    uses_jvp = role is Role.JVP or (role is Role.PRIMAL and recipe.forward)
    definition = (JVP if uses_jvp else VJP).format(**fields)
    use = "original(x)" if role in recipe.aliased else recipe.use
    outside = OUTSIDE.format(target=target, rebinding=recipe.rebinding, use=use)
    return imports(recipe.name) + recipe.setup + definition + outside


def imports(name: str) -> str:
    """The import statements of a program that uses the function of this qualified name."""
    modules = sorted({"functools", "jax", name.rpartition(".")[0]} - {""})
    return "".join(f"import {module}\n" for module in modules) + "import jax.numpy as jnp\n"
