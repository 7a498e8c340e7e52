"""``vjpfix explain --demo``: programs run on the JAX at hand."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli_runs import ROOT, vjpfix, vjpfix_process
from vjpfix.config import Config
from vjpfix.model import Change
from vjpfix.pipeline import run_data
from vjpfix.registry import rules
from vjpfix.runtime.demo import Ran
from vjpfix.settings import settings
from vjpfix.whole import combine

SHOWN = [rule for rule in rules() if rule.demo]
CPU = {"JAX_PLATFORMS": "cpu"}


def results(text):
    """What is printed below each of the two programs: rows by their labels, and the last line."""
    below = text[text.index("`loss` and its gradient") :]
    wrong, right = re.split(r"^with(?:out)? the fix$", below, flags=re.MULTILINE)[1:]
    return [dict(re.findall(r"^    (\S+(?: \S+)*) {2,}(.+)$", part, re.MULTILINE)) for part in (wrong, right)]


@functools.cache
def demonstrated():
    """What is printed about all rules that have a demonstration, by their codes."""
    codes = [rule.code for rule in SHOWN]
    text = vjpfix_process(ROOT, "explain", "--demo", *reversed(codes), **CPU).stdout
    parts = re.split(rf"^(?=(?:{'|'.join(codes)}) )", text, flags=re.MULTILINE)[1:]
    return {part.split()[0]: part for part in parts}


def printed(code):
    return demonstrated()[code].rstrip("\n") + "\n"


def test_a_wrong_gradient_stands_beside_the_finite_differences_and_the_right_one():
    text = printed("VJP001")
    wrong, right = results(text)
    assert re.match(r"VJP001 rebound-by-map, run on JAX [\d.]+\S* in float(64|32)\n", text)
    assert wrong["finite differences"] == right["finite differences"] == right["gradient"]
    assert wrong["gradient"] != wrong["finite differences"]
    assert wrong["value"] == right["value"]
    assert "they differ, by 32%" in text
    assert text.endswith("    they agree\n")
    assert "+ f_mapped = jax.vmap(f)" in text


def test_an_error_is_told_in_one_line():
    wrong, right = results(printed("VJP002"))
    assert wrong["value"].startswith("RecursionError: maximum recursion depth exceeded")
    assert (right["value"], right["gradient"], right["finite differences"]) == ("6", "[2]", "[2]")


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.code)
def test_a_demonstration_is_wrong_without_the_fix_and_right_with_it(rule):
    text = printed(rule.code)
    wrong, right = (part for part in re.split(r"^with(?:out)? the fix$", text, flags=re.MULTILINE)[1:])
    assert "they differ" in wrong or "Error" in wrong
    assert "they agree" in right


@pytest.mark.parametrize("rule", SHOWN, ids=lambda rule: rule.code)
def test_the_fix_of_a_demonstration_is_the_one_that_is_made(rule):
    everything = settings(replace(Config(root=Path("/nowhere")), select=("ALL",)))
    report = run_data(Path("demo.py"), rule.demo.bad.encode(), everything)
    (change,) = [outcome for outcome in report.outcomes if isinstance(outcome, Change)]
    assert change.finding.rule == rule.code
    (file,) = combine([change], report, everything)
    assert file.text == rule.demo.fixed


def test_the_page_of_a_rule_names_its_demonstration(tmp_path):
    for rule in rules():
        page = vjpfix(tmp_path, "explain", rule.code).stdout
        assert (f"vjpfix explain --demo {rule.code}" in page) is bool(rule.demo)


def test_several_demonstrations_follow_each_other_as_they_are_asked_for():
    assert [*demonstrated()] == [rule.code for rule in reversed(SHOWN)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["VJP006"], "VJP006 has no demonstration; those that have one are VJP001, VJP002"),
        (["VJP999"], "'VJP999' is the code or name of no rule"),
        ([], "Which rule?"),
        (["VJP001", "--output-format", "json"], "--demo is for people: it cannot be printed as JSON."),
    ],
)
def test_a_demonstration_that_there_is_not_is_one_sentence_and_exit_code_2(tmp_path, arguments, said):
    result = vjpfix(tmp_path, "explain", "--demo", *arguments)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert said in result.stderr


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (
            "raise ModuleNotFoundError(\"No module named 'jax'\", name='jax')",
            "JAX is not installed where vjpfix is",
        ),
        (
            "import no_such_library",
            "JAX cannot be imported (No module named 'no_such_library') where vjpfix is",
        ),
    ],
)
def test_without_jax_it_is_one_sentence_and_exit_code_2(tmp_path, module, said):
    (tmp_path / "jax.py").write_text(module + "\n")
    result = vjpfix_process(tmp_path, "explain", "--demo", "VJP001", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert said in result.stderr


@pytest.mark.parametrize(
    ("gradient", "differences", "apart"),
    [((1.0, 2.0), (1.0, 2.0), 0.0), ((1.0, 2.0), (1.0, 4.0), 0.5), ((0.5,), (0.0,), 0.5), ((), (), 0.0)],
)
def test_the_distance_is_a_part_of_the_largest_component(gradient, differences, apart):
    assert Ran(0.0, gradient, differences).apart == apart
