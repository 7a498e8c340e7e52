"""Programs written by hand in which the original gets the new name (``--rename original``)."""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path

import children
import pytest
from original_suite import BY_THIS_ONLY, ORIGINALS, REFUSED
from rewrite_suite import REWRITES, Case

from vjpfix.config import Config
from vjpfix.model import Change, Refusal, Report
from vjpfix.pipeline import combine, run_data
from vjpfix.settings import Settings, settings

PATH = Path("program.py")
ON_JAX = Path(__file__).with_name("rewrite_suite") / "on_jax.py"
HERE = "# here"
AT_LEAST = 60
AT_LEAST_REFUSED = 12


def settings_of(case: Case, *, original: bool = True) -> Settings:
    return settings(Config(root=Path(), **case.options), original=original)


def report_of(case: Case, data: bytes, *, original: bool = True) -> Report:
    report = run_data(PATH, data, settings_of(case, original=original))
    assert not report.problems
    return report


def changes_of(report: Report) -> list[Change]:
    return [outcome for outcome in report.outcomes if isinstance(outcome, Change)]


def refused_lines(report: Report) -> dict[int, str]:
    refusals = [outcome for outcome in report.outcomes if isinstance(outcome, Refusal)]
    return {note.span.line: note.message for refusal in refusals for note in refusal.reasons}


def fixed(case: Case) -> bytes:
    report = report_of(case, case.before)
    assert not refused_lines(report)
    (written,) = combine(changes_of(report), report, settings_of(case))
    return written.data


@pytest.mark.parametrize("case", ORIGINALS.values(), ids=ORIGINALS)
def test_the_original_and_all_that_means_it_get_the_new_name(case):
    assert case.before != case.after
    assert fixed(case) == case.after


@pytest.mark.parametrize("case", ORIGINALS.values(), ids=ORIGINALS)
def test_what_was_fixed_has_no_finding_whatever_is_to_be_renamed(case):
    ast.parse(case.after)
    assert report_of(case, case.after).outcomes == ()
    assert report_of(case, case.after, original=False).outcomes == ()


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_is_not_right_is_refused_with_the_line_that_is_in_the_way(case):
    report = report_of(case, case.before)
    lines = case.before.decode().splitlines()
    expected = {number for number, line in enumerate(lines, 1) if line.endswith(HERE)}
    assert expected
    assert not changes_of(report)
    assert expected <= refused_lines(report).keys(), refused_lines(report)


@pytest.mark.parametrize("name", REFUSED)
def test_the_other_strategy_refuses_it_too_or_is_right_there(name):
    report = report_of(REFUSED[name], REFUSED[name].before, original=False)
    assert bool(changes_of(report)) == (name in BY_THIS_ONLY)


@pytest.mark.parametrize("case", REWRITES.values(), ids=REWRITES)
def test_no_token_means_both_versions(case):
    """Whatever the one strategy renames, the other leaves alone."""
    renamed = [
        {
            edit.span
            for change in changes_of(report_of(case, case.before, original=o))
            for edit in change.edits
        }
        for o in (False, True)
    ]
    alias = {edit.span for edit in inserts(case)}
    assert renamed[0] & renamed[1] <= alias


def inserts(case: Case) -> list[object]:
    found = changes_of(report_of(case, case.before, original=True))
    return [edit for change in found for edit in change.edits if not edit.old]


def test_there_are_enough_programs():
    assert len(ORIGINALS) >= AT_LEAST
    assert len(REFUSED) >= AT_LEAST_REFUSED


RUN = [name for name, case in ORIGINALS.items() if case.runs]


@pytest.fixture(scope="module")
def measured():
    """What real JAX says of the programs that have a ``loss``, before and after the fix."""
    programs = {name: [ORIGINALS[name].before.decode(), fixed(ORIGINALS[name]).decode()] for name in RUN}
    result = children.run(
        [sys.executable, str(ON_JAX)],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "JAX_PLATFORMS": "cpu", "JAX_ENABLE_X64": "1"},
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_enough_programs_run_on_jax():
    assert len(RUN) >= 8


@pytest.mark.parametrize("name", RUN)
def test_on_jax_the_value_outside_is_what_it_was(measured, name):
    assert measured[name]["value after"] == pytest.approx(measured[name]["value before"], rel=1e-12)


@pytest.mark.parametrize("name", RUN)
def test_on_jax_the_gradient_is_wrong_before_and_right_after(measured, name):
    slopes = measured[name]["finite differences"]
    assert measured[name]["gradient before"] != pytest.approx(slopes, rel=1e-2)
    assert measured[name]["gradient after"] == pytest.approx(slopes, rel=1e-6)
