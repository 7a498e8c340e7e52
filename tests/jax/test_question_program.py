"""The program that vjpfix was written for, and its silent sibling, before and after the fix, on real JAX."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli_runs import vjpfix
from tests.runs import python

DEFINITION = (Path(__file__).parent / "question.txt").read_text(encoding="utf-8")

QUESTION = (
    DEFINITION
    + """\
_, pull_back = vjp(partial(test_func, jnp.exp), jnp.ones((10, 3)))
(gradient,) = pull_back(jnp.ones(10))
print(gradient.shape)
"""
)

SILENT = (
    DEFINITION
    + """\
gradient = grad(lambda R: test_func(jnp.exp, R).sum())(jnp.ones((10, 3)))
print(gradient[0, 0])
"""
)

# What the README says of the silent program.
WRONG = "5.4365635"
RIGHT = "40.171074"

PRINT_GRADIENT = "import runpy, sys; print(runpy.run_path(sys.argv[1])['gradient'].tolist())"


def written(folder: Path, source: str) -> str:
    path = folder / "program.py"
    path.write_text(source)
    return str(path)


def fixed(folder: Path, source: str) -> str:
    path = written(folder, source)
    result = vjpfix(folder, "fix", "--yes", path)
    assert result.returncode == 0, result.stdout + result.stderr
    return path


def ran(path: str) -> tuple[str, np.ndarray]:
    """What a program prints, and its ``gradient``."""
    result = python(Path(path).parent, "-c", PRINT_GRADIENT, path)
    assert result.returncode == 0, result.stderr
    printed, gradient = result.stdout.splitlines()
    return printed, np.array(json.loads(gradient))


def finite_differences() -> np.ndarray:
    """The gradient of the sum of ``exp(dot(R, R))`` over rows of ones, in double precision and without JAX."""
    R, step = np.ones((10, 3)), 1e-5
    slopes = np.empty_like(R)
    for index in np.ndindex(R.shape):
        up, down = R.copy(), R.copy()
        up[index] += step
        down[index] -= step
        slopes[index] = (np.exp((up**2).sum(1)) - np.exp((down**2).sum(1))).sum() / (2 * step)
    return slopes


def test_the_question_s_program_raises_before_the_fix(tmp_path):
    result = python(tmp_path, written(tmp_path, QUESTION))
    assert result.returncode == 1
    assert "ValueError" in result.stderr


def test_the_question_s_program_prints_the_shape_after_the_fix(tmp_path):
    printed, gradient = ran(fixed(tmp_path, QUESTION))
    assert printed == str(gradient.shape) == "(10, 3)"


def test_the_silent_program_gives_a_wrong_gradient_before_the_fix(tmp_path):
    printed, gradient = ran(written(tmp_path, SILENT))
    assert printed == WRONG
    assert not np.any(np.isclose(gradient, finite_differences(), rtol=0.5))


def test_the_silent_program_gives_the_right_gradient_after_the_fix(tmp_path):
    printed, gradient = ran(fixed(tmp_path, SILENT))
    assert printed == RIGHT
    assert gradient == pytest.approx(finite_differences(), rel=1e-5)


def test_the_fix_gives_the_mapped_function_a_name_and_leaves_the_rules_alone(tmp_path):
    text = Path(fixed(tmp_path, SILENT)).read_text()
    assert text == SILENT.replace("test_func = vmap(", "test_func_mapped = vmap(").replace(
        "lambda R: test_func(", "lambda R: test_func_mapped("
    )
