"""New names that nothing gets, rules that nobody selects, and the rule about comments that hide nothing."""

from __future__ import annotations

import pytest

from tests.cli_runs import fixed, program, vjpfix


@pytest.fixture
def folder(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "taken.py").write_text(program())
    (tmp_path / "clean.py").write_text("energy = 1\n")
    return tmp_path


def configure(folder, text):
    (folder / "pyproject.toml").write_text(f"[tool.vjpfix]\n{text}\n")


@pytest.mark.parametrize("command", [["check"], ["diff"], ["fix", "--yes"], ["verify"]], ids=lambda c: c[0])
@pytest.mark.parametrize("path", [".", "taken.py"])
def test_a_name_that_stands_nowhere_is_one_sentence_and_exit_code_2(folder, command, path):
    result = vjpfix(folder, *command, "--name", "nosuch=x", path)
    assert (result.returncode, result.stdout) == (2, "")
    assert (
        result.stderr == "vjpfix: 'nosuch' in --name stands nowhere in what was checked; check its spelling\n"
    )
    assert (folder / "taken.py").read_text() == program()


def test_the_name_that_was_meant_is_told(folder):
    (folder / "taken.py").write_text(program("energies"))
    result = vjpfix(folder, "fix", "--yes", "--name", "enrgies=x")
    assert (result.returncode, "; did you mean 'energies'?\n" in result.stderr) == (2, True)


def test_a_part_of_a_name_is_not_the_name(folder):
    assert vjpfix(folder, "check", "--name", "energ=x").returncode == 2


def test_a_name_that_no_finding_is_about_is_told_of_and_the_rest_is_done(folder):
    result = vjpfix(folder, "fix", "--yes", "--name", "energy=x", "--name", "f=batched")
    assert result.returncode == 0
    assert result.stderr == "vjpfix: --name energy=x changes nothing: there is no finding about 'energy'\n"
    assert (folder / "taken.py").read_text() == fixed(new="batched")
    again = vjpfix(folder, "fix", "--yes", "--name", "f=batched")
    assert (again.returncode, "there is no finding about 'f'" in again.stderr) == (0, True)


def test_a_name_is_looked_for_in_standard_input_too(folder):
    text = program("_f").encode()
    assert vjpfix(folder, "fix", "--name", "f=x", "-", stdin=text).returncode == 2
    result = vjpfix(folder, "fix", "--name", "_f=batched", "-", stdin=text)
    assert (result.returncode, result.stdout) == (0, fixed("_f", "batched"))


def test_a_name_in_other_letters_may_stand_there_in_another_spelling(folder):
    (folder / "taken.py").write_text(program("größe"))
    result = vjpfix(folder, "check", "--name", "gro\u0308ße=x")
    assert result.returncode == 1


TABLE = "[tool.vjpfix.names]\nnosuch = 'x'\nenergy = 'energies'\n"
QUESTION = "'nosuch' in [tool.vjpfix.names] stands nowhere in the project; correct it or take it out"


@pytest.mark.parametrize("paths", [[], ["."], ["../{}"], ["taken.py", "."]], ids=" ".join)
def test_the_table_is_questioned_when_the_whole_project_is_checked(folder, paths):
    (folder / "pyproject.toml").write_text(TABLE)
    result = vjpfix(folder, "check", *(path.format(folder.name) for path in paths))
    assert (result.returncode, result.stderr) == (1, f"vjpfix: {QUESTION}\n")


@pytest.mark.parametrize("paths", [["taken.py"], ["taken.py", "clean.py"], ["sub"], ["-"]], ids=" ".join)
def test_the_table_is_not_questioned_when_only_a_part_of_the_project_is_checked(folder, paths):
    (folder / "pyproject.toml").write_text(TABLE)
    (folder / "sub").mkdir()
    assert vjpfix(folder, "check", *paths).stderr == ""


def test_an_empty_select_selects_nothing(folder):
    configure(folder, "select = []")
    result = vjpfix(folder, "check")
    said = "vjpfix: no rule is selected for 2 files: nothing is looked for there\n"
    assert (result.returncode, result.stdout, result.stderr) == (
        0,
        "Nothing checked: no rule is selected\n",
        said,
    )
    assert vjpfix(folder, "check", "--select", "VJP001").returncode == 1
    configure(folder, 'select = []\nextend-select = ["VJP001"]')
    result = vjpfix(folder, "check")
    assert (result.returncode, result.stderr) == (1, "")


@pytest.mark.parametrize("command", ["check", "fix"])
@pytest.mark.parametrize("path", [".", "-"])
def test_what_no_rule_looks_at_is_not_called_clean(command, path, folder):
    result = vjpfix(folder, command, path, "--ignore", "ALL", stdin=b"x = 1\n")
    assert "no rule is selected" in result.stderr
    assert "All clean" not in result.stdout + result.stderr


@pytest.mark.parametrize("word", ["VJP900", "vjp900", "unused-suppression"])
def test_the_rule_about_comments_is_explained(folder, word):
    result = vjpfix(folder, "explain", word)
    assert result.returncode == 0
    assert result.stdout.startswith("VJP900 unused-suppression (warning, no fix, off by default)\n")


def test_every_code_that_select_lists_is_explained(folder):
    said = vjpfix(folder, "check", "--select", "NONE").stderr
    listed = said.partition("the rules are ")[2].partition(", and a prefix")[0].split(", ")
    assert "VJP900" in listed
    assert vjpfix(folder, "explain", *listed).returncode == 0
    assert [row.split()[0] for row in vjpfix(folder, "rules").stdout.splitlines()[1:]] == listed
