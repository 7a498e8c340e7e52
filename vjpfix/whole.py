"""A change is whole: planned over all files that can see it, tried in all of them, or refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vjpfix.analyse.facts import ModuleFacts, Rebinding
from vjpfix.analyse.plain import plain
from vjpfix.contracts import check
from vjpfix.link import Project, Symbol, key_of, uses_of_helpers
from vjpfix.model import (
    Change,
    Edit,
    Finding,
    Note,
    Refusal,
    Rewritten,
    Safety,
    SourceFile,
    VjpfixError,
)
from vjpfix.plan import Clash, Seen, across, by_second_name, plan
from vjpfix.rewrite import rewrite, spliced
from vjpfix.settings import Settings
from vjpfix.surroundings import Home, Surroundings

NOBODYS = "_vjpfix"  # where a name is followed that stays as it is
MAX_NAMES = 20  # new names to try where star imports bring them into modules that have them


@dataclass(frozen=True, slots=True)
class Planned:
    """One module with its findings, as far as the module alone tells what to do about them."""

    source: SourceFile
    settings: Settings
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
    """The changes of a run in one project, each over all of its files.

    ``sources`` and ``rewritten`` are for the report. ``home``: where the project is, if there is one;
    ``around``: what is there, where something has called for it.
    """

    def __init__(
        self,
        planned: Sequence[Planned],
        settings: Settings,
        *,
        home: Home | None = None,
        around: Surroundings | None = None,
    ) -> None:
        self.settings = settings
        self.alone = home is None
        self.sources = {each.source.path: each.source for each in planned if each.outcomes}
        self.rewritten: dict[Finding, tuple[Rewritten, ...]] = {}
        seen = [(each, o) for each in planned for o in each.outcomes if each.is_seen(o)]
        self.around = around
        if seen and settings.importers and home and not around:
            self.around = home.surroundings
        self.project = self.around.project if seen and self.around and settings.importers else None
        if self.project:
            self.project.search({word for each, outcome in seen for word in each.words(outcome)})
        self.outcomes = tuple(self._outcome(each, o) for each in planned for o in each.outcomes)

    def _outcome(self, each: Planned, outcome: Change | Refusal) -> Change | Refusal:
        if self.project and each.is_seen(outcome):
            outcome = self._across(each, outcome, self.project)
        elif isinstance(outcome, Change) and (self.alone or not self.settings.importers):
            outcome = self._without_importers(each, outcome)
        return self._tried(outcome) if isinstance(outcome, Change) else outcome

    def _without_importers(self, each: Planned, change: Change) -> Change | Refusal:
        """The change where nobody looks at other modules: they could import what it changes."""
        policy, finding = each.settings.policy, change.finding
        name = given_away(each, change, keeps=policy.original)
        if not name:
            return change
        why = f"other modules could import `{name}`, and importers are not looked for"
        (other,) = plan([finding], each.facts, each.settings.table, replace(policy, original=True))
        if isinstance(other, Change) and not given_away(each, other, keeps=True):
            why += f"; `--rename original` keeps `{name}` for them"
        if self.alone and self.settings.importers:  # there is no project to look through: a person may know
            return replace(change, safety=Safety.UNSAFE, reason="; ".join(filter(None, (why, change.reason))))
        return Refusal(finding, (Note(why, finding.path, finding.span),))

    def _across(self, each: Planned, outcome: Change | Refusal, project: Project) -> Change | Refusal:
        facts, finding, policy = each.facts, outcome.finding, each.settings.policy
        file = each.source.real_path.as_posix()
        if isinstance(outcome, Change) and (given := given_away(each, outcome, keeps=policy.original)):
            refusal = by_second_name(outcome, project, Symbol(key_of(file), given))
            if refusal:
                return refusal
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
            (outcome,) = plan([finding], facts, each.settings.table, policy)
        why = "no new name is free in all modules that would get it by a star import"
        return Refusal(finding, (Note(why, finding.path, finding.span),))

    def _tried(self, change: Change) -> Change | Refusal:
        """The change, or why one of its files cannot be written or (where it is proved) breaks a promise."""
        files: list[Rewritten] = []
        for path, edits in edits_by_path(change).items():
            try:
                if self.around and self.around.is_excluded(path):
                    raise VjpfixError("this file uses the name, and is excluded from changes")
                source = self._source(path)
                if self.settings.proves:
                    files.append(rewritten(source, edits, [change.finding], self.settings.of(path)))
                else:
                    spliced(source, edits)
            except VjpfixError as error:
                span = change.finding.span if path == change.finding.path else edits[0].span
                why = error.message if error.path in (None, path) else f"{error.path}: {error.message}"
                return Refusal(change.finding, (Note(why, path, span),))
        if self.settings.proves:
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


def given_away(each: Planned, change: Change, *, keeps: bool) -> str:
    """A name that others can import and that means something else after a change; empty where there is none.

    ``keeps``: what is renamed is the original, and the finding's own name goes on to mean the transformed
    version. Whoever calls a rule by itself is not counted: it is made right.
    """
    if not each.is_seen(change):
        return ""
    names = [*changed_by(change)]
    if change.finding.key >= 0:
        rebinding = each.rebinding(change.finding)
        rules = {read.function for read in rebinding.guilty}
        names += () if keeps else (rebinding.name,)
        names += (helper for helper in rebinding.helpers if helper not in rules)
    return next((name for name in names if not name.startswith("_")), "")


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
