"""The guard reports each mistake once, with the cause and the lines; and is silent where there is none."""

from __future__ import annotations

import warnings
from pathlib import Path

import jax
import pytest

from tests.jax.guard_runs import run
from tests.suites.case import Case
from tests.suites.reading import cases
from vjpfix.runtime.report import Check, Level

TAKEN = (Check.NAME, Check.SELF)
FOLDER = Path(__file__).with_name("guard_programs")
RIGHT, WRONG = (tuple(cases(FOLDER / f"{name}.txt", name, {})) for name in ("right", "wrong"))


def release(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def skip_unless_here(case: Case) -> None:
    if "needs" in case.keys:
        pytest.importorskip(case.keys["needs"])
    if jax.__version_info__ < release(case.keys.get("since", "0")):
        pytest.skip(f"{case.name} came with JAX {case.keys['since']}")


def leaks_by_itself(case: Case) -> bool:
    said = case.keys.get("leaks", "")
    return said == "yes" or (bool(said) and jax.__version_info__ < release(said.removeprefix("before ")))


@pytest.mark.parametrize("case", RIGHT, ids=str)
def test_the_guard_is_silent_or_only_notes_where_there_is_no_mistake(case, tmp_path):
    skip_unless_here(case)
    with warnings.catch_warnings():
        if "needs" not in case.keys:
            warnings.simplefilter("error", FutureWarning)  # as of hashing a tracer, in old releases
        ran = run(tmp_path, case.text, leaks=not leaks_by_itself(case))
    assert ran.error is None
    assert {report.level for report in ran.reports} <= {*map(Level, case.words("level"))}
    assert "needs" in case.keys or ran.skipped == ()


@pytest.mark.parametrize("case", WRONG, ids=str)
def test_the_guard_reports_the_mistake_once_with_its_cause_and_the_lines(case, tmp_path):
    skip_unless_here(case)
    ran = run(tmp_path, case.text, leaks=False)
    found = [report for report in ran.reports if report.level is not Level.NOTE]
    assert len(found) == 1, (found, ran.error, ran.skipped)
    (report,) = found
    assert report.check in (Check[case.keys["check"]],) if "check" in case.keys else TAKEN
    assert report.level in map(Level, case.words("level") or ("error",))
    transform = report.transform.rpartition(".")[2]
    assert transform == case.keys.get("transform", transform)
    assert report.code == case.keys.get("code", report.code)
    if report.check in TAKEN and ran.marked("call"):
        assert report.call == ran.marked("call")
    assert report.rebinding == ran.marked("rebinding")


def test_there_are_enough_programs_of_both_kinds():
    assert len(RIGHT) >= 80
    assert len(WRONG) >= 60
    assert sum("check" not in case.keys for case in WRONG) >= 30


def test_the_classes_are_as_before_after_every_program(tmp_path):
    before = [vars(cls)["__call__"] for cls in (jax.custom_vjp, jax.custom_jvp)]
    run(tmp_path, next(case.text for case in RIGHT if case.name == "grad"))
    assert [vars(cls)["__call__"] for cls in (jax.custom_vjp, jax.custom_jvp)] == before
