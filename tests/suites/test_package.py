"""Folders written by hand: what the fix must make of all their files, and what must be refused as a whole."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.suites.package import PACKAGES, PackageCase
from tests.suites.package.case import stored
from tests.suites.package.running import harmed, outside, runs
from vjpfix.cli.batches import batches, safe_changes
from vjpfix.config import Config
from vjpfix.model import Refusal, Report
from vjpfix.pipeline import run
from vjpfix.settings import Settings, settings

AT_LEAST = 90
FIXED = [case for case in PACKAGES if case.after]
REFUSED = [case for case in PACKAGES if case.refused]
REWRITTEN = [case for case in FIXED if len(case.after) > 1]
"""The cases in which a fix reaches further than the module it is about."""


def parameters(cases: Iterable[PackageCase]) -> list[object]:
    return [pytest.param(case, id=case.id) for case in cases]


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(stored(text))
    return folder


def before(case: PackageCase, folder: Path) -> Path:
    return written(folder / "before", case.files)


def after(case: PackageCase, folder: Path) -> Path:
    return written(folder / "after", case.files | case.after)


def settings_of(case: PackageCase, folder: Path) -> Settings:
    return settings(Config(root=folder, **case.options), **case.switches)


def report_of(case: PackageCase, folder: Path) -> Report:
    report = run([folder / path for path in case.paths], settings_of(case, folder))
    assert not report.problems or case.not_run, report.problems
    return report


def fix(case: PackageCase, folder: Path) -> Report:
    """Writes what the tool makes of the folder into it."""
    report = report_of(case, folder)
    made, problems = batches(safe_changes(report), report, settings_of(case, folder))
    assert not problems
    for batch in made:
        for file in batch.files:
            file.source.real_path.write_bytes(file.data)
    return report


def reasons(report: Report, folder: Path) -> list[tuple[str, range, str]]:
    return [
        (
            note.path.resolve().relative_to(folder.resolve()).as_posix(),
            range(note.span.line, max(note.span.line, note.span.end_line) + 1),
            note.message,
        )
        for outcome in report.outcomes
        if isinstance(outcome, Refusal)
        for note in outcome.reasons
    ]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("case", parameters(PACKAGES))
def test_every_file_is_what_it_has_to_be(case, tmp_path):
    folder = before(case, tmp_path)
    report = fix(case, folder)
    assert contents(folder) == contents(after(case, tmp_path)), reasons(report, folder)
    assert bool(reasons(report, folder)) == bool(case.refused), reasons(report, folder)


@pytest.mark.parametrize("case", parameters(REFUSED))
def test_what_is_refused_says_why_and_where(case, tmp_path):
    folder = before(case, tmp_path)
    found = reasons(report_of(case, folder), folder)
    said = [f"{path}:{lines[0]}: {message}" for path, lines, message in found]
    assert any(re.search(case.refused, each) for each in said), said
    for place, line in case.places:
        assert any(path == place and line in lines for path, lines, _ in found), (place, line, said)


@pytest.mark.parametrize("case", parameters(c for c in FIXED if not c.refused))
def test_what_was_fixed_in_a_folder_has_no_finding(case, tmp_path):
    assert report_of(case, after(case, tmp_path)).outcomes == ()


@pytest.mark.parametrize("case", parameters(PACKAGES))
def test_every_module_runs_and_reaches_outside_the_rules_what_it_reached_before(case, tmp_path):
    old = runs(case, before(case, tmp_path))
    new = runs(case, after(case, tmp_path)) if case.after else old
    assert case.not_run or any(outside(events) for events in old.values())
    assert {name: outside(events) for name, events in new.items()} == {
        name: outside(events) for name, events in old.items()
    }


@pytest.mark.parametrize("case", parameters(c for c in FIXED if not c.refused and not c.harmless))
def test_rules_reach_the_primal_after_the_fix_and_did_not_before(case, tmp_path):
    assert any(harmed(events) for events in runs(case, before(case, tmp_path)).values())
    assert not any(harmed(events) for events in runs(case, after(case, tmp_path)).values())


def test_the_cases_of_the_package_suite_are_well_formed():
    assert len({case.id for case in PACKAGES}) == len(PACKAGES)
    for case in PACKAGES:
        for path, text in case.after.items():
            assert path.endswith((".py", ".pyi"))
            ast.parse(stored(text))
        assert not (case.refused and any("⟦" in text for text in case.files.values()))


def test_there_are_as_many_folders_to_leave_alone_or_refuse_as_folders_to_rewrite():
    assert len(PACKAGES) >= AT_LEAST
    assert len(PACKAGES) - len(REWRITTEN) >= len(REWRITTEN)
