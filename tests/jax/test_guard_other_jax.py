"""A JAX that is not as the guard knows it: one sentence says so, and the program runs as without the guard.

Each test runs in a process of its own on the JAX at hand, in which one thing was made otherwise.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.runs import python
from tests.suites.reading import cases

_CASES = cases(Path(__file__).with_name("otherwise.txt"), "otherwise", {})
OTHERWISE = {case.name: (case.text, case.keys["told"]) for case in _CASES}

PROGRAM = """
f = jax.custom_vjp(lambda x: x ** 2)
f.defvjp(lambda x: (2. * x ** 2, x), lambda x, g: (2. * x * g,))
answer = float(jax.grad(f)(3.))
"""


@pytest.mark.parametrize(("change", "said"), OTHERWISE.values(), ids=OTHERWISE)
def test_a_guarded_program_runs_and_it_is_said_once_and_a_check_in_a_test_says_it_as_well(
    change, said, tmp_path
):
    (tmp_path / "program.py").write_text(
        f"import jax\nimport vjpfix\n{change}\nwith vjpfix.guard():\n    pass\n"
        f"with vjpfix.guard('error') as guard:\n    {PROGRAM.replace(chr(10), chr(10) + '    ')}\n"
        "print(answer, [report.check.value for report in guard.reports], flush=True)\n"
        "from vjpfix.testing import check_custom_vjp\ncheck_custom_vjp(f, 3.)\n"
    )
    result = python(tmp_path, "-W", "once", "program.py")
    assert (result.returncode, result.stdout) == (1, "6.0 ['guard']\n"), result.stderr
    warned, traceback, raised = result.stderr.partition("Traceback (most recent call last)")
    assert traceback
    assert warned.count("GuardWarning") == 1
    assert warned.rstrip().endswith("nothing is checked.")
    assert said in warned
    assert said in raised


@pytest.fixture
def otherwise(tmp_path):
    """Makes JAX otherwise in every Python process that gets the path, before the program starts."""

    def made(change):
        (tmp_path / "sitecustomize.py").write_text(f"import jax\n{change}\n")
        return {"PYTHONPATH": str(tmp_path)}

    return made


@pytest.mark.parametrize("name", ["an older release", "rules are kept in two places"])
def test_run_gives_the_program_s_own_exit_code(name, tmp_path, otherwise):
    change, said = OTHERWISE[name]
    (tmp_path / "program.py").write_text(f"import jax\n{PROGRAM}\nprint(answer)\nraise SystemExit(7)\n")
    report = ("--report", "report.json")
    result = python(tmp_path, "-m", "vjpfix", "run", *report, "program.py", **otherwise(change))
    assert (result.returncode, result.stdout) == (7, "6.0\n"), result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    (saved,) = json.loads((tmp_path / "report.json").read_text())["reports"]
    assert (saved["check"], saved["level"]) == ("guard", "warning")


def test_pytest_passes_and_says_it_at_the_end(tmp_path, otherwise):
    change, said = OTHERWISE["rules are kept in two places"]
    tests = "".join(f"def test_{n}():\n    assert answer == 6.\n" for n in (1, 2))
    (tmp_path / "test_program.py").write_text(f"import jax\n{PROGRAM}\n{tests}")
    options = ("-p", "no:cacheprovider", "-p", "vjpfix.runtime.pytest_plugin", "--vjpfix")
    result = python(
        tmp_path, "-m", "pytest", *options, **otherwise(change), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "2 passed" in result.stdout
    assert result.stdout.count(said) == 1


def test_jax_has_not_chosen_its_devices_when_the_guard_is_on(tmp_path):
    (tmp_path / "program.py").write_text(
        "import jax\nimport vjpfix\nwith vjpfix.guard('error') as guard:\n"
        "    jax.config.update('jax_platforms', 'none_such')\n    try:\n        jax.devices()\n"
        "    except RuntimeError as error:\n        print(error)\n"
    )
    assert "none_such" in python(tmp_path, "program.py").stdout
