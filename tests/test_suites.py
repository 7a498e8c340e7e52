"""Programs written by hand: what the fix must make of them, what must be left alone, what must be refused."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from pathlib import Path

import children
import pytest
from leave_alone import LEFT_ALONE
from refusals import HERE, REFUSALS
from rewrite_suite import REWRITES, Case

from vjpfix.analyse.suspects import NOBODY
from vjpfix.config import Config
from vjpfix.model import Change, Refusal, Report
from vjpfix.pipeline import combine, run_data
from vjpfix.settings import settings

PATH = Path("program.py")
ON_JAX = Path(__file__).with_name("rewrite_suite") / "on_jax.py"
AT_LEAST = 60
AT_LEAST_REFUSED = 25
AT_LEAST_RUN = 15


def parameters(cases: dict[str, Case]) -> list[object]:
    return [
        pytest.param(
            case, id=name, marks=[pytest.mark.xfail(strict=True, reason=case.wrong)] if case.wrong else ()
        )
        for name, case in cases.items()
    ]


Measured = dict[str, list[float] | str]


def report_of(case: Case, data: bytes) -> Report:
    report = run_data(PATH, data, settings(Config(root=Path(), **case.options)))
    assert not report.problems
    return report


def fixed(case: Case, data: bytes) -> bytes:
    report = report_of(case, data)
    changes = [outcome for outcome in report.outcomes if isinstance(outcome, Change)]
    assert len(changes) == len(report.outcomes), reasons(report)
    written = combine(changes, report, settings(Config(root=Path(), **case.options)))
    return written[0].data if written else data


def reasons(report: Report) -> list[tuple[int, str]]:
    refusals = [outcome for outcome in report.outcomes if isinstance(outcome, Refusal)]
    return [(note.span.line, note.message) for refusal in refusals for note in refusal.reasons]


@pytest.mark.parametrize("case", parameters(REWRITES))
def test_the_fix_makes_exactly_the_text_that_is_expected(case):
    assert case.before != case.after
    assert fixed(case, case.before) == case.after


@pytest.mark.parametrize("case", REWRITES.values(), ids=REWRITES)
def test_what_was_fixed_has_no_finding(case):
    ast.parse(case.after)
    assert report_of(case, case.after).outcomes == ()


@pytest.mark.parametrize("case", parameters(LEFT_ALONE))
def test_what_is_right_is_left_alone(case):
    ast.parse(case.before)
    assert report_of(case, case.before).outcomes == ()


@pytest.mark.parametrize("case", parameters(REFUSALS))
def test_what_no_edit_makes_right_is_refused_with_the_line_that_is_in_the_way(case):
    report = report_of(case, case.before)
    assert report.outcomes
    assert all(isinstance(outcome, Refusal) for outcome in report.outcomes)
    lines = case.before.decode().splitlines()
    expected = {number for number, line in enumerate(lines, 1) if line.endswith(HERE)}
    assert expected
    assert expected <= {line for line, _ in reasons(report)}, reasons(report)
    assert all(re.search("[a-z]", message) for _, message in reasons(report))


@pytest.mark.parametrize("case", [*REWRITES.values(), *REFUSALS.values()], ids=[*REWRITES, *REFUSALS])
def test_the_byte_filter_lets_the_program_through(case):
    assert settings(Config(root=Path(), **case.options)).prefilter.suspects(case.before) != NOBODY


def test_there_are_as_many_programs_to_leave_alone_as_to_fix():
    assert len(REWRITES) >= AT_LEAST
    assert len(LEFT_ALONE) >= len(REWRITES)
    assert len(REFUSALS) >= AT_LEAST_REFUSED


@pytest.fixture(scope="module")
def measured() -> dict[str, Measured]:
    """What real JAX says of the programs that have a ``loss``, before and after the fix."""
    programs = {
        name: [case.before.decode(), fixed(case, case.before).decode()]
        for name, case in REWRITES.items()
        if case.runs and not case.wrong
    }
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
    assert sum(case.runs and not case.wrong for case in REWRITES.values()) >= AT_LEAST_RUN


RUN = [name for name, case in REWRITES.items() if case.runs and not case.wrong]


@pytest.mark.parametrize("name", RUN)
def test_on_jax_the_value_outside_is_what_it_was(measured, name):
    assert measured[name]["value after"] == pytest.approx(measured[name]["value before"], rel=1e-12)


@pytest.mark.parametrize("name", RUN)
def test_on_jax_the_gradient_is_wrong_before_and_right_after(measured, name):
    slopes = measured[name]["finite differences"]
    assert measured[name]["gradient before"] != pytest.approx(slopes, rel=1e-2)
    assert measured[name]["gradient after"] == pytest.approx(slopes, rel=1e-6)
