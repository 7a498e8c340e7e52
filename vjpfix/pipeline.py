"""The stages in order: discover, prefilter, analyse, link, rules, plan, rewrite. Nothing is written here."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vjpfix import suppress
from vjpfix.analyse.contract import contract_facts
from vjpfix.analyse.facts import ModuleFacts, joined
from vjpfix.analyse.module import name_facts, walk
from vjpfix.analyse.parsing import NotPythonError
from vjpfix.analyse.plain import plain, words
from vjpfix.contracts import public_bare, surely_bare
from vjpfix.discover import decode, find_names, read_bytes
from vjpfix.link import Primals, Project, rebound_elsewhere
from vjpfix.model import (
    Change,
    Finding,
    Problem,
    Report,
    Rewritten,
    SourceFile,
    VjpfixError,
)
from vjpfix.plan import plan
from vjpfix.prefilter import NO_WORDS
from vjpfix.registry import is_own, package_of
from vjpfix.rules.base import Rule
from vjpfix.settings import Settings
from vjpfix.surroundings import surroundings
from vjpfix.whole import Planned, Whole, edits_by_path, rewritten


@dataclass(frozen=True, slots=True)
class _Looked:
    """A module and what it tells by itself. ``taken``: words among which are the names of other modules that
    it may take over."""

    source: SourceFile
    facts: ModuleFacts
    taken: frozenset[bytes] = NO_WORDS


def run(paths: Sequence[Path], settings: Settings, tick: Callable[[], None] = lambda: None) -> Report:
    """Find everything in the files that ``paths`` stand for; ``tick`` is called after each file."""
    problems: list[Problem] = []
    looked: list[_Looked] = []
    read: list[Path] = []
    for found in find_names(paths, settings.config):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        path = Path(found)
        read.append(path)
        try:
            data = read_bytes(found)
            text = plain(data)
            makes, taken = settings.prefilter.makes(text), settings.prefilter.taken(text)
            if makes or taken or (settings.report_unused and suppress.may_be_in(data)):
                source = decode(path, path.resolve(), data)
                facts = _facts(source, settings) if makes else ModuleFacts(path, (), frozenset())
                looked.append(_Looked(source, facts, taken))
        except VjpfixError as error:
            problems.append(Problem(error.message, error.path or path, error.line))
        tick()
    return _report(looked, problems, read, settings)


def run_data(path: Path, data: bytes, settings: Settings) -> Report:
    """Find everything in one file's content that is at hand (standard input, another tool's tree)."""
    try:
        source = decode(path, path, data)
        return _report([_Looked(source, _facts(source, settings))], [], [path], settings, alone=True)
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
    return rewritten(report.sources[path], edits, [change.finding for change in changes], settings)


def _planned(source: SourceFile, facts: ModuleFacts, settings: Settings) -> Planned:
    findings = _findings(source, facts, settings)
    return Planned(source, facts, plan(findings, facts, settings.table, settings.policy))


def _facts(source: SourceFile, settings: Settings) -> ModuleFacts:
    """What one module tells by itself to the selected rules."""
    facts = ModuleFacts(source.path, (), frozenset())
    try:
        walked = walk(source.text, source.path, settings.table, wrappers=settings.wrappers)
    except NotPythonError as error:
        from vjpfix.newer_syntax import is_newer  # it needs LibCST, which is slow to import

        if not is_newer(source.text):
            raise
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        message = f"uses syntax newer than Python {version}, which runs vjpfix; run it with a newer Python"
        raise VjpfixError(message, source.path, error.line) from None
    if settings.contracts:
        facts = joined(facts, contract_facts(walked, closures=settings.closures))
    return joined(facts, name_facts(walked)) if settings.names else facts


def _findings(source: SourceFile, facts: ModuleFacts, settings: Settings) -> tuple[Finding, ...]:
    found = [
        finding
        for rule in settings.rules
        if settings.config.selects(rule.code, rule.default, source.path)
        for finding in _found(rule, facts, settings)
    ]
    if not found and not settings.report_unused:
        return ()
    prefixes = tuple({rule.code.rstrip("0123456789") for rule in settings.rules})
    kept, _, unused = suppress.split(found, suppress.directives(source.text, prefixes))
    if settings.report_unused:
        kept += suppress.unused_findings(source.path, unused)
    return tuple(sorted(kept, key=lambda finding: (finding.span, finding.rule)))


def _found(rule: Rule, facts: ModuleFacts, settings: Settings) -> tuple[Finding, ...]:
    try:
        return tuple(rule.find(facts, settings.table))
    except Exception as error:
        if is_own(rule):
            raise
        why = f"{type(error).__name__}: {error}"
        what = f"the rule {rule.code} of the plug-in {package_of(rule)!r} failed: {why}"
        raise VjpfixError(f"{what}; leave it out with --ignore {rule.code}", facts.path) from error


def _report(
    looked: Sequence[_Looked],
    problems: list[Problem],
    read: Sequence[Path],
    settings: Settings,
    *,
    alone: bool = False,
) -> Report:
    around = None
    open_to_others = not alone and settings.importers and any(public_bare(each.facts) for each in looked)
    if open_to_others or any(each.taken for each in looked):
        given = {each.source.real_path.as_posix(): each.source.path for each in looked}
        around = surroundings(given, settings)
        looked = list(_in_project(looked, read, around.project, problems, settings))
    project = around.project if around and settings.importers else None
    looked = [replace(each, facts=surely_bare(each.facts, each.source, project, settings)) for each in looked]
    planned = [_planned(each.source, each.facts, settings) for each in looked]
    whole = Whole(planned, settings, around=around if settings.importers else None, alone=alone)
    return Report(whole.outcomes, tuple(problems), whole.sources, len(read), whole.rewritten)


def _in_project(
    looked: Sequence[_Looked],
    read: Sequence[Path],
    project: Project,
    problems: list[Problem],
    settings: Settings,
) -> Iterator[_Looked]:
    """The modules with what they do, as far as the project tells, to names of others."""
    names = Counter(name.encode() for each in looked for name in each.facts.primals)
    for file in project.files.keys() - {path.resolve().as_posix() for path in read}:
        text = project.peek(file)
        if settings.prefilter.makes(text):
            names.update(words(text))
    primals = Primals(project, settings.table, names)
    for each in looked:
        own = {name.encode() for name in each.facts.primals}
        if not any(names[word] > (word in own) for word in each.taken):
            yield each
            continue
        try:
            found = rebound_elsewhere(primals, each.source.real_path.as_posix(), each.source.path)
            yield replace(each, facts=joined(each.facts, found))
        except VjpfixError as error:
            problems.append(Problem(error.message, each.source.path, error.line))
