"""A change is whole: planned over all files that can see it, checked in all of them, or refused."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vjpfix.analyse.facts import ModuleFacts, Rebinding
from vjpfix.analyse.suspects import NOBODY
from vjpfix.config import Config
from vjpfix.discover import decode, find_names, read_bytes
from vjpfix.link import Project
from vjpfix.model import (
    Change,
    Finding,
    Note,
    Problem,
    Refusal,
    Rewritten,
    SourceFile,
    VjpfixError,
)
from vjpfix.plan import Clash, across, plan
from vjpfix.rewrite import rewrite
from vjpfix.settings import Settings

MAX_NAMES = 20  # new names to try where star imports bring them into modules that have them


@dataclass(frozen=True, slots=True)
class Planned:
    """One module with its findings, as far as the module alone tells what to do about them."""

    source: SourceFile
    facts: ModuleFacts
    outcomes: tuple[Change | Refusal, ...]

    def rebinding(self, finding: Finding) -> Rebinding:
        return self.facts.rebindings[finding.key]

    def is_seen(self, outcome: Change | Refusal) -> bool:
        """Whether it is a change of something that other modules can see."""
        if isinstance(outcome, Refusal) or outcome.finding.key < 0:
            return False
        rebinding = self.rebinding(outcome.finding)
        return rebinding.public or rebinding.in_class


class Whole:
    """The changes of a run, each over all of its files. ``sources`` and ``rewritten`` are for the report.

    ``alone``: there is no project around the one module.
    """

    def __init__(self, planned: Sequence[Planned], settings: Settings, *, alone: bool = False) -> None:
        self.settings = settings
        self.sources = {each.source.path: each.source for each in planned if each.outcomes}
        self.excluded: set[Path] = set()
        self.rewritten: dict[Finding, tuple[Rewritten, ...]] = {}
        seen = [(each, o) for each in planned for o in each.outcomes if each.is_seen(o)]
        self.project = self._project(planned, seen) if seen and not alone else None
        self.outcomes = tuple(self._outcome(each, o) for each in planned for o in each.outcomes)

    def _project(
        self, planned: Sequence[Planned], seen: Sequence[tuple[Planned, Change | Refusal]]
    ) -> Project:
        config = self.settings.config
        root = os.path.realpath(config.root)
        given = {each.source.real_path.as_posix(): each.source.path for each in planned}
        files = {path: Path(os.path.relpath(path)) for path in _files(root, replace(config, exclude=()))}
        files |= given
        if config.exclude:
            kept = {*_files(root, config), *given}
            self.excluded = {shown for path, shown in files.items() if path not in kept}
        project = Project(files, root, read_bytes, decode)
        words: set[str] = set()
        for each, outcome in seen:
            rebinding = each.rebinding(outcome.finding)
            words |= {rebinding.name, *rebinding.helpers}
        project.search(words)
        return project

    def _outcome(self, each: Planned, outcome: Change | Refusal) -> Change | Refusal:
        if self.project and each.is_seen(outcome):
            outcome = self._across(each, outcome, self.project)
        if isinstance(outcome, Change):
            return self._checked(outcome)
        return outcome

    def _across(self, each: Planned, outcome: Change | Refusal, project: Project) -> Change | Refusal:
        facts, finding = each.facts, outcome.finding
        for _ in range(MAX_NAMES):
            if isinstance(outcome, Refusal):
                return outcome
            file = each.source.real_path.as_posix()
            original = self.settings.policy.original
            found = across(outcome, each.rebinding(finding), project, file, original=original)
            if not isinstance(found, Clash):
                return found
            facts = replace(facts, identifiers=facts.identifiers | found.taken)
            (outcome,) = plan([finding], facts, self.settings.table, self.settings.policy)
        why = "no new name is free in all modules that would get it by a star import"
        return Refusal(finding, (Note(why, finding.path, finding.span),))

    def _checked(self, change: Change) -> Change | Refusal:
        """The change, or why it would break a promise in one of its files."""
        files: list[Rewritten] = []
        for path in change.paths:
            try:
                if path in self.excluded:
                    raise VjpfixError("this file uses the name, and is excluded from changes")
                files.append(rewritten(self._source(path), [change], self.settings))
            except VjpfixError as error:
                edit = next(edit for edit in change.edits if edit.path == path)
                span = change.finding.span if path == change.finding.path else edit.span
                return Refusal(change.finding, (Note(error.message, path, span),))
        self.rewritten[change.finding] = tuple(files)
        return change

    def _source(self, path: Path) -> SourceFile:
        if path not in self.sources:
            assert self.project  # noqa: S101  # other files come from there
            self.sources[path] = self.project.source_at(path)
        return self.sources[path]


def _files(root: str, config: Config) -> Iterator[str]:
    """All modules of the project, as absolute paths with forward slashes."""
    for found in find_names([Path(root)], config):
        if not isinstance(found, Problem):
            yield Path(found).as_posix()


def rewritten(source: SourceFile, changes: Sequence[Change], settings: Settings) -> Rewritten:
    """One file as these changes leave it. Errors: as ``rewrite``."""
    edits = tuple(edit for change in changes for edit in change.edits if edit.path == source.path)
    fixed = sum(change.finding.path == source.path for change in changes)
    has_primals = bool(fixed) or settings.prefilter.suspects(source.data) != NOBODY
    return rewrite(source, edits, settings.table, fixed=fixed, has_primals=has_primals)
