"""The contract of rules, as comparisons of trees of arrays: structure, shape, dtype, values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jax.numpy import issubdtype
from jax.tree_util import (
    keystr,
    tree_flatten,
    tree_flatten_with_path,
    tree_leaves,
    tree_structure,
    tree_unflatten,
)

from vjpfix.runtime.report import Level

# How far a value may be off, relative to the largest one beside it: rules may compute it in another way.
_LOOSE = {"float64": 1e-6, "complex128": 1e-6, "float32": 1e-3, "complex64": 1e-3}
_LOOSEST = 6e-2  # half precision and below

_ARRAYS = (jax.Array, np.ndarray, np.generic)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The first place where two trees differ: ``what`` was found, and how sure it is that it is wrong."""

    what: str
    level: Level = Level.ERROR


def shape_of(leaf: Any) -> tuple[int, ...]:
    return tuple(leaf.shape) if hasattr(leaf, "shape") else np.shape(leaf)


def dtype_of(leaf: Any) -> Any:
    """A leaf's dtype as JAX sees it; a Python number's is what JAX would give it."""
    dtype = getattr(leaf, "dtype", None)
    if dtype is None:
        return jax.dtypes.result_type(leaf)
    try:
        return jax.dtypes.canonicalize_dtype(dtype)
    except (TypeError, ValueError):  # keys of random numbers, float0
        return dtype


def structure_of(tree: Any) -> Any:
    """A tree's structure, which JAX does not type."""
    return tree_structure(tree)


def type_of(leaf: Any) -> Any:
    """A leaf's shape and dtype, without its values."""
    return jax.ShapeDtypeStruct(shape_of(leaf), dtype_of(leaf))  # type: ignore[no-untyped-call]


def type_text(leaf: Any) -> str:
    """A leaf's type as JAX writes it: ``float32[10,3]``."""
    return f"{dtype_of(leaf)}[{','.join(map(str, shape_of(leaf)))}]"


def types(tree: Any) -> tuple[Any, ...]:
    """What can be hashed of a tree's types: structure, shapes and dtypes."""
    leaves, structure = tree_flatten(tree)
    return structure, tuple((shape_of(leaf), str(dtype_of(leaf))) for leaf in leaves)


def has_tracers(*trees: Any) -> bool:
    return any(isinstance(leaf, jax.core.Tracer) for leaf in tree_leaves(trees))


def output_type(function: Callable[..., Any], arguments: Sequence[Any], fixed: Sequence[int]) -> Any:
    """The types of a function's output, by tracing it once.

    The arguments at ``fixed`` are not traced, nor are plain numbers in the others: a function may take them
    for something else than arrays.
    """
    leaves, structure = tree_flatten([None if i in fixed else each for i, each in enumerate(arguments)])
    arrays = {index: leaf for index, leaf in enumerate(leaves) if isinstance(leaf, _ARRAYS)}

    def called(traced: dict[int, Any]) -> Any:
        given = tree_unflatten(structure, [traced.get(index, leaf) for index, leaf in enumerate(leaves)])
        return function(*(arguments[i] if i in fixed else each for i, each in enumerate(given)))

    return jax.eval_shape(called, arrays)


def compare_types(expected: Any, got: Any) -> Mismatch | None:
    """The first difference in structure, shape or dtype, or None."""
    if structure_of(expected) != structure_of(got):
        return Mismatch(f"has the structure {_structure(got)}, not {_structure(expected)}")
    for (path, wanted), found in zip(tree_flatten_with_path(expected)[0], tree_leaves(got), strict=True):
        if shape_of(wanted) != shape_of(found) or dtype_of(wanted) != dtype_of(found):
            return Mismatch(f"is {type_text(found)}{_at(path)}, not {type_text(wanted)}")
    return None


def compare_values(expected: Any, got: Any, rtol: float | None = None) -> Mismatch | None:
    """The first array whose values differ by more than rounding explains, or None. The types are the same."""
    for (path, wanted), found in zip(tree_flatten_with_path(expected)[0], tree_leaves(got), strict=True):
        error, tolerance = distance(wanted, found, rtol)
        if not error <= tolerance:
            return Mismatch(f"differs{_at(path)} by up to {error:.3g} (tolerance {tolerance:.3g})")
    return None


def distance(expected: Any, got: Any, rtol: float | None = None) -> tuple[float, float]:
    """How far apart two arrays are at most, and how far they may be. Equal infinities and NaNs are near."""
    dtype = dtype_of(expected)
    if not issubdtype(dtype, np.number):
        return 0.0, 0.0
    kind = np.complex128 if issubdtype(dtype, np.complexfloating) else np.float64
    wanted, found = (np.asarray(each).astype(kind) for each in (expected, got))
    same = (wanted == found) | (np.isnan(wanted) & np.isnan(found))
    if np.all(same):
        return 0.0, 0.0
    finite = np.abs(np.concatenate([wanted.ravel(), found.ravel()]))
    scale = np.max(finite, initial=0.0, where=np.isfinite(finite))
    with np.errstate(invalid="ignore"):
        apart = np.where(same, 0.0, np.abs(wanted - found))
    error = float(np.max(np.where(np.isnan(apart), np.inf, apart)))
    relative = tolerance_of(dtype) if rtol is None else rtol
    return error, relative * float(scale) + float(np.finfo(np.float32).tiny)


def tolerance_of(dtype: Any) -> float:
    """How far a value of this dtype may be off, relative to the largest beside it."""
    return _LOOSE.get(str(dtype), 0.0 if issubdtype(dtype, np.integer) else _LOOSEST)


def compare_cotangents(inputs: Sequence[Any], returned: Any) -> Mismatch | None:
    """What is wrong with a bwd's result for these inputs (arrays or their types), or None.

    As JAX has it: a list counts as a tuple, None is zero for a whole argument, and what belongs to an input
    that cannot be differentiated (an integer) may be anything. JAX lets a cotangent of another dtype pass.
    """
    if not isinstance(returned, tuple | list):
        return Mismatch(f"returns {_kind(returned)}, not a tuple with one cotangent for each argument")
    if len(returned) != len(inputs):
        many = "argument" if len(inputs) == 1 else "arguments"
        return Mismatch(f"returns {len(returned)} cotangents for {len(inputs)} differentiable {many}")
    for index, (wanted, found) in enumerate(zip(inputs, returned, strict=True)):
        problem = _cotangent(wanted, found)
        if problem:
            return Mismatch(
                f"returns as cotangent {index + 1} of {len(inputs)} {problem.what}", problem.level
            )
    return None


def _cotangent(wanted: Any, found: Any) -> Mismatch | None:
    try:
        spread = spread_over(wanted, found)
    except (ValueError, TypeError):
        return Mismatch(f"a {_structure(found)} for an argument with the structure {_structure(wanted)}")
    for path, leaf, part in spread:
        if part is None or not is_inexact(leaf) or not hasattr(part, "dtype"):
            continue
        what = f"{type_text(part)}{_at(path)} for an argument of {type_text(leaf)}"
        if shape_of(leaf) != shape_of(part):
            return Mismatch(what)
        if dtype_of(leaf) != dtype_of(part):
            return Mismatch(what, Level.WARNING)
    return None


def spread_over(argument: Any, cotangent: Any) -> list[tuple[Any, Any, Any]]:
    """The path and value of each leaf of an argument, and the part of a cotangent that JAX takes for it.

    A cotangent may stop above the leaves: what stands there is for each leaf below, and None is zero. Raises
    ValueError where the structures have nothing to do with each other.
    """
    parts, outer = tree_flatten_with_path(cotangent, is_leaf=lambda each: each is None)
    structure: Any = outer
    return [
        ((*above, *below), leaf, part)
        for (above, part), subtree in zip(parts, structure.flatten_up_to(argument), strict=True)
        for below, leaf in tree_flatten_with_path(subtree)[0]
    ]


def is_inexact(leaf: Any) -> bool:
    """Whether a leaf can be differentiated."""
    return bool(issubdtype(dtype_of(leaf), np.inexact))


def _structure(tree: Any) -> str:
    return str(tree_structure(tree)).removeprefix("PyTreeDef(").removesuffix(")")


def _kind(value: object) -> str:
    return type_text(value) if hasattr(value, "dtype") else f"a {type(value).__name__}"


def _at(path: Any) -> str:
    return f" at {keystr(path)}" if path else ""
