"""Functions with custom rules, as they are called: each gets rules that are checked when they run."""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from jax.tree_util import tree_map

from vjpfix.jaxfacts.transforms import Role
from vjpfix.runtime import contract, findings
from vjpfix.runtime.gradients import compare
from vjpfix.runtime.hook import is_quiet, quiet
from vjpfix.runtime.jax_internals import Primal, library_of, name_of, plain_primals, read, with_functions
from vjpfix.runtime.names import taken_over
from vjpfix.runtime.paths import Crossing, crossing, failed_crossing
from vjpfix.runtime.report import Check, Gradient, Level, Report

T = TypeVar("T")

_MOST_SIGNATURES = 4096
_MOST_GRADIENTS = 2
_MOST_SKIPPED = 100


@dataclass(frozen=True, slots=True)
class _Entry:
    """A rule, or the primal itself, that is running: of which call, for which watch."""

    call: _Call
    role: Role
    watch: Watch


_RUNNING: ContextVar[tuple[_Entry, ...]] = ContextVar("vjpfix_running", default=())


@dataclass(slots=True)
class _History:
    """What a watch remembers of one function: nothing that keeps arrays alive."""

    blamed: bool = False
    failed: set[Check] = field(default_factory=set)
    passed: set[int] = field(default_factory=set)
    values: int = 0
    gradients: int = 0


class Watch:
    """Checks rules as they run, and hands each new report to ``tell``.

    Arguments: ``tell`` gets a report or a gradient once, as soon as it is seen, and may raise.
    ``gradients``: whether rules are compared with finite differences too, but for the functions whose name
    is in ``opted_out``.
    """

    def __init__(
        self, tell: Callable[[Report | Gradient], None], *, gradients: bool, opted_out: frozenset[str]
    ) -> None:
        self.on = True
        self.skipped: list[str] = []  # the checks that could not be done, and why
        self.called: dict[str, None] = {}  # the names of the functions with rules that ran, in that order
        self._tell = tell
        self._gradients = gradients
        self._opted_out = opted_out
        self._histories: WeakKeyDictionary[Any, _History] = WeakKeyDictionary()
        self._told: set[Report] = set()
        self._lock = threading.Lock()

    def watched(self, made: Any, current: Any) -> Any:
        """The object to call instead of ``current``, which stands for the user's own ``made``."""
        __tracebackhide__ = True
        primal, running = read(made), read(current)
        if primal is None or running is None or not self.on:
            return current
        history = self._history(primal)
        self._check_path(primal, history)
        call = _Call(primal, history)
        functions = {Role.PRIMAL: running.fun, **running.rules}
        return with_functions(
            current, {role: self._checked(call, role, function) for role, function in functions.items()}
        )

    def _history(self, primal: Primal) -> _History:
        with self._lock:
            found = self._histories.get(primal.made)
            if found is not None:
                return found
            history = self._histories[primal.made] = _History()
            self.called[primal.name] = None
        for seen in self._safely(primal, lambda: list(taken_over(primal))) or ():
            history.blamed = True
            self._report(findings.of_name(primal, seen))
        return history

    def _check_path(self, primal: Primal, history: _History) -> None:
        """Report how a rule that is running reached its own primal, if not as it is."""
        running = _RUNNING.get()
        own = (
            (depth, entry.role)
            for depth, entry in enumerate(reversed(running), 1)
            if entry.watch is self and entry.call.primal.made is primal.made
        )
        depth, role = next(own, (0, Role.PRIMAL))
        if not depth or history.blamed:
            return
        frame, entered = sys._getframe(2), Watch._entered.__code__
        seen = self._safely(primal, lambda: crossing(frame, entered, depth, primal.names, role))
        self._blame(primal, history, role, seen)

    def _check_error(self, entry: _Entry, error: Exception) -> None:
        """Report the transform of the primal in which its rule failed."""
        primal, history = entry.call.primal, entry.call.history
        if not history.blamed:
            seen = self._safely(primal, lambda: failed_crossing(error, primal.made, primal.names, entry.role))
            self._blame(primal, history, entry.role, seen)

    def _blame(self, primal: Primal, history: _History, role: Role, seen: Crossing | None) -> None:
        if seen is not None:
            history.blamed = seen.level is not Level.NOTE
            self._report(findings.of_path(primal, role, seen))

    def _checked(self, call: _Call, role: Role, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of the user's that is checked when it runs: the primal, or a rule of it."""

        @functools.wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            if not self.on or is_quiet():
                return function(*args, **kwargs)
            out = self._entered(_Entry(call, role, self), function, args, kwargs)
            if role is not Role.PRIMAL:
                self._check_rule(call, role, args, out)
            return out

        if not hasattr(function, "__name__"):
            checked.__name__ = name_of(function)
        return checked

    def _entered(self, entry: _Entry, rule: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        __tracebackhide__ = True
        token = _RUNNING.set((*_RUNNING.get(), entry))
        try:
            return rule(*args, **kwargs)
        except Exception as error:
            self._check_error(entry, error)
            raise
        finally:
            _RUNNING.reset(token)

    def _check_rule(self, call: _Call, role: Role, args: tuple[Any, ...], out: Any) -> None:
        with quiet():
            found = None
            if not call.history.blamed:
                found = self._safely(call.primal, lambda: _CHECKS[role](call, args, out))
            if self._wants_gradient(call, role):
                gradient = self._safely(
                    call.primal, lambda: compare(call.primal, role, call.inputs_of(role, args))
                )
                if gradient is not None:
                    call.history.gradients += 1
                    self._tell(gradient)
        if found is not None:
            check, mismatch = found
            call.history.failed.add(check)
            self._report(findings.of_contract(call.primal, role, check, mismatch))

    def _wants_gradient(self, call: _Call, role: Role) -> bool:
        if not self._gradients or role is Role.BWD or call.history.gradients >= _MOST_GRADIENTS:
            return False
        code = getattr(call.primal.written(Role.PRIMAL), "__code__", None)
        own = code is not None and not library_of(code.co_filename)
        return own and call.primal.name not in self._opted_out

    def _safely(self, primal: Primal, check: Callable[[], T]) -> T | None:
        """What a check gives, or None where it could not be done: no report rather than a wrong one."""
        try:
            return check()
        except Exception as error:
            if len(self.skipped) < _MOST_SKIPPED:
                self.skipped.append(f"{primal.name}: {type(error).__name__}: {error}")
            return None

    def _report(self, report: Report) -> None:
        with self._lock:
            if report in self._told:
                return
            self._told.add(report)
        self._tell(report)


class _Call:
    """One call of a function with rules: what its rules are checked against."""

    def __init__(self, primal: Primal, history: _History) -> None:
        self.primal = primal
        self.history = history
        self.inputs: list[Any] | None = None  # the types of the differentiable arguments, once fwd has run

    def inputs_of(self, role: Role, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments of the primal, all of them in its order, out of those of its rule."""
        if role is Role.JVP:
            fixed, primals = args[: len(self.primal.nondiff)], list(args[len(self.primal.nondiff)])
            for index, value in zip(self.primal.nondiff, fixed, strict=True):
                primals.insert(index, value)
            return tuple(primals)
        if not self.primal.symbolic_zeros:
            return args
        return tuple(arg if i in self.primal.nondiff else plain_primals(arg) for i, arg in enumerate(args))

    def dynamic(self, args: tuple[Any, ...]) -> list[Any]:
        return [arg for index, arg in enumerate(args) if index not in self.primal.nondiff]


def _check_output(call: _Call, role: Role, args: tuple[Any, ...], out: Any) -> _Found:
    """Compare the primal's value that a fwd or a jvp rule gives with the primal's own."""
    if not isinstance(out, tuple | list) or len(out) != 2:
        return None  # JAX says so itself
    inputs = call.inputs_of(role, args)
    return _check_types(call, inputs, out[0]) or _check_value(call, inputs, out[0])


def _check_types(call: _Call, inputs: tuple[Any, ...], value: Any) -> _Found:
    history = call.history
    if Check.OUTPUT in history.failed:
        return None
    signature = _signature(call, inputs, value)
    if signature is not None and signature in history.passed:
        return None
    mismatch = contract.compare_types(_own_type(call, inputs), value)
    if mismatch is None and signature is not None and len(history.passed) < _MOST_SIGNATURES:
        history.passed.add(signature)
    return (Check.OUTPUT, mismatch) if mismatch else None


def _own_type(call: _Call, inputs: tuple[Any, ...]) -> Any:
    """What the primal gives or its types; one that cannot be traced, as it decides by values, is run."""
    primal = call.primal
    try:
        return contract.output_type(primal.fun, inputs, primal.nondiff)
    except Exception:
        if contract.has_tracers(call.dynamic(inputs)):
            raise
        return primal.fun(*inputs)


def _signature(call: _Call, inputs: tuple[Any, ...], value: Any) -> int | None:
    """A number for the types of a call, or None where an argument cannot be told from another one."""
    fixed = tuple(inputs[index] for index in call.primal.nondiff)
    if contract.has_tracers(fixed):
        return None
    try:
        return hash((contract.types(call.dynamic(inputs)), contract.types(value), fixed))
    except TypeError:
        return None


def _check_value(call: _Call, inputs: tuple[Any, ...], value: Any) -> _Found:
    """Compare values where they are known: at the first call, the second, the fourth, the eighth, …"""
    history = call.history
    if Check.VALUE in history.failed or contract.has_tracers(call.dynamic(inputs), value):
        return None
    history.values += 1
    if history.values & (history.values - 1):
        return None
    mismatch = contract.compare_values(call.primal.fun(*inputs), value)
    return (Check.VALUE, mismatch) if mismatch else None


def _check_fwd(call: _Call, args: tuple[Any, ...], out: Any) -> _Found:
    call.inputs = [_type_tree(each) for each in call.dynamic(call.inputs_of(Role.FWD, args))]
    return _check_output(call, Role.FWD, args, out)


def _check_bwd(call: _Call, args: tuple[Any, ...], out: Any) -> _Found:  # noqa: ARG001
    """Compare the cotangents of a bwd with the types of the arguments.

    Not where the fwd gave a value of another type: what bwd is given is of that type too, and so is what it
    makes of it.
    """
    if call.inputs is None or not call.history.failed.isdisjoint((Check.OUTPUT, Check.COTANGENT)):
        return None
    mismatch = contract.compare_cotangents(call.inputs, out)
    return (Check.COTANGENT, mismatch) if mismatch else None


def _check_jvp(call: _Call, args: tuple[Any, ...], out: Any) -> _Found:
    return _check_output(call, Role.JVP, args, out)


def _type_tree(tree: Any) -> Any:
    return tree_map(contract.type_of, tree)


_Found = tuple[Check, contract.Mismatch] | None
_CHECKS: dict[Role, Callable[[_Call, tuple[Any, ...], Any], _Found]] = {
    Role.FWD: _check_fwd,
    Role.BWD: _check_bwd,
    Role.JVP: _check_jvp,
}
