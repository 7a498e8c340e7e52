"""The program that vjpfix was written for, and its silent sibling, before and after the fix, on real JAX."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]

DEFINITION = """\
from functools import partial

import jax.numpy as jnp
from jax import custom_vjp, grad, vjp, vmap


@partial(custom_vjp, nondiff_argnums=(0,))
def test_func(f, R):
    return f(jnp.dot(R, R))


def test_func_fwd(f, R):
    primal_out = test_func(f, R)
    return primal_out, 2. * R * primal_out


def test_func_bwd(f, residual, cotangent):
    return (residual * cotangent,)


test_func.defvjp(test_func_fwd, test_func_bwd)
test_func = vmap(test_func, in_axes=(None, 0))

"""

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

PRINT_GRADIENT = (
    "import json, runpy, sys; print(json.dumps(runpy.run_path(sys.argv[1])['gradient'].tolist()))"
)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "JAX_PLATFORMS": "cpu"},
        timeout=600,
    )


def written(folder: Path, source: str) -> str:
    path = folder / "program.py"
    path.write_text(source)
    return str(path)


def fixed(folder: Path, source: str) -> str:
    path = written(folder, source)
    result = run("-m", "vjpfix", "fix", "--yes", path)
    assert result.returncode == 0, result.stdout + result.stderr
    return path


def gradient_of(path: str) -> np.ndarray:
    result = run("-c", PRINT_GRADIENT, path)
    assert result.returncode == 0, result.stderr
    return np.array(json.loads(result.stdout.splitlines()[-1]))


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
    result = run(written(tmp_path, QUESTION))
    assert result.returncode == 1
    assert "ValueError" in result.stderr


def test_the_question_s_program_prints_the_shape_after_the_fix(tmp_path):
    result = run(fixed(tmp_path, QUESTION))
    assert result.stdout == "(10, 3)\n"
    assert result.returncode == 0


def test_the_silent_program_gives_a_wrong_gradient_before_the_fix(tmp_path):
    path = written(tmp_path, SILENT)
    result = run(path)
    assert (result.returncode, result.stdout) == (0, f"{WRONG}\n")
    assert not np.any(np.isclose(gradient_of(path), finite_differences(), rtol=0.5))


def test_the_silent_program_gives_the_right_gradient_after_the_fix(tmp_path):
    path = fixed(tmp_path, SILENT)
    result = run(path)
    assert (result.returncode, result.stdout) == (0, f"{RIGHT}\n")
    assert gradient_of(path) == pytest.approx(finite_differences(), rel=1e-5)


def test_the_fix_gives_the_mapped_function_a_name_and_leaves_the_rules_alone(tmp_path):
    text = Path(fixed(tmp_path, SILENT)).read_text()
    assert text == SILENT.replace("test_func = vmap(", "test_func_mapped = vmap(").replace(
        "lambda R: test_func(", "lambda R: test_func_mapped("
    )
