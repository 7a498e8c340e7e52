"""What came of running a command on the two copies of a project."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from vjpfix.runtime.report import Gradient, Level, Report


class Verdict(Enum):
    """How the fixed copy did beside the one as it is. UNKNOWN: the command could not show it."""

    BETTER = "better"
    EQUAL = "equal"
    WORSE = "worse"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Run:
    """A command on one copy.

    ``code``: its exit code, None where the time was up, negative for a signal. ``tests``: how each test that
    pytest ran ended. ``reports``, ``gradients``: what the guard saw, in paths of the project itself.
    ``called``: functions with rules that ran. ``jax``: some process ran JAX under the guard.
    """

    code: int | None
    seconds: float
    output: str
    tests: Mapping[str, str]
    reports: tuple[Report, ...]
    gradients: tuple[Gradient, ...]
    called: frozenset[str]
    jax: bool

    @property
    def ending(self) -> str:
        """The exit code in words."""
        if self.code is None:
            return "time limit"
        if self.code < 0:
            return _signal_name(-self.code)
        return str(self.code)

    @property
    def severity(self) -> int:
        """0: it succeeded, 1: it failed, 2: it was killed."""
        return 0 if self.code == 0 else 1 if self.code is not None and self.code > 0 else 2

    @property
    def errors(self) -> int:
        return sum(report.level is Level.ERROR for report in self.reports)

    def count(self, *outcomes: str) -> int:
        """How many tests ended like that."""
        return sum(outcome in outcomes for outcome in self.tests.values())


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


@dataclass(frozen=True, slots=True)
class Slopes:
    """A function's derivative by its rule beside a finite difference, on each copy on which it was seen."""

    function: str
    before: Gradient | None
    after: Gradient | None


@dataclass(frozen=True, slots=True)
class TestChange:
    """A test that ended in another way, or (None) did not run on one of the copies."""

    __test__ = False  # to pytest

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs.

    ``better``, ``worse``, ``notes``: sentences. ``gone``, ``new``, ``remain``: reports of the guard, by
    whether they come with the fix too.
    """

    verdict: Verdict
    better: tuple[str, ...]
    worse: tuple[str, ...]
    notes: tuple[str, ...]
    gone: tuple[Report, ...]
    new: tuple[Report, ...]
    remain: tuple[Report, ...]
    tests: tuple[TestChange, ...]
    slopes: tuple[Slopes, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A command, what came of it on the copy as it is and on the one with the fix, and how these compare."""

    command: tuple[str, ...]
    before: Run
    after: Run
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Verification:
    """All trials of a fix. ``left_out``: what was not copied, by paths below the project."""

    trials: tuple[Trial, ...]
    left_out: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        found = [trial.comparison.verdict for trial in self.trials]
        order = (Verdict.WORSE, Verdict.UNKNOWN, Verdict.BETTER)
        return next((verdict for verdict in order if verdict in found), Verdict.EQUAL)

    @property
    def clean(self) -> bool:
        """Whether the guard saw no error on any of the fixed copies."""
        return not any(trial.after.errors for trial in self.trials)
