"""The guard reaches every Python process that a command starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.jax.test_question_program import SILENT
from tests.runs import ROOT
from vjpfix.runtime import child


def started(folder, *command, **options):
    outer = {
        **os.environ,
        "PYTHONPATH": options.pop("path", str(ROOT)),
        "JAX_PLATFORMS": "cpu",
        "PYTEST_ADDOPTS": "",
    }
    reports = folder / "reports"
    reports.mkdir()
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        env=child.environment(reports, outer, **options),
        timeout=600,
    )
    return done, child.reports(reports)


def test_a_script_in_a_shell_is_reported(tmp_path):
    (tmp_path / "program.py").write_text(SILENT)
    done, reports = started(
        tmp_path, "sh", "-c", f"'{sys.executable}' -c 'print(1)'; '{sys.executable}' program.py"
    )
    assert (done.returncode, done.stderr) == (0, "")
    (document,) = reports
    assert [report["code"] for report in document["reports"]] == ["VJP001"]


def test_the_tests_of_a_folder_are_reported_with_their_gradients(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import jax\n\ndef test_it():\n    f = jax.custom_vjp(lambda x: x ** 2)\n"
        "    f.defvjp(lambda x: (f(x), x), lambda x, g: (2. * x * g,))\n    assert jax.grad(f)(3.) == 6.\n"
    )
    done, reports = started(
        tmp_path, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", check_gradients=True
    )
    assert done.returncode == 0, done.stdout
    ((gradient,),) = [document["gradients"] for document in reports]
    assert gradient["agrees"]


def test_the_sitecustomize_that_it_hides_runs_all_the_same(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "sitecustomize.py").write_text("print('mine')\n")
    path = os.pathsep.join((str(tmp_path / "own"), str(ROOT)))
    done, reports = started(tmp_path, sys.executable, "-c", "print(2)", path=path)
    assert done.stdout == "mine\n2\n"
    assert reports == []


def test_a_python_without_vjpfix_is_left_alone(tmp_path):
    done, _ = started(tmp_path, sys.executable, "-S", "-c", "import json; print(json.dumps(3))", path="")
    assert done.stdout == "3\n"


def test_without_the_variable_nothing_starts(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    environment = child.environment(reports, {**os.environ, "PYTHONPATH": str(ROOT)})
    del environment[child.FOLDER]
    code = "import sys, json; print(json.dumps('vjpfix.runtime.guard' in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=600
    )
    assert json.loads(done.stdout) is False
