"""A change is whole: planned over all files that can see it, checked in all of them, or refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vjpfix.analyse.facts import ModuleFacts, Rebinding
from vjpfix.analyse.plain import plain
from vjpfix.contracts import check
from vjpfix.link import Project, key_of, uses_of_helpers
from vjpfix.model import (
    Change,
    Edit,
    Finding,
    Note,
    Refusal,
    Rewritten,
    SourceFile,
    VjpfixError,
)
from vjpfix.plan import Clash, Seen, across, plan
from vjpfix.rewrite import rewrite
from vjpfix.settings import Settings
from vjpfix.surroundings import Surroundings, surroundings

NOBODYS = "_vjpfix"  # where a name is followed that stays as it is
MAX_NAMES = 20  # new names to try where star imports bring them into modules that have them


@dataclass(frozen=True, slots=True)
class Planned:
    """One module with its findings, as far as the module alone tells what to do about them."""

    source: SourceFile
    facts: ModuleFacts
    outcomes: tuple[Change | Refusal, ...]

    def rebinding(self, finding: Finding) -> Rebinding:
        return self.facts.rebindings[finding.key]

    def words(self, outcome: Change | Refusal) -> tuple[str, ...]:
        """The words that a module has to hold to matter to this one."""
        if outcome.finding.key < 0:
            return changed_by(outcome)
        rebinding = self.rebinding(outcome.finding)
        return (rebinding.name, *rebinding.helpers)

    def is_seen(self, outcome: Change | Refusal) -> bool:
        """Whether it is a change of something that other modules can see."""
        if isinstance(outcome, Refusal):
            return False
        if outcome.finding.key < 0:
            return bool(changed_by(outcome))
        rebinding = self.rebinding(outcome.finding)
        return rebinding.public or rebinding.in_class


class Whole:
    """The changes of a run, each over all of its files. ``sources`` and ``rewritten`` are for the report.

    ``around``: the project, where something has called for it. ``alone``: there is none around the module.
    """

    def __init__(
        self,
        planned: Sequence[Planned],
        settings: Settings,
        *,
        around: Surroundings | None = None,
        alone: bool = False,
    ) -> None:
        self.settings = settings
        self.sources = {each.source.path: each.source for each in planned if each.outcomes}
        self.rewritten: dict[Finding, tuple[Rewritten, ...]] = {}
        seen = [(each, o) for each in planned for o in each.outcomes if each.is_seen(o)]
        self.around = around
        if seen and settings.importers and not around and not alone:
            given = {each.source.real_path.as_posix(): each.source.path for each in planned}
            self.around = surroundings(given, settings)
        self.project = self.around.project if seen and self.around else None
        if self.project:
            self.project.search({word for each, outcome in seen for word in each.words(outcome)})
        self.outcomes = tuple(self._outcome(each, o) for each in planned for o in each.outcomes)

    def _outcome(self, each: Planned, outcome: Change | Refusal) -> Change | Refusal:
        if self.project and each.is_seen(outcome):
            outcome = self._across(each, outcome, self.project)
        elif not self.settings.importers and self._is_given_away(each, outcome):
            name = outcome.finding.subject
            why = f"other modules could import `{name}`, and importers are not looked for"
            return Refusal(outcome.finding, (Note(why, outcome.finding.path, outcome.finding.span),))
        if isinstance(outcome, Change) and (self.settings.proves or outcome.finding.key >= 0):
            return self._checked(outcome)
        return outcome

    def _is_given_away(self, each: Planned, outcome: Change | Refusal) -> bool:
        """Whether the change gives others something else under a name that is not private."""
        keeps = self.settings.policy.original
        names = changed_by(outcome) or (() if keeps else (outcome.finding.subject,))
        return each.is_seen(outcome) and not all(name.startswith("_") for name in names)

    def _across(self, each: Planned, outcome: Change | Refusal, project: Project) -> Change | Refusal:
        facts, finding = each.facts, outcome.finding
        file, policy = each.source.real_path.as_posix(), self.settings.policy
        if finding.key < 0:
            notes = tuple(uses_of_helpers(project, key_of(file), changed_by(outcome), NOBODYS))
            return Refusal(finding, notes) if notes else outcome
        for _ in range(MAX_NAMES):
            if isinstance(outcome, Refusal):
                return outcome
            found = across(outcome, facts.rebindings[finding.key], project, file, policy)
            if isinstance(found, Clash):
                facts = replace(facts, identifiers=facts.identifiers | found.taken)
            elif isinstance(found, Seen):
                facts = _seen_by_others(facts, finding.key)
            else:
                return found
            (outcome,) = plan([finding], facts, self.settings.table, self.settings.policy)
        why = "no new name is free in all modules that would get it by a star import"
        return Refusal(finding, (Note(why, finding.path, finding.span),))

    def _checked(self, change: Change) -> Change | Refusal:
        """The change, or why it would break a promise in one of its files."""
        files: list[Rewritten] = []
        for path, edits in edits_by_path(change).items():
            try:
                if self.around and path in self.around.excluded:
                    raise VjpfixError("this file uses the name, and is excluded from changes")
                files.append(rewritten(self._source(path), edits, [change.finding], self.settings))
            except VjpfixError as error:
                span = change.finding.span if path == change.finding.path else edits[0].span
                return Refusal(change.finding, (Note(error.message, path, span),))
        self.rewritten[change.finding] = tuple(files)
        return change

    def _source(self, path: Path) -> SourceFile:
        if path not in self.sources:
            assert self.project  # noqa: S101  # other files come from there
            self.sources[path] = self.project.source_at(path)
        return self.sources[path]


def _seen_by_others(facts: ModuleFacts, key: int) -> ModuleFacts:
    """The facts where other modules import the name of a rebinding."""
    rebindings = list(facts.rebindings)
    seen = rebindings[key].seen
    assert seen  # noqa: S101  # or nobody would have seen it
    rebindings[key] = replace(seen, seen=seen)
    return replace(facts, rebindings=tuple(rebindings))


def changed_by(outcome: Change | Refusal) -> tuple[str, ...]:
    """The functions that a fix of a rule's own gives another meaning, under names that others can import."""
    remedy = outcome.finding.remedy
    return remedy.changes if remedy else ()


def edits_by_path(change: Change) -> dict[Path, list[Edit]]:
    """The edits of a change for each of its files, in the order of the paths."""
    found: dict[Path, list[Edit]] = {path: [] for path in change.paths}
    for edit in change.edits:
        found[edit.path].append(edit)
    return found


def rewritten(
    source: SourceFile, edits: Sequence[Edit], findings: Iterable[Finding], settings: Settings
) -> Rewritten:
    """One file as its ``edits`` leave it, which mend these ``findings``. Errors: as ``rewrite``."""
    own = [found for found in findings if found.path == source.path and not found.in_project]
    contracts = {rule.code for rule in settings.rules if rule.contract}
    fixed = sum(found.rule not in contracts for found in own)
    has_primals = bool(fixed) or settings.prefilter.makes(plain(source.data))
    result = rewrite(source, edits, settings.table, fixed=fixed, has_primals=has_primals)
    check(source.path, source.text, result.text, own, settings)
    return result
