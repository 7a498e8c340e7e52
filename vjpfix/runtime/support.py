"""Whether the JAX at hand can be watched, found out by watching something."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import jax

from vjpfix.jaxfacts.transforms import Role
from vjpfix.runtime.jax_internals import ATTRIBUTES, OLDEST, TRIED, classes, with_functions


def unsupported() -> str:
    """Why this release of JAX cannot be watched, or nothing.

    Two small functions are differentiated under a watch, by their types alone: JAX does not choose its
    devices for that.
    """
    try:
        problem = _problem(classes())
    except Exception as error:
        problem = f"a function with rules could not be tried out ({type(error).__name__}: {error})"
    if not problem:
        return ""
    return (
        f"JAX {jax.__version__} cannot be watched: {problem}. "
        f"The guard was tried with JAX {', '.join(TRIED)}; nothing is checked."
    )


@functools.cache
def _problem(made_by: tuple[type, ...]) -> str:
    """What is in the way, for the classes of functions with rules."""
    if jax.__version_info__ < OLDEST:
        return f"it is older than {'.'.join(map(str, OLDEST))}"
    problems = (_missing(cls, kind) or _untrue(kind) for cls, kind in zip(made_by, ATTRIBUTES, strict=True))
    return next(filter(None, problems), "")


def _missing(cls: type, kind: str) -> str:
    """What a class has not that the guard builds on."""
    made = _example(kind)
    if type(made) is not cls:
        return f"jax.{kind} makes objects of another class"
    if "__call__" not in vars(cls):
        return f"jax.{kind} has no __call__ of its own"
    needed = ("fun", "nondiff_argnums", "symbolic_zeros", *ATTRIBUTES[kind].values())
    absent = [name for name in needed if not hasattr(made, name)]
    return f"jax.{kind} has no attribute {absent[0]}" if absent else ""


def _untrue(kind: str) -> str:
    """What comes otherwise than it should when a function with right rules is watched."""
    from vjpfix.runtime.watch import Watch  # an import that may fail with another JAX

    ran: list[Role] = []
    told: list[object] = []
    made = _example(kind)
    rules = {role: getattr(made, attribute) for role, attribute in ATTRIBUTES[kind].items()}
    noting = with_functions(made, {role: _noting(rule, role, ran) for role, rule in rules.items()})
    watch = Watch(told.append, gradients=False, opted_out=frozenset())
    number: Any = jax.ShapeDtypeStruct((), "float32")  # type: ignore[no-untyped-call]
    jax.eval_shape(jax.grad(watch.watched(made, noting)), number)
    if {*ran} != {*rules}:
        return f"jax.{kind} does not run the rules that it holds"
    if watch.skipped:
        return f"a check cannot be done ({watch.skipped[0]})"
    return f"a function with right rules is reported ({told[0]})" if told else ""


def _noting(rule: Callable[..., Any], role: Role, ran: list[Role]) -> Callable[..., Any]:
    def noted(*args: Any) -> Any:
        ran.append(role)
        return rule(*args)

    return noted


def _example(kind: str) -> Any:
    made: Any = getattr(jax, kind)(lambda x: 2.0 * x)
    attach = made.defvjp if kind == "custom_vjp" else made.defjvp
    attach(*(_EXAMPLES[role] for role in ATTRIBUTES[kind]))
    return made


_EXAMPLES: Mapping[Role, Callable[..., Any]] = {
    Role.FWD: lambda x: (2.0 * x, None),
    Role.BWD: lambda _, cotangent: (2.0 * cotangent,),
    Role.JVP: lambda primals, tangents: (2.0 * primals[0], 2.0 * tangents[0]),
}
