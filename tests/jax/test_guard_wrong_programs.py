"""The guard reports each mistake once, with the cause and the lines."""

from __future__ import annotations

import pytest

from tests.jax.guard_programs.running import run
from tests.jax.guard_programs.wrong import TAKEN, WRONG
from vjpfix.runtime.report import Level


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_guard_reports(wrong, tmp_path):
    if wrong.needs:
        pytest.importorskip(wrong.needs)
    ran = run(tmp_path, wrong.text, leaks=False)
    found = [report for report in ran.reports if report.level is not Level.NOTE]
    assert len(found) == 1, (found, ran.error, ran.skipped)
    (report,) = found
    assert report.check in wrong.checks
    assert report.level in wrong.levels
    if wrong.transform:
        assert report.transform.rpartition(".")[2] == wrong.transform
    if wrong.code:
        assert report.code == wrong.code
    if report.check in TAKEN and ran.marked("call"):
        assert report.call == ran.marked("call")
    assert report.rebinding == ran.marked("rebinding")


def test_there_are_enough_wrong_programs():
    assert len(WRONG) >= 37
    assert sum(wrong.checks == TAKEN for wrong in WRONG.values()) >= 30
