"""What JAX says, in 18 versions of it and in the one at hand, and what it is taken for."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from tests.jax.diagnose_programs import CONTRACTS, OTHERS, OURS, tracebacks
from vjpfix.cli.diagnosing import diagnosed
from vjpfix.config import Config
from vjpfix.diagnose import model
from vjpfix.diagnose.model import Sureness
from vjpfix.diagnose.reading import raised
from vjpfix.diagnose.texts import Symptom, recognised, texts
from vjpfix.registry import rules
from vjpfix.settings import settings

# Of each case: the first line of what JAX says (400 characters of it), and the versions that say so.
MEASURED = json.loads((Path(__file__).parent / "errors.json").read_text(encoding="utf-8"))
WORDINGS = json.loads((Path(model.__file__).parent / "errors.json").read_text(encoding="utf-8"))
VERSIONS = ["0.4.13", "0.4.20", "0.4.25", "0.4.30", "0.4.35", "0.4.38", "0.5.0", "0.5.3", "0.6.0", "0.6.2"]
VERSIONS += ["0.7.0", "0.7.2", "0.8.0", "0.8.3", "0.9.0", "0.9.2", "0.10.0", "0.10.2"]
EVERYTHING = settings(Config(Path("/nowhere"), select=("ALL",)), rules=rules())


def rule_of(case: str) -> str:
    if case.startswith(("no def", "stack @custom")):
        return "VJP201"
    if case.startswith(("stack", "attr")):
        return "VJP004"
    return "VJP002" if "rebind" in case else "VJP001"


def text_of(row) -> str:
    """The error; of ``attr`` rows, which have the type of a transformed function, one that names this type."""
    if not row["case"].startswith("attr "):
        return row["error"]
    kind = row["error"].removesuffix(": ").removeprefix("builtins.")
    return f"AttributeError: '{kind}' object has no attribute 'defvjp'"


def causes(text: str, *paths: str):
    return diagnosed(text, paths, EVERYTHING)[0].causes


@pytest.mark.parametrize("row", MEASURED, ids=lambda row: f"{row['case']} {row['jax'][0]}")
def test_what_each_version_says_is_recognised_without_any_traceback(row):
    found = causes(text_of(row))
    assert found[0].rule == rule_of(row["case"])


def test_the_versions_are_those_that_were_measured():
    sources = [row["source"] for row in WORDINGS["texts"]]
    assert sorted({version for row in MEASURED for version in row["jax"]}, key=VERSIONS.index) == VERSIONS
    said = {text: set() for text, source in zip(texts(), sources, strict=True) if source == "measured"}
    for row in (row for row in MEASURED if not row["case"].startswith("attr ")):
        (error,) = raised(text_of(row))
        text, _ = recognised(error)
        if text in said:
            said[text] |= set(row["jax"])
    for text, versions in said.items():
        if text.pattern.pattern.endswith("(?P<got>.+)"):
            continue  # the measured texts end before the shapes
        first, last = (pick(versions, key=VERSIONS.index) for pick in (min, max))
        assert (text.first, text.last) == (first, last), text


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The version of JAX at hand, and what its programs raise: ours, those of contracts, others."""
    programs = {**OURS, **CONTRACTS, **OTHERS}
    return tracebacks(tmp_path_factory.mktemp("programs"), programs)


def test_every_program_raises(run):
    assert set(run[1]) == {*OURS, *CONTRACTS, *OTHERS}
    assert len(OTHERS) >= 25


def test_the_programs_are_all_that_were_measured():
    cases = {row["case"] for row in MEASURED if not row["case"].startswith("attr ")}
    assert set(OURS) == cases


@pytest.mark.parametrize("case", OURS)
def test_the_jax_at_hand_says_what_was_measured(run, case):
    version, told = run
    expected = [row["error"] for row in MEASURED if row["case"] == case and version in row["jax"]]
    said = raised(told[case])[-1]
    if "RecursionError" in said.text:
        assert said.message.startswith("maximum recursion depth exceeded")  # its end depends on the stack
    elif expected:
        assert said.text.startswith(" ".join(expected[0].split()))
    assert recognised(said)


@pytest.mark.parametrize("case", OURS)
def test_the_cause_is_named_where_the_source_is_at_hand(run, case):
    found = causes(run[1][case])
    assert found[0].rule == rule_of(case)
    if case.startswith("bug:"):
        assert found[0].sureness in (Sureness.CERTAIN, Sureness.LIKELY)
        assert found[0].outcome.finding.subject in ("f", "test_func")
        assert found[0].outcome.new_name.endswith(("_mapped", "_grad", "_jacrev"))


GENERAL = [case for case in OURS if case.startswith("bug:grad, ")]  # the traceback has nothing of ours


@pytest.mark.parametrize("case", [case for case in OURS if case not in GENERAL])
def test_the_cause_is_named_where_it_is_not(run, case):
    found = causes(run[1][case].replace("/program_", "/gone_"))
    assert (found[0].rule, found[0].outcome) == (rule_of(case), None)
    assert found[0].sureness in (Sureness.CERTAIN, Sureness.LIKELY)


@pytest.mark.parametrize("case", GENERAL)
def test_a_traceback_that_has_nothing_of_ours_is_not_explained_without_the_source(run, case):
    assert causes(run[1][case].replace("/program_", "/gone_")) == ()


@pytest.mark.parametrize("case", CONTRACTS)
def test_a_mistake_of_the_contract_is_named(run, case):
    for text in (run[1][case], run[1][case].replace("/program_", "/gone_")):
        found = causes(text)
        assert found[0].rule == case.split()[0]
        assert found[0].sureness in (Sureness.CERTAIN, Sureness.LIKELY)


@pytest.mark.parametrize("case", OTHERS)
def test_an_error_that_is_none_of_ours_is_not_explained(run, case):
    text = run[1][case]
    assert causes(text) == ()
    assert causes(text.replace("/program_", "/gone_")) == ()


ALIKE = ("shapes of a sum", "vmap of a number", "recursion", "recursion under jit")


@pytest.mark.parametrize("case", OTHERS)
def test_without_its_traceback_it_is_at_most_possible(run, case):
    """Four say what a mistake of ours says as well."""
    found = causes(raised(run[1][case])[-1].text)
    assert [cause.sureness for cause in found] == ([Sureness.POSSIBLE] if case in ALIKE else [])


def test_the_jax_at_hand_says_of_the_gradient_of_an_array_what_was_read(run):
    text, _ = recognised(raised(run[1]["the gradient of a vector"])[-1])
    assert text.symptom is Symptom.NO_SCALAR


def test_an_error_in_a_file_with_a_mistake_that_has_nothing_to_do_with_it_is_not_explained(tmp_path):
    program = OURS["bug:vjp"] + "jnp.ones(3) + jnp.ones(4)\n"
    (tmp_path / "program.py").write_text(program)
    line = program.count("\n")
    text = f'  File "{tmp_path}/program.py", line {line}, in <module>\n    jnp.ones(3) + jnp.ones(4)\n'
    assert causes(text + "TypeError: add got incompatible shapes for broadcasting: (3,), (4,).\n") == ()
    assert causes(text + "KeyError: 'x'\n") == ()


def test_whatever_is_raised_below_the_line_of_the_rule_has_its_cause_there(tmp_path):
    program = OURS["bug:scalar grad sum"]
    (tmp_path / "program.py").write_text(program)
    line = program[: program.index("return f(x), x")].count("\n") + 1
    text = (
        f'  File "{tmp_path}/program.py", line {line}, in f_fwd\n    return f(x), x\nIndexError: whatever\n'
    )
    (found,) = causes(text)
    assert (found.sureness, found.rule, found.place.line) == (Sureness.CERTAIN, "VJP001", line)


@pytest.mark.parametrize("text", ["x" * 300_000, "f()" * 100_000, "\0" * 300_000, "f() takes " * 30_000])
def test_a_long_text_that_is_no_error_takes_no_long_time(text):
    start = time.process_time()
    assert [recognised(error) for error in raised(text)] == [None]
    assert time.process_time() - start < 5


def test_each_wording_says_where_it_is_from():
    for row in WORDINGS["texts"]:
        assert row["source"].startswith(("measured", "read in the sources of JAX", "Python"))
        assert set(re.findall(r"\{([^}]*)\}", row["text"])) <= set(
            re.findall(r"\{([^}]*)\}", WORDINGS["about"])
        )
