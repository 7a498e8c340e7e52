"""A stand-in for jax that computes nothing: it remembers which version every call site reached.

A version is printed as it was built, without the names that it went by: ``#1`` is the primal itself (the first
primal of the run), and ``jit(vmap(#1))`` what became of it. A call site says who it is by the one int among its arguments.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace

TRANSFORMS = (
    *("vmap", "pmap", "grad", "value_and_grad", "jacfwd", "jacrev", "hessian"),
    *("jit", "checkpoint", "remat"),
)
HANDED_ON = "rules were handed on"


@dataclass(frozen=True, slots=True)
class World:
    """What the names imported from ``probing`` are worth in one run: which branches a program takes.

    With a ``seed``, ``flag`` and whether ``risky`` raises change from one evaluation to the next. ``optimized``:
    assertions are left out, as ``python -O`` does.
    """

    flag: bool
    turns: int
    mode: int
    raises: bool
    seed: int | None = None
    optimized: bool = False


WORLDS = (
    *(World(True, 1, 1, False), World(False, 2, 2, True), World(True, 0, 3, True)),
    *(World(False, 1, 1, False), World(True, 2, 2, False), World(False, 1, 3, False, optimized=True)),
)
"""Enough of them to meet nearly every branch."""

MORE_WORLDS = tuple(
    World(True, turns, mode, False, seed)
    for seed, (turns, mode) in enumerate(itertools.product((1, 2, 2, 2), (1, 2, 3, 1, 2, 3)))
)
"""For the branches that ``WORLDS`` miss."""


class Flag:
    """A truth value that may change from one evaluation to the next."""

    def __init__(self, value: bool, rng: random.Random | None) -> None:
        self.value, self.rng = value, rng

    def __bool__(self) -> bool:
        return self.value if self.rng is None else self.rng.random() < 0.5


@dataclass(frozen=True, slots=True)
class Event:
    """Call site ``site`` reached ``version``; ``driven`` is the primal whose rules were running, if any."""

    site: int | str
    version: str
    driven: str | None


class Token:
    """The result of every call: it takes part in any expression and means nothing."""

    def __iter__(self) -> Iterator[Token]:
        return iter((Token(), Token()))

    def __format__(self, spec: str) -> str:
        return "token"

    def __getattr__(self, name: str) -> Token:
        if name.startswith("__"):
            raise AttributeError(name)
        return Token()

    def __call__(self, *_args: object, **_kwargs: object) -> Token:
        return Token()

    def __getitem__(self, key: object) -> Token:
        return Token()

    def _binary(self, _other: object) -> Token:
        return Token()

    __add__ = __radd__ = __mul__ = __rmul__ = __sub__ = __rsub__ = __matmul__ = _binary


@dataclass(eq=False)
class Recorder:
    """The state of one run: the events so far, the primals made, and the primal being driven.

    ``lenient``: a transformed version hands rules on to its function, so that a program that cannot run does.
    """

    world: World
    lenient: bool = False
    events: list[Event] = field(default_factory=list)
    primals: list[Primal] = field(default_factory=list)
    driven: Primal | None = None

    def log(self, site: int | str, version: object) -> None:
        driven = describe(self.driven) if self.driven else None
        self.events.append(Event(site, describe(version), driven))

    def log_call(self, version: object, args: tuple[object, ...], kwargs: dict[str, object]) -> None:
        for value in (*args, *kwargs.values()):
            if type(value) is int:
                self.log(value, version)
                return

    def drive(self, primal: Primal) -> None:
        """Run the body and every rule of ``primal`` once, so that the sites in them are logged."""
        if self.driven is not None:
            return
        self.driven = primal
        try:
            for function in (primal.function, *primal.rules):
                result = call_with_tokens(function)
                if primal.kind == "gradient":
                    call_with_tokens(result[1])  # type: ignore[index]
        finally:
            self.driven = None


class Version:
    """What a transform gives back: callable, logs its call sites, and runs plain functions through."""

    def __init__(self, recorder: Recorder, transform: str, inner: object) -> None:
        self.recorder, self.transform, self.inner = recorder, transform, inner

    def __getattr__(self, name: str) -> object:
        if name in ("defvjp", "defjvp", "defjvps") and self.recorder.lenient:
            self.recorder.log(HANDED_ON, self)
            return getattr(bottom(self), name)
        raise AttributeError(name)

    def __call__(self, *args: object, **kwargs: object) -> object:
        self.recorder.log_call(self, args, kwargs)
        function = bottom(self)
        return Token() if isinstance(function, Primal) else function(*args, **kwargs)


class Primal:
    """A function with rules of its own. Calling it logs; only ``Recorder.drive`` runs what it holds."""

    def __init__(self, recorder: Recorder, kind: str, function: Callable[..., object]) -> None:
        self.recorder, self.kind, self.function = recorder, kind, function
        self.rules: list[Callable[..., object]] = []
        recorder.primals.append(self)
        self.number = len(recorder.primals)

    def __call__(self, *args: object, **kwargs: object) -> Token:
        self.recorder.log_call(self, args, kwargs)
        return Token()

    def defvjp(self, fwd: Callable[..., object], bwd: Callable[..., object], **_: object) -> None:
        self.rules += [fwd, bwd]

    def defjvp(self, jvp: Callable[..., object], **_: object) -> Callable[..., object]:
        self.rules.append(jvp)
        return jvp

    def defjvps(self, *jvps: Callable[..., object]) -> None:
        self.rules += jvps


def describe(value: object) -> str:
    """How a version was built, without the variable names it went by."""
    if isinstance(value, Primal):
        return f"#{value.number}"
    if isinstance(value, Version):
        return f"{value.transform}({describe(value.inner)})"
    if isinstance(value, functools.partial):
        return f"partial({describe(value.func)})"
    return value if isinstance(value, str) else type(value).__name__


def bottom(value: object) -> Callable[..., object]:
    while isinstance(value, Version | functools.partial):
        value = value.inner if isinstance(value, Version) else value.func
    assert callable(value)
    return value


def call_with_tokens(function: object) -> object:
    """Call the plain function under ``function`` with a token for each parameter that has no default."""
    plain = bottom(function)
    needed = [
        parameter
        for parameter in inspect.signature(plain).parameters.values()
        if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_POSITIONAL
    ]
    return plain(*(Token() for _ in needed))


def modules(recorder: Recorder) -> dict[str, ModuleType]:
    """The modules a generated program may import besides the standard library's."""
    custom = {f"custom_{kind}": functools.partial(make_primal, recorder, kind) for kind in ("vjp", "jvp")}
    gradient = functools.partial(Primal, recorder, "gradient")
    transforms = {name: functools.partial(transform, recorder, name) for name in TRANSFORMS}
    functions = {**custom, "custom_gradient": gradient, **transforms}
    functions |= {"vjp": functools.partial(vjp, recorder), "named_scope": contextlib.nullcontext}
    jax = module("jax", **functions)
    jax.custom_derivatives = module("jax.custom_derivatives", **custom)  # type: ignore[attr-defined]
    return {"jax": jax, "jax.custom_derivatives": jax.custom_derivatives, "probing": probing(recorder)}


def make_primal(recorder: Recorder, kind: str, fun: Callable[..., object], **_options: object) -> Primal:
    return Primal(recorder, kind, fun)


def transform(recorder: Recorder, name: str, fun: object = None, **options: object) -> object:
    told = f"{name}{options or ''}"
    if fun is None:
        return lambda late: Version(recorder, told, late)
    return Version(recorder, told, fun)


def vjp(recorder: Recorder, fun: object, *args: object) -> tuple[object, Token]:
    return Version(recorder, "vjp", fun)(*args), Token()


def probing(recorder: Recorder) -> ModuleType:
    """``probe(site, value)`` logs a value that is not called, ``said(label, *args)`` and ``fake(*args)`` the call
    site among their arguments; ``flag``, ``mode``, ``turns`` and ``risky`` decide which way a program runs."""
    world = recorder.world
    rng = None if world.seed is None else random.Random(world.seed)
    raises = Flag(world.raises, rng)

    def probe(site: int, value: object = None) -> object:
        recorder.log(site, value)
        return value

    def marked(site: int, value: object) -> Callable[[object], object]:
        recorder.log(site, value)
        return keep

    def risky() -> None:
        if raises:
            raise ValueError("this world raises")

    def token(*_: object) -> Token:
        return Token()

    def said(label: str, *args: object, **kwargs: object) -> Token:
        recorder.log_call(label, args, kwargs)
        return Token()

    functions = {"probe": probe, "marked": marked, "risky": risky, "keep": keep, "token": token, "said": said}
    functions["fake"] = functools.partial(said, "fake")
    values = {"flag": Flag(world.flag, rng), "turns": world.turns, "mode": world.mode}
    return module("probing", box=SimpleNamespace, **functions, **values)


def keep(value: object) -> object:
    return value


def module(name: str, **members: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(members)
    return made
