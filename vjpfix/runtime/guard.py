"""``vjpfix.guard()``: watch the custom derivatives that run, without a change to the code that runs them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from vjpfix.runtime.arrival import Arrival
from vjpfix.runtime.report import Check, Gradient, Level, Report
from vjpfix.runtime.text import shown, shown_gradient

if TYPE_CHECKING:
    from vjpfix.runtime.watch import Watch

Action = Literal["warn", "error", "collect"]


class GuardWarning(UserWarning):
    """What the guard saw, as a warning at the line at fault."""


class GuardError(RuntimeError):
    """What the guard saw, as an error that stops the program. ``report`` holds it."""

    def __init__(self, report: Report) -> None:
        super().__init__(shown(report))
        self.report = report


class guard:  # noqa: N801  # used as a function: `with vjpfix.guard():`
    """A context manager under which every function with custom rules that runs is checked.

    While it is on, for each ``jax.custom_vjp`` and ``jax.custom_jvp`` function that is called: whether its
    rules reach the function itself, or a transformed version that took over its name; and the contract of the
    rules: the structure, shapes, dtypes and (where they are known) values of what ``fwd`` or the jvp rule
    gives as the primal's value, and those of the cotangents that ``bwd`` returns. What was compiled before is
    not seen: JAX does not run its Python code again.

    Arguments:
        action: what happens when something is seen. ``"warn"``: a GuardWarning for errors and warnings;
            ``"error"``: a GuardError is raised for errors, in the middle of the work, and warnings warn;
            ``"collect"``: nothing but an entry in ``reports``.
        check_gradients: also compare each rule with a finite difference of its primal, the first times that
            it runs with known values. The comparisons are in ``gradients``; they are notes, never errors, as
            rules may differ on purpose.
        skip_gradients: names of functions that are left out of that.
        tell: called with each report and each gradient once, as soon as it is seen.

    A guard can be used again, by several threads at once and in another one. While it is on it checks all
    threads. Where the release of JAX cannot be watched it says so (a warning and a report) and does nothing.
    JAX is not imported by it: if the program does that later, it starts then.
    """

    def __init__(
        self,
        action: Action = "warn",
        *,
        check_gradients: bool = False,
        skip_gradients: Collection[str] = (),
        tell: Callable[[Report | Gradient], None] | None = None,
    ) -> None:
        if action not in ("warn", "error", "collect"):
            raise ValueError(f"action must be 'warn', 'error' or 'collect', not {action!r}")
        self._action = action
        self._check_gradients = check_gradients
        self._skip_gradients = frozenset(skip_gradients)
        self._tell = tell
        self._seen: list[Report | Gradient] = []
        self._running: list[tuple[Arrival, list[Watch]]] = []
        self._watches: list[Watch] = []

    @property
    def reports(self) -> tuple[Report, ...]:
        """What was seen so far, in the order in which it was."""
        return tuple(each for each in self._seen if isinstance(each, Report))

    @property
    def gradients(self) -> tuple[Gradient, ...]:
        """The comparisons with finite differences so far."""
        return tuple(each for each in self._seen if isinstance(each, Gradient))

    @property
    def errors(self) -> tuple[Report, ...]:
        """The reports of what is shown to break."""
        return tuple(report for report in self.reports if report.level is Level.ERROR)

    @property
    def skipped(self) -> tuple[str, ...]:
        """Checks that could not be done, each with its function and the reason. They make no report."""
        return tuple(each for watch in self._watches for each in watch.skipped)

    @property
    def called(self) -> tuple[str, ...]:
        """The names of the functions with rules that were called while it was on."""
        return tuple(dict.fromkeys(name for watch in self._watches for name in watch.called))

    def __enter__(self) -> guard:
        watches: list[Watch] = []
        self._running.append((Arrival("jax", lambda: self._start(watches)), watches))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        arrival, watches = self._running.pop()
        arrival.cancel()
        for watch in watches:
            from vjpfix.runtime.hook import uninstall

            watch.on = False
            uninstall(watch.watched)

    def _start(self, watches: list[Watch]) -> None:
        from vjpfix.runtime.support import unsupported

        problem = unsupported()
        if problem:
            self._take(Report(Check.GUARD, Level.WARNING, problem, ""))
            return
        from vjpfix.runtime.hook import install
        from vjpfix.runtime.watch import Watch

        watch = Watch(self._take, gradients=self._check_gradients, opted_out=self._skip_gradients)
        install(watch.watched)
        watches.append(watch)
        self._watches.append(watch)

    def _take(self, seen: Report | Gradient) -> None:
        self._seen.append(seen)
        if self._tell is not None:
            self._tell(seen)
        if self._action == "collect":
            return
        if isinstance(seen, Gradient):
            if not seen.agrees:
                _warn(shown_gradient(seen), seen)
        elif seen.level is Level.ERROR and self._action == "error":
            raise GuardError(seen)
        elif seen.level is not Level.NOTE:
            _warn(shown(seen), seen)


def _warn(text: str, seen: Report | Gradient) -> None:
    place = seen.call
    warnings.warn_explicit(text, GuardWarning, place.file if place else "vjpfix", place.line if place else 1)
