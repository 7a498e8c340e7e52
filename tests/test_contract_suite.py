"""Programs about what rules have to do: what is found, what the fix makes of it, and what JAX says to both."""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path

import children
import pytest
from contract_suite import BAD, GOOD

from vjpfix.config import Config
from vjpfix.model import Certainty, Change, Report, Safety
from vjpfix.pipeline import combine, run, run_data
from vjpfix.rules import RULES
from vjpfix.settings import settings

PATH = Path("program.py")
ON_JAX = Path(__file__).with_name("contract_suite") / "on_jax.py"
AT_LEAST = 8
SHOWN = [rule for rule in RULES if rule.code in BAD]
CONTRACTS = [rule for rule in SHOWN if not rule.code.startswith("VJP0")]  # whose examples differentiate


def cases(suite):
    return [
        pytest.param(code, case, id=f"{code} {name}")
        for code, found in suite.items()
        for name, case in found.items()
    ]


def both(case: str | tuple[str, str]) -> tuple[str, str]:
    """A good program, and the module ``ops`` beside it."""
    return (case, "") if isinstance(case, str) else case


def report_of(code: str, text: str, ops: str, folder: Path, *, alone: bool = False) -> Report:
    """What is found in a project of this program and ``ops``. ``alone``: others may be around the program."""
    chosen = settings(Config(root=folder, select=(code,)))
    if alone:
        report = run_data(PATH, text.encode(), chosen)
    else:
        (folder / "ops.py").write_text(ops)
        (folder / PATH).write_text(text)
        report = run([folder / PATH], chosen)
    assert not report.problems
    return report


@pytest.fixture(scope="module")
def on_jax() -> dict[str, str]:
    """What real JAX says to every program, and to the examples that the rules show."""
    programs = {f"bad {p.id}": (p.values[1].code, p.values[1].ops) for p in cases(BAD)}
    programs |= {
        f"fixed {p.id}": (p.values[1].fixed, p.values[1].ops) for p in cases(BAD) if p.values[1].fixed
    }
    programs |= {f"good {p.id}": both(p.values[1]) for p in cases(GOOD)}
    for rule in CONTRACTS:
        programs |= {f"{rule.code} bad {n}": (example.code, "") for n, example in enumerate(rule.bad)}
        programs |= {f"{rule.code} fixed {n}": (e.fixed, "") for n, e in enumerate(rule.bad) if e.fixed}
        programs |= {f"{rule.code} good {n}": (example.code, "") for n, example in enumerate(rule.good)}
    environment = {**os.environ, "JAX_PLATFORMS": "cpu"}
    done = children.run(
        [sys.executable, ON_JAX],
        input=json.dumps(programs),
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(("code", "case"), cases(BAD))
def test_a_broken_contract_is_found_where_it_is_broken(code, case, tmp_path):
    findings = report_of(code, case.code, case.ops, tmp_path).findings
    assert [finding.span.line for finding in findings] == list(case.lines)
    assert {f.certainty for f in findings} == {Certainty.WARNING if case.warning else Certainty.ERROR}


@pytest.mark.parametrize(("code", "case"), cases(BAD))
def test_the_fix_is_exactly_what_is_expected_and_leaves_no_finding(code, case, tmp_path):
    report = report_of(code, case.code, case.ops, tmp_path)
    changes = [outcome for outcome in report.outcomes if isinstance(outcome, Change)]
    if case.fixed is None:
        assert changes == []
        return
    assert {change.safety for change in changes} == {Safety.UNSAFE if case.unsafe else Safety.SAFE}
    assert all(change.reason for change in changes) is case.unsafe
    (file,) = combine(changes, report, settings(Config(root=tmp_path, select=(code,))))
    assert file.text == case.fixed
    assert report_of(code, file.text, case.ops, tmp_path).outcomes == ()


@pytest.mark.parametrize(("code", "case"), cases(GOOD))
def test_what_keeps_to_the_contract_is_left_alone(code, case, tmp_path):
    text, ops = both(case)
    ast.parse(text)
    assert report_of(code, text, ops, tmp_path, alone=not ops).outcomes == ()


def test_jax_answers_to_a_broken_contract_as_is_said(on_jax):
    wanted = {f"bad {p.id}": p.values[1].raises or "wrong" for p in cases(BAD)}
    assert {name: on_jax[name] for name in wanted} == wanted


def test_on_jax_what_is_fixed_and_what_is_left_alone_gives_the_right_gradient(on_jax):
    found = {name: said for name, said in on_jax.items() if name.startswith(("fixed ", "good "))}
    assert {name: said for name, said in found.items() if said != "right"} == {}


@pytest.mark.parametrize("rule", CONTRACTS, ids=lambda rule: rule.code)
def test_on_jax_the_bad_examples_of_a_rule_raise_or_are_silently_wrong_and_the_others_run(rule, on_jax):
    said = {
        name.removeprefix(rule.code).strip(): said
        for name, said in on_jax.items()
        if name.startswith(rule.code)
    }
    raised = {name for name, text in said.items() if text.endswith("Error")}
    silent = {name for name in said if name.startswith("bad")} - raised
    assert all(name.startswith("bad") for name in raised)
    if rule.certainty is Certainty.ERROR:  # advice breaks nothing
        assert all(said[name] != said[name.replace("bad", "fixed")] for name in silent)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_has_enough_programs_of_both_kinds(rule):
    assert len(BAD[rule.code]) >= AT_LEAST
    assert len(GOOD[rule.code]) >= AT_LEAST
