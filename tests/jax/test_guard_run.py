"""``vjpfix run`` runs a program as Python does, and says what the guard saw."""

from __future__ import annotations

import json
import signal
import sys
import textwrap
import time

import pytest

from tests import children
from tests.cli_runs import vjpfix
from tests.jax.test_question_program import QUESTION, RIGHT, SILENT, WRONG
from tests.runs import ROOT, python

PRINTS = """\
import os, sys
print(sys.argv, os.path.basename(sys.path[0]), __name__, os.path.basename(__file__), sys.modules["__main__"].__dict__ is globals())
"""


def run(folder, *arguments, **others):
    return python(folder, "-m", "vjpfix", "run", *arguments, **others)


def write(folder, text, name="program.py"):
    (folder / name).write_text(textwrap.dedent(text))
    return name


def cause(text):
    """The lines that the question's program and its sibling should be explained by."""
    call = text.splitlines().index("    primal_out = test_func(f, R)") + 1
    rebinding = text.splitlines().index("test_func = vmap(test_func, in_axes=(None, 0))") + 1
    return f"program.py:{call}: VJP001 error: the fwd `test_func_fwd`", f"program.py:{rebinding}: "


def assert_explained(result, text):
    assert result.returncode == 1
    call, rebinding = cause(text)
    assert result.stderr.count(call) == 2  # when it is seen, and at the end
    assert rebinding in result.stderr
    assert "vjpfix: 1 error" in result.stderr


def test_the_cause_and_the_lines_are_said_of_the_question_s_program(tmp_path):
    assert_explained(run(tmp_path, write(tmp_path, QUESTION)), QUESTION)


def test_of_its_silent_sibling_they_are_said_beside_the_wrong_answer_and_in_a_report(tmp_path):
    result = run(tmp_path, "--report", "out.json", write(tmp_path, SILENT), "a")
    assert_explained(result, SILENT)
    assert result.stdout == f"{WRONG}\n"
    found = json.loads((tmp_path / "out.json").read_text())
    assert found["command"] == ["program.py", "a"]
    (report,) = found["reports"]
    assert (report["code"], report["function"], report["transform"]) == ("VJP001", "test_func", "jax.vmap")
    assert report["rebinding"]["line"] == 22


@pytest.mark.parametrize(
    ("text", "printed"), [(QUESTION, "(10, 3)"), (SILENT, RIGHT)], ids=["question", "silent sibling"]
)
def test_nothing_is_said_once_it_is_fixed_of_the(text, printed, tmp_path):
    name = write(tmp_path, text)
    assert vjpfix(tmp_path, "fix", "--yes", name).returncode == 0
    result = run(tmp_path, name)
    assert (result.returncode, result.stdout, result.stderr) == (0, f"{printed}\n", "")


def test_an_error_of_the_program_is_shown_without_the_frames_that_started_it(tmp_path):
    result = run(tmp_path, write(tmp_path, "1 / 0\n"))
    plain = python(tmp_path, "program.py")
    assert result.returncode == plain.returncode == 1
    assert result.stderr == plain.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("program.py",),
        ("program.py", "-x", "--report", "y", "-m"),
        ("./sub/program.py", "--help"),
        ("-m", "sub.program", "--help"),
    ],
    ids=" ".join,
)
def test_arguments_and_names_are_as_under_python(arguments, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "program.py").write_text(PRINTS)
    (tmp_path / "program.py").write_text(PRINTS)
    guarded, plain = run(tmp_path, *arguments), python(tmp_path, *arguments)
    assert guarded.stdout == plain.stdout
    assert guarded.returncode == plain.returncode == 0


def test_standard_input_is_a_program_too(tmp_path):
    result = run(tmp_path, "-", "a", stdin="import sys; print(sys.argv, sys.path[0] == '')")
    assert result.stdout == "['-', 'a'] True\n"


@pytest.mark.parametrize(
    "ending",
    ["import sys; sys.exit(7)", "raise SystemExit('so')", "raise SystemExit", "import os; os._exit(3)"],
)
def test_the_exit_code_is_the_program_s(ending, tmp_path):
    name = write(tmp_path, ending)
    guarded, plain = run(tmp_path, name), python(tmp_path, name)
    assert (guarded.returncode, guarded.stderr) == (plain.returncode, plain.stderr)


def test_an_exit_code_of_the_program_s_own_is_kept_beside_a_report(tmp_path):
    assert run(tmp_path, write(tmp_path, SILENT + "raise SystemExit(9)\n")).returncode == 9


def test_an_interrupt_ends_it_as_it_ends_python(tmp_path):
    name = write(tmp_path, "import time\nprint('ready', flush=True)\ntime.sleep(60)\n")
    process = children.Child(
        [sys.executable, "-m", "vjpfix", "run", name],
        cwd=tmp_path,
        stdout=children.PIPE,
        stderr=children.PIPE,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate()
    assert process.returncode == 130
    assert stderr.splitlines()[-1] == "KeyboardInterrupt"


def test_a_program_that_sets_jax_up_before_it_imports_it_still_can(tmp_path):
    text = """
        import os
        os.environ["JAX_ENABLE_X64"] = "1"
        import jax.numpy as jnp
        print(jnp.ones(1).dtype)
    """
    assert run(tmp_path, write(tmp_path, text)).stdout == "float64\n"


def test_what_does_not_exist_is_one_sentence(tmp_path):
    result = run(tmp_path, "nowhere.py")
    assert (result.returncode, result.stderr) == (2, "vjpfix: nowhere.py: does not exist; check the path\n")
    result = run(tmp_path, "-m", "nowhere_at_all")
    assert result.returncode == 2
    assert result.stderr == "vjpfix: there is no module 'nowhere_at_all'; check its name\n"
    assert run(tmp_path).returncode == 2


def test_without_jax_it_is_one_sentence(tmp_path):
    code = (
        "import importlib.util as u, sys\nfound = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'jax' else found(name, *a)\n"
        "sys.argv = ['vjpfix', 'run', 'program.py']\nfrom vjpfix.cli import main; main()"
    )
    result = python(tmp_path, "-c", code)
    assert result.returncode == 2
    assert result.stderr.startswith("vjpfix: JAX is not installed")
    assert result.stderr.count("\n") == 1


def test_gradients_are_compared_on_request_and_are_no_errors(tmp_path):
    text = """
        import jax, jax.numpy as jnp

        @jax.custom_vjp
        def f(x):
            return x ** 2

        f.defvjp(lambda x: (f(x), x), lambda x, g: (3. * x * g,))
        jax.grad(f)(2.)
    """
    name = write(tmp_path, text)
    assert run(tmp_path, name).stderr == ""
    result = run(tmp_path, "--check-gradients", "--report", "out.json", name)
    assert result.returncode == 0
    assert "differs from a finite difference" in result.stderr
    (gradient,) = json.loads((tmp_path / "out.json").read_text())["gradients"]
    assert (gradient["function"], gradient["agrees"], gradient["precision"]) == ("f", False, "float64")
    assert gradient["derivative"] == pytest.approx(1.5 * gradient["difference"], rel=1e-4)
    assert run(tmp_path, "--check-gradients", "--skip-gradients", "f", name).stderr == ""
