"""``pytest --vjpfix`` and its settings, in a pytest of its own that finds the plugin by its entry point."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.jax.test_question_program import DEFINITION
from tests.runs import ROOT, python

MODULE = DEFINITION
TESTS = (Path(__file__).parent / "guarded_tests.txt").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path):
    metadata = tmp_path / "installed" / "vjpfix-0.dist-info"
    metadata.mkdir(parents=True)
    points = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["pytest11"]
    lines = "\n".join(f"{name} = {module}" for name, module in points.items())
    (metadata / "entry_points.txt").write_text(f"[pytest11]\n{lines}\n")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: vjpfix-tested\nVersion: 0\n")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "module.py").write_text(MODULE)
    (folder / "test_module.py").write_text(TESTS)
    return folder


def run(project, *arguments, ini="", alone=True):
    """A run of pytest, in which no other plugin is loaded by itself where this one is ``alone``."""
    (project / "pytest.ini").write_text(f"[pytest]\naddopts = -p no:cacheprovider --strict-markers\n{ini}")
    if alone:
        plugin = ("-p", "vjpfix.runtime.pytest_plugin")
        return python(project, "-m", "pytest", *plugin, *arguments, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    return python(project, "-m", "pytest", *arguments, PYTHONPATH=str(project.parent / "installed"))


def outcomes(result):
    return result.stdout.splitlines()[-1].strip("= ").partition(" in ")[0]


def test_off_it_does_nothing_and_imports_nothing(project):
    (project / "conftest.py").write_text(
        "import sys\ndef pytest_unconfigure():\n    assert 'vjpfix.runtime.guard' not in sys.modules\n"
        "def pytest_configure():\n    assert 'jax' not in sys.modules and 'vjpfix.runtime.pytest_plugin' in sys.modules\n"
    )
    result = run(project, alone=False)
    assert outcomes(result) == "1 failed, 3 passed", result.stdout + result.stderr


def test_the_option_fails_the_tests_in_which_an_error_is_seen(project):
    result = run(project, "--vjpfix")
    assert outcomes(result) == "2 failed, 2 passed", result.stdout + result.stderr
    assert "the guard of vjpfix saw an error" in result.stdout
    assert "module.py:13: VJP001 error: the fwd `test_func_fwd`" in result.stdout
    assert "module.py:22: " in result.stdout
    anyway = result.stdout.partition("_ test_fails_anyway _")[2]
    assert "assert 1 == 2" in anyway
    assert "VJP001 error" in anyway


def test_as_a_warning_nothing_fails_by_it_and_the_end_says_what_was_seen(project):
    result = run(project, "-k", "silent or right", ini="vjpfix = warn\n")
    assert outcomes(result) == "2 passed, 2 deselected", result.stdout + result.stderr
    assert "VJP001 error" in result.stdout


def test_a_setting_that_is_none_is_one_sentence(project):
    result = run(project, ini="vjpfix = loud\n")
    assert result.returncode == 4
    assert result.stderr.strip() == "ERROR: vjpfix = loud is none of error, warn, off"


def test_the_setting_turns_it_on_with_several_processes_as_well(project):
    pytest.importorskip("xdist")
    result = run(project, "-n", "1", ini="vjpfix = error\n", alone=False)
    assert outcomes(result) == "2 failed, 2 passed"
