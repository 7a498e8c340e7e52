"""The stages in order: discover, prefilter, analyse, link, rules, plan, rewrite. Nothing is written here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vjpfix import suppress
from vjpfix.analyse.facts import ModuleFacts, joined
from vjpfix.analyse.module import analyse
from vjpfix.analyse.parsing import NotPythonError
from vjpfix.analyse.suspects import NOBODY, Suspects
from vjpfix.contracts import facts_of, public_bare, surely_bare
from vjpfix.discover import decode, find_names, read_bytes
from vjpfix.link import Primals, rebound_elsewhere
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
from vjpfix.registry import is_own, package_of
from vjpfix.rules.base import Rule
from vjpfix.settings import Settings
from vjpfix.surroundings import surroundings
from vjpfix.whole import Planned, Whole, edits_by_path, rewritten

NOWHERE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Looked:
    """A module and what it tells by itself. ``reaches``: it may do something to a name of another one."""

    source: SourceFile
    facts: ModuleFacts
    reaches: bool


def run(paths: Sequence[Path], settings: Settings, tick: Callable[[], None] = lambda: None) -> Report:
    """Find everything in the files that ``paths`` stand for; ``tick`` is called after each file."""
    problems: list[Problem] = []
    looked: list[_Looked] = []
    files = 0
    for found in find_names(paths, settings.config):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        files += 1
        try:
            data = read_bytes(found)
            suspects = settings.prefilter.suspects(data) if settings.names else NOBODY
            reaches = settings.prefilter.reaches(data)
            homes = settings.prefilter.homes(data) if settings.contracts else NOWHERE
            if (
                suspects != NOBODY
                or reaches
                or homes != NOWHERE
                or (settings.report_unused and b"vjp" in data.lower())
            ):
                path = Path(found)
                source = decode(path, path.resolve(), data)
                looked.append(_Looked(source, _facts(source, settings, suspects, homes), reaches))
        except VjpfixError as error:
            problems.append(Problem(error.message, error.path or Path(found), error.line))
        tick()
    return _report(looked, problems, files, settings)


def run_data(path: Path, data: bytes, settings: Settings) -> Report:
    """Find everything in one file's content that is at hand (standard input, another tool's tree)."""
    try:
        source = decode(path, path, data)
        homes = None if settings.contracts else NOWHERE
        looked = _Looked(source, _facts(source, settings, None, homes), reaches=False)
        return _report([looked], [], 1, settings, alone=True)
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


def _in_project(looked: _Looked, primals: Primals) -> ModuleFacts:
    """What a module does to its names and, as far as the project tells, to those of others."""
    source, facts = looked.source, looked.facts
    if not looked.reaches:
        return facts
    return joined(facts, rebound_elsewhere(primals, source.real_path.as_posix(), source.path))


def _facts(
    source: SourceFile, settings: Settings, suspects: Suspects | None, homes: frozenset[str] | None
) -> ModuleFacts:
    """The facts of one module. ``homes``: the functions in which the contract of rules may be broken."""
    facts = ModuleFacts(source.path, (), frozenset())
    try:
        if suspects != NOBODY:
            facts = analyse(
                source.text, source.path, settings.table, wrappers=settings.wrappers, suspects=suspects
            )
        return joined(facts, facts_of(source, homes, settings)) if homes != NOWHERE else facts
    except NotPythonError as error:
        from vjpfix.newer_syntax import is_newer  # it needs LibCST, which is slow to import

        if not is_newer(source.text):
            raise
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        message = f"uses syntax newer than Python {version}, which runs vjpfix; run it with a newer Python"
        raise VjpfixError(message, source.path, error.line) from None


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
    problems: Sequence[Problem],
    files: int,
    settings: Settings,
    *,
    alone: bool = False,
) -> Report:
    around = None
    open_to_others = not alone and settings.importers and any(public_bare(each.facts) for each in looked)
    if open_to_others or any(each.reaches for each in looked):
        given = {each.source.real_path.as_posix(): each.source.path for each in looked}
        around = surroundings(given, settings)
        primals = Primals(around.project, settings.table)
        looked = [replace(each, facts=_in_project(each, primals)) for each in looked]
    project = around.project if around and settings.importers else None
    looked = [replace(each, facts=surely_bare(each.facts, each.source, project, settings)) for each in looked]
    planned = [_planned(each.source, each.facts, settings) for each in looked]
    whole = Whole(planned, settings, around=around, alone=alone)
    return Report(whole.outcomes, tuple(problems), whole.sources, files, whole.rewritten)
