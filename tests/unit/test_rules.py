"""Each rule: its examples are its tests, and it is registered once."""

from __future__ import annotations

import ast
import inspect
import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests import children
from vjpfix.config import Config
from vjpfix.explain.paragraphs import paragraphs
from vjpfix.model import Change, Report, Safety
from vjpfix.pipeline import run, run_data
from vjpfix.rules import RULES
from vjpfix.rules.base import Rule
from vjpfix.settings import Settings, settings
from vjpfix.whole import combine

FOLDER = Path(inspect.getfile(Rule)).parent
PATH = Path("example.py")


def cases(kind: str):
    return [
        pytest.param(rule, example, id=f"{rule.code} {kind} {number}")
        for rule in RULES
        for number, example in enumerate(getattr(rule, kind), 1)
    ]


@pytest.fixture(scope="module")
def everything() -> Settings:
    return settings(replace(Config(root=Path("/nowhere")), select=("ALL",)))


def found(code: str, everything: Settings, ops: str, folder: Path) -> Report:
    """What is found in a program, with a module ``ops`` beside it where the example has one."""
    if not ops:
        report = run_data(PATH, code.encode(), everything)
    else:
        (folder / "ops.py").write_bytes(ops.encode())
        (folder / PATH).write_bytes(code.encode())
        report = run([folder], replace(everything, config=replace(everything.config, root=folder)))
    assert report.problems == ()
    return report


@pytest.mark.parametrize(("rule", "example"), cases("bad"))
def test_a_bad_example_is_found_by_its_rule_alone(rule, example, everything, tmp_path):
    report = found(example.code, everything, example.ops, tmp_path)
    assert {finding.rule for finding in report.findings} == {rule.code}


@pytest.mark.parametrize(("rule", "example"), [c for c in cases("bad") if c.values[1].fixed is not None])
def test_a_bad_example_is_fixed_to_exactly_what_the_rule_shows(rule, example, everything, tmp_path):
    report = found(example.code, everything, example.ops, tmp_path)
    changes = [outcome for outcome in report.outcomes if isinstance(outcome, Change)]
    assert [change.finding.rule for change in changes] == [rule.code]
    (file,) = combine(changes, report, everything)
    assert file.text == example.fixed
    assert found(file.text, everything, example.ops, tmp_path).outcomes == ()


@pytest.mark.parametrize(("rule", "example"), cases("good"))
def test_a_good_example_is_not_found_by_its_rule(rule, example, everything, tmp_path):
    report = found(example.code, everything, example.ops, tmp_path)
    assert rule.code not in {finding.rule for finding in report.findings}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_shows_a_bad_and_a_good_example(rule):
    assert rule.bad
    assert rule.good
    for example in (*rule.bad, *rule.good):
        ast.parse(example.code)
        assert example.code.endswith("\n")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_what_it_finds_whom_that_harms_when_not_to_follow_it_and_how_safe_its_fix_is(rule):
    first, _, third, fourth = paragraphs(rule)
    assert (type(rule).__doc__ or "").splitlines()[0].endswith("."), first
    assert third.startswith("Do not follow it ")
    if rule.safety is Safety.NONE:
        assert fourth.startswith("There is no fix: ")
    else:
        assert re.search(r"\bfix\b", fourth)
        assert re.search(rf"\b{rule.safety.value}\b", fourth)


def test_codes_and_names_are_unique_and_in_order():
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.name == rule.name.lower().replace("_", "-") for rule in RULES)


def rule_classes(path: Path) -> list[str]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node.name
        for node in module.body
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Rule" for base in node.bases)
    ]


def test_each_rule_has_one_file_and_each_file_that_defines_one_is_registered():
    defined = {path.name: names for path in FOLDER.glob("*.py") if (names := rule_classes(path))}
    assert all(len(names) == 1 for names in defined.values())
    registered = {Path(inspect.getfile(type(rule))).name: [type(rule).__name__] for rule in RULES}
    assert defined == registered


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_file_of_a_rule_is_named_after_it_and_starts_with_its_code(rule):
    path = Path(inspect.getfile(type(rule)))
    assert path.stem == rule.name.replace("-", "_")
    assert (inspect.getmodule(type(rule)).__doc__ or "").startswith(f"{rule.code}: ")


def test_the_words_and_the_name_are_the_same_in_every_run(tmp_path):
    program = (
        "import jax\n\n@jax.custom_jvp\ndef f(x):\n    return x\n\nf.defjvps(lambda t, ans, x: f(x) * t)\n"
        "f = jax.grad(f) if one else jax.jacrev(f) if two else jax.value_and_grad(f)\nf(1.0)\n"
    )
    (tmp_path / "m.py").write_text(program)
    shown = set()
    for seed in range(3):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        command = [sys.executable, "-m", "vjpfix", "diff", "m.py"]
        shown.add(
            children.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False).stdout
        )
    assert len(shown) == 1
    assert b"+f_" in shown.pop()
