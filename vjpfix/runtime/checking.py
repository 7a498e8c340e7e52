"""``check_custom_vjp`` and ``check_custom_jvp``: everything the guard looks at, and batching, in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jax
import numpy as np
from jax.tree_util import tree_map

from vjpfix.jaxfacts.transforms import Kind, Role
from vjpfix.runtime import contract
from vjpfix.runtime.gradients import compare, random_like
from vjpfix.runtime.guard import guard
from vjpfix.runtime.hook import quiet
from vjpfix.runtime.jax_internals import Primal, classes, read, transform_made
from vjpfix.runtime.report import Level
from vjpfix.runtime.support import unsupported
from vjpfix.runtime.text import shown, shown_gradient

_BATCH = 3


class CheckError(AssertionError):
    """What is wrong with a function and its rules. ``problems``: each as text, with where and how much."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__("\n".join([f"`{name}` has {count}:", *(f"- {each}" for each in problems)]))
        self.problems = tuple(problems)


def check_custom_vjp(
    f: Callable[..., Any],
    *args: Any,
    gradients: bool = True,
    batched: bool = True,
    directions: int = 3,
    rtol: float | None = None,
    seed: int = 0,
) -> None:
    """Check a ``jax.custom_vjp`` function and its rules at these arguments.

    Checked are: that no transform took over the name that its rules call; the contract (``fwd`` gives the
    function's own value, ``bwd`` one cotangent for each differentiable argument, of its shape and dtype);
    that the gradient under ``vmap`` is that of each example alone; and the gradient itself, along some random
    directions, against finite differences in double precision.

    Arguments:
        f: the function with rules, or its compiled or checkpointed version.
        args: all its arguments, by position, those of ``nondiff_argnums`` included.
        gradients: whether to compare with finite differences; off for a rule that differs on purpose.
        batched: whether to compare with ``vmap``.
        directions: how many random directions are tried.
        rtol: the tolerance relative to the largest value; by default by dtype (1e-3 in single precision).
        seed: for the directions and cotangents.

    Raises CheckError, which names every problem, and TypeError where ``f`` is no such function.
    """
    _check(f, args, Role.BWD, gradients, batched, directions, rtol, seed)


def check_custom_jvp(
    f: Callable[..., Any],
    *args: Any,
    gradients: bool = True,
    batched: bool = True,
    directions: int = 3,
    rtol: float | None = None,
    seed: int = 0,
) -> None:
    """Check a ``jax.custom_jvp`` function and its rule at these arguments, as ``check_custom_vjp`` does."""
    _check(f, args, Role.JVP, gradients, batched, directions, rtol, seed)


def _check(
    f: Callable[..., Any],
    args: tuple[Any, ...],
    role: Role,
    gradients: bool,
    batched: bool,
    directions: int,
    rtol: float | None,
    seed: int,
) -> None:
    primal = _primal(f, role)
    derivative = _Derivative(primal, args, role, seed)
    problems = list(_run(derivative))
    if not problems and batched:
        problems += _batching(derivative, rtol)
    if not problems and gradients:
        problems += _slopes(primal, role, args, directions, rtol, seed)
    if problems:
        raise CheckError(primal.name, problems)


def _primal(f: Callable[..., Any], role: Role) -> Primal:
    """The function with rules that ``f`` is, or is a compiled version of."""
    if unsupported():
        raise RuntimeError(unsupported())
    kind = "custom_jvp" if role is Role.JVP else "custom_vjp"
    found: Any = f
    while not isinstance(found, classes()):
        row = transform_made(found)
        if row and row.kind is not Kind.COMPILES:
            raise TypeError(
                f"{_name(f)} is a version of a function made by {row.names[0]}; give the original"
            )
        found = getattr(found, "__wrapped__", None)
        if found is None:
            raise TypeError(f"{_name(f)} is no jax.{kind} function")
    if not isinstance(found, getattr(jax, kind)):
        raise TypeError(f"{_name(f)} is no jax.{kind} function, but a jax.{type(found).__name__} one")
    primal = read(found)
    if primal is None:
        raise TypeError(f"{_name(f)} has no rules; attach them with def{kind.removeprefix('custom_')}")
    return primal


def _name(f: object) -> str:
    return f"`{getattr(f, '__name__', f)}`"


class _Derivative:
    """A primal at some arguments, with one derivative of it as a function of those that may change."""

    def __init__(self, primal: Primal, args: tuple[Any, ...], role: Role, seed: int) -> None:
        self.primal = primal
        self.args = args
        self.role = role
        self.dynamic = tuple(each for index, each in enumerate(args) if index not in primal.nondiff)
        draw = np.random.default_rng(seed)
        self._direction = tuple(random_like(list(self.dynamic), draw))
        with quiet():
            self._weights = random_like(primal.fun(*args), draw)

    def __call__(self, *dynamic: Any) -> Any:
        """The function's value, and its cotangents or tangents."""
        if self.role is Role.JVP:
            return jax.jvp(self._called, dynamic, self._direction)
        value, pull = jax.vjp(self._called, *dynamic)
        return value, _without_empty(pull(self._weights))

    def _called(self, *dynamic: Any) -> Any:
        given = iter(dynamic)
        fixed = self.primal.nondiff
        return self.primal.made(
            *(each if index in fixed else next(given) for index, each in enumerate(self.args))
        )


def _without_empty(tree: Any) -> Any:
    """A tree of cotangents without those of integers, which are no arrays that ``vmap`` takes."""
    return tree_map(lambda leaf: None if contract.dtype_of(leaf) == jax.dtypes.float0 else leaf, tree)


def _run(derivative: _Derivative) -> Iterator[str]:
    """What the guard or JAX says while the derivative is taken once."""
    error: Exception | None = None
    with guard("collect") as watching:
        try:
            derivative(*derivative.dynamic)
        except Exception as raised:
            error = raised
    yield from (shown(report) for report in watching.reports if report.level is not Level.NOTE)
    if error is not None:
        yield f"JAX raises {type(error).__name__}: {error}"


def _batching(derivative: _Derivative, rtol: float | None) -> Iterator[str]:
    """Whether the derivative of a batch is the batch of the derivatives."""
    examples = [tree_map(lambda leaf, k=k: _varied(leaf, k), derivative.dynamic) for k in range(_BATCH)]
    axes = tree_map(lambda leaf: 0 if contract.is_inexact(leaf) else None, derivative.dynamic)
    batch = tree_map(
        lambda axis, *leaves: leaves[0] if axis is None else jax.numpy.stack(leaves),
        axes,
        *examples,
        is_leaf=lambda axis: axis is None,
    )
    with quiet():
        alone = [derivative(*example) for example in examples]
        expected = tree_map(lambda *leaves: jax.numpy.stack(leaves), *alone)
        try:
            together = jax.vmap(derivative, in_axes=axes)(*batch)
        except Exception as error:
            yield f"under vmap, JAX raises {type(error).__name__}: {error}"
            return
    mismatch = contract.compare_types(expected, together) or contract.compare_values(expected, together, rtol)
    if mismatch:
        yield f"the derivative under vmap {mismatch.what} from that of each of {_BATCH} examples alone"


def _varied(leaf: Any, which: int) -> Any:
    """One of several nearby values: relative to the value, so that it stays in the function's domain."""
    return leaf * (1 + 0.0625 * which) if contract.is_inexact(leaf) else leaf


def _slopes(
    primal: Primal, role: Role, args: tuple[Any, ...], directions: int, rtol: float | None, seed: int
) -> Iterator[str]:
    rule = Role.JVP if role is Role.JVP else Role.FWD
    with quiet():
        found = [compare(primal, rule, args, seed + index, rtol) for index in range(directions)]
    if all(each is None for each in found):
        yield (
            "its gradient could not be compared with finite differences at these arguments: none of them is "
            "a floating-point number, or the function is not smooth there"
        )
    wrong = [each for each in found if each is not None and not each.agrees]
    if wrong:
        worst = max(wrong, key=lambda each: each.error / (each.tolerance or 1.0))
        yield shown_gradient(worst).replace("note: ", "")
