"""What a name can be given to: transforms that break rules, in many forms, and wrappers that break none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tests.jax.measured.program import Outside
from tests.jax.measured.recipes import MESH, PULL, PUSH

from .bodies import BODIES, CUBE, FIXED, NORMALISED, SUM, TREE, Body


class Effect(Enum):
    """What the new version does that the function itself does not."""

    MAPS = "maps"
    DIFFERENTIATES = "differentiates"
    SCALES = "changes the value"
    GROWS = "changes the shape"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """A new version of a function.

    ``made``: the expression that makes it, of the function ``{f}``, and with ``{axes}``, ``{argnums}`` and
    ``{static}`` for what a primal with a fixed argument needs. Where it says ``{kept}``, it means another name
    for the function. ``transforms``: the last words of the names of those that do harm. ``use``: how code
    outside calls the version, ``F``, with ``{args}``. ``plain``: whether the version can be told to be one
    of the function without calling it. ``forward``: whether it needs a jvp rule. ``setup``: lines in front.
    ``fits``: whether the version can be called as the function is; where not, Python says so before JAX runs.
    ``named``: whether it has a ``__name__``, as functions do; where not, to read that alone is an error.
    """

    made: str
    effect: Effect
    transforms: tuple[str, ...] = ()
    outside: Outside = Outside.SINGLE
    bodies: tuple[Body, ...] = BODIES
    use: str = "F({args})"
    plain: bool = True
    forward: bool = False
    setup: str = ""
    fits: bool = True
    named: bool = True


WRAPPERS = """
def batched(g):
    @functools.wraps(g)
    def wrapper(*args):
        return jax.vmap(g{axes})(*args)
    return wrapper

class Batched:
    def __init__(self, function):
        self.function = function

    def __call__(self, *args):
        return jax.vmap(self.function{axes})(*args)

def passed_on(g):
    @functools.wraps(g)
    def wrapper(*args):
        return g(*args)
    return wrapper
"""

ARRAYS = (SUM, NORMALISED, TREE)
NUMBERS = (SUM, CUBE)
PLAIN = tuple(body for body in BODIES if body not in FIXED)


def _maps(made: str, *transforms: str, **others: object) -> Change:
    given = {"outside": Outside.STACKED, **others}
    return Change(made, Effect.MAPS, transforms or ("vmap",), **given)  # type: ignore[arg-type]


def _derives(made: str, *transforms: str, **others: object) -> Change:
    given = {"bodies": (*NUMBERS, *FIXED), **others}
    return Change(made, Effect.DIFFERENTIATES, transforms, **given)  # type: ignore[arg-type]


MAPS = (
    _maps("jax.vmap({f}{axes})"),
    _maps("jax.vmap({f}, in_axes=-1, out_axes=-1)", outside=Outside.LAST, bodies=PLAIN),
    _maps("jax.vmap({f}{axes}, axis_name='i')"),
    _maps("functools.partial(jax.vmap, in_axes=0)({f})", bodies=PLAIN),
    _maps("jax.vmap(jax.vmap({f}))", outside=Outside.TWICE, bodies=PLAIN),
    _maps("jax.jit(jax.vmap({f}{axes}){static})"),
    _maps("jax.vmap(jax.jit({f}{static}){axes})"),
    _maps("jax.checkpoint(jax.vmap({f}))", bodies=PLAIN),
    _maps("jax.vmap(jax.checkpoint({f}))", bodies=PLAIN),
    _maps("jax.tree_util.Partial(jax.vmap({f}))", bodies=PLAIN, named=False),
    _maps("functools.partial(jax.lax.map, {f})", "map", bodies=PLAIN, named=False),
    _maps("jax.pmap({f})", "pmap", bodies=PLAIN),
    _maps(
        "jax.shard_map({f}, mesh=mesh, in_specs=spec, out_specs=spec)",
        "shard_map",
        outside=Outside.JOINED,
        bodies=(NORMALISED,),
        setup=MESH,
    ),
    _maps("equinox.filter_vmap({f})", "filter_vmap", bodies=PLAIN, setup="import equinox\n"),
    _maps("flax.nnx.vmap({f})", bodies=PLAIN, setup="import flax.nnx\n"),
    _maps("jax.vmap(lambda *args: {kept}(*args){axes})", plain=False),
    _maps("lambda *args: jax.vmap({kept}{axes})(*args)", plain=False),
    _maps("batched({f})", plain=False, setup=WRAPPERS),
    _maps("Batched({f})", plain=False, setup=WRAPPERS, named=False),
)

DIFFERENTIATES = (
    _derives("jax.grad({f}{argnums})", "grad"),
    _derives("jax.value_and_grad({f}{argnums})", "value_and_grad"),
    _derives("jax.jacrev({f}{argnums})", "jacrev", bodies=BODIES),
    _derives("jax.jacfwd({f}{argnums})", "jacfwd", forward=True, bodies=BODIES),
    _derives("jax.hessian({f}{argnums})", "jacfwd", "jacrev", "hessian", forward=True),
    _derives("jax.jit(jax.grad({f}{argnums}){static})", "grad"),
    _derives("jax.grad(jax.jit({f}{static}){argnums})", "grad"),
    _derives("functools.partial(jax.vjp, {f})", "vjp", use=PULL, bodies=NUMBERS, named=False),
    _derives(
        "functools.partial(jax.jvp, {f})",
        "jvp",
        use=PUSH,
        bodies=NUMBERS,
        forward=True,
        fits=False,
        named=False,
    ),
    _derives("equinox.filter_grad({f})", "filter_grad", bodies=NUMBERS, setup="import equinox\n"),
    _derives("flax.nnx.grad({f})", "grad", bodies=NUMBERS, setup="import flax.nnx\n"),
    _derives("jax.vmap(jax.grad({f}))", "vmap", "grad", bodies=NUMBERS, outside=Outside.STACKED),
    _derives("lambda *args: jax.grad({kept}{argnums})(*args)", "grad", plain=False),
)

OTHERS = (
    Change("lambda *args: jax.tree.map(lambda leaf: 2. * leaf, {kept}(*args))", Effect.SCALES, plain=False),
    Change(
        "lambda *args: jax.tree.map(lambda leaf: 2. * leaf[None], {kept}(*args))", Effect.GROWS, plain=False
    ),
)


def _harmless(made: str, **others: object) -> Change:
    return Change(made, Effect.NOTHING, **others)  # type: ignore[arg-type]


HARMLESS = (
    _harmless("jax.jit({f}{static})"),
    _harmless("jax.checkpoint({f})", bodies=PLAIN),
    _harmless("jax.jit(jax.checkpoint({f}))", bodies=PLAIN),
    _harmless("jax.named_call({f}, name='named')"),
    _harmless("jax.named_scope('scope')({f})"),
    _harmless("functools.partial({f})"),
    _harmless("jax.tree_util.Partial({f})"),
    _harmless("lambda *args: {kept}(*args)"),
    _harmless("passed_on({f})", setup=WRAPPERS),
    _harmless("passed_on(jax.jit({f}{static}))", setup=WRAPPERS),
    _harmless("equinox.filter_jit({f})", bodies=PLAIN, setup="import equinox\n"),
    _harmless("flax.nnx.jit({f})", bodies=PLAIN, setup="import flax.nnx\n"),
    _harmless("flax.nnx.remat({f})", bodies=PLAIN, setup="import flax.nnx\n"),
    _harmless("jnp.vectorize({f}, signature='(n)->()')", bodies=(SUM,)),
    _harmless("{f}"),
)

HARMFUL = (*MAPS, *DIFFERENTIATES, *OTHERS)
