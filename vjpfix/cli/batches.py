"""Changes that hang together, with the files they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vjpfix.model import Change, Problem, Report, Rewritten, Safety, VjpfixError
from vjpfix.pipeline import combine
from vjpfix.settings import Settings


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes that share files, and those files as all of the changes leave them."""

    changes: tuple[Change, ...]
    files: tuple[Rewritten, ...]


def safe_changes(report: Report, *, unsafe: bool = False) -> tuple[Change, ...]:
    """The changes that may be applied; ``unsafe``: unsafe ones were asked for."""
    wanted = (Safety.SAFE, Safety.UNSAFE) if unsafe else (Safety.SAFE,)
    return tuple(o for o in report.outcomes if isinstance(o, Change) and o.safety in wanted)


def batches(
    changes: Sequence[Change], report: Report, settings: Settings
) -> tuple[list[Batch], list[Problem]]:
    """The changes in groups that can be written one by one, and why some of the groups cannot."""
    made: list[Batch] = []
    problems: list[Problem] = []
    for group in _groups(changes):
        try:
            made.append(Batch(group, combine(group, report, settings)))
        except VjpfixError as error:
            problems.append(error.problem)
    return made, problems


def joined(made: Sequence[Batch]) -> Batch:
    """Batches as one, which is written as a whole."""
    return Batch(
        tuple(change for batch in made for change in batch.changes),
        tuple(file for batch in made for file in batch.files),
    )


def _groups(changes: Sequence[Change]) -> list[tuple[Change, ...]]:
    """Changes that share a file, directly or by way of others, in one group."""
    groups: list[tuple[Change, ...]] = []
    for change in changes:
        joined = [g for g in groups if any(set(change.paths) & set(other.paths) for other in g)]
        groups = [g for g in groups if g not in joined]
        groups.append((*(c for g in joined for c in g), change))
    return groups
