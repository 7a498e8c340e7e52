"""The one table of transforms and custom-derivative decorators: what each is, by qualified name.

Where its facts come from: names and parameters from the sources of JAX 0.10, Equinox 0.13 and Flax 0.12, and
for HISTORICAL names from those of older releases; what each transform breaks from measurement. The tests run
every row on real JAX, ``f = T(f)`` against the same program in which ``T(f)`` has a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType

from vjpfix.model import Certainty, VjpfixError


class Kind(Enum):
    """What a transform does with a function."""

    MAPS = "maps"
    DIFFERENTIATES = "differentiates"
    COMPILES = "compiles"
    WRAPS = "wraps"


# What gives a function another meaning, so that one name cannot stand for both versions.
OTHER_MEANING = (Kind.MAPS, Kind.DIFFERENTIATES)


class Role(Enum):
    """Where, inside a primal's region, a name is read. A helper has the role of the rule that reaches it."""

    FWD = "fwd"
    BWD = "bwd"
    JVP = "jvp rule"
    PRIMAL = "primal"


@dataclass(frozen=True, slots=True)
class Transform:
    """One row: a callable that takes a function and gives (or applies) a changed one.

    ``names``: the qualified names it is known by, the public one first. ``suffix``: what the new name of
    its result gets (``f_mapped``). ``breaks``: for each role the certainty that a rule which reads the
    rebound name there is broken; a role that is missing is harmless. ERROR: calls of the rebound name show
    it. WARNING: only some do, or only calls of the original that was kept under another name. ``keyword``:
    the names under which the function may be passed by keyword. ``applies``: it calls the function at once
    with the other arguments (``lax.map(f, xs)``), rather than giving a function back (``vmap(f)``).
    ``factory``: its own arguments are never the function, which goes to what it gives back
    (``named_scope("a")(f)``). ``forwards``: what it gives back has the attributes of the function
    (``defvjp``), or nobody knows.
    """

    names: tuple[str, ...]
    kind: Kind
    suffix: str
    breaks: Mapping[Role, Certainty] = field(default_factory=dict)
    keyword: tuple[str, ...] = ("fun", "f", "func", "fn")
    applies: bool = False
    factory: bool = False
    forwards: bool = False


# Decorators of other libraries may work like these.
LIKE = ("jax.custom_vjp", "jax.custom_jvp", "jax.custom_gradient")


class Contract(Enum):
    """What a custom-derivative decorator asks of the rules. Another library's may ask for something else."""

    VJP = "jax.custom_vjp"
    JVP = "jax.custom_jvp"


@dataclass(frozen=True, slots=True)
class CustomDerivative:
    """One way to make a primal. ``setters``: attribute of the primal (``defvjp``) to the roles of its
    arguments, in order, the last one repeated; ``keywords``: argument name to role. ``body``: the role of
    the decorated function itself, FWD where that function is what runs when it is differentiated.
    ``contract``: what the rules must take and return; None: not known here, so that it is not checked."""

    names: tuple[str, ...]
    setters: Mapping[str, tuple[Role, ...]]
    keywords: Mapping[str, Role]
    keyword: tuple[str, ...] = ("fun", "f", "fn")
    body: Role = Role.PRIMAL
    contract: Contract | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What ``table`` builds: every qualified name with its row.

    ``unknown_suffix``: what the new name gets when a wrapper has no row.
    """

    transforms: Mapping[str, Transform]
    derivatives: Mapping[str, CustomDerivative]
    unknown_suffix: str = "wrapped"

    @property
    def setters(self) -> frozenset[str]:
        """The attributes by which rules are attached: ``defvjp`` and its like."""
        return frozenset(setter for row in self.derivatives.values() for setter in row.setters)

    def transform(self, qualname: str) -> Transform | None:
        """The row of the transform known by this name, or None."""
        return self.transforms.get(qualname)

    def derivative(self, qualname: str) -> CustomDerivative | None:
        """The row of the custom-derivative decorator known by this name, or None."""
        return self.derivatives.get(qualname)


def table(
    extra_transforms: Iterable[Transform] = (),
    extra_derivatives: Iterable[CustomDerivative] = (),
    suffixes: Mapping[str, str] = MappingProxyType({}),
) -> Table:
    """The built-in rows and the user's.

    Arguments: rows that are added (and win over built-in ones of the same name), and the ``suffixes`` to use
    instead of the built-in: a suffix (``jitted``) or a kind (``maps``), which stands for all suffixes of its
    rows, to the new suffix. Raises VjpfixError for a suffix or kind that no row has.
    """
    known = {row.suffix for row in TRANSFORMS}
    for old in suffixes.keys() - known - {kind.value for kind in Kind}:
        import difflib  # only to say what is wrong

        near = difflib.get_close_matches(old, [*known, *(kind.value for kind in Kind)], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise VjpfixError(f"no transform has the suffix or the kind {old!r}{hint}")

    def chosen(suffix: str, kind: Kind) -> str:
        wanted = suffixes.get(kind.value, suffix) if suffix in known else suffix
        return suffixes.get(suffix, wanted)

    rows = [replace(row, suffix=chosen(row.suffix, row.kind)) for row in (*TRANSFORMS, *extra_transforms)]
    return Table(
        {name: row for row in rows for name in row.names},
        {name: row for row in (*CUSTOM_DERIVATIVES, *extra_derivatives) for name in row.names},
        chosen("wrapped", Kind.WRAPS),
    )


_RULES = (Role.FWD, Role.BWD, Role.JVP)


def _jax(name: str, *others: str) -> tuple[str, ...]:
    # `jax.api` is where early releases had these functions.
    return (f"jax.{name}", f"jax.api.{name}", f"jax._src.api.{name}", *others)


def _nnx(module: str, name: str) -> tuple[str, ...]:
    return (f"flax.nnx.{name}", f"flax.nnx.transforms.{module}.{name}", f"flax.experimental.nnx.{name}")


def _maps(*names: str, applies: bool = False) -> Transform:
    return Transform(names, Kind.MAPS, "mapped", dict.fromkeys(Role, Certainty.ERROR), applies=applies)


def _differentiates(suffix: str, *names: str, applies: bool = False) -> Transform:
    # PRIMAL is missing: what is differentiated runs the rules and never the primal's own body.
    breaks = dict.fromkeys(_RULES, Certainty.ERROR)
    return Transform(names, Kind.DIFFERENTIATES, suffix, breaks, applies=applies)


def _pushes_forward(suffix: str, *names: str, applies: bool = False) -> Transform:
    # JAX refuses forward mode over a custom_vjp function (and over a fwd that calls one), so fwd and bwd
    # only run when the original is called under another name.
    breaks = {Role.JVP: Certainty.ERROR, Role.FWD: Certainty.WARNING, Role.BWD: Certainty.WARNING}
    return Transform(names, Kind.DIFFERENTIATES, suffix, breaks, applies=applies)


def _compiles(suffix: str, *names: str, applies: bool = False) -> Transform:
    return Transform(names, Kind.COMPILES, suffix, applies=applies)


def _factory(kind: Kind, suffix: str, *names: str, forwards: bool = False) -> Transform:
    return Transform(names, kind, suffix, keyword=(), factory=True, forwards=forwards)


def _wraps(*names: str, keyword: tuple[str, ...] = (), forwards: bool = False) -> Transform:
    return Transform(names, Kind.WRAPS, "wrapped", keyword=keyword, forwards=forwards)


def _caches(*names: str) -> Transform:
    # The arrays that a rule passes cannot be hashed. Nor can those of any use outside, but for plain numbers.
    breaks = dict.fromkeys(_RULES, Certainty.WARNING)
    return Transform(names, Kind.WRAPS, "wrapped", breaks, keyword=())


# `partial(f, 2.)`: the rules then pass one argument too many. It is named as no import can be, because
# `partial(f)` does no harm.
PARTIAL_WITH_ARGUMENTS = Transform(
    ("functools.partial(…)",), Kind.WRAPS, "wrapped", dict.fromkeys(Role, Certainty.ERROR), keyword=()
)

# What current releases no longer have: names, or where a dot ends them, whole modules.
HISTORICAL = (
    "jax.api.",
    "jax.experimental.maps.",
    "jax._src.maps.",
    "jax.experimental.vectorize.",
    "jax.ad_checkpoint.",
    *(f"jax._src.api.{name}" for name in ("pmap", "checkpoint", "remat")),
    *(f"jax._src.api.custom_{name}" for name in ("vjp", "jvp", "gradient")),
)

# Haiku's functions are JAX's with the state of modules lifted.
TRANSFORMS: tuple[Transform, ...] = (
    _maps(*_jax("vmap", "haiku.vmap")),
    _maps(*_jax("pmap", "jax._src.pmap.pmap")),
    _maps("jax.shard_map", "jax.experimental.shard_map.shard_map", "jax._src.shard_map.shard_map"),
    _maps("jax.smap", "jax._src.shard_map.smap"),
    _maps("jax.experimental.maps.xmap", "jax._src.maps.xmap"),
    _maps(
        "jax.lax.map", "jax._src.lax.control_flow.map", "jax._src.lax.control_flow.loops.map", applies=True
    ),
    _maps("equinox.filter_vmap"),
    _maps("equinox.filter_pmap"),
    _maps(*_nnx("iteration", "vmap")),
    _maps(*_nnx("iteration", "pmap")),
    _maps(*_nnx("compilation", "shard_map")),
    # Not mapped it is the function itself, and mapped it calls that for one element at a time.
    Transform(
        ("jax.custom_batching.sequential_vmap", "jax._src.custom_batching.sequential_vmap"),
        Kind.MAPS,
        "mapped",
        forwards=True,
    ),
    # It adds no axis where the arguments have those it is made for; recursion may change their number.
    Transform(
        ("jax.numpy.vectorize", "jax._src.numpy.vectorize.vectorize", "jax.experimental.vectorize.vectorize"),
        Kind.MAPS,
        "vectorized",
        {Role.PRIMAL: Certainty.WARNING},
        keyword=("pyfunc",),
    ),
    _differentiates("grad", *_jax("grad", "haiku.grad")),
    _differentiates("value_and_grad", *_jax("value_and_grad", "haiku.value_and_grad")),
    _differentiates("jacrev", *_jax("jacrev")),
    _differentiates("jacobian", *_jax("jacobian")),
    _pushes_forward("jacfwd", *_jax("jacfwd")),
    _pushes_forward("hessian", *_jax("hessian")),
    _pushes_forward("jvp", *_jax("jvp"), applies=True),
    _differentiates("vjp", *_jax("vjp"), applies=True),
    _differentiates("linearized", *_jax("linearize"), applies=True),
    # It transposes the primal's own body, by no rule.
    Transform(
        _jax("linear_transpose"),
        Kind.DIFFERENTIATES,
        "transposed",
        {Role.PRIMAL: Certainty.ERROR, **dict.fromkeys(_RULES, Certainty.WARNING)},
        applies=True,
    ),
    _differentiates("grad", "equinox.filter_grad"),
    _differentiates("value_and_grad", "equinox.filter_value_and_grad"),
    _differentiates("jacrev", "equinox.filter_jacrev"),
    _pushes_forward("jacfwd", "equinox.filter_jacfwd"),
    _pushes_forward("hessian", "equinox.filter_hessian"),
    _pushes_forward("jvp", "equinox.filter_jvp", applies=True),
    _differentiates("vjp", "equinox.filter_vjp", applies=True),
    _differentiates("grad", *_nnx("autodiff", "grad")),
    _differentiates("value_and_grad", *_nnx("autodiff", "value_and_grad")),
    _pushes_forward("jvp", *_nnx("autodiff", "jvp"), applies=True),
    _differentiates("vjp", *_nnx("autodiff", "vjp"), applies=True),
    _compiles("jitted", *_jax("jit", "haiku.jit")),
    _compiles("jitted", "jax.experimental.pjit.pjit", "jax._src.pjit.pjit"),
    _compiles("jitted", "equinox.filter_jit"),
    _compiles("jitted", *_nnx("compilation", "jit")),
    _compiles(
        "checkpointed",
        *_jax("checkpoint", "jax.ad_checkpoint.checkpoint", "jax._src.ad_checkpoint.checkpoint"),
    ),
    _compiles(
        "checkpointed",
        *_jax("remat", "jax.ad_checkpoint.remat", "jax._src.ad_checkpoint.remat", "haiku.remat"),
    ),
    _compiles("checkpointed", "equinox.filter_checkpoint"),
    _compiles("checkpointed", *_nnx("autodiff", "remat")),
    _compiles("named", *_jax("named_call")),
    _compiles("named", "jax.profiler.annotate_function", "jax._src.profiler.annotate_function"),
    _factory(Kind.COMPILES, "named", "jax.named_scope", "jax._src.api.named_scope"),
    _factory(
        Kind.COMPILES,
        "evaluated",
        "jax.ensure_compile_time_eval",
        "jax.core.ensure_compile_time_eval",
        "jax._src.core.ensure_compile_time_eval",
    ),
    _compiles(
        "converted",
        "jax.closure_convert",
        "jax.custom_derivatives.closure_convert",
        "jax._src.custom_derivatives.closure_convert",
        applies=True,
    ),
    _compiles("converted", "equinox.filter_closure_convert", applies=True),
    # These two take their function by position only: a keyword is for the function.
    _wraps("functools.partial"),
    _wraps("equinox.Partial"),
    _wraps("jax.tree_util.Partial", "jax._src.tree_util.Partial", keyword=("func",)),
    PARTIAL_WITH_ARGUMENTS,
    # These two give back what they are given.
    _factory(Kind.WRAPS, "wrapped", "functools.wraps", forwards=True),
    _wraps("functools.update_wrapper", keyword=("wrapper",), forwards=True),
    _caches("functools.lru_cache"),
    _caches("functools.cache"),
)

_VJP_RULES = {"fwd": Role.FWD, "bwd": Role.BWD}
_VJP_SETTERS = {"defvjp": (Role.FWD, Role.BWD)}


def _decorator(name: str) -> tuple[str, ...]:
    return _jax(name, f"jax.custom_derivatives.{name}", f"jax._src.custom_derivatives.{name}")


def _equinox(name: str) -> tuple[str, ...]:
    """A name of Equinox, which its own modules import from a part of it."""
    return f"equinox.{name}", f"equinox._ad.{name}", f"._ad.{name}"


CUSTOM_DERIVATIVES: tuple[CustomDerivative, ...] = (
    CustomDerivative(_decorator("custom_vjp"), _VJP_SETTERS, _VJP_RULES, contract=Contract.VJP),
    CustomDerivative(
        _decorator("custom_jvp"),
        {"defjvp": (Role.JVP,), "defjvps": (Role.JVP,)},
        {"jvp": Role.JVP},
        contract=Contract.JVP,
    ),
    # The decorated function is the fwd, and the rule that it gives back is traced together with it.
    CustomDerivative(_decorator("custom_gradient"), {}, {}, body=Role.FWD),
    CustomDerivative(
        _equinox("filter_custom_vjp"),
        {"def_fwd": (Role.FWD,), "def_bwd": (Role.BWD,), **_VJP_SETTERS},
        {"fn_fwd": Role.FWD, "fn_bwd": Role.BWD},
    ),
    CustomDerivative(
        _equinox("filter_custom_jvp"),
        {"def_jvp": (Role.JVP,), "defjvp": (Role.JVP,)},
        {"fn_jvp": Role.JVP},
    ),
    CustomDerivative(_nnx("autodiff", "custom_vjp"), _VJP_SETTERS, _VJP_RULES),
)
