"""Unsafe fixes are told of with their reason, and applied only when they are asked for."""

from __future__ import annotations

import pytest

from tests.cli_runs import vjpfix

PROGRAM = (
    "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return g(x)\n\n\ndef g(x):\n    return x.sin()\n\n\n"
    "def f_fwd(x):\n    return f(x), x\n\n\ndef f_bwd(_, t):\n    return t\n\n\nf.defvjp(f_fwd, f_bwd)\n"
)
FIXED = PROGRAM.replace("return t\n", "return (t,)\n")
REASON = "where `t` is a tuple already"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ops.py").write_text(PROGRAM)
    return tmp_path


@pytest.mark.parametrize("command", [["check"], ["diff"], ["fix", "--yes"]], ids=" ".join)
def test_without_the_option_the_reason_is_told_and_nothing_is_changed(folder, command):
    result = vjpfix(folder, *command, "--select", "VJP2", "ops.py")
    said = " ".join((result.stdout + result.stderr).split())
    assert result.returncode == 1
    assert REASON in said
    assert "--unsafe-fixes" in said
    assert (folder / "ops.py").read_text() == PROGRAM


def test_with_the_option_it_is_shown_with_its_reason_and_applied(folder):
    result = vjpfix(folder, "fix", "--yes", "--unsafe-fixes", "--select", "VJP2", "ops.py")
    assert result.returncode == 0
    assert f"unsafe fix: {REASON}" in " ".join(result.stdout.split())
    assert (folder / "ops.py").read_text() == FIXED


def test_with_the_option_it_is_in_the_patch(folder):
    result = vjpfix(folder, "diff", "--unsafe-fixes", "--select", "VJP2", "ops.py")
    assert "+    return (t,)" in result.stdout


def test_with_the_option_standard_input_is_mended(folder):
    result = vjpfix(folder, "fix", "--unsafe-fixes", "--select", "VJP2", "-", stdin=PROGRAM.encode())
    assert (result.returncode, result.stdout) == (0, FIXED)
