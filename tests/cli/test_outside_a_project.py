"""Where importers are looked for: in the repository, and without one around the file, and that is said."""

from __future__ import annotations

import json
import subprocess
from itertools import permutations
from pathlib import Path

import pytest

from tests.cli_runs import fixed, program, vjpfix
from vjpfix.config import project_root

USE = "from prog import f\nf(1)\n"
CHANGED = "from prog import f_mapped\nf_mapped(1)\n"
STRANGER = "from prog import f\nprint f\n"  # no Python can read it, so that a fix would be refused
SAID = (
    "vjpfix: no .git or pyproject.toml above {}: "
    "only its own folder or package is looked through for modules that import it\n"
)
OF_PACKAGE = USE.replace("prog", "lib.prog")
CHANGED_OF_PACKAGE = CHANGED.replace("prog", "lib.prog")


def put(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = folder / f"{name.replace('__', '/', 1)}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def put_package(folder: Path) -> None:
    """A package with the mistake in a module, ``lib.prog``."""
    (folder / "lib").mkdir(parents=True, exist_ok=True)
    (folder / "lib" / "__init__.py").touch()
    (folder / "lib" / "prog.py").write_text(program())


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """A folder in no project."""
    assert project_root(tmp_path.resolve()) is None
    return tmp_path


def test_only_the_folder_of_the_file_counts_and_that_is_said(nowhere):
    put(nowhere, prog=program(), use=USE, deep__stranger=STRANGER)
    result = vjpfix(nowhere, "fix", "--yes", "prog.py")
    assert (result.returncode, result.stderr) == (0, SAID.format("prog.py"))
    assert (nowhere / "prog.py").read_text() == fixed()
    assert (nowhere / "use.py").read_text() == CHANGED
    assert (nowhere / "deep" / "stranger.py").read_text() == STRANGER


def test_of_a_file_in_a_package_all_of_the_package_counts(nowhere):
    (nowhere / "pkg" / "sub").mkdir(parents=True)
    for folder in ("pkg", "pkg/sub"):
        (nowhere / folder / "__init__.py").touch()
    (nowhere / "pkg" / "sub" / "prog.py").write_text(program())
    (nowhere / "pkg" / "use.py").write_text(USE.replace("prog", "pkg.sub.prog"))
    put(nowhere, stranger=STRANGER.replace("prog", "pkg.sub.prog"))
    result = vjpfix(nowhere, "fix", "--yes", "pkg/sub/prog.py")
    assert (result.returncode, result.stderr) == (0, SAID.format("pkg/sub/prog.py"))
    assert (nowhere / "pkg" / "use.py").read_text() == CHANGED.replace("prog", "pkg.sub.prog")


def test_of_a_folder_that_is_given_everything_counts_and_nothing_is_said(nowhere):
    put_package(nowhere / "a")
    put(nowhere, b__use=OF_PACKAGE)
    result = vjpfix(nowhere, "fix", "--yes", ".")
    assert (result.returncode, result.stderr) == (0, "")
    assert (nowhere / "b" / "use.py").read_text() == CHANGED_OF_PACKAGE


@pytest.mark.parametrize("order", [*permutations(["one/lib/prog.py", "two/use.py"])])
def test_files_that_are_given_count_wherever_they_are(nowhere, order):
    put_package(nowhere / "one")
    put(nowhere, two__use=OF_PACKAGE)
    result = vjpfix(nowhere, "fix", "--yes", *order)
    assert (result.returncode, result.stderr) == (0, SAID.format("one/lib/prog.py"))
    assert (nowhere / "two" / "use.py").read_text() == CHANGED_OF_PACKAGE


def test_several_files_are_told_of_in_one_line(nowhere):
    put(nowhere, a=program(), b=program(), c=program())
    result = vjpfix(nowhere, "check", "c.py", "b.py", "a.py")
    assert result.stderr == (
        "vjpfix: no .git or pyproject.toml above a.py and 2 more: "
        "only their own folders or packages are looked through for modules that import them\n"
    )


@pytest.mark.parametrize("mark", [".git", "pyproject.toml"])
def test_in_a_project_all_of_it_counts_and_nothing_is_said(nowhere, mark):
    put_package(nowhere / "a")
    put(nowhere, b__use=OF_PACKAGE)
    (nowhere / mark).mkdir() if mark == ".git" else (nowhere / mark).touch()
    result = vjpfix(nowhere / "b", "fix", "--yes", "../a/lib/prog.py")
    assert (result.returncode, result.stderr) == (0, "")
    assert (nowhere / "b" / "use.py").read_text() == CHANGED_OF_PACKAGE


def test_a_configuration_that_is_given_does_not_say_where_the_project_is(nowhere):
    put(nowhere, prog=program(), deep__stranger=STRANGER)
    (nowhere / "vjpfix.toml").write_text("[tool.vjpfix]\n")
    result = vjpfix(nowhere, "fix", "--yes", "--config", "vjpfix.toml", "prog.py")
    assert (result.returncode, result.stderr) == (0, SAID.format("prog.py"))


def test_that_rules_are_attached_nowhere_is_said_of_the_folder_alone(nowhere):
    put(
        nowhere,
        prog="import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x\n\n\ndef g(x):\n    return f(x)\n",
    )
    put(nowhere, deep__rules="from prog import f\nf.defvjp(f_fwd, f_bwd)\n")
    result = vjpfix(nowhere, "check", "prog.py")
    assert (result.returncode, "VJP201" in result.stdout) == (1, True)
    assert result.stderr == SAID.format("prog.py")


@pytest.mark.parametrize("arguments", [["--no-importers"], ["--select", "VJP2"]], ids=" ".join)
def test_nothing_is_said_where_no_importers_are_looked_for(nowhere, arguments):
    put(nowhere, prog=program())
    assert vjpfix(nowhere, "check", *arguments, "prog.py").stderr == ""


def test_a_name_of_a_function_is_nobody_elses_and_nothing_is_said(nowhere):
    inside = "def make():\n" + "".join(f"    {line}\n" if line else "\n" for line in program().splitlines())
    put(nowhere, prog=inside)
    result = vjpfix(nowhere, "check", "prog.py")
    assert (result.returncode, result.stderr) == (1, "")


def test_programs_are_told_too(nowhere):
    put(nowhere, prog=program())
    (remark,) = json.loads(vjpfix(nowhere, "check", "--output-format", "json", "prog.py").stdout)["remarks"]
    assert f"vjpfix: {remark}\n" == SAID.format("prog.py")


@pytest.mark.parametrize("file", ["outer/use.py", "outer/sub/none.py"])
@pytest.mark.parametrize("order", [1, -1])
def test_a_repository_in_another_one_of_which_something_is_given_belongs_to_it(nowhere, file, order):
    for folder in ("outer", "outer/dep"):
        subprocess.run(["git", "init", "-q", folder], cwd=nowhere, check=True, timeout=60)
    put(nowhere / "outer", use=OF_PACKAGE, sub__none="")
    put_package(nowhere / "outer" / "dep")
    assert vjpfix(nowhere, "fix", "--yes", *[file, "outer/dep"][::order]).returncode == 0
    assert (nowhere / "outer" / "use.py").read_text() == CHANGED_OF_PACKAGE


@pytest.mark.parametrize("order", [*permutations(["one", "two"])])
def test_repositories_side_by_side_have_nothing_to_do_with_each_other(nowhere, order):
    for folder in ("one", "two"):
        subprocess.run(["git", "init", "-q", folder], cwd=nowhere, check=True, timeout=60)
        put_package(nowhere / folder)
        put(nowhere / folder, sub__use=OF_PACKAGE)
    assert vjpfix(nowhere, "fix", "--yes", *order).returncode == 0
    for folder in ("one", "two"):
        assert (nowhere / folder / "sub" / "use.py").read_text() == CHANGED_OF_PACKAGE
