"""What JAX says to the programs of the cases that can be run, before and after either fix."""

from __future__ import annotations

import pytest

from tests.suites.case import RENAMES, TRANSFORMED, Case, Expected
from tests.suites.on_jax import answer, measured
from tests.suites.suite import MODULES
from vjpfix.model import Certainty
from vjpfix.rules import RULES

WITH_LOSS = [case for case in MODULES if "\ndef loss(" in case.text and "\nx = " in case.text]
WITH_ANSWER = [case for case in MODULES if "\ny" in case.text and "select" in case.keys]
EXAMPLES = [rule for rule in RULES if not rule.code.startswith(("VJP0", "VJP9"))]  # others are not run
AT_LEAST = 25


def texts(case: Case, rename: str = "") -> dict[str, str]:
    return {path: file.after(rename) for path, file in case.files.items()}


def fixed(cases: list[Case]) -> list[object]:
    asked = [
        (case, rename) for case in cases for rename in RENAMES if case.expected(rename) is Expected.FIXED
    ]
    return [pytest.param(*each, id=f"{each[0]}, {each[1]}") for each in asked]


@pytest.mark.parametrize(("case", "rename"), fixed(WITH_LOSS))
def test_the_value_is_what_it_was_and_the_gradient_is_wrong_before_and_right_after(case, rename, jax_process):
    got = jax_process.ask(measured, texts(case), texts(case, rename))
    assert got.value_after == pytest.approx(got.value_before, rel=1e-12)
    assert got.gradient_before != pytest.approx(got.differences, rel=1e-2)
    assert got.gradient_after == pytest.approx(got.differences, rel=1e-6)


def test_enough_programs_have_a_gradient():
    assert len(WITH_LOSS) >= AT_LEAST


@pytest.mark.parametrize("case", WITH_ANSWER, ids=str)
def test_the_answer_is_what_the_case_says(case, jax_process):
    is_right = case.expected(TRANSFORMED) is Expected.LEFT_ALONE
    assert jax_process.ask(answer, texts(case)) == ("right" if is_right else case.keys["jax"])


@pytest.mark.parametrize(("case", "rename"), fixed(WITH_ANSWER))
def test_the_answer_is_right_after_the_fix(case, rename, jax_process):
    assert jax_process.ask(answer, texts(case, rename)) == "right"


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.code)
def test_the_bad_examples_of_a_rule_raise_or_are_silently_wrong_and_the_others_run(rule, jax_process):
    def said(text: str) -> str:
        return jax_process.ask(answer, {"program.py": text})

    for example in rule.bad:
        bad = said(example.code)
        if example.fixed:
            good = said(example.fixed)
            assert not good.endswith("Error")
            assert bad != good or rule.certainty is not Certainty.ERROR  # advice breaks nothing
        else:
            assert bad.endswith("Error") or rule.certainty is not Certainty.ERROR
    assert not any(said(example.code).endswith("Error") for example in rule.good)
