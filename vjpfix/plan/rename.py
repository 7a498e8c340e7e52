"""The fix of a taken-over name: the transformed version gets a name of its own."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vjpfix.analyse.facts import ModuleFacts, Rebinding
from vjpfix.analyse.transforms import Kind, Table
from vjpfix.model import Change, Edit, EditKind, Finding, Note, Refusal, Safety, Span

_RANK = {Kind.MAPS: 2, Kind.DIFFERENTIATES: 1}


@dataclass(frozen=True, slots=True)
class NamePolicy:
    """How new names are made. ``exact``: a primal's name to the new name to use for it."""

    exact: Mapping[str, str] = field(default_factory=dict)


def plan(
    findings: Iterable[Finding], facts: ModuleFacts, table: Table, policy: NamePolicy
) -> tuple[Change | Refusal, ...]:
    """For each finding of one module, its change or the refusal with every reason."""
    taken = set(facts.identifiers)
    outcomes: list[Change | Refusal] = []
    for finding in findings:
        outcome = _outcome(finding, facts, table, policy, taken)
        if isinstance(outcome, Change):
            taken.add(outcome.new_name)
        outcomes.append(outcome)
    return tuple(outcomes)


def _outcome(
    finding: Finding, facts: ModuleFacts, table: Table, policy: NamePolicy, taken: set[str]
) -> Change | Refusal:
    if finding.key < 0:
        return Refusal(finding, (Note("there is no fix for this", finding.path, finding.span),))
    rebinding = facts.rebindings[finding.key]
    reasons = [Note(o.reason, facts.path, o.span) for o in rebinding.obstacles]
    new_name = policy.exact.get(rebinding.name) or _free(
        f"{rebinding.name}_{suffix(rebinding, table)}", taken
    )
    if new_name in taken or keyword.iskeyword(new_name) or not new_name.isidentifier():
        why = f"`{new_name}` cannot be the new name: it is already used in this module"
        if new_name not in taken:
            why = f"`{new_name}` cannot be the new name: it is not an identifier"
        reasons.append(Note(why, finding.path, finding.span))
    if reasons:
        return Refusal(finding, tuple(reasons))
    return Change(finding, new_name, _edits(rebinding, facts.path, new_name), Safety.SAFE)


def suffix(rebinding: Rebinding, table: Table) -> str:
    """What the new name ends in: by the outermost mapping, else the outermost derivative, else the last."""
    rows = [transform for taken in rebinding.taken for s in taken.steps if (transform := table.transform(s))]
    best = max((_RANK.get(row.kind, 0) for row in rows), default=0)
    last = [row for row in rows if _RANK.get(row.kind, 0) == best]
    return last[-1].suffix if last else table.unknown_suffix


def _free(name: str, taken: set[str]) -> str:
    number, candidate = 2, name
    while candidate in taken:
        candidate = f"{name}_{number}"
        number += 1
    return candidate


def _edits(rebinding: Rebinding, path: Path, new_name: str) -> tuple[Edit, ...]:
    old = rebinding.name
    edits = [Edit(EditKind.RENAME, path, span, old, new_name) for span in rebinding.renames]
    edits += [Edit(EditKind.STRING, path, span, old, new_name) for span in rebinding.exports]
    if rebinding.alias_at:
        at = rebinding.alias_at
        start = Span(at.line, at.column, at.line, at.column)
        edits.append(Edit(EditKind.INSERT, path, start, "", f"{new_name} = {old}"))
    return tuple(sorted(edits, key=lambda edit: (edit.span, edit.kind.value)))
