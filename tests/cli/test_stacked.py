"""The fix of VJP004, which moves whole lines, from the outside."""

from __future__ import annotations

import re
import sys

import pytest

from tests.children import run
from tests.cli.test_terminal import QUESTION, Terminal
from tests.cli_runs import vjpfix

F = "@jax.custom_vjp\ndef f(x): return x\nf.defvjp(lambda x: (f(x), x), lambda x, g: (g,))\n"
HEAD = "import jax, jax.numpy as jnp\n"
STACKED = f"{HEAD}@jax.vmap\n{F}y = f(jnp.ones(3))\n"
MENDED = f"{HEAD}{F}f_mapped = jax.vmap(f)\ny = f_mapped(jnp.ones(3))\n"


@pytest.fixture
def folder(tmp_path):
    """A folder with a module that cannot be imported."""
    (tmp_path / "m.py").write_text(STACKED)
    return tmp_path


def _ran(folder):
    return run([sys.executable, "m.py"], cwd=folder, capture_output=True, text=True)


def test_standard_input_gets_the_same_fix(tmp_path):
    told = vjpfix(tmp_path, "diff", "--unsafe-fixes", "-", stdin=STACKED.encode())
    assert "+f_mapped = jax.vmap(f)" in told.stdout


def test_diagnose_names_it_with_its_fix_from_a_real_traceback(folder):
    (folder / "error.txt").write_text(_ran(folder).stderr)
    told = vjpfix(folder, "diagnose", "error.txt")
    assert (told.returncode, told.stderr) == (0, "")
    for part in ("certain: VJP004 stacked-transform", "m.py:2:2: VJP004 error", "+ f_mapped = jax.vmap(f)"):
        assert part in told.stdout
    command = re.search(r"to apply this: vjpfix (fix .*)", told.stdout)[1].split()
    assert vjpfix(folder, *command, "--yes").returncode == 0
    assert (folder / "m.py").read_text() == MENDED
    assert (result := _ran(folder)).returncode == 0, result.stderr


@pytest.mark.parametrize(("answer", "code", "left"), [("y", 0, MENDED), ("n", 1, STACKED)])
def test_it_is_shown_at_a_terminal_and_written_after_yes_alone(folder, answer, code, left):
    run = Terminal(folder, "fix")
    shown = run.wait_for(QUESTION)
    assert "VJP004" in shown
    assert "f_mapped" in shown
    run.type(f"{answer}\n")
    assert run.end()[0] == code
    assert (folder / "m.py").read_text() == left
