"""Files that are no Python, links that lead out, what git ignores: left out with a word, or taken."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests import children
from tests.cli_runs import concise, fixed, program, vjpfix

NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": [program()]}], "nbformat": 4})
NOTEBOOKS = "notebooks are not read yet"
NO_PYTHON = "is not a Python file: neither its suffix nor a first line (#!) says so; leave it out"


def put(folder: Path, *paths: str, text: str = "") -> None:
    """Files, and links where a path says ``link -> target``."""
    for path in paths:
        name, arrow, target = path.partition(" -> ")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if arrow:
            (folder / name).symlink_to(target)
        else:
            (folder / name).write_text(text)


# --- notebooks and other files -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command", [["check"], ["fix", "--yes"], ["diff"], ["verify", "--", "true"]], ids=" ".join
)
def test_a_notebook_that_is_given_is_an_error_and_other_files_are_done(tmp_path, command):
    put(tmp_path, "a.ipynb", text=NOTEBOOK)
    put(tmp_path, "prog.py", text=program())
    result = vjpfix(tmp_path, command[0], "a.ipynb", *command[1:])
    assert result.returncode == 2
    assert f"a.ipynb: {NOTEBOOKS}" in result.stdout + result.stderr
    assert "All clean" not in result.stdout + result.stderr
    assert vjpfix(tmp_path, "fix", "--yes", "a.ipynb", "prog.py").returncode == 2
    assert (tmp_path / "prog.py").read_text() == fixed()
    assert (tmp_path / "a.ipynb").read_text() == NOTEBOOK


@pytest.mark.parametrize("command", ["check", "fix", "diff", "verify"])
def test_notebooks_in_folders_are_counted_in_one_line(tmp_path, command):
    put(tmp_path, "nb/b.ipynb", "nb/a.ipynb", "c.ipynb", "x.py")
    result = vjpfix(tmp_path, command, ".")
    assert (result.returncode, result.stderr.splitlines()[0]) == (
        0,
        f"vjpfix: {NOTEBOOKS}: 3 left out, c.ipynb and 2 more",
    )
    assert result.stderr.count("ipynb") == 1


def test_programs_are_told_of_notebooks_as_well(tmp_path):
    put(tmp_path, "a.ipynb")
    document = json.loads(vjpfix(tmp_path, "check", "--output-format", "json").stdout)
    assert document["remarks"] == [f"{NOTEBOOKS}: 1 left out, a.ipynb"]


def test_notebooks_that_are_left_out_on_purpose_are_not_counted(tmp_path):
    put(
        tmp_path,
        ".git/HEAD",
        "gen/a.ipynb",
        "out/b.ipynb",
        ".ipynb_checkpoints/c.ipynb",
        ".venv/d.ipynb",
        "x.py",
    )
    put(tmp_path, ".gitignore", text="gen/\n")
    put(tmp_path, "pyproject.toml", text="[tool.vjpfix]\nexclude = ['out']\n")
    assert vjpfix(tmp_path, "check").stderr == ""


@pytest.mark.parametrize(
    "name", ["notes.txt", "prog.py.orig", "data.json", "prog.pyc", "prog.pyx", "README.md", "script.sh"]
)
def test_another_file_that_is_no_python_is_an_error_if_it_is_given(tmp_path, name):
    put(tmp_path, name, text=program())
    assert concise(tmp_path, name) == (2, [f"{name}: {NO_PYTHON}"])
    assert concise(tmp_path, ".") == (0, [])


@pytest.mark.parametrize(
    "name", ["prog", "prog.py", "prog.pyi", "prog.PY", "prog.pyw", "app.wsgi", "a.b/prog"]
)
def test_what_is_python_by_its_suffix_or_has_none_is_taken(tmp_path, name):
    put(tmp_path, name, text=program())
    assert concise(tmp_path, name)[0] == 1


@pytest.mark.parametrize(
    ("line", "is_python"),
    [
        ("#!/usr/bin/python", True),
        ("#!/usr/bin/env python3.12", True),
        ("#! /usr/bin/env -S python3 -O", True),
        ("#!/opt/pypy/bin/pypy3", True),
        ("#!/usr/bin/env -S uv run --script", True),
        ("#!/bin/sh", False),
        ("#!/usr/bin/env node", False),
        ("# python", False),
        ("", False),
    ],
)
def test_the_first_line_says_whether_it_is_python(tmp_path, line, is_python):
    put(tmp_path, "tool.cgi", "tool", text=f"{line}\n{program()}")
    assert concise(tmp_path, "tool.cgi") == (
        (1, concise(tmp_path, "tool.cgi")[1]) if is_python else (2, [f"tool.cgi: {NO_PYTHON}"])
    )
    assert concise(tmp_path, "tool")[0] == (1 if is_python or not line.startswith("#!") else 2)


# --- links -------------------------------------------------------------------------------------------------


def test_a_link_that_leads_out_of_the_folder_is_skipped_and_that_is_said(tmp_path):
    put(tmp_path, "out/prog.py", text=program())
    put(tmp_path, "tree/x.py", "tree/sub/link.py -> ../../out/prog.py")
    result = vjpfix(tmp_path / "tree", "fix", "--yes")
    said = f"vjpfix: skipped a link that leads out of the folder given: sub/link.py (to {tmp_path}/out/prog.py)\n"
    assert (result.returncode, result.stderr) == (0, said)
    assert (tmp_path / "out" / "prog.py").read_text() == program()


def test_links_that_lead_out_are_told_of_in_one_line(tmp_path):
    put(tmp_path, "out/prog.py", *(f"tree/{n}.py -> ../out/prog.py" for n in range(7)))
    (line,) = vjpfix(tmp_path, "check", "tree").stderr.splitlines()
    assert line.startswith("vjpfix: skipped 7 links that lead out of the folder given: tree/0.py (to ")
    assert line.endswith(" and 2 more")


def test_links_to_folders_and_notebooks_outside_are_told_of_too(tmp_path):
    put(tmp_path, "out/a.ipynb", "out/sub/b.py", "out/c.txt", "tree/x.py")
    put(tmp_path, "tree/folder -> ../out/sub", "tree/a.ipynb -> ../out/a.ipynb", "tree/c.txt -> ../out/c.txt")
    (line,) = vjpfix(tmp_path, "check", "tree").stderr.splitlines()
    assert [word for word in line.split() if word.startswith("tree/")] == ["tree/a.ipynb", "tree/folder"]


def test_of_links_that_lead_nowhere_or_are_left_out_nothing_is_said(tmp_path):
    put(tmp_path, "out/prog.py", "tree/x.py", "tree/.git/HEAD", "tree/ok.py -> x.py", "tree/again -> .")
    put(tmp_path, "tree/.#x.py -> user@host.1234", "tree/gone.py -> ../gone.py", "tree/loop -> loop")
    put(
        tmp_path,
        "tree/ignored.py -> ../out/prog.py",
        "tree/.venv -> ../out",
        "tree/excluded.py -> ../out/prog.py",
    )
    put(tmp_path, "tree/.gitignore", text="ignored.py\n")
    result = vjpfix(tmp_path, "check", "tree", "--exclude", "excluded.py")
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("order", [("tree", "out"), ("out", "tree")])
def test_a_link_to_what_is_looked_at_anyway_is_not_told_of(tmp_path, order):
    put(tmp_path, "out/prog.py", "tree/link.py -> ../out/prog.py", "tree/folder -> ../out")
    assert vjpfix(tmp_path, "check", *order).stderr == ""


@pytest.mark.parametrize("folder", [".", "a", "b"])
def test_whether_a_link_may_be_given_does_not_depend_on_the_current_folder(tmp_path, folder):
    put(tmp_path, "b/prog.py", text=program())
    put(tmp_path, "a/link.py -> ../b/prog.py")
    code, (line,) = concise(tmp_path / folder, tmp_path / "a" / "link.py")
    assert (code, "is a link that leads out of the project" in line) == (2, True)
    put(tmp_path, ".git/HEAD")
    assert concise(tmp_path / folder, tmp_path / "a" / "link.py")[0] == 1


def test_a_link_has_the_configuration_of_the_folder_that_it_stands_in(tmp_path):
    put(tmp_path, ".git/HEAD", "a/link.py -> ../b/prog.py")
    put(tmp_path, "b/prog.py", text=program())
    put(tmp_path, "a/pyproject.toml", text="[tool.vjpfix]\nignore = ['VJP001']\n")
    assert concise(tmp_path, "a/link.py") == (0, [])
    for order in (("a/link.py", "b/prog.py"), ("b/prog.py", "a/link.py")):
        _, (line,) = concise(tmp_path, *order)
        assert line.startswith("b/prog.py:"), "a file is called by its own name if that is given"


# --- what git ignores --------------------------------------------------------------------------------------

ALONE = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "XDG_CONFIG_HOME": "/nowhere"}
LISTED = ["git", "ls-files", "-oz", "--exclude-standard", "--", "*.py"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with ``a.py``, ``b.py`` and ``sub/a.py``, in the folder ``repo``."""
    put(tmp_path, "repo/a.py", "repo/b.py", "repo/sub/a.py")
    put(tmp_path, "home/list", "home/git/ignore", "repo/list", "home/of a user", text="a.py\n")
    put(tmp_path, "home/config", text=f"[core]\n\texcludesFile = {tmp_path}/home/list\n")
    put(tmp_path, "home/tilde", text="[core]\n\texcludesFile = ~/list\n")
    put(tmp_path, "home/outer", text="[include]\n\tpath = config\n")
    put(tmp_path, "home/empty", text="[core]\n\texcludesFile =\n")
    put(tmp_path, "home/wrong", text="[core\n")
    children.run(
        ["git", "init", "-q", tmp_path / "repo"], check=True, timeout=60, env={**os.environ, **ALONE}
    )
    return tmp_path / "repo"


def looked_at(folder: Path, *paths: str, **environment: str) -> int:
    """How many files."""
    result = vjpfix(folder, "check", *paths, **ALONE | environment)
    assert result.returncode == 0
    return int(result.stdout.split(": ")[1].split()[0]) if "No Python" not in result.stdout else 0


@pytest.mark.parametrize(
    ("environment", "left"),
    [
        pytest.param({}, 3, id="none"),
        pytest.param({"GIT_CONFIG_GLOBAL": "config"}, 1, id="a configuration of the user"),
        pytest.param({"GIT_CONFIG_GLOBAL": "outer"}, 1, id="one that it includes"),
        pytest.param({"GIT_CONFIG_GLOBAL": "tilde", "HOME": "."}, 1, id="a path in the home folder"),
        pytest.param({"XDG_CONFIG_HOME": "."}, 1, id="git's own default"),
        pytest.param({"XDG_CONFIG_HOME": ".", "GIT_CONFIG_GLOBAL": "empty"}, 3, id="the empty path"),
        pytest.param(
            {
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "core.excludesFile",
                "GIT_CONFIG_VALUE_0": "{home}/of a user",
            },
            1,
            id="a variable",
        ),
    ],
)
@pytest.mark.parametrize("paths", [(".",), ("sub", "a.py", "b.py")], ids=" ".join)
def test_what_the_users_own_list_ignores_is_left_out_as_git_leaves_it_out(
    repository, environment, left, paths
):
    home = repository.parent / "home"
    known = {
        name: value.format(home=home)
        if value[0] == "{"
        else str(home / value)
        if name in ("GIT_CONFIG_GLOBAL", "XDG_CONFIG_HOME", "HOME")
        else value
        for name, value in environment.items()
    }
    listed = children.run(
        LISTED,
        cwd=repository,
        env={**os.environ, **ALONE, **known},
        check=True,
        capture_output=True,
        timeout=60,
    )
    assert listed.stdout.count(b"\0") == left, "as git has it"
    # What is given by name is taken: a.py is.
    assert looked_at(repository, *paths, **known) == (left if paths == (".",) else 3 if left == 3 else 2)


def test_the_repositorys_own_configuration_counts_before_the_users(repository):
    children.run(["git", "config", "core.excludesFile", "list"], cwd=repository, check=True, timeout=60)
    (repository / "list").write_text("b.py\n")
    home = repository.parent / "home"
    for folder in (repository, repository / "sub", home):
        assert looked_at(folder, str(repository), GIT_CONFIG_GLOBAL=str(home / "config")) == 2


def test_a_keeping_pattern_of_the_repository_wins_over_the_users_list(repository):
    put(repository, ".gitignore", text="!/a.py\n")
    assert looked_at(repository, GIT_CONFIG_GLOBAL=str(repository.parent / "home" / "config")) == 2


def test_variables_of_the_hook_that_runs_it_are_not_taken_for_those_of_the_repository(repository):
    other = repository.parent / "other"
    children.run(["git", "init", "-q", other], check=True, timeout=60)
    children.run(
        ["git", "-C", other, "config", "core.excludesFile", repository / "list"], check=True, timeout=60
    )
    assert looked_at(repository, GIT_DIR=str(other / ".git"), GIT_WORK_TREE=str(other)) == 3


def test_without_git_its_default_list_counts_and_a_broken_configuration_ends_nothing(repository):
    home = repository.parent / "home"
    assert looked_at(repository, PATH=str(home), XDG_CONFIG_HOME=str(home)) == 1
    assert looked_at(repository, GIT_CONFIG_GLOBAL=str(home / "wrong")) == 3
