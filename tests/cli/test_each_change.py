"""Each fix stands for itself: one that cannot be written does not stop another, and is named."""

from __future__ import annotations

import json

import pytest

from tests.cli_runs import fixed, program, vjpfix

USES = {
    "use_f.py": "from f import f\n\nprint(f(1))\n",
    "use_fg.py": "from f import f\nfrom g import g\n\nprint(f(1), g(1))\n",
    "use_gh.py": "from g import g\nfrom h import h\n\nprint(g(1), h(1))\n",
}


@pytest.fixture
def folder(tmp_path):
    """Three fixes of which each shares a file with the next: f and g, g and h. ``alone`` shares none."""
    (tmp_path / ".git").mkdir()
    for name in ("f", "g", "h", "alone"):
        (tmp_path / f"{name}.py").write_text(program(name))
    for path, text in USES.items():
        (tmp_path / path).write_text(text)
    return tmp_path


def texts(folder):
    return {path.name: path.read_text() for path in folder.glob("*.py")}


def meant(*names):
    """The files with these functions fixed."""
    found = {f"{name}.py": program(name) for name in ("f", "g", "h", "alone")} | USES
    for name in names:
        found[f"{name}.py"] = fixed(name, f"{name}_mapped")
        for path in USES:
            found[path] = found[path].replace(f"import {name}\n", f"import {name}_mapped\n")
            found[path] = found[path].replace(f"{name}(1)", f"{name}_mapped(1)")
    return found


def said(result):
    return " ".join(result.stdout.split())


def lost(name, path, line=18):
    why = f"`{name}` is rebound by `vmap`, so its fwd `{name}_fwd` calls the mapped version"
    return f"{name}.py:{line}:1: VJP001 {why}; not fixed: {path} cannot be changed"


READ_ONLY = "is read-only; make it writable (chmod u+w) and run vjpfix again"


@pytest.mark.parametrize(
    ("locked", "done"),
    [
        ("use_f.py", ("g", "h", "alone")),
        ("f.py", ("g", "h", "alone")),
        ("use_fg.py", ("h", "alone")),
        ("use_gh.py", ("f", "alone")),
        ("alone.py", ("f", "g", "h")),
    ],
)
def test_the_other_fixes_are_written_as_if_that_one_had_been_declined(folder, locked, done):
    (folder / locked).chmod(0o444)
    result = vjpfix(folder, "fix", "--yes")
    assert result.returncode == 2
    assert texts(folder) == meant(*done)
    assert said(result).count(f"problem: {locked}: {READ_ONLY}") == 1
    for name in ("f", "g", "h", "alone"):
        assert (lost(name, locked) in said(result)) == (name not in done)
    assert f"Fixed {len(done)} of 4 findings" in said(result)
    assert not [path for path in folder.iterdir() if path.suffix == ".tmp"]


def test_two_files_that_cannot_be_written_stop_only_their_own_fixes(folder):
    for path in ("use_f.py", "h.py"):
        (folder / path).chmod(0o444)
    result = vjpfix(folder, "fix", "--yes")
    assert result.returncode == 2
    assert texts(folder) == meant("g", "alone")
    assert lost("f", "use_f.py") in said(result)
    assert lost("h", "h.py") in said(result)
    assert "2 problems" in said(result)


def test_once_the_file_can_be_written_a_second_run_does_the_rest(folder):
    (folder / "use_fg.py").chmod(0o444)
    assert vjpfix(folder, "fix", "--yes").returncode == 2
    (folder / "use_fg.py").chmod(0o644)
    assert vjpfix(folder, "fix", "--yes").returncode == 0
    assert texts(folder) == meant("f", "g", "h", "alone")


def test_what_is_tried_before_it_is_written_is_what_can_be_written(folder):
    (folder / "use_f.py").chmod(0o444)
    check = (
        "import pathlib, sys; t = pathlib.Path('f.py').read_text();sys.exit(0 if 'f_mapped' not in t else 7)"
    )
    command = f'{__import__("sys").executable} -c "{check}"'
    result = vjpfix(folder, "fix", "--yes", "--verify", command)
    assert result.returncode == 2
    assert texts(folder) == meant("g", "h", "alone"), result.stdout + result.stderr
    assert lost("f", "use_f.py") in said(result)


def test_findings_that_stay_are_still_there_for_programs(folder):
    (folder / "use_fg.py").chmod(0o444)
    vjpfix(folder, "fix", "--yes")
    document = json.loads(vjpfix(folder, "check", "--output-format", "json").stdout)
    assert [finding["subject"] for finding in document["findings"]] == ["f", "g"]
    assert all(finding["fix"] for finding in document["findings"])
