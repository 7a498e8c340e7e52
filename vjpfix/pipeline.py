"""The stages in order: discover, prefilter, analyse, link, rules, plan, rewrite. Nothing is written here."""

from __future__ import annotations

import os
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
from vjpfix.discover import Skipped, decode, find_names, read_bytes
from vjpfix.link import Primals, rebound_elsewhere
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
from vjpfix.plan import plan
from vjpfix.prefilter import NO_WORDS
from vjpfix.registry import is_own, package_of
from vjpfix.remarks import on_homeless, on_skipped, on_unasked
from vjpfix.rules.base import Rule
from vjpfix.settings import Settings
from vjpfix.surroundings import Home, homes
from vjpfix.whole import Planned, Whole, edits_by_path, rewritten


@dataclass(frozen=True, slots=True)
class _Looked:
    """A module and what it tells by itself. ``taken``: words among which are the names of other modules that
    it may take over."""

    source: SourceFile
    settings: Settings
    facts: ModuleFacts
    taken: frozenset[bytes] = NO_WORDS


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
        unasked += not own.looks
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
    found_in = {home: _whole(group, settings, home, problems) for home, group in groups.items()}
    homeless = [
        outcome.finding.path
        for home, whole in found_in.items()
        if not home.root and (whole.project or _is_open(groups[home], settings))
        for outcome in whole.outcomes
    ]
    remarks = (*on_skipped(skipped), *on_homeless(homeless), *on_unasked(unasked))
    report = _report(found_in.values(), [*wrong, *problems], len(names) - unasked)
    return replace(report, remarks=remarks, unasked=unasked)


def _look(found: str, settings: Settings) -> Iterator[_Looked]:
    """A file, if there may be anything to say about it."""
    data = read_bytes(found)
    text = plain(data)
    makes, taken = settings.prefilter.makes(text), settings.prefilter.taken(text)
    if makes or taken or (settings.report_unused and suppress.may_be_in(data)):
        path = Path(found)
        source = decode(path, path.resolve(), data)
        facts = _facts(source, settings) if makes else ModuleFacts(path, (), frozenset())
        yield _Looked(source, settings, facts, taken)


def _is_open(looked: Sequence[_Looked], settings: Settings) -> bool:
    """Whether other modules are looked for because they may attach rules to functions of these."""
    return settings.importers and any(public_bare(each.facts) for each in looked)


def run_data(path: Path, data: bytes, settings: Settings) -> Report:
    """Find everything in one file's content that is at hand (standard input, another tool's tree)."""
    try:
        own = settings.of(path)
        source = decode(path, path, data)
        looked = _Looked(source, own, _facts(source, own))
        report = _report([_whole([looked], settings, None, [])], [], int(own.looks))
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


def _planned(each: _Looked) -> Planned:
    source, settings, facts = each.source, each.settings, each.facts
    findings = _findings(source, facts, settings)
    return Planned(source, settings, facts, plan(findings, facts, settings.table, settings.policy))


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


def _whole(
    looked: Sequence[_Looked], settings: Settings, home: Home | None, problems: list[Problem]
) -> Whole:
    """What is found in modules of one project; without a ``home``, in one of which nothing more is known."""
    around = None
    if home and (_is_open(looked, settings) or any(each.taken for each in looked)):
        around = home.surroundings
        looked = list(_in_project(looked, home, problems))
    project = around.project if around and settings.importers else None
    looked = [
        replace(each, facts=surely_bare(each.facts, each.source, project, each.settings)) for each in looked
    ]
    return Whole([_planned(each) for each in looked], settings, home=home, around=around)


def _in_project(looked: Sequence[_Looked], home: Home, problems: list[Problem]) -> Iterator[_Looked]:
    """The modules with what they do, as far as the project tells, to names of others."""
    project = home.surroundings.project
    own_settings = {id(each.settings): each.settings for each in looked}
    names = Counter(name.encode() for each in looked for name in each.facts.primals)
    for file in project.files.keys() - home.given.keys():
        text = project.peek(file)
        if any(settings.prefilter.makes(text) for settings in own_settings.values()):
            names.update(words(text))
    primals = {key: Primals(project, settings.table, names) for key, settings in own_settings.items()}
    for each in looked:
        own = {name.encode() for name in each.facts.primals}
        if not any(names[word] > (word in own) for word in each.taken):
            yield each
            continue
        try:
            known = primals[id(each.settings)]
            found = rebound_elsewhere(known, each.source.real_path.as_posix(), each.source.path)
            yield replace(each, facts=joined(each.facts, found))
        except VjpfixError as error:
            problems.append(Problem(error.message, each.source.path, error.line))


def _report(wholes: Iterable[Whole], problems: Sequence[Problem], files: int) -> Report:
    outcomes: list[Change | Refusal] = []
    sources: dict[Path, SourceFile] = {}
    rewritten: dict[Finding, tuple[Rewritten, ...]] = {}
    for whole in wholes:
        outcomes += whole.outcomes
        sources |= whole.sources
        rewritten |= whole.rewritten
    return Report(tuple(outcomes), tuple(problems), sources, files, rewritten)
