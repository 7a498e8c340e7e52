"""What counts as better and as worse, of two runs of a command."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vjpfix.runtime.report import Check, Gradient, Level, Place, Report
from vjpfix.verify.comparing import compare
from vjpfix.verify.model import Run, Verdict
from vjpfix.verify.names import Fixed

FINE = Run(0, 1.0, "", {}, (), (), frozenset({"f"}), jax=True)
FIXED = Fixed(("f",), {"f_new": "f"})
ERROR = Report(
    Check.NAME, Level.ERROR, "it is wrong", "f", "fwd", "f_fwd", "jax.vmap", "VJP001", Place("a.py", 3)
)


def ran(code=0, **others):
    return replace(FINE, code=code, **others)


def slope(derivative, function="f"):
    return Gradient(function, f"{function}_bwd", derivative, 2.0, abs(derivative - 2.0), 0.01, "float64")


def passed(*names, **others):
    return {**dict.fromkeys(names, "passed"), **others}


RIGHT, WRONG = (slope(2.0),), (slope(3.0),)
KILLED, FAILED = ran(-11), ran(1)

CASES = {
    "nothing differs": (FINE, FINE, Verdict.EQUAL),
    "it fails on both": (FAILED, FAILED, Verdict.EQUAL),
    "it does not fail any more": (FAILED, FINE, Verdict.BETTER),
    "it fails": (FINE, FAILED, Verdict.WORSE),
    "it crashes": (FAILED, KILLED, Verdict.WORSE),
    "it does not crash any more": (KILLED, FAILED, Verdict.BETTER),
    "it fails in another way": (FAILED, ran(3), Verdict.WORSE),
    "it takes too long": (FAILED, ran(None), Verdict.WORSE),
    "it took too long": (ran(None), FINE, Verdict.BETTER),
    "both take too long": (ran(None), ran(None), Verdict.UNKNOWN),
    "both fail before JAX": (ran(1, jax=False), ran(1, jax=False), Verdict.UNKNOWN),
    "both fail before JAX, in two ways": (ran(1, jax=False), ran(2, jax=False), Verdict.WORSE),
    "both are fine without JAX": (ran(jax=False), ran(jax=False), Verdict.EQUAL),
    "a test passes": (ran(1, tests=passed("a", b="failed")), ran(0, tests=passed("a", "b")), Verdict.BETTER),
    "a test fails": (
        ran(1, tests=passed("a", b="failed")),
        ran(1, tests=passed("b", a="failed")),
        Verdict.WORSE,
    ),
    "a test is gone": (ran(tests=passed("a", "b")), ran(tests=passed("a")), Verdict.WORSE),
    "a test that failed is gone": (ran(1, tests={"a": "failed"}), ran(1), Verdict.EQUAL),
    "a new test fails": (
        ran(1, tests={"a": "failed"}),
        ran(1, tests={"a": "failed", "b": "error"}),
        Verdict.WORSE,
    ),
    "a skipped test fails": (ran(1, tests={"a": "skipped"}), ran(1, tests={"a": "failed"}), Verdict.WORSE),
    "a file can be read, and its tests": (
        ran(2, tests={"t.py": "error"}),
        ran(1, tests={"t.py::a": "failed"}),
        Verdict.EQUAL,
    ),
    "an error of the guard is gone": (ran(reports=(ERROR,)), FINE, Verdict.BETTER),
    "an error of the guard is new": (FINE, ran(reports=(ERROR,)), Verdict.WORSE),
    "an error has moved": (
        ran(reports=(ERROR,)),
        ran(reports=(replace(ERROR, call=Place("a.py", 4)),)),
        Verdict.EQUAL,
    ),
    "an error is of the renamed function": (
        ran(reports=(ERROR,)),
        ran(reports=(replace(ERROR, function="f_new"),)),
        Verdict.EQUAL,
    ),
    "a note is new": (FINE, ran(reports=(replace(ERROR, level=Level.NOTE),)), Verdict.EQUAL),
    "an error comes into sight": (FAILED, ran(reports=(replace(ERROR, function="g"),)), Verdict.BETTER),
    "an error of the function comes into sight": (FAILED, ran(reports=(ERROR,)), Verdict.WORSE),
    "a gradient agrees": (ran(gradients=WRONG), ran(gradients=RIGHT), Verdict.BETTER),
    "a gradient is as right as it was": (ran(gradients=RIGHT), ran(gradients=RIGHT), Verdict.EQUAL),
    "a gradient does not agree any more": (ran(gradients=RIGHT), ran(gradients=WRONG), Verdict.WORSE),
    "a gradient differs on both": (ran(gradients=WRONG), ran(gradients=(slope(9.0),)), Verdict.EQUAL),
    "a gradient agrees in part": (ran(gradients=RIGHT), ran(gradients=RIGHT + WRONG), Verdict.WORSE),
    "a gradient is seen first": (FINE, ran(gradients=WRONG), Verdict.EQUAL),
    "a gradient of another function": (
        ran(gradients=(slope(2.0, "g"),)),
        ran(gradients=(slope(3.0, "g"),)),
        Verdict.EQUAL,
    ),
}


@pytest.mark.parametrize(("before", "after", "verdict"), CASES.values(), ids=CASES)
def test_the_verdict_where(before, after, verdict):
    found = compare(before, after, FIXED)
    assert found.verdict is verdict
    assert bool(found.worse) == (verdict is Verdict.WORSE)
    assert verdict is not Verdict.BETTER or found.better


def test_a_gradient_that_does_not_agree_any_more_is_said_with_the_way_out():
    (sentence,) = compare(ran(gradients=RIGHT), ran(gradients=WRONG), FIXED).worse
    assert sentence == (
        "the gradient of `f` agreed with finite differences, and is 50% off with the fix "
        "(--skip-gradients f leaves it out)"
    )


def test_many_tests_are_counted_and_some_named():
    names = [f"t{number}" for number in range(5)]
    (_, sentence) = compare(
        ran(tests=passed(*names)), ran(1, tests=dict.fromkeys(names, "failed")), FIXED
    ).worse
    assert sentence == "5 tests fail with the fix, and did not without it: t0, t1, t2 and 2 more"


def test_a_gradient_of_another_function_that_changes_is_shown():
    found = compare(ran(gradients=(slope(2.0, "g"),)), ran(gradients=(slope(3.0, "g"),)), FIXED)
    assert [each.function for each in found.slopes] == ["f", "g"]


def test_a_small_difference_is_shown_in_full():
    (sentence,) = compare(ran(gradients=(slope(2.015),)), ran(gradients=RIGHT), FIXED).better
    assert "was 0.75% off" in sentence


@pytest.mark.parametrize(
    ("code", "ending"), [(0, "0"), (3, "3"), (None, "time limit"), (-9, "SIGKILL"), (-99, "signal 99")]
)
def test_how_a_run_ended_in_words(code, ending):
    assert ran(code).ending == ending
