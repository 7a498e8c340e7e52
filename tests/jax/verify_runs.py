"""vjpfix verify on projects of their own, with a folder for temporary files that can be looked into."""

from __future__ import annotations

import json
import sys

from tests.cli_runs import vjpfix
from tests.jax.test_question_program import DEFINITION

PYTHON = sys.executable
OPS = DEFINITION.replace("\n\n", "\n").rstrip() + "\n"
RIGHT_LINE = "test_func_mapped = vmap(test_func, in_axes=(None, 0))"
WRONG_LINE = "test_func = vmap(test_func, in_axes=(None, 0))"

TESTS = """\
import jax
import jax.numpy as jnp
import numpy as np
from ops import energies

R = jnp.ones((4, 3)) / 2


def test_value():
    assert energies(R).shape == (4,)


def test_gradient():
    gradient = jax.grad(lambda R: energies(R).sum())(R)
    np.testing.assert_allclose(gradient, 2 * R * jnp.exp(0.75), rtol=1e-5)
"""
MODEL = """

def energies(R):
    return test_func(jnp.exp, R)
"""


def project(folder, **files):
    """A folder that is a project, with a finding in ops.py; ``files``: others, by name without suffix."""
    (folder / "pyproject.toml").write_text("[project]\nname = 'ops'\n")
    (folder / "ops.py").write_text(OPS + MODEL)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def snapshot(folder):
    """Every file and link of a project, with its content."""
    return {
        str(path.relative_to(folder)): path.readlink() if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def tried(folder, command, *arguments, **environment):
    """Run ``vjpfix`` with arguments on a project; no temporary file is left. ``command``: verify or fix."""
    temporary = folder.parent / f"{folder.name}-temporary"
    temporary.mkdir(exist_ok=True)
    variables = {
        "TMPDIR": str(temporary),
        "JAX_PLATFORMS": "cpu",
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # the plugins installed here take longer than the tests
    }
    result = vjpfix(folder, command, *arguments, **{**variables, **environment})
    assert list(temporary.glob("vjpfix-*")) == []
    return result


def verify(folder, *arguments, **environment):
    """``vjpfix verify``, which leaves the project as it is."""
    before = snapshot(folder)
    result = tried(folder, "verify", *arguments, **environment)
    assert snapshot(folder) == before
    return result


def verified(folder, *arguments, **environment):
    """Its exit code and its document."""
    result = verify(folder, "--output-format", "json", *arguments, **environment)
    return result.returncode, json.loads(result.stdout)
