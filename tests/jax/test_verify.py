"""``vjpfix verify`` tries a fix on copies, on real JAX, and says how it does; ``fix --verify`` heeds it."""

from __future__ import annotations

import re

import jsonschema
import pytest

from tests.cli.test_terminal import QUESTION as QUESTION_MARK
from tests.cli.test_terminal import at_terminal
from tests.cli.test_unsafe import PROGRAM as UNSAFE
from tests.cli_runs import CLEAN, REFUSED
from tests.jax.test_question_program import QUESTION, SILENT
from tests.jax.verify_runs import (
    MODEL,
    OPS,
    PYTHON,
    RIGHT_LINE,
    TESTS,
    WRONG_LINE,
    project,
    tried,
    verified,
    verify,
)
from vjpfix.verify.document import schema

PYTEST = ("--", PYTHON, "-m", "pytest", "-q")
FIXED = OPS.replace(WRONG_LINE, RIGHT_LINE) + MODEL.replace("test_func(", "test_func_mapped(")


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return project(tmp_path_factory.mktemp("suite"), test_ops=TESTS)


GRADIENT = """\
import jax
import jax.numpy as jnp
from ops import energies
jax.grad(lambda R: energies(R).sum())(jnp.ones((4, 3)))
"""
SOURCE = """\
from pathlib import Path

def test_source():
    assert "{}" in Path(__file__).with_name("ops.py").read_text()
"""
BETTER = SOURCE.format(RIGHT_LINE)
WORSE = SOURCE.format(WRONG_LINE)


@pytest.fixture
def without_jax(tmp_path):
    """A project whose tests need no JAX, and do better with the fix."""
    return project(tmp_path, test_source=BETTER)


def rows(text):
    """The rows of the table of two runs: label, without the fix, with it."""
    found = re.findall(r"^  ( *\S.*?) {2,}(\S.*?) {2,}(\S.*)$", text, re.MULTILINE)
    return {label.strip(): cells for label, *cells in found}


def test_the_question_s_program_raises_on_one_copy_and_not_on_the_other(tmp_path):
    (tmp_path / "question.py").write_text(QUESTION)
    result = verify(tmp_path, "question.py")
    assert result.returncode == 0, result.stdout
    table = rows(result.stdout)
    assert table["exit code"] == ["1", "0"]
    assert table["seen by the guard"] == ["1 error", "nothing to report"]
    assert "question.py:13: VJP001 error: the fwd `test_func_fwd`" in result.stdout
    assert "the fix is better:" in result.stdout


def test_of_the_silent_sibling_the_gradients_are_shown_beside_finite_differences(tmp_path):
    (tmp_path / "silent.py").write_text(SILENT)
    code, found = verified(tmp_path, "silent.py")
    assert (code, found["verdict"]) == (0, "better")
    (trial,) = found["trials"]
    (before,), (after,) = (trial[which]["gradients"] for which in ("before", "after"))
    assert before["difference"] == pytest.approx(after["difference"], rel=1e-6)
    assert (before["agrees"], after["agrees"]) == (False, True)
    assert after["derivative"] == pytest.approx(after["difference"], rel=1e-4)
    assert before["derivative"] != pytest.approx(after["difference"], rel=0.5)
    assert before["call"]["file"] == str(tmp_path / "silent.py")


def test_tests_that_fail_before_and_pass_after_are_named(suite):
    result = verify(suite, *PYTEST)
    assert result.returncode == 0, result.stdout
    assert rows(result.stdout)["tests"] == ["1 passed, 1 failed", "2 passed"]
    assert "  test_ops.py::test_gradient: failed -> passed\n" in result.stdout
    assert (
        "- 1 test passes with the fix, and failed without it: test_ops.py::test_gradient\n" in result.stdout
    )


def test_the_document_is_of_its_schema_and_has_each_test_once_though_workers_run_them(suite):
    pytest.importorskip("xdist")
    code, found = verified(suite, *PYTEST, "-p", "xdist", "-n", "1")
    jsonschema.Draft202012Validator(schema()).validate(found)
    (trial,) = found["trials"]
    assert trial["before"]["tests"] == {
        "test_ops.py::test_value": "passed",
        "test_ops.py::test_gradient": "failed",
    }
    assert set(trial["after"]["tests"].values()) == {"passed"}
    assert "warning" not in trial["after"]["output"]
    assert (code, trial["before"]["exit_code"], trial["after"]["exit_code"]) == (0, 1, 0)
    assert trial["after"]["called"] == ["test_func"]
    assert [report["code"] for report in trial["before"]["reports"]] == ["VJP001"]


def test_the_command_may_be_a_shell_that_starts_pytest(without_jax):
    _, found = verified(without_jax, "--", "sh", "-c", f"cd . && '{PYTHON}' -m pytest -q")
    assert found["trials"][0]["after"]["tests"]


def test_a_fix_that_the_command_does_better_with_is_written(tmp_path):
    folder = project(tmp_path, program=GRADIENT)
    result = tried(folder, "fix", "--yes", "--rename", "original", "--verify", f"'{PYTHON}' program.py")
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.endswith("Fixed 1 of 1 finding in 1 file\n")
    assert "off finite differences, and agrees with them with the fix" in result.stdout
    assert "def test_func_unmapped(f, R)" in (folder / "ops.py").read_text()


def test_a_fix_that_a_test_passes_with_is_written(without_jax):
    result = tried(without_jax, "fix", "--yes", "--verify", f"'{PYTHON}' -m pytest -q")
    assert result.returncode == 0, result.stdout + result.stderr
    assert (without_jax / "ops.py").read_text() == FIXED


def test_a_fix_that_a_test_fails_with_is_not_written(tmp_path):
    folder = project(tmp_path, test_source=WORSE)
    result = tried(folder, "fix", "--yes", "--verify", f"'{PYTHON}' -m pytest -q")
    assert result.returncode == 1
    assert "\nthe fix is worse:\n" in result.stdout
    assert "\n  - 1 test fails with the fix, and did not without it: test_source.py" in result.stdout
    assert "vjpfix: nothing was written, for the command of --verify does worse" in result.stderr
    assert result.stdout.endswith("Fixed none of 1 finding in 1 file\n")
    assert (folder / "ops.py").read_text() == OPS + MODEL


def test_verify_of_such_a_fix_ends_with_1(tmp_path):
    folder = project(tmp_path, test_source=WORSE)
    code, found = verified(folder, *PYTEST, "test_source.py")
    assert (code, found["verdict"]) == (1, "worse")
    (trial,) = found["trials"]
    assert len(trial["worse"]) == 2  # the exit code and the test


def test_a_test_that_does_not_run_any_more_is_worse(tmp_path):
    text = "from pathlib import Path\nimport pytest\nsource = Path('ops.py').read_text()\n"
    text += (
        "@pytest.mark.parametrize('name', [n for n in ('a', 'b') if n == 'a' or '_mapped' not in source])\n"
    )
    text += "def test_name(name):\n    pass\n"
    code, found = verified(project(tmp_path, test_names=text), *PYTEST)
    assert (code, found["verdict"]) == (1, "worse")
    assert "did not run with it" in found["trials"][0]["worse"][-1]


def test_a_test_file_that_could_not_be_read_before_may_have_failing_tests_after(tmp_path):
    broken = f"from pathlib import Path\nassert '{RIGHT_LINE}' in Path('ops.py').read_text()\n"
    broken += "\ndef test_no():\n    assert 0\n"
    _, found = verified(project(tmp_path, test_ops=broken), *PYTEST)
    trial = found["trials"][0]
    assert set(trial["before"]["tests"].values()) == {"error"}
    assert trial["after"]["tests"]["test_ops.py::test_no"] == "failed"
    assert trial["worse"] == []


def test_a_module_of_a_package_is_run_by_its_name_and_a_function_found_under_that_of_its_def(tmp_path):
    package = tmp_path / "src" / "stars"
    package.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'stars'\n")
    (package / "__init__.py").write_text("")
    (package / "shape.py").write_text("three = 3\n")
    text = OPS.replace("@partial(custom_vjp, nondiff_argnums=(0,))\ndef test_func(", "def _inner(")
    rules = "test_func = partial(custom_vjp, nondiff_argnums=(0,))(_inner)\ndef test_func_fwd"
    text = text.replace("def test_func_fwd", rules)
    text += "grad(lambda R: test_func(jnp.exp, R).sum())(jnp.ones((4, three)))\n"
    (package / "ops.py").write_text("from .shape import three\n" + text)
    code, found = verified(tmp_path)
    (trial,) = found["trials"]
    assert trial["command"] == [PYTHON, "-m", "stars.ops"]
    assert (code, found["verdict"]) == (0, "better")
    assert trial["after"]["called"] == ["_inner"]
    assert trial["notes"] == []
    assert any("the gradient of `test_func` was" in sentence for sentence in trial["better"])


def test_a_function_that_the_command_does_not_call_is_named(tmp_path):
    result = verify(project(tmp_path))
    assert result.returncode == 0
    assert (
        "the fix is no worse\nnote: no call of `test_func` was seen; a command that calls it" in result.stdout
    )


def test_a_function_that_runs_under_jit_only_is_called_and_its_gradient_not_seen(tmp_path):
    jitted = GRADIENT.replace(
        "jax.grad(lambda R: energies(R).sum())(", "jax.jit(jax.grad(lambda R: energies(R).sum()))("
    )
    code, found = verified(project(tmp_path, program=jitted), "--", PYTHON, "program.py")
    assert (code, found["verdict"]) == (0, "better")  # for the guard's report
    assert "no gradient of `test_func` was seen where values are known" in found["trials"][0]["notes"][0]


def test_an_error_that_the_guard_still_sees_with_the_fix_leaves_1(tmp_path):
    other = OPS.replace("test_func", "other").replace("vmap(other", "vmap(lambda f, R: table['other'](f, R)")
    other = other.replace("primal_out = other(f", "primal_out = table['mapped'](f").replace(
        "@partial", "table = {}\n@partial"
    )
    other = other.rpartition("other = vmap")[0] + "table['mapped'] = vmap(other, in_axes=(None, 0))\n"
    program = f"{other}\nfrom ops import energies\nR = jnp.ones((4, 3))\nenergies(R)\n"
    program += "grad(lambda R: table['mapped'](jnp.exp, R).sum())(R)\n"
    code, found = verified(project(tmp_path, program=program), "--", PYTHON, "program.py")
    assert found["trials"][0]["after"]["reports"][0]["function"] == "other"
    assert (code, found["verdict"]) == (1, "better")


def test_findings_that_cannot_be_fixed_leave_1(tmp_path):
    (tmp_path / "refused.py").write_text(REFUSED)
    result = verify(tmp_path)
    assert result.returncode == 1
    assert result.stdout.startswith("There is no fix to verify. 1 finding in 1 file")
    assert "refused.py" in result.stderr


def test_where_nothing_is_found_nothing_is_run(tmp_path):
    (tmp_path / "clean.py").write_text(CLEAN)
    result = verify(tmp_path, "--", "no-such-command")
    assert (result.returncode, result.stdout) == (0, "There is no fix to verify. All clean: 1 file checked\n")


def test_unsafe_fixes_are_tried_on_request(tmp_path):
    (tmp_path / "ops.py").write_text(UNSAFE.replace("x.sin()", "x * x") + "jax.grad(f)(jax.numpy.ones(()))\n")
    options = ("--select", "VJP2", "ops.py")
    assert verify(tmp_path, *options).stdout.startswith("There is no fix to verify")
    result = verify(tmp_path, "--unsafe-fixes", *options)
    assert result.returncode == 0
    assert rows(result.stdout)["exit code"] == ["1", "0"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("verify", "-"), "cannot be verified"),
        (("verify", ".", "--"), "None follows the --"),
        (("verify", "--timeout", "0"), "--timeout"),
        (("fix", "--dry-run", "--verify", "true"), "--verify is for fixes that are written"),
        (("fix", "--yes", "--verify", "'a"), "is no command"),
        (("fix", "--yes", "--verify", " "), "the command is empty"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_ends_with_2(tmp_path, arguments, said):
    result = tried(project(tmp_path), *arguments)
    assert result.returncode == 2
    assert said in result.stderr


@pytest.mark.parametrize("width", [40, 120])
def test_at_a_terminal_it_fits_the_width(without_jax, width):
    terminal = at_terminal(
        without_jax, "verify", *PYTEST, COLUMNS=str(width), NO_COLOR="1", JAX_PLATFORMS="cpu"
    )
    terminal.wait_for("on a copy with the fix\r\n")
    code, text = terminal.end()
    assert code == 0
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in text.splitlines()]
    too_long = [line for line in lines if len(line) > width]
    assert all(len(line.split()) == 1 for line in too_long)  # a word is left whole
    assert any(line.startswith("the fix is better") for line in lines)


@pytest.mark.parametrize(
    ("answer", "command", "code", "last"),
    [
        ("y\n", "true", 0, "Fixed 1 of 1 finding in 1 file"),
        ("n\n", "no-such-command", 1, "Fixed none of 1 finding in 1 file"),
        ("y\n", "sh -c 'grep -q \"test_func = vmap\" ops.py'", 1, "Fixed none of 1 finding in 1 file"),
    ],
    ids=["accepted and no worse", "declined", "accepted and worse"],
)
def test_a_person_is_asked_first_and_then_it_is_tried(tmp_path, answer, command, code, last):
    folder = project(tmp_path)
    terminal = at_terminal(folder, "fix", "--verify", command)
    terminal.wait_for(QUESTION_MARK)
    terminal.type(answer)
    ended, text = terminal.end()
    assert ended == code, text
    assert text.rstrip().endswith(last)
    assert (folder / "ops.py").read_text() == (FIXED if code == 0 else OPS + MODEL)


def test_what_a_person_does_not_accept_is_not_tried(tmp_path):
    folder = project(tmp_path)
    result = tried(folder, "fix", "--verify", "no-such-command")
    assert result.returncode == 1
    assert "there is no terminal to ask at" in result.stderr
