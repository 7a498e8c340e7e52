"""The LibCST commands, run by LibCST's own tool as a user runs them, against ``vjpfix fix --yes``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MAPPED = """\
import jax


@jax.custom_vjp
def f(x):
    return x * x


def f_fwd(x):
    return f(x), x


def f_bwd(x, g):
    return (2 * x * g,)


f.defvjp(f_fwd, f_bwd)
f = jax.vmap(f)  # keep   this
print( f(xs), 'quotes' )
"""
REFUSED = MAPPED + "del f\n"
FROM_YAML = ("name_transformed.NameTransformedCommand",)
EXTERNAL = ("--no-format", "-x", "codemods.name_transformed.NameTransformedCommand")


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=600,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / ".libcst.codemod.yaml", tmp_path)
    return tmp_path


def codemod(folder: Path, data: bytes, command: tuple[str, ...] = FROM_YAML) -> tuple[bytes, str]:
    (folder / "program.py").write_bytes(data)
    result = python(folder, "libcst.tool", "codemod", "--hide-progress", *command, "program.py")
    assert "Failed to codemod 0 files" in result.stderr, result.stderr
    return (folder / "program.py").read_bytes(), result.stderr


def fixed(folder: Path, data: bytes) -> bytes:
    (folder / "program.py").write_bytes(data)
    python(folder, "vjpfix", "fix", "--yes", "program.py")
    return (folder / "program.py").read_bytes()


@pytest.mark.parametrize("command", [FROM_YAML, EXTERNAL], ids=["from the yaml", "external"])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(MAPPED.encode(), id="plain"),
        pytest.param(MAPPED.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(b"\xef\xbb\xbf" + MAPPED.encode(), id="byte order mark"),
        pytest.param(("# coding: latin-1\n# é\n" + MAPPED).encode("latin-1"), id="latin-1"),
        pytest.param(MAPPED.rstrip("\n").encode(), id="no final newline"),
    ],
)
def test_the_codemod_writes_the_bytes_that_vjpfix_fix_writes(folder, data, command):
    expected = fixed(folder, data)
    assert b"f_mapped" in expected
    assert codemod(folder, data, command)[0] == expected


def test_the_codemod_leaves_a_file_without_findings_alone(folder):
    data = b"x  =  1\r\ny = 'a'"
    assert codemod(folder, data)[0] == data


def test_what_is_refused_becomes_a_warning_with_its_reason_and_stays_as_it_is(folder):
    data, said = codemod(folder, REFUSED.encode())
    assert data == REFUSED.encode()
    assert "VJP001 `f` is rebound by `vmap`" in said
    assert "not fixed: line 20: " in said
    assert "1 warnings were generated" in said


def test_a_change_of_several_files_is_left_to_vjpfix_itself(folder):
    (folder / ".git").mkdir()
    (folder / "user.py").write_text("from program import f\n")
    data, said = codemod(folder, MAPPED.encode())
    assert data == MAPPED.encode()
    assert "it takes several files" in said


def test_the_codemod_follows_the_configuration_of_the_folder(folder):
    (folder / "pyproject.toml").write_text('[tool.vjpfix.suffixes]\nmapped = "batched"\n')
    data, _ = codemod(folder, MAPPED.encode())
    assert data == MAPPED.encode().replace(b"f = jax.vmap", b"f_batched = jax.vmap").replace(
        b"print( f(", b"print( f_batched("
    )


def test_the_codemod_is_listed(folder):
    result = python(folder, "libcst.tool", "list")
    assert "name_transformed.NameTransformedCommand - " in result.stdout


def earlier_changed(path, text, **arguments):
    """What the command makes of a module that another codemod of the same run changed, and its warnings."""
    from libcst import parse_module
    from libcst.codemod import CodemodContext

    from codemods.name_transformed import NameTransformedCommand

    context = CodemodContext(filename=path)
    tree = NameTransformedCommand(context, **arguments).transform_module(parse_module(text))
    return tree.code, context.warnings


def test_a_module_that_an_earlier_codemod_changed_in_memory_is_taken_as_it_is_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "program.py"
    path.write_text("x = 1\n")
    private = (
        MAPPED.replace("f(", "_f(").replace("f.", "_f.").replace("\nf =", "\n_f =").replace("(f)", "(_f)")
    )
    for name in (str(path), None):
        code, _ = earlier_changed(name, private)
        assert "_f_mapped = jax.vmap(_f)  # keep   this\n" in code


def test_in_such_a_module_what_others_could_import_is_changed_on_request_only(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, (warning,) = earlier_changed(None, MAPPED)
    assert code == MAPPED
    assert "other modules could import `f`" in warning
    code, warnings = earlier_changed(None, MAPPED, unsafe_fixes=True)
    assert "f_mapped = jax.vmap(f)  # keep   this\n" in code
    assert warnings == []
