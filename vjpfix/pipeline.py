"""The stages in order: discover, prefilter, analyse, link, rules, plan, rewrite. Nothing is written here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vjpfix import link, suppress
from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.module import analyse
from vjpfix.analyse.parsing import NotPythonError
from vjpfix.analyse.suspects import NOBODY, Suspects
from vjpfix.discover import decode, find_names, read_bytes
from vjpfix.model import (
    Change,
    Edit,
    Finding,
    Note,
    Problem,
    Refusal,
    Report,
    Rewritten,
    SourceFile,
    VjpfixError,
)
from vjpfix.plan import plan
from vjpfix.rewrite import rewrite
from vjpfix.rules import RULES
from vjpfix.settings import Settings


@dataclass(frozen=True, slots=True)
class _Looked:
    """One file with findings."""

    source: SourceFile
    facts: ModuleFacts
    outcomes: tuple[Change | Refusal, ...]


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
            suspects = settings.prefilter.suspects(data)
            if suspects != NOBODY or (settings.report_unused and b"vjp" in data.lower()):
                path = Path(found)
                looked.append(_look(decode(path, path.resolve(), data), settings, suspects))
        except VjpfixError as error:
            problems.append(Problem(error.message, error.path or Path(found), error.line))
        tick()
    return _report(_linked(looked, settings), problems, files)


def run_data(path: Path, data: bytes, settings: Settings) -> Report:
    """Find everything in one file's content that is at hand (standard input, another tool's tree)."""
    try:
        return _report([_look(decode(path, path, data), settings)], [], 1)
    except VjpfixError as error:
        return _report([], [Problem(error.message, error.path or path, error.line)], 1)


def combine(changes: Iterable[Change], report: Report, settings: Settings) -> tuple[Rewritten, ...]:
    """The files as all of these changes together leave them. Errors: as ``rewrite``."""
    edits: dict[Path, list[Edit]] = {}
    for change in changes:
        for edit in change.edits:
            edits.setdefault(edit.path, []).append(edit)
    return tuple(
        rewrite(report.sources[path], tuple(found), settings.table) for path, found in sorted(edits.items())
    )


def _look(source: SourceFile, settings: Settings, suspects: Suspects | None = None) -> _Looked:
    facts = _analysed(source, settings, suspects)
    findings = _findings(source, facts, settings)
    outcomes = plan(findings, facts, settings.table, settings.policy)
    return _Looked(source, facts, tuple(_checked(o, source, settings) for o in outcomes))


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


def _checked(outcome: Change | Refusal, source: SourceFile, settings: Settings) -> Change | Refusal:
    """A change that would break a promise is refused, with what the check said."""
    if isinstance(outcome, Change):
        try:
            rewrite(source, outcome.edits, settings.table)
        except VjpfixError as error:
            why = Note(error.message, source.path, outcome.finding.span)
            return Refusal(outcome.finding, (why,))
    return outcome


def _linked(looked: list[_Looked], settings: Settings) -> Iterator[_Looked]:
    """Refuse what other modules of the project may use: so far, a change ends at its module."""
    targets = {
        (each.source.path, outcome.finding.key): target
        for each in looked
        for outcome in each.outcomes
        if isinstance(outcome, Change)
        and (target := link.target_of(each.source.path, each.facts.rebindings[outcome.finding.key]))
    }
    uses = _uses(targets, looked, settings) if targets else {}
    for each in looked:
        outcomes = tuple(
            Refusal(outcome.finding, uses[key])
            if isinstance(outcome, Change) and uses.get(key := (each.source.path, outcome.finding.key))
            else outcome
            for outcome in each.outcomes
        )
        yield _Looked(each.source, each.facts, outcomes)


_Key = tuple[Path, int]


def _uses(
    targets: dict[_Key, link.Target], looked: list[_Looked], settings: Settings
) -> dict[_Key, tuple[Note, ...]]:
    own = {each.source.path: each.source.real_path for each in looked}
    found: dict[_Key, tuple[Note, ...]] = {}
    for name in find_names([settings.config.root], settings.config):
        if isinstance(name, Problem):
            continue
        path = Path(name)
        try:
            data = read_bytes(name)
        except VjpfixError:
            continue
        for key, target in targets.items():
            if target.attribute.encode() in data and path.resolve() != own[key[0]]:
                text = data.decode("utf-8", "replace")
                found[key] = found.get(key, ()) + link.uses_of(target, path, data, text)
    return found


def _report(looked: Iterable[_Looked], problems: Sequence[Problem], files: int) -> Report:
    held = [each for each in looked if each.outcomes]
    return Report(
        outcomes=tuple(outcome for each in held for outcome in each.outcomes),
        problems=tuple(problems),
        sources={each.source.path: each.source for each in held},
        files=files,
    )
