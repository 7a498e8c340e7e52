"""Changes that hang together, with the files they lead to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from vjpfix.model import Change, Problem, Report, Rewritten, Safety, VjpfixError
from vjpfix.settings import Settings
from vjpfix.whole import combine


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes that share files, and those files as all of the changes leave them."""

    changes: tuple[Change, ...]
    files: tuple[Rewritten, ...]


Act = Callable[[Batch], Sequence[Problem]]


def safe_changes(report: Report, *, unsafe: bool = False) -> tuple[Change, ...]:
    """The changes that may be applied; ``unsafe``: unsafe ones were asked for."""
    wanted = (Safety.SAFE, Safety.UNSAFE) if unsafe else (Safety.SAFE,)
    return tuple(o for o in report.outcomes if isinstance(o, Change) and o.safety in wanted)


def batches(
    changes: Sequence[Change], report: Report, settings: Settings
) -> tuple[list[Batch], list[Problem]]:
    """The changes in groups that can be written one by one, and what stops those that are left out.

    A change that does not go with those before it, though it would do alone, is left out.
    """
    made: list[Batch] = []
    problems: list[Problem] = []
    for group in _groups(changes):
        try:
            made.append(Batch(group, combine(group, report, settings)))
        except VjpfixError:
            kept, stopped = _one_by_one(group, report, settings)
            made += (Batch(each, combine(each, report, settings)) for each in _groups(kept))
            problems += stopped
    return made, problems


def carried_out(
    changes: Sequence[Change], report: Report, settings: Settings, act: Act
) -> tuple[list[Batch], list[Problem]]:
    """Do something with these changes, one batch after the other, and leave out those of them that cannot be.

    ``act`` gives back what prevented a batch, of which it then did nothing: its other changes go again, as if
    those had been declined. The result is what was done, and what stopped the rest.
    """
    done: list[Batch] = []
    problems: list[Problem] = []
    waiting = tuple(changes)
    while waiting:
        made, failed = batches(waiting, report, settings)
        problems += failed
        waiting = ()
        for batch in made:
            if not (found := act(batch)):
                done.append(batch)
                continue
            problems += (_stopping(problem, batch.changes) for problem in found)
            stopped = {finding for problem in problems for finding in problem.stops}
            waiting += tuple(change for change in batch.changes if change.finding not in stopped)
    return done, problems


def joined(made: Sequence[Batch]) -> Batch:
    """Batches as one, which is written as a whole."""
    return Batch(
        tuple(change for batch in made for change in batch.changes),
        tuple(file for batch in made for file in batch.files),
    )


def _one_by_one(
    changes: Sequence[Change], report: Report, settings: Settings
) -> tuple[tuple[Change, ...], list[Problem]]:
    """Those of the changes that go with all that stand before them, and what stops the others."""
    kept: tuple[Change, ...] = ()
    problems: list[Problem] = []
    for change in changes:
        try:
            combine((*kept, change), report, settings)
        except VjpfixError as error:
            problems.append(replace(error.problem, stops=(change.finding,)))
        else:
            kept += (change,)
    return kept, problems


def _stopping(problem: Problem, changes: Iterable[Change]) -> Problem:
    """The problem with those of the changes that it stops: of its file, or all where it is about none."""
    own = [change for change in changes if problem.path in change.paths] or changes
    return replace(problem, stops=tuple(change.finding for change in own))


def _groups(changes: Sequence[Change]) -> list[tuple[Change, ...]]:
    """Changes that share a file, directly or by way of others, in one group."""
    groups: list[tuple[Change, ...]] = []
    for change in changes:
        joined = [g for g in groups if any(set(change.paths) & set(other.paths) for other in g)]
        groups = [g for g in groups if g not in joined]
        groups.append((*(c for g in joined for c in g), change))
    return groups
