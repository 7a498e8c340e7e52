"""How each transform of the table is written in a program: one recipe for each distinct function."""

from __future__ import annotations

from vjpfix.jaxfacts.transforms import PARTIAL_WITH_ARGUMENTS, Role

from .program import LINEAR, NUMBER, SCALAR, TO_SCALAR, TO_VECTOR, Outside, Recipe

RULES = frozenset({Role.FWD, Role.BWD, Role.JVP})
REVERSE = frozenset({Role.FWD, Role.BWD})

MESH = """
import numpy
from jax.sharding import Mesh, PartitionSpec

mesh = Mesh(numpy.array(jax.devices()[:2]), ("i",))
spec = PartitionSpec("i")
"""

AROUND = """
def around():
    return jax.set_mesh(mesh)
"""

CONVERTED = """
def converted(g):
    return lambda x: {call}(x)
"""


def _plain(*names: str) -> tuple[Recipe, ...]:
    return tuple(Recipe(name, f"{name}(f)") for name in names)


def _stacked(*names: str) -> tuple[Recipe, ...]:
    return tuple(Recipe(name, f"{name}(f)", outside=Outside.STACKED) for name in names)


def _sharded(*names: str) -> tuple[Recipe, ...]:
    rebinding = "(f, mesh=mesh, in_specs=spec, out_specs=spec)"
    return tuple(
        Recipe(name, name + rebinding, outside=Outside.JOINED, shapes=(TO_VECTOR,), setup=MESH)
        for name in names
    )


def _derivatives(*names: str, forward: bool = False) -> tuple[Recipe, ...]:
    aliased = REVERSE if forward else frozenset()
    return tuple(
        Recipe(name, f"{name}(f)", shapes=(TO_SCALAR, SCALAR), forward=forward, aliased=aliased)
        for name in names
    )


def _applied(name: str, use: str, options: str = "", aliased: frozenset[Role] = frozenset()) -> Recipe:
    return Recipe(name, f"functools.partial({name}, f{options})", use, forward=bool(aliased), aliased=aliased)


MAPS = (
    *_stacked("jax.vmap", "jax.pmap", "equinox.filter_vmap", "equinox.filter_pmap"),
    *_stacked("flax.nnx.vmap", "flax.nnx.pmap"),
    Recipe("jax.lax.map", "functools.partial(jax.lax.map, f)", outside=Outside.STACKED),
    *_sharded("jax.shard_map", "jax.experimental.shard_map.shard_map", "flax.nnx.shard_map"),
    Recipe(
        "jax.smap",
        "jax.smap(f, in_axes=0, out_axes=0, axis_name='i')",
        outside=Outside.JOINED,
        shapes=(TO_VECTOR,),
        setup=MESH + AROUND,
    ),
    Recipe("jax.custom_batching.sequential_vmap", "jax.custom_batching.sequential_vmap(f)", aliased=REVERSE),
    Recipe("jax.numpy.vectorize", "jax.numpy.vectorize(f)", shapes=(TO_SCALAR, TO_VECTOR, SCALAR)),
)

PULL = "F(x)[1](jnp.ones_like(F(x)[0]))"
PUSH = "F((x,), (jnp.ones_like(x),))"

DIFFERENTIATES = (
    *_derivatives("jax.grad", "jax.value_and_grad", "jax.jacrev", "jax.jacobian"),
    *_derivatives("flax.nnx.grad", "flax.nnx.value_and_grad"),
    *_derivatives("equinox.filter_grad", "equinox.filter_value_and_grad", "equinox.filter_jacrev"),
    *_derivatives(
        "jax.jacfwd", "jax.hessian", "equinox.filter_jacfwd", "equinox.filter_hessian", forward=True
    ),
    _applied("jax.jvp", PUSH, aliased=REVERSE),
    _applied("equinox.filter_jvp", PUSH, aliased=REVERSE),
    _applied("flax.nnx.jvp", PUSH, ", graph=False", aliased=REVERSE),
    _applied("jax.vjp", PULL),
    _applied("equinox.filter_vjp", PULL),
    _applied("flax.nnx.vjp", PULL, ", graph=False"),
    _applied("jax.linearize", "jax.linear_transpose(F(x)[1], x)(jnp.ones_like(F(x)[0]))"),
    Recipe(
        "jax.linear_transpose",
        "functools.partial(jax.linear_transpose, f)",
        "F(x)(x)",
        shapes=(LINEAR,),
        forward=True,
        aliased=RULES,
    ),
)

COMPILES = (
    *_plain("jax.jit", "jax.experimental.pjit.pjit", "jax.checkpoint", "jax.remat", "jax.named_call"),
    *_plain("equinox.filter_jit", "equinox.filter_checkpoint", "flax.nnx.jit", "flax.nnx.remat"),
    *_plain("jax.profiler.annotate_function"),
    Recipe("jax.named_scope", "jax.named_scope('scope')(f)"),
    Recipe("jax.ensure_compile_time_eval", "jax.ensure_compile_time_eval()(f)"),
    Recipe(
        "jax.closure_convert", "converted(f)", setup=CONVERTED.format(call="jax.closure_convert(g, x)[0]")
    ),
    Recipe(
        "equinox.filter_closure_convert",
        "converted(f)",
        setup=CONVERTED.format(call="equinox.filter_closure_convert(g, x)"),
    ),
)

PARTIALS = ("functools.partial", "jax.tree_util.Partial", "equinox.Partial")

WRAPS = (
    *_plain(*PARTIALS),
    *(Recipe(n, f"{n}(f, 2.)", extra="a, ", row=PARTIAL_WITH_ARGUMENTS.names[0]) for n in PARTIALS),
    Recipe("functools.wraps", "functools.wraps(f)(functools.partial(f))"),
    Recipe("functools.update_wrapper", "functools.update_wrapper(functools.partial(f), f)"),
    *(
        # Arrays and tracers cannot be hashed: only a call with a plain number works.
        Recipe(name, f"{name}(f)", "F(2.)", shapes=(NUMBER,), aliased=RULES)
        for name in ("functools.lru_cache", "functools.cache")
    ),
)

RECIPES = (*MAPS, *DIFFERENTIATES, *COMPILES, *WRAPS)

# Not a row: it shows that a wrapper that changes the value does not pass for a harmless one.
DOUBLES = Recipe(
    "functools.partial", "doubled(f)", setup="\ndef doubled(g):\n    return lambda *a: 2. * g(*a)\n"
)
