"""The LibCST commands, run by LibCST's own tool as a user runs them, against ``vjpfix fix --yes``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli_runs import PRIMAL, ROOT, vjpfix
from tests.runs import python

MAPPED = (
    PRIMAL
    + """\
f = jax.vmap(f)  # keep   this
print( f(xs), 'quotes' )
"""
)
REFUSED = MAPPED + "del f\n"
FROM_YAML = ("name_transformed.NameTransformedCommand",)
EXTERNAL = ("--no-format", "-x", "codemods.name_transformed.NameTransformedCommand")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / ".libcst.codemod.yaml", tmp_path)
    return tmp_path


def codemod(folder: Path, files: dict[str, bytes], *command: str) -> tuple[dict[str, bytes], str]:
    """What a command makes of files, and what it says."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    result = python(
        folder, "-m", "libcst.tool", "codemod", "--jobs=1", "--hide-progress", *(command or FROM_YAML), *files
    )
    assert "Failed to codemod 0 files" in result.stderr, result.stderr
    return {name: (folder / name).read_bytes() for name in files}, result.stderr


SPELLED = {
    "plain.py": MAPPED.encode(),
    "crlf.py": MAPPED.replace("\n", "\r\n").encode(),
    "byte_order_mark.py": b"\xef\xbb\xbf" + MAPPED.encode(),
    "latin_1.py": ("# coding: latin-1\n# é\n" + MAPPED).encode("latin-1"),
    "no_final_newline.py": MAPPED.rstrip("\n").encode(),
    "clean.py": b"x  =  1\r\ny = 'a'",
}


@pytest.mark.parametrize("command", [FROM_YAML, EXTERNAL], ids=["from the yaml", "external"])
def test_the_codemod_writes_the_bytes_that_vjpfix_fix_writes(folder, command):
    found, _ = codemod(folder, SPELLED, *command)
    for name, data in SPELLED.items():
        (folder / name).write_bytes(data)
    assert vjpfix(folder, "fix", "--yes").returncode == 0
    assert found == {name: (folder / name).read_bytes() for name in SPELLED}
    assert [name for name in SPELLED if b"f_mapped" not in found[name]] == ["clean.py"]
    assert found["clean.py"] == SPELLED["clean.py"]


def test_what_is_refused_or_takes_several_files_becomes_a_warning_and_the_configuration_counts(folder):
    (folder / ".git").mkdir()
    (folder / "user.py").write_text("from shared import f\n")
    (folder / "pyproject.toml").write_text('[tool.vjpfix.suffixes]\nmapped = "batched"\n')
    files = {"refused.py": REFUSED.encode(), "shared.py": MAPPED.encode(), "alone.py": MAPPED.encode()}
    found, said = codemod(folder, files)
    batched = MAPPED.replace("f = jax.vmap", "f_batched = jax.vmap").replace("print( f(", "print( f_batched(")
    assert found == {**files, "alone.py": batched.encode()}
    assert "VJP001 `f` is rebound by `vmap`" in said
    assert "not fixed: line 20: " in said
    assert "it takes several files" in said
    assert "2 warnings were generated" in said


def test_the_codemod_is_listed(folder):
    result = python(folder, "-m", "libcst.tool", "list")
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
