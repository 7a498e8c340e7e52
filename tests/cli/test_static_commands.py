"""The commands that do not run programs on request never execute or import what they look at."""

from __future__ import annotations

import sys

import pytest

from tests import children
from tests.cli_runs import ENVIRONMENT, fixed, loaded, program

# Imports what a person's project may hold, in the places that Python and its tools look at by themselves.
NAMES = """
__init__.py conftest.py sitecustomize.py usercustomize.py setup.py noxfile.py build_hooks.py jax.py json.py
rich/__init__.py libcst/__init__.py vjpfix/__init__.py numpy/__init__.py pkg/__init__.py pkg/__main__.py
tests/test_f.py
"""
PYPROJECT = """\
[build-system]
requires = []
build-backend = "build_hooks"
backend-path = ["."]

[project]
name = "f"
version = "1"

[project.entry-points."vjpfix.rules"]
own = "build_hooks:Rule"

[tool.vjpfix]
extend-select = ["ALL"]
"""
MARK = "import pathlib as _p\n_p.Path({!r}).touch()\n"
TRACEBACK = """\
Traceback (most recent call last):
  File "f.py", line 20, in <module>
    y = f(xs)
TypeError: Custom VJP fwd rule f_fwd for function f must produce a pair
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "project"
    mark = MARK.format(str(tmp_path / "executed"))
    for name in NAMES.split():
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{mark}from f import f\n" if name in ("conftest.py", "tests/test_f.py") else mark)
    (made / "f.py").write_text(mark + program())
    (made / "pkg" / "ops.py").write_text(mark + program("g"))
    (made / "pyproject.toml").write_text(PYPROJECT)
    (made / "error.txt").write_text(TRACEBACK)
    return made


DRAWN = {"rich", "pygments"}
PROVED = {"libcst"}
COMMANDS = {
    "check": DRAWN,
    "check --output-format concise": set(),
    "check --output-format github": set(),
    "check --output-format json": PROVED,
    "diff": PROVED,
    "fix --dry-run": DRAWN | PROVED,
    "fix --yes": DRAWN | PROVED,
    "fix --yes --unsafe-fixes --select ALL": DRAWN | PROVED,
    "diagnose error.txt .": DRAWN | PROVED,
    "explain VJP001": DRAWN,
    "rules": {"rich"},
    "rules --output-format json": set(),
}
"""What each loads of the libraries that take long: LibCST proves edits that are given away."""


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_of_the_project_is_executed_and_nothing_slow_loaded_in_vain_by(folder, command):
    found = loaded(folder, *command.split())
    assert not (folder.parent / "executed").exists()
    assert "vjpfix.cli.commands" in found
    assert {"jax", "jaxlib", "numpy", "f", "pkg", "conftest", "build_hooks"}.isdisjoint(found)
    assert not any(name.startswith("vjpfix.runtime.") for name in found)
    assert found & (DRAWN | PROVED) == COMMANDS[command]
    if "--yes" in command:
        assert (folder / "f.py").read_text().endswith(fixed())


def test_verify_executes_it_so_the_marks_are_marks(folder):
    children.run(
        [sys.executable, "-P", "-m", "vjpfix", "verify", "f.py", "--", sys.executable, "f.py"],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
    )
    assert (folder.parent / "executed").exists()
