"""The fix of a taken-over name: the transformed version gets a name of its own, or the original does."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vjpfix.elsewhere.takeovers import Attribute
from vjpfix.facts.data import Takeover
from vjpfix.facts.module import JaxModule
from vjpfix.facts.stacked import Stack
from vjpfix.fixes.foreign import of_attribute
from vjpfix.fixes.intended import stacked
from vjpfix.fixes.renaming import Moved, Renaming, Renamings
from vjpfix.fixes.resolution import Resolution
from vjpfix.jaxfacts.transforms import Kind, Table, Transform
from vjpfix.model import (
    Change,
    Edit,
    EditKind,
    Finding,
    NamePolicy,
    Note,
    Refusal,
    Remedy,
    Safety,
    Span,
    VjpfixError,
)
from vjpfix.project import Project
from vjpfix.semantic.parsing import readable

_RANK = {Kind.MAPS: 2, Kind.DIFFERENTIATES: 1}
_VERSIONS = {Kind.MAPS: "mapped", Kind.DIFFERENTIATES: "differentiated"}
_UNMAPPED, _ORIGINAL = "unmapped", "original"


@dataclass(frozen=True, slots=True)
class Plan:
    """A finding with its change or the refusal, as far as its module tells, and what that renames."""

    outcome: Change | Refusal
    renamings: Renamings | None = None

    @property
    def finding(self) -> Finding:
        return self.outcome.finding


def plan(
    findings: Iterable[Finding], module: JaxModule, policy: NamePolicy, project: Project | None
) -> tuple[Plan, ...]:
    """For each finding of one module, its change or the refusal with every reason."""
    taken: set[str] = set()
    plans: list[Plan] = []
    for finding in findings:
        try:
            with readable(module.path):
                found = renamings_of(finding, module, project)
        except VjpfixError as error:
            note = error.note(error.message, error.path or module.path)
            plans.append(Plan(Refusal(finding, (note,))))
            continue
        plans.append(plan_one(finding, found, module, policy, taken))
        if isinstance(outcome := plans[-1].outcome, Change) and outcome.new_name:
            taken.add(outcome.new_name)
    return tuple(plans)


def renamings_of(finding: Finding, module: JaxModule, project: Project | None) -> Renamings | None:
    """Both directions of a finding about a name; None for any other."""
    match finding.cause:
        case Attribute() as takeover:
            assert project  # noqa: S101  # nothing else tells of the other module
            return of_attribute(takeover, project)
        case Takeover() as takeover:
            return Resolution(takeover).renamings()
        case Stack() as stack:
            return stacked(module, stack)
    return None


def plan_one(
    finding: Finding,
    renamings: Renamings | None,
    module: JaxModule,
    policy: NamePolicy,
    taken: Iterable[str] = (),
) -> Plan:
    """What is done about a finding. ``taken``: words that a new name must not be, beside the module's own."""
    if renamings is None:
        return Plan(_remedied(finding))
    original, takeover = policy.original, renamings.takeover
    renaming = renamings.original if original else renamings.transformed
    reasons = [Note(o.reason, module.path, o.span) for o in renaming.obstacles] + [*renamings.others]
    words = {*taken, *module.identifiers, *renamings.words}
    ending = (original_suffix if original else suffix)(takeover, module.table)
    new_name = policy.exact.get(takeover.name) or _free(f"{takeover.name}_{ending}", words)
    if new_name in words or keyword.iskeyword(new_name) or not new_name.isidentifier():
        why = f"`{new_name}` cannot be the new name: it is already used in this module"
        if new_name not in words:
            why = f"`{new_name}` cannot be the new name: it is not an identifier"
        reasons.append(Note(why, finding.path, finding.span))
    if reasons:
        return Plan(Refusal(finding, tuple(reasons)), renamings)
    pair = (takeover.name, new_name) if original else (new_name, takeover.name)
    edits = _edits(renaming, module.path, renamings, new_name, " = ".join(pair))
    row = _naming(takeover, module.table)
    version = _VERSIONS.get(row.kind, "transformed") if row else "transformed"
    return Plan(Change(finding, new_name, edits, Safety.SAFE, version=version), renamings)


def _remedied(finding: Finding) -> Change | Refusal:
    remedy = finding.remedy or Remedy((), Safety.NONE, "there is no fix for this")
    if not remedy.edits:
        return Refusal(finding, (Note(remedy.reason, finding.path, finding.span),))
    return Change(finding, "", remedy.edits, remedy.safety, remedy.reason)


def _naming(takeover: Takeover, table: Table) -> Transform | None:
    """What the new name is made of: the outermost mapping, else the outermost derivative, else the last."""
    return max(reversed(_transforms(takeover, table)), key=lambda row: _RANK.get(row.kind, 0), default=None)


def suffix(takeover: Takeover, table: Table) -> str:
    """What the name of the transformed version ends in."""
    row = _naming(takeover, table)
    return row.suffix if row else table.unknown_suffix


def original_suffix(takeover: Takeover, table: Table) -> str:
    """What the original's new name ends in: by whether anything maps it."""
    mapped = any(row.kind is Kind.MAPS for row in _transforms(takeover, table))
    return _UNMAPPED if mapped else _ORIGINAL


def _transforms(takeover: Takeover, table: Table) -> list[Transform]:
    return [row for taken in takeover.taken for step in taken.steps if (row := table.transform(step))]


def _free(name: str, taken: Collection[str]) -> str:
    number, candidate = 2, name
    while candidate in taken:
        candidate = f"{name}_{number}"
        number += 1
    return candidate


def _edits(renaming: Renaming, path: Path, renamings: Renamings, new: str, alias: str) -> tuple[Edit, ...]:
    old = renamings.takeover.name
    edits = [Edit(EditKind.RENAME, path, span, old, new) for span in renaming.tokens]
    edits += [Edit(EditKind.STRING, path, span, old, new) for span in renaming.strings]
    if at := renaming.alias_at:
        edits.append(Edit(EditKind.INSERT, path, Span(at.line, at.column, at.line, at.column), "", alias))
    if renamings.moved:
        edits += _moving(renamings.moved, path, *alias.split(" = "))
    return tuple(sorted(edits, key=lambda edit: (edit.span, edit.kind.value)))


def _moving(moved: Moved, path: Path, result: str, function: str) -> Iterator[Edit]:
    """Decorators to a statement of their own."""
    for span, text in moved.lines:
        yield Edit(EditKind.REMOVE, path, span, text, "")
    statement = f"{moved.indent}{result} = {moved.before}{function}{moved.after}"
    yield Edit(EditKind.APPEND, path, moved.below, "", "\n" * moved.gap + statement)
