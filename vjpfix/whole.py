"""A change is whole: planned over all files that can see it, tried in all of them, or refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vjpfix.facts.module import JaxModule
from vjpfix.fixes import Clash, Plan, Seen, across, by_second_name, plan_one
from vjpfix.fixes.rewrite import rewrite, spliced
from vjpfix.model import (
    Change,
    Edit,
    Finding,
    Note,
    Refusal,
    Report,
    Rewritten,
    Safety,
    SourceFile,
    VjpfixError,
)
from vjpfix.project import Project, Symbol, key_of, uses_of_helpers
from vjpfix.registry import findings_of
from vjpfix.settings import Settings
from vjpfix.surroundings import Home, Surroundings
from vjpfix.words import plain

NOBODYS = "_vjpfix"  # where a name is followed that stays as it is
MAX_NAMES = 20  # new names to try where star imports bring them into modules that have them


@dataclass(frozen=True, slots=True)
class Planned:
    """One module with its findings, as far as the module alone tells what to do about them."""

    source: SourceFile
    settings: Settings
    module: JaxModule
    plans: tuple[Plan, ...]


def words_of(plan: Plan) -> tuple[str, ...]:
    """The words that a module has to hold to matter to a fix."""
    found = plan.renamings
    return (found.takeover.name, *found.helpers) if found else changed_by(plan.outcome)


def is_seen(plan: Plan) -> bool:
    """Whether it is a change of something that other modules can see."""
    if isinstance(plan.outcome, Refusal):
        return False
    found = plan.renamings
    return found.public or found.in_class if found else bool(changed_by(plan.outcome))


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
        self.sources = {each.source.path: each.source for each in planned if each.plans}
        self.rewritten: dict[Finding, tuple[Rewritten, ...]] = {}
        seen = [plan for each in planned for plan in each.plans if is_seen(plan)]
        self.around = around
        if seen and settings.importers and home and not around:
            self.around = home.surroundings
        self.project = self.around.project if seen and self.around and settings.importers else None
        if self.project:
            self.project.search({word for plan in seen for word in words_of(plan)})
        self.outcomes = tuple(self._outcome(each, plan) for each in planned for plan in each.plans)

    def _outcome(self, each: Planned, plan: Plan) -> Change | Refusal:
        outcome = plan.outcome
        if self.project and is_seen(plan):
            outcome = self._across(each, plan, self.project)
        elif isinstance(outcome, Change) and (self.alone or not self.settings.importers):
            outcome = self._without_importers(each, plan, outcome)
        return self._tried(outcome) if isinstance(outcome, Change) else outcome

    def _without_importers(self, each: Planned, plan: Plan, change: Change) -> Change | Refusal:
        """The change where nobody looks at other modules: they could import what it changes."""
        policy, finding = each.settings.policy, change.finding
        name = given_away(plan, keeps=policy.original)
        if not name:
            return change
        why = f"other modules could import `{name}`, and importers are not looked for"
        other = plan_one(finding, plan.renamings, each.module, replace(policy, original=True))
        if isinstance(other.outcome, Change) and not given_away(other, keeps=True):
            why += f"; `--rename original` keeps `{name}` for them"
        if self.alone and self.settings.importers:  # there is no project to look through: a person may know
            return replace(change, safety=Safety.UNSAFE, reason="; ".join(filter(None, (why, change.reason))))
        return Refusal(finding, (Note(why, finding.path, finding.span),))

    def _across(self, each: Planned, plan: Plan, project: Project) -> Change | Refusal:
        outcome, found, policy = plan.outcome, plan.renamings, each.settings.policy
        finding, file = plan.finding, each.source.real_path.as_posix()
        if isinstance(outcome, Change) and (given := given_away(plan, keeps=policy.original)):
            refusal = by_second_name(outcome, project, Symbol(key_of(file), given))
            if refusal:
                return refusal
        if found is None:
            notes = tuple(uses_of_helpers(project, key_of(file), changed_by(outcome), NOBODYS))
            return Refusal(finding, notes) if notes else outcome
        taken = frozenset[str]()
        for _ in range(MAX_NAMES):
            if isinstance(outcome, Refusal):
                return outcome
            seen = across(outcome, found, project, file, policy)
            if isinstance(seen, Clash):
                taken |= seen.taken
            elif isinstance(seen, Seen):
                assert found.seen  # noqa: S101  # or nobody would have seen it
                found = replace(found, transformed=found.seen)
            else:
                return seen
            outcome = plan_one(finding, found, each.module, policy, taken).outcome
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


def given_away(plan: Plan, *, keeps: bool) -> str:
    """A name that others can import and that means something else after a change; empty where there is none.

    ``keeps``: what is renamed is the original, and the finding's own name goes on to mean the transformed
    version. Whoever calls a rule by itself is not counted: it is made right.
    """
    if not is_seen(plan):
        return ""
    names = [*changed_by(plan.outcome)]
    if found := plan.renamings:
        rules = {read.function for read in found.takeover.guilty}
        names += () if keeps else (found.takeover.name,)
        names += (helper for helper in found.helpers if helper not in rules)
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

    def find(module: JaxModule) -> Iterator[Finding]:
        return (each for rule in settings.rules for each in findings_of(rule, module))

    mended = [each for each in findings if each.path == source.path and not each.in_project]
    makes = bool(mended) or settings.prefilter.makes(plain(source.data))
    return rewrite(source, edits, settings.table, mended=mended, makes=makes, find=find)


def combine(changes: Iterable[Change], report: Report, settings: Settings) -> tuple[Rewritten, ...]:
    """The files as all of these changes together leave them. Errors: as ``rewrite``."""
    files: dict[Path, list[Change]] = {}
    for change in changes:
        for path in change.paths:
            files.setdefault(path, []).append(change)
    return tuple(_combined(path, found, report, settings) for path, found in sorted(files.items()))


def _combined(path: Path, changes: list[Change], report: Report, settings: Settings) -> Rewritten:
    if len(changes) == 1:
        for file in report.rewritten.get(changes[0].finding, ()):
            if file.source.path == path:
                return file
    edits = [edit for change in changes for edit in edits_by_path(change)[path]]
    return rewritten(report.sources[path], edits, [change.finding for change in changes], settings.of(path))
