"""Everything the guard knows about JAX that JAX does not document, in one place.

Tried with the releases in TRIED, by ``tests/jax/guard_versions.py``. What is used: that ``custom_vjp`` and
``custom_jvp`` objects are called through their class's ``__call__`` and hold their rules in the attributes of
ATTRIBUTES; to tell by which transform a rule reached its primal, the qualified names of the functions on the
stack (``vmap.<locals>.vmap_f``) and what they hold; and, to compare gradients under ``vmap``, the values in
its tracers. Where a release has the first otherwise, ``support.unsupported`` says so and nothing is watched;
where it has the others otherwise, less is seen.
"""

from __future__ import annotations

import functools
import importlib.util
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import jax

from vjpfix.jaxfacts.transforms import Kind, Role, Transform, table

TRIED = ("0.4.30", "0.6.2", "0.8.3", "0.10.2")
OLDEST = (0, 4, 30)

ATTRIBUTES = {
    "custom_vjp": {Role.FWD: "fwd", Role.BWD: "bwd"},
    "custom_jvp": {Role.JVP: "jvp"},
}

# Functions that make or run what a transform gives back, where their name is not that transform's own.
_KNOWN_AS = {
    "_cpp_pjit": "jax.jit",
    "_python_pjit": "jax.jit",
    "_cpp_pmap": "jax.pmap",
    "_python_pmap": "jax.pmap",
    "_shard_map": "jax.shard_map",
    "_vjp": "jax.vjp",
    "_jvp": "jax.jvp",
    "PjitFunction": "jax.jit",
    "_VmapWrapper": "equinox.filter_vmap",
    "_PmapWrapper": "equinox.filter_pmap",
    "_GradWrapper": "equinox.filter_grad",
    "_ValueAndGradWrapper": "equinox.filter_value_and_grad",
    "_JitWrapper": "equinox.filter_jit",
    "_CheckpointWrapper": "equinox.filter_checkpoint",
}

# Where the names of a library's public transforms begin.
_PREFIXES = {
    "jax": ("jax", "jax.lax", "jax.numpy", "jax.experimental.shard_map"),
    "equinox": ("equinox",),
    "flax": ("flax.nnx",),
}

# Files of JAX whose functions stand between a transform and the function it was given. Any other function
# takes a function as a service (`cg`, `custom_root`), and what it does with it is its own affair.
_BETWEEN = frozenset(
    {"traceback_util.py", "pjit.py", "ad_checkpoint.py", "linear_util.py", "core.py", "partial_eval.py"}
    | {"api.py", "api_util.py", "profiler.py", "pmap.py", "util.py", "shard_map.py", "config.py"}
)


@dataclass(frozen=True, slots=True)
class Primal:
    """A function with custom rules, as JAX holds it.

    ``made``: JAX's object. ``fun``: the primal's own code. ``nondiff``: positions of the arguments that the
    rules get apart. ``symbolic_zeros``: whether the rules see wrapped arguments.
    """

    made: Any
    fun: Callable[..., Any]
    rules: Mapping[Role, Callable[..., Any]]
    nondiff: tuple[int, ...]
    symbolic_zeros: bool

    @property
    def name(self) -> str:
        return name_of(self.written(Role.PRIMAL))

    @property
    def names(self) -> tuple[str, str]:
        """The names that the primal's own code and JAX's object are known by."""
        return self.name, name_of(self.made)

    def written(self, role: Role) -> Callable[..., Any]:
        """The function of a role as the user wrote it, where a library wraps it in its own."""
        function = self.fun if role is Role.PRIMAL else self.rules[role]
        return _inside(function, role)


# What a library's own rules hold the user's functions in.
_HELD_AS = {
    Role.PRIMAL: ("fn", "f"),
    Role.FWD: ("fn_fwd", "fwd"),
    Role.BWD: ("fn_bwd", "bwd"),
    Role.JVP: ("fn_jvp", "jvp"),
}


def _inside(function: Callable[..., Any], role: Role) -> Callable[..., Any]:
    code = getattr(function, "__code__", None)
    if library_of(code.co_filename) not in ("equinox", "flax") if code else not of_library(function):
        return function
    holders = [function, *cells_of(function).values()]
    held = (getattr(holder, name, None) for holder in holders for name in _HELD_AS[role])
    return next((each for each in held if callable(each)), function)


def of_library(value: object) -> bool:
    """Whether a value is an object of a class of Equinox or Flax."""
    return type(value).__module__.partition(".")[0] in ("equinox", "flax")


def cells_of(function: object) -> dict[str, Any]:
    """The variables of enclosing functions that a function reads, as far as they have a value."""
    found = {}
    names = getattr(getattr(function, "__code__", None), "co_freevars", ())
    for name, cell in zip(names, getattr(function, "__closure__", None) or (), strict=False):
        try:
            found[name] = cell.cell_contents
        except ValueError:
            continue
    return found


def classes() -> tuple[type, ...]:
    """The classes whose objects are functions with custom rules."""
    return jax.custom_vjp, jax.custom_jvp


def read(made: Any) -> Primal | None:
    """What an object of one of the classes holds, or None while it has no rules."""
    attributes = ATTRIBUTES["custom_vjp" if isinstance(made, jax.custom_vjp) else "custom_jvp"]
    rules = {role: getattr(made, attribute) for role, attribute in attributes.items()}
    if not all(map(callable, rules.values())):
        return None
    return Primal(made, made.fun, rules, tuple(made.nondiff_argnums), bool(made.symbolic_zeros))


def with_functions(made: Any, functions: Mapping[Role, Callable[..., Any]]) -> Any:
    """A copy of an object that has other functions; the object itself stays as it is."""
    attributes = ATTRIBUTES["custom_vjp" if isinstance(made, jax.custom_vjp) else "custom_jvp"]
    copy = object.__new__(type(made))
    vars(copy).update(vars(made))
    for role, function in functions.items():
        setattr(copy, "fun" if role is Role.PRIMAL else attributes[role], function)
    return copy


def name_of(function: object) -> str:
    """The name a function is known by, through ``partial`` and its like."""
    while not hasattr(function, "__name__") and hasattr(function, "func"):
        function = function.func
    return str(getattr(function, "__name__", type(function).__name__))


def plain_primals(tree: Any) -> Any:
    """The arguments of a fwd rule with symbolic zeros, without what wraps each of them."""
    return jax.custom_derivatives.custom_vjp_primal_tree_values(tree)  # type: ignore[no-untyped-call]


def wrapped_primals(tree: Any) -> Any:
    """Arguments as a fwd rule with symbolic zeros gets them, all of them perturbed."""
    one = jax.custom_derivatives.CustomVJPPrimal
    return jax.tree_util.tree_map(lambda leaf: one(leaf, True), tree)


@functools.cache
def _table() -> Mapping[str, Transform]:
    return table().transforms


@functools.cache
def _folders() -> dict[str, str]:
    """The folder of each library that is installed, with a separator at its end."""
    specs = {library: importlib.util.find_spec(library) for library in _PREFIXES}
    return {
        library: str(Path(spec.origin).parent) + os.sep
        for library, spec in specs.items()
        if spec and spec.origin
    }


@functools.lru_cache(maxsize=4096)
def library_of(file: str) -> str:
    """Which of the libraries that know transforms a source file is part of, or nothing."""
    return next((library for library, folder in _folders().items() if file.startswith(folder)), "")


def stands_between(file: str) -> bool:
    """Whether the functions of a library's file pass on a function that they are given, and no more."""
    return library_of(file) != "jax" or Path(file).name in _BETWEEN


@functools.lru_cache(maxsize=4096)
def transform_of(code: CodeType) -> Transform | None:
    """The row of the transform whose work a function of a library does, or None."""
    library = library_of(code.co_filename)
    return _row(library, code.co_qualname.partition(".")[0]) if library else None


def _row(library: str, name: str) -> Transform | None:
    public = _KNOWN_AS.get(name)
    if public:
        return _table().get(public)
    rows = (_table().get(f"{prefix}.{name}") for prefix in _PREFIXES[library])
    return next((row for row in rows if row), None)


def given_function(value: object) -> object:
    """The function that JAX was given, where a value is what JAX carries it in while it transforms it."""
    return getattr(value, "f", value) if type(value).__name__ == "WrappedFun" else value


def transform_made(wrapper: object) -> Transform | None:
    """The row of the transform that gave this object back, or None."""
    known = _KNOWN_AS.get(type(wrapper).__name__)
    if known:
        return _table().get(known)
    for function in _functions_in(wrapper, depth=3):
        row = transform_of(function.__code__)
        if row:
            return row
    return None


def _functions_in(wrapper: object, depth: int) -> Iterator[FunctionType]:
    """A function and those of a library that it closes over: JAX wraps what it gives back more than once."""
    if not isinstance(wrapper, FunctionType) or not library_of(wrapper.__code__.co_filename) or not depth:
        return
    yield wrapper
    for value in cells_of(wrapper).values():
        yield from _functions_in(value, depth - 1)


def words_for(kind: Kind) -> frozenset[str]:
    """The last words of the names of all transforms of a kind: ``vmap``, ``pmap``, …"""
    return _words()[kind]


@functools.cache
def _words() -> dict[Kind, frozenset[str]]:
    rows = _table().items()
    return {
        kind: frozenset(name.rpartition(".")[2] for name, row in rows if row.kind is kind) for kind in Kind
    }


def example(tree: Any) -> Any:
    """A tree with its tracers replaced by values, the first of a batch. Raises LookupError for unknown ones.

    Under ``vmap`` alone the values are there, in the tracer; under ``jit`` there are none.
    """
    return jax.tree_util.tree_map(_example, tree)


def _example(leaf: Any) -> Any:
    if not isinstance(leaf, jax.core.Tracer):
        return leaf
    kind = type(leaf).__name__
    if kind == "BatchTracer":
        batch, axis = _example(leaf.val), leaf.batch_dim
        return jax.lax.index_in_dim(batch, 0, axis, keepdims=False) if isinstance(axis, int) else batch
    if kind in ("JVPTracer", "LinearizeTracer"):
        return _example(leaf.primal)
    raise LookupError("a value is not known")


def double_precision() -> AbstractContextManager[Any]:
    """A context in which arrays may be of 64 bits."""
    if hasattr(jax, "enable_x64"):
        wide: AbstractContextManager[Any] = jax.enable_x64(True)
        return wide
    from jax import experimental  # where it was before JAX 0.8

    older: AbstractContextManager[Any] = experimental.enable_x64()  # type: ignore[attr-defined]
    return older
