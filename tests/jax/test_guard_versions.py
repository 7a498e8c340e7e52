"""The script that tries several releases of JAX counts every test, and passes over none without a reason."""

from __future__ import annotations

from pathlib import Path

from tests.jax.guard_versions import FITTING, TESTS, VERSIONS, read, table
from vjpfix.runtime.jax_internals import OLDEST, TRIED

RESULTS = """\
<testsuites><testsuite>
  <testcase classname="test_it" name="test_a"/>
  <testcase classname="test_it" name="test_b"><failure message="no"/></testcase>
  <testcase classname="test_it" name="test_c"><error message="no"/></testcase>
  <testcase classname="test_it" name="test_d"><skipped message="it came with JAX 0.4.33"/></testcase>
  <testcase classname="test_it" name="test_e"><skipped message="it came with JAX 0.4.33"/></testcase>
</testsuite></testsuites>
"""


def test_each_test_is_in_one_column_and_each_reason_is_given(tmp_path):
    (tmp_path / "results.xml").write_text(RESULTS)
    outcome = read(tmp_path / "results.xml", "newest", "0.10.2", "3.11.7")
    assert table([outcome]).splitlines() == [
        "JAX        Python     passed   failed left out",
        "0.10.2     3.11.7          1        2        2",
        "JAX 0.10.2: failed: test_it::test_b",
        "JAX 0.10.2: failed: test_it::test_c",
        "JAX 0.10.2: left out: 2 because it came with JAX 0.4.33",
    ]


def test_nothing_passed_where_pytest_left_nothing(tmp_path):
    assert read(tmp_path / "results.xml", "newest", "0.10.2", "3.11.7").passed == 0


def test_the_releases_that_are_tried_are_those_that_the_guard_names():
    assert (*TRIED[:-1], "newest") == VERSIONS
    assert tuple(map(int, TRIED[0].split("."))) == OLDEST
    assert {*FITTING} <= {*VERSIONS}


def test_the_tests_of_each_way_to_the_guard_are_among_those_that_are_run():
    ways = ("context", "run", "pytest", "testing", "children", "other_jax")
    assert {f"test_guard_{way}.py" for way in ways} | {"test_explain_demo.py"} <= {
        Path(each).name for each in TESTS
    }
