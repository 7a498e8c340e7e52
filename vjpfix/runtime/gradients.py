"""A rule beside a finite difference of its primal, in one random direction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from jax.numpy import issubdtype
from jax.tree_util import tree_flatten, tree_leaves, tree_map, tree_unflatten

from vjpfix.jaxfacts.transforms import Role
from vjpfix.runtime import contract
from vjpfix.runtime.findings import defined
from vjpfix.runtime.jax_internals import Primal, double_precision, example, name_of, wrapped_primals
from vjpfix.runtime.report import Gradient

_TRUSTED = 0.05  # how far two finite differences may be apart, relative to what they are made of


@dataclass(frozen=True, slots=True)
class _Slope:
    """A directional derivative, and the sum of the sizes of the terms that it is made of."""

    value: float
    size: float


def compare(
    primal: Primal, role: Role, inputs: Sequence[Any], seed: int = 0, rtol: float | None = None
) -> Gradient | None:
    """The rule's derivative at these arguments of the primal beside a central finite difference.

    The difference is taken in double precision where the primal works in it; under ``vmap``, for the first of
    the batch. None where there is nothing to compare: values that are not known, no inexact argument, or a
    function that is not smooth there, so that two step lengths do not agree.
    """
    if not contract.has_tracers(*inputs):
        return _compare(primal, role, tuple(inputs), seed, rtol)
    with jax.ensure_compile_time_eval():
        try:
            known = example(tuple(inputs))
        except LookupError:
            return None
        return _compare(primal, role, known, seed, rtol)


def _compare(
    primal: Primal, role: Role, inputs: tuple[Any, ...], seed: int, rtol: float | None
) -> Gradient | None:
    dynamic = [each for index, each in enumerate(inputs) if index not in primal.nondiff]
    if not any(map(contract.is_inexact, tree_leaves(dynamic))):
        return None
    draw = np.random.default_rng(seed)
    direction = random_like(dynamic, draw)
    weights = random_like(primal.fun(*inputs), draw)
    ruled = (_by_jvp if role is Role.JVP else _by_vjp)(primal, inputs, dynamic, direction, weights)
    found = _difference(primal, inputs, direction, weights)
    if ruled is None or found is None or not np.isfinite([ruled.value, found[0].value]).all():
        return None
    difference, doubt, precision = found
    loosest = (
        rtol
        if rtol is not None
        else max(contract.tolerance_of(contract.dtype_of(leaf)) for leaf in _inexact([dynamic, weights]))
    )
    return Gradient(
        primal.name,
        name_of(primal.written(role if role is Role.JVP else Role.BWD)),
        ruled.value,
        difference.value,
        abs(ruled.value - difference.value),
        loosest * max(ruled.size, difference.size) + 4 * doubt,
        precision,
        defined(primal.written(role if role is Role.JVP else Role.BWD)),
    )


def _by_vjp(
    primal: Primal,
    inputs: tuple[Any, ...],
    dynamic: list[Any],
    direction: Any,
    weights: Any,
) -> _Slope | None:
    given = inputs
    if primal.symbolic_zeros:
        given = tuple(
            each if index in primal.nondiff else wrapped_primals(each) for index, each in enumerate(inputs)
        )
    _, residuals = primal.rules[Role.FWD](*given)
    fixed = [inputs[index] for index in primal.nondiff]
    cotangents = primal.rules[Role.BWD](*fixed, residuals, weights)
    pairs: list[tuple[Any, Any]] = []
    for argument, along, cotangent in zip(dynamic, direction, cotangents, strict=True):
        spread = contract.spread_over(argument, cotangent)
        pairs += [
            (part, step)
            for (_, leaf, part), step in zip(spread, tree_leaves(along), strict=True)
            if part is not None and contract.is_inexact(leaf) and not _is_symbolic(part)
        ]
    return _slope(pairs)


def _by_jvp(
    primal: Primal,
    inputs: tuple[Any, ...],
    dynamic: list[Any],
    direction: Any,
    weights: Any,
) -> _Slope | None:
    fixed = [inputs[index] for index in primal.nondiff]
    _, tangents = primal.rules[Role.JVP](*fixed, tuple(dynamic), tuple(direction))
    pairs = zip(tree_leaves(tangents), tree_leaves(weights), strict=True)
    return _slope([(t, w) for t, w in pairs if contract.is_inexact(w) and not _is_symbolic(t)])


def _slope(pairs: Sequence[tuple[Any, Any]]) -> _Slope:
    products = [np.asarray(a).astype(_wide(b)) * np.asarray(b).astype(_wide(b)) for a, b in pairs]
    return _Slope(
        float(sum(np.sum(product).real for product in products)),
        float(sum(np.sum(np.abs(product)) for product in products)),
    )


def _difference(
    primal: Primal,
    inputs: tuple[Any, ...],
    direction: Any,
    weights: Any,
) -> tuple[_Slope, float, str] | None:
    """A central difference, how far to trust it, and the precision it was taken in."""
    try:
        return _difference_in(double_precision, True, primal, inputs, direction, weights)
    except Exception:  # a primal may insist on a precision
        return _difference_in(nullcontext, False, primal, inputs, direction, weights)


def _difference_in(
    context: Callable[[], AbstractContextManager[Any]],
    wide: bool,
    primal: Primal,
    inputs: tuple[Any, ...],
    direction: Any,
    weights: Any,
) -> tuple[_Slope, float, str] | None:
    """As ``_difference``, in a context. ``wide``: whether the arguments are moved in double precision."""
    with context():
        steps = iter(direction)
        along = [None if i in primal.nondiff else next(steps) for i in range(len(inputs))]

        def at(step: float) -> Any:
            return primal.fun(
                *(
                    each if i in primal.nondiff else _moved(each, along[i], step, wide)
                    for i, each in enumerate(inputs)
                )
            )

        probe = at(0.0)
        exact = all(contract.dtype_of(leaf) in (np.float64, np.complex128) for leaf in _inexact(probe))
        dtype = np.dtype("float64") if exact else np.dtype("float32")
        step = float(np.finfo(dtype).eps) ** (1 / 3)
        near, far = (_central(at, length, weights) for length in (step, 2 * step))
    doubt = abs(near.value - far.value)
    return None if not doubt <= _TRUSTED * max(near.size, 1e-30) else (near, doubt, dtype.name)


def _central(at: Callable[[float], Any], step: float, weights: Any) -> _Slope:
    up, down = (tree_leaves(at(sign * step)) for sign in (1, -1))
    pairs = []
    for high, low, weight in zip(up, down, tree_leaves(weights), strict=True):
        if contract.is_inexact(weight):
            kind = _wide(weight)
            rise = (np.asarray(high).astype(kind) - np.asarray(low).astype(kind)) / (2 * step)
            pairs.append((rise, np.asarray(weight)))
    return _slope(pairs)


def _moved(tree: Any, along: Any, step: float, wide: bool) -> Any:
    def move(leaf: Any, direction: Any) -> Any:
        if not contract.is_inexact(leaf):
            return leaf
        kind = _wide(leaf) if wide else contract.dtype_of(leaf)
        moved = np.asarray(leaf).astype(_wide(leaf)) + step * np.asarray(direction).astype(_wide(leaf))
        return jax.numpy.asarray(moved.astype(kind))

    return tree_map(move, tree, along)


def random_like(tree: Any, draw: np.random.Generator) -> Any:
    """A tree of random numbers of the same types; what cannot be differentiated gets JAX's empty zeros."""

    def one(leaf: Any) -> Any:
        shape = contract.shape_of(leaf)
        if not contract.is_inexact(leaf):
            return np.zeros(shape, jax.dtypes.float0)
        values = draw.standard_normal(shape)
        if np.iscomplexobj(np.zeros(0, _wide(leaf))):
            values = values + 1j * draw.standard_normal(shape)
        return jax.numpy.asarray(values, contract.dtype_of(leaf))

    leaves, structure = tree_flatten(tree)
    return tree_unflatten(structure, [one(leaf) for leaf in leaves])


def _wide(leaf: Any) -> Any:
    return np.complex128 if issubdtype(contract.dtype_of(leaf), np.complexfloating) else np.float64


def _inexact(tree: Any) -> list[Any]:
    return [leaf for leaf in tree_leaves(tree) if contract.is_inexact(leaf)]


def _is_symbolic(leaf: Any) -> bool:
    return isinstance(leaf, jax.custom_derivatives.SymbolicZero)
