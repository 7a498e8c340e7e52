"""What the modules of every folder reach, run against a stand-in for jax, before and after either fix."""

from __future__ import annotations

import pytest

from tests.suites.case import RENAMES, Expected
from tests.suites.on_standin import harmed, outside, runs
from tests.suites.suite import PACKAGES
from tests.suites.tool import written


@pytest.mark.parametrize("case", PACKAGES, ids=str)
def test_all_reach_outside_the_rules_what_they_did_and_in_them_the_primal_after_the_fix_alone(case, tmp_path):
    old = runs(case, written(tmp_path / "before", case.before))
    assert case.words("broken") or any(outside(events) for events in old.values())
    fixed = [rename for rename in RENAMES if case.expected(rename) is Expected.FIXED]
    assert not fixed or case.words("harmless") or any(map(harmed, old.values()))
    for rename in RENAMES:
        if case.after(rename) != case.before:
            new = runs(case, written(tmp_path / rename, case.after(rename)))
            assert {name: outside(events) for name, events in new.items()} == {
                name: outside(events) for name, events in old.items()
            }
            assert rename in case.refused or case.words("harmless") or not any(map(harmed, new.values()))
