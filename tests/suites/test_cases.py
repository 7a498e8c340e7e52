"""Every case, with either way to rename: what becomes of its files, or why nothing becomes of them."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest

from tests.oracles.generic_edits import check as check_edits
from tests.suites.case import BRACKETS, ORIGINAL, RENAMES, TRANSFORMED, Case, Expected, File
from tests.suites.suite import CASES, MODULES, PACKAGES, broken, kept
from tests.suites.tool import contents, fix, reasons, report_of, settings_of, written
from vjpfix.model import Certainty, Change, Report, Safety
from vjpfix.pipeline import run, run_data
from vjpfix.rules import RULES

ASKED = [(case, rename) for case in CASES for rename in case.renames]


def parameters(asked: list[tuple[Case, str]]) -> list[object]:
    return [pytest.param(*each, id=f"{each[0]}, {each[1]}") for each in asked]


def expecting(*expected: Expected) -> list[object]:
    return parameters([(case, rename) for case, rename in ASKED if case.expected(rename) in expected])


def assert_found(case: Case, report: Report) -> None:
    """Rules that a case selects find what it says, where it says it."""
    if "select" in case.keys:
        assert Counter((each.path.name, each.span.line) for each in report.findings) == case.found
        assert {each.certainty for each in report.findings} == {
            Certainty(case.keys.get("certainty", "error"))
        }


@pytest.mark.parametrize(("case", "rename"), expecting(Expected.FIXED))
def test_a_fix_makes_of_every_file_what_it_has_to_be_and_leaves_no_finding(case, rename, tmp_path):
    chosen = {each: settings_of(case, tmp_path, each) for each in RENAMES}
    report = fix(case, written(tmp_path, case.before), chosen[rename])
    assert contents(tmp_path) == case.after(rename), [*reasons(report, tmp_path)]
    changes = [outcome for outcome in report.outcomes if isinstance(outcome, Change)]
    assert len(changes) == len(report.outcomes), [*reasons(report, tmp_path)]
    assert {change.safety for change in changes} == {Safety(case.keys.get("fix", "safe"))}
    assert all(change.reason for change in changes if change.safety is Safety.UNSAFE)
    assert rename == ORIGINAL or any(re.search(case.keys.get("told", ""), each.reason) for each in changes)
    assert_found(case, report)
    check_edits(report, chosen[rename])  # of who reads them out of the JSON
    for again in RENAMES:
        assert report_of(case, tmp_path, chosen[again]).outcomes == ()


@pytest.mark.parametrize(("case", "rename"), expecting(Expected.REFUSED))
def test_what_no_edit_makes_right_is_refused_with_the_lines_that_are_in_the_way(case, rename, tmp_path):
    report = fix(case, written(tmp_path, case.before), settings_of(case, tmp_path, rename))
    found = [*reasons(report, tmp_path)]
    assert contents(tmp_path) == case.after(rename), found
    assert found
    for place, line in case.in_the_way(rename):
        assert any(path == place and line in lines for path, lines, _ in found), (place, line, found)
    said = [f"{path}:{lines[0]}: {message}" for path, lines, message in found]
    for reason in case.refusals(rename):
        assert any(re.search(reason, each) for each in said), said
    assert all(re.search("[a-z]", message) for _, _, message in found)
    assert_found(case, report)


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.expected(TRANSFORMED) is Expected.LEFT_ALONE], ids=str
)
def test_what_is_right_is_left_alone(case, tmp_path):
    chosen = settings_of(case, tmp_path, TRANSFORMED)
    assert report_of(case, written(tmp_path, case.before), chosen).outcomes == ()
    if len(case.files) == 1:  # others may be around it
        path, data = tmp_path / "program.py", case.before["program.py"]
        assert run_data(path, data, chosen).outcomes == ()


@pytest.mark.parametrize("case", [case for case in MODULES if case.theme == "modules/paths"], ids=str)
def test_what_may_be_cut_short_and_takes_over_another_name_is_left_alone(case, tmp_path):
    renamed = File(case.files["program.py"].marked.replace("f⟦_mapped⟧", "rows_of_f"))
    assert renamed.before != case.text
    path = tmp_path / "program.py"
    path.write_text(renamed.before)
    assert run([path], settings_of(case, tmp_path, TRANSFORMED)).outcomes == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_has_enough_programs_of_both_kinds(rule):
    assert len(broken(rule.code)) >= 8
    assert len(kept(rule.code)) >= 8


def test_the_cases_are_well_formed():
    assert max(Counter(map(str, CASES)).values()) == 1
    brackets = {*"".join(BRACKETS.values())}
    for case in CASES:
        assert {*case.refused} <= {*RENAMES}, case
        for path, file in case.files.items():
            for rename in ("", *RENAMES):
                assert brackets.isdisjoint(file.after(rename)), case
                if path.endswith((".py", ".pyi")) and path not in case.words("broken"):
                    ast.parse(file.after(rename))


def test_no_token_means_both_versions():
    """Whatever the one fix renames, the other leaves alone."""
    twice = re.compile("⟦[^⟧\n]*⟧⟪[^⟫\n]*⟫|⟪[^⟫\n]*⟫⟦[^⟧\n]*⟧")
    assert not [str(case) for case in CASES for file in case.files.values() if twice.search(file.marked)]


def test_there_are_as_many_cases_to_leave_alone_as_to_fix_and_many_to_refuse():
    modules = Counter(case.expected(TRANSFORMED) for case in MODULES)
    assert modules[Expected.LEFT_ALONE] >= modules[Expected.FIXED] >= 250
    assert modules[Expected.REFUSED] >= 180
    asked = [(case.before, case.after(rename)) for case in PACKAGES for rename in case.renames]
    reaching = [sum(after[path] != before[path] for path in before) > 1 for before, after in asked]
    assert len(PACKAGES) >= 250
    assert reaching.count(False) >= reaching.count(True) >= 150
