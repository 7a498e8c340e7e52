"""The stages in order: discover, prefilter, analyse, link, rules, plan, rewrite. Nothing is written here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from vjpfix import suppress
from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.module import analyse
from vjpfix.analyse.parsing import NotPythonError
from vjpfix.analyse.suspects import NOBODY, Suspects
from vjpfix.discover import decode, find_names, read_bytes
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
from vjpfix.rules import RULES
from vjpfix.settings import Settings
from vjpfix.whole import Planned, Whole, rewritten


def run(paths: Sequence[Path], settings: Settings, tick: Callable[[], None] = lambda: None) -> Report:
    """Find everything in the files that ``paths`` stand for; ``tick`` is called after each file."""
    problems: list[Problem] = []
    planned: list[Planned] = []
    files = 0
    for found in find_names(paths, settings.config):
        if isinstance(found, Problem):
            problems.append(found)
            continue
        files += 1
        try:
            data = read_bytes(found)
            suspects = settings.prefilter.suspects(data)
            if suspects != NOBODY or (settings.report_unused and b"vjp" in data.lower()):
                path = Path(found)
                planned.append(_look(decode(path, path.resolve(), data), settings, suspects))
        except VjpfixError as error:
            problems.append(Problem(error.message, error.path or Path(found), error.line))
        tick()
    return _report(planned, problems, files, settings)


def run_data(path: Path, data: bytes, settings: Settings) -> Report:
    """Find everything in one file's content that is at hand (standard input, another tool's tree)."""
    try:
        return _report([_look(decode(path, path, data), settings)], [], 1, settings, alone=True)
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
    return rewritten(report.sources[path], changes, settings)


def _look(source: SourceFile, settings: Settings, suspects: Suspects | None = None) -> Planned:
    facts = _analysed(source, settings, suspects)
    findings = _findings(source, facts, settings)
    return Planned(source, facts, plan(findings, facts, settings.table, settings.policy))


def _analysed(source: SourceFile, settings: Settings, suspects: Suspects | None) -> ModuleFacts:
    try:
        return analyse(
            source.text, source.path, settings.table, wrappers=settings.wrappers, suspects=suspects
        )
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
        for rule in RULES
        if settings.config.selects(rule.code, rule.default, source.path)
        for finding in rule.find(facts, settings.table)
    ]
    if not found and not settings.report_unused:
        return ()
    kept, _, unused = suppress.split(found, suppress.directives(source.text))
    if settings.report_unused:
        kept += suppress.unused_findings(source.path, unused)
    return tuple(sorted(kept, key=lambda finding: (finding.span, finding.rule)))


def _report(
    planned: Sequence[Planned],
    problems: Sequence[Problem],
    files: int,
    settings: Settings,
    *,
    alone: bool = False,
) -> Report:
    whole = Whole(planned, settings, alone=alone)
    return Report(whole.outcomes, tuple(problems), whole.sources, files, whole.rewritten)
