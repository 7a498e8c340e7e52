"""The stages in order: discover, prefilter, analyse, link, rules, plan, rewrite. Nothing is written here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vjpfix import suppress
from vjpfix.discover import Skipped, decode, find_names, read_bytes
from vjpfix.elsewhere.neighbours import Member, Neighbour, Neighbours
from vjpfix.facts.module import JaxModule
from vjpfix.fixes import plan
from vjpfix.model import (
    Change,
    Finding,
    Problem,
    Refusal,
    Report,
    Rewritten,
    SourceFile,
    VjpfixError,
)
from vjpfix.registry import findings_of
from vjpfix.remarks import on_homeless, on_skipped, on_unasked
from vjpfix.rules.unused_suppression import UnusedSuppression
from vjpfix.semantic.parsing import NotPythonError
from vjpfix.settings import Settings
from vjpfix.surroundings import Home, homes
from vjpfix.whole import Planned, Whole, edits_by_path, rewritten
from vjpfix.words import NO_WORDS, plain


@dataclass(frozen=True, slots=True)
class _Looked:
    """A module that is worth a look. ``taken``: words among which are the names of other modules that it may
    take over."""

    source: SourceFile
    settings: Settings
    module: JaxModule
    taken: frozenset[bytes] = NO_WORDS

    @property
    def member(self) -> Member:
        file = self.source.real_path.as_posix()
        return Member(self.module, file, self.settings.prefilter.makes, self.taken)


def run(paths: Sequence[Path], settings: Settings, tick: Callable[[], None] = lambda: None) -> Report:
    """Find everything in the files that ``paths`` stand for; ``tick`` is called after each file.

    The order of ``paths`` does not matter. Raises ``VjpfixError`` where no file can be looked at because of
    one mistake in a configuration; it is a problem of the report where others can.
    """
    # A Path's own ``is_symlink`` raises where its folder may not be looked into.
    paths = sorted(paths, key=lambda path: (os.path.islink(path), os.path.realpath(path)))  # noqa: PTH114
    wrong: dict[Problem, VjpfixError] = {}
    problems: list[Problem] = []
    looked: list[_Looked] = []
    skipped: list[Skipped] = []
    names: list[str] = []
    unasked = 0
    for found in find_names(paths, settings.configs, skipped.append):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        try:
            own = settings.of(found)
        except VjpfixError as error:
            wrong[error.problem] = error
            continue
        names.append(found)
        unasked += not own.chosen
        try:
            looked += _look(found, own)
        except VjpfixError as error:
            problems.append(Problem(error.message, error.path or Path(found), error.line))
        tick()
    if len(wrong) == 1 and not names and not problems:
        raise next(iter(wrong.values()))
    where = homes(paths, names, [each.source.real_path for each in looked], settings.configs)
    groups: dict[Home, list[_Looked]] = {}
    for each in looked:
        groups.setdefault(where[each.source.real_path], []).append(each)
    found_in: list[Whole] = []
    homeless: list[Path] = []
    for home, group in groups.items():
        neighbours = _neighbours(group, home, settings)
        found_in.append(whole := _whole(group, settings, home, neighbours, problems))
        if not home.root and (whole.project or neighbours.was_asked_for_rules):
            homeless += (outcome.finding.path for outcome in whole.outcomes)
    remarks = (*on_skipped(skipped), *on_homeless(homeless), *on_unasked(unasked))
    report = _report(found_in, [*wrong, *problems], len(names) - unasked)
    return replace(report, remarks=remarks, unasked=unasked)


def _look(found: str, settings: Settings) -> Iterator[_Looked]:
    """A file, if there may be anything to say about it."""
    data = read_bytes(found)
    text = plain(data)
    makes, taken = settings.prefilter.makes(text), settings.prefilter.taken(text)
    if makes or taken or settings.prefilter.comments(data):
        path = Path(found)
        source = decode(path, path.resolve(), data)
        yield _Looked(source, settings, _module(source, settings, makes=makes), taken)


def run_data(path: Path, data: bytes, settings: Settings) -> Report:
    """Find everything in one file's content that is at hand (standard input, another tool's tree)."""
    try:
        own = settings.of(path)
        source = decode(path, path, data)
        looked = _Looked(source, own, _module(source, own))
        report = _report([_whole([looked], settings, None, None, [])], [], int(bool(own.chosen)))
        unasked = 1 - report.files
        return replace(report, remarks=tuple(on_unasked(unasked)), unasked=unasked)
    except VjpfixError as error:
        return Report((), (Problem(error.message, error.path or path, error.line),), {}, 1)


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


def _module(source: SourceFile, settings: Settings, *, makes: bool = True) -> JaxModule:
    """A module of which rules can ask; ``makes``: it may make functions with custom derivatives."""
    module = JaxModule(source.text, source.path, settings.table, makes=makes)
    try:
        return module.parsed() if makes else module
    except NotPythonError as error:
        from vjpfix.newer_syntax import is_newer  # it needs LibCST, which is slow to import

        if not is_newer(source.text):
            raise
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        message = f"uses syntax newer than Python {version}, which runs vjpfix; run it with a newer Python"
        raise VjpfixError(message, source.path, error.line) from None


def _findings(each: _Looked, problems: list[Problem]) -> tuple[Finding, ...]:
    """What the selected rules find in a module, less what its comments hide."""
    settings, path, text = each.settings, each.source.path, each.source.text
    found: list[Finding] = []
    for rule in settings.rules_for(path):
        try:
            found += findings_of(rule, each.module)
        except VjpfixError as error:
            problem = Problem(error.message, error.path or path, error.line)
            if problem not in problems:  # the next rule may meet it as well
                problems.append(problem)
    reporting = [rule for rule in settings.chosen if isinstance(rule, UnusedSuppression)]
    if found or reporting:
        prefixes = tuple({rule.code.rstrip("0123456789") for rule in settings.rules})
        kept, _, unused = suppress.split(found, suppress.directives(text, prefixes))
        found = [*kept, *(finding for rule in reporting for finding in rule.unused(path, unused))]
    return tuple(sorted(found, key=lambda finding: (finding.span, finding.rule)))


def _neighbours(looked: Sequence[_Looked], home: Home, settings: Settings) -> Neighbours:
    """Let the modules of one project ask about each other."""
    members = [each.member for each in looked]
    given = home.given.keys()
    found = Neighbours(members, given, lambda: home.surroundings.project, attach=settings.importers)
    for member in members:
        member.module.elsewhere = Neighbour(found, member)
    return found


def _whole(
    looked: Sequence[_Looked],
    settings: Settings,
    home: Home | None,
    neighbours: Neighbours | None,
    problems: list[Problem],
) -> Whole:
    """What is found in modules of one project; without a ``home``, in one of which nothing more is known."""
    planned: list[Planned] = []
    for each in looked:
        found = _findings(each, problems)
        project = neighbours.project if neighbours and neighbours.was_asked else None
        plans = plan(found, each.module, each.settings.policy, project)
        planned.append(Planned(each.source, each.settings, each.module, plans))
    around = home.surroundings if home and neighbours and neighbours.was_asked else None
    return Whole(planned, settings, home=home, around=around)


def _report(wholes: Iterable[Whole], problems: Sequence[Problem], files: int) -> Report:
    outcomes: list[Change | Refusal] = []
    sources: dict[Path, SourceFile] = {}
    rewritten: dict[Finding, tuple[Rewritten, ...]] = {}
    for whole in wholes:
        outcomes += whole.outcomes
        sources |= whole.sources
        rewritten |= whole.rewritten
    return Report(tuple(outcomes), tuple(problems), sources, files, rewritten)
