"""The fix of a taken-over name: the transformed version gets a name of its own, or the original does."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vjpfix.analyse.facts import ModuleFacts, Moved, Obstacle, Rebinding
from vjpfix.analyse.transforms import Kind, Table, Transform
from vjpfix.model import Change, Edit, EditKind, Finding, Note, Refusal, Remedy, Safety, Span

_RANK = {Kind.MAPS: 2, Kind.DIFFERENTIATES: 1}
_UNMAPPED, _ORIGINAL = "unmapped", "original"


@dataclass(frozen=True, slots=True)
class NamePolicy:
    """How new names are made.

    ``exact``: a primal's name to the new name to use for it. ``original``: it is the original that gets the
    new name, and the transformed version keeps the old one. ``docstrings``: what refers to the name in them
    changes as well.
    """

    exact: Mapping[str, str] = field(default_factory=dict)
    original: bool = False
    docstrings: bool = False


@dataclass(frozen=True, slots=True)
class _Strategy:
    """What one strategy does to a rebinding: the tokens and the line that it needs, or why it is not right.

    ``strings``: of which the text changes. ``ending``: what the new name ends in. ``alias``: the statement to
    insert, where paths meet.
    """

    tokens: tuple[Span, ...]
    strings: tuple[Span, ...]
    alias_at: Span | None
    alias: str
    obstacles: tuple[Obstacle, ...]
    ending: str


def plan(
    findings: Iterable[Finding], facts: ModuleFacts, table: Table, policy: NamePolicy
) -> tuple[Change | Refusal, ...]:
    """For each finding of one module, its change or the refusal with every reason."""
    taken = set(facts.identifiers)
    outcomes: list[Change | Refusal] = []
    for finding in findings:
        outcome = _outcome(finding, facts, table, policy, taken)
        if isinstance(outcome, Change) and outcome.new_name:
            taken.add(outcome.new_name)
        outcomes.append(outcome)
    return tuple(outcomes)


def _outcome(
    finding: Finding, facts: ModuleFacts, table: Table, policy: NamePolicy, taken: set[str]
) -> Change | Refusal:
    if finding.key < 0:
        return _remedied(finding)
    rebinding = facts.rebindings[finding.key]
    strategy = _strategy(rebinding, table, policy)
    reasons = [Note(o.reason, facts.path, o.span) for o in strategy.obstacles] + [*rebinding.others]
    new_name = policy.exact.get(rebinding.name) or _free(f"{rebinding.name}_{strategy.ending}", taken)
    if new_name in taken or keyword.iskeyword(new_name) or not new_name.isidentifier():
        why = f"`{new_name}` cannot be the new name: it is already used in this module"
        if new_name not in taken:
            why = f"`{new_name}` cannot be the new name: it is not an identifier"
        reasons.append(Note(why, finding.path, finding.span))
    if reasons:
        return Refusal(finding, tuple(reasons))
    edits = _edits(strategy, facts.path, rebinding, new_name)
    return Change(finding, new_name, edits, Safety.SAFE)


def _remedied(finding: Finding) -> Change | Refusal:
    remedy = finding.remedy or Remedy((), Safety.NONE, "there is no fix for this")
    if not remedy.edits:
        return Refusal(finding, (Note(remedy.reason, finding.path, finding.span),))
    return Change(finding, "", remedy.edits, remedy.safety, remedy.reason)


def _strategy(rebinding: Rebinding, table: Table, policy: NamePolicy) -> _Strategy:
    if not policy.original:
        return _Strategy(
            rebinding.renames,
            (*rebinding.exports, *rebinding.strings),
            rebinding.alias_at,
            "{new} = {old}",
            rebinding.obstacles,
            suffix(rebinding, table),
        )
    return _Strategy(
        rebinding.originals,
        (),
        rebinding.original_alias_at,
        "{old} = {new}",
        rebinding.original_obstacles,
        original_suffix(rebinding, table),
    )


def suffix(rebinding: Rebinding, table: Table) -> str:
    """What the new name ends in: by the outermost mapping, else the outermost derivative, else the last."""
    rows = _transforms(rebinding, table)
    best = max((_RANK.get(row.kind, 0) for row in rows), default=0)
    last = [row for row in rows if _RANK.get(row.kind, 0) == best]
    return last[-1].suffix if last else table.unknown_suffix


def original_suffix(rebinding: Rebinding, table: Table) -> str:
    """What the original's new name ends in: by whether anything maps it."""
    mapped = any(row.kind is Kind.MAPS for row in _transforms(rebinding, table))
    return _UNMAPPED if mapped else _ORIGINAL


def _transforms(rebinding: Rebinding, table: Table) -> list[Transform]:
    return [row for taken in rebinding.taken for step in taken.steps if (row := table.transform(step))]


def _free(name: str, taken: set[str]) -> str:
    number, candidate = 2, name
    while candidate in taken:
        candidate = f"{name}_{number}"
        number += 1
    return candidate


def _edits(strategy: _Strategy, path: Path, rebinding: Rebinding, new: str) -> tuple[Edit, ...]:
    old = rebinding.name
    edits = [Edit(EditKind.RENAME, path, span, old, new) for span in strategy.tokens]
    edits += [Edit(EditKind.STRING, path, span, old, new) for span in strategy.strings]
    if strategy.alias_at:
        at = strategy.alias_at
        start = Span(at.line, at.column, at.line, at.column)
        edits.append(Edit(EditKind.INSERT, path, start, "", strategy.alias.format(old=old, new=new)))
    if rebinding.moved:
        edits += _moving(rebinding.moved, path, *strategy.alias.format(old=old, new=new).split(" = "))
    return tuple(sorted(edits, key=lambda edit: (edit.span, edit.kind.value)))


def _moving(moved: Moved, path: Path, result: str, function: str) -> Iterator[Edit]:
    """Decorators to a statement of their own."""
    for span, text in moved.lines:
        yield Edit(EditKind.REMOVE, path, span, text, "")
    if moved.below:
        statement = f"{moved.indent}{result} = {moved.before}{function}{moved.after}"
        yield Edit(EditKind.APPEND, path, moved.below, "", "\n" * moved.gap + statement)
