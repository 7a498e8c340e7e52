"""``check``, ``fix`` and ``diff`` from the outside: what they print, what they write, how they exit."""

from __future__ import annotations

import json
import os
import resource

import pytest
from jsonschema import validate

import vjpfix as package
from tests import children
from tests.cli_runs import CLEAN, ENVIRONMENT, REFUSED, VJPFIX, concise, fixed, loaded, program, vjpfix
from vjpfix.review.schema import schema

COMMANDS = ("check", "fix", "diff")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "taken.py").write_text(program())
    (tmp_path / "clean.py").write_text(CLEAN)
    return tmp_path


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("command", COMMANDS)
def test_findings_that_remain_exit_with_1(folder, command):
    before = content(folder)
    assert vjpfix(folder, command).returncode == 1
    assert content(folder) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_clean_folder_exits_with_0(tmp_path, command):
    (tmp_path / "clean.py").write_text(CLEAN)
    result = vjpfix(tmp_path, command)
    assert (result.returncode, "All clean: 1 file checked" in result.stdout + result.stderr) == (0, True)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_folder_exits_with_0_and_says_that_there_was_nothing(tmp_path, command):
    result = vjpfix(tmp_path, command)
    assert result.returncode == 0
    assert "No Python files to check" in result.stdout + result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_work_that_could_not_be_done_exits_with_2_and_the_rest_is_done(folder, command):
    result = vjpfix(folder, command, "nowhere.py", "taken.py")
    said = result.stdout + result.stderr
    assert result.returncode == 2
    assert said.count("nowhere.py: does not exist; check the path") == 1
    assert "f_mapped" in said


def test_files_are_taken_by_name_whatever_they_are_called(folder):
    (folder / "script").write_text(program("g"))
    code, lines = concise(folder, "script", "clean.py")
    assert code == 1
    assert lines == [
        "script:18:1: VJP001 [*] `g` is rebound by `vmap`, so its fwd `g_fwd` calls the mapped version"
    ]


def test_a_file_given_twice_is_reported_once(folder):
    assert len(concise(folder, "taken.py", "./taken.py", ".")[1]) == 1


def test_fix_yes_writes_every_fix_and_a_second_run_has_nothing_to_do(folder):
    result = vjpfix(folder, "fix", "--yes")
    assert (result.returncode, (folder / "taken.py").read_text()) == (0, fixed())
    assert result.stdout.endswith("Fixed 1 of 1 finding in 1 file\n")
    again = vjpfix(folder, "fix", "--yes")
    assert (again.returncode, again.stdout) == (0, "All clean: 2 files checked\n")


def test_fix_yes_fixes_two_findings_of_one_file_together(tmp_path):
    (tmp_path / "two.py").write_text(program("f") + program("g").replace("import jax\n", ""))
    assert vjpfix(tmp_path, "fix", "--yes").returncode == 0
    assert (tmp_path / "two.py").read_text() == fixed() + fixed("g", "g_mapped").replace("import jax\n", "")


def test_fix_yes_fixes_what_it_can_and_exits_with_1_for_what_it_refuses(folder):
    (folder / "refused.py").write_text(REFUSED)
    result = vjpfix(folder, "fix", "--yes")
    assert result.returncode == 1
    assert "not fixed: line 20: " in result.stdout
    assert "Fixed 1 of 2 findings in 1 file" in result.stdout
    assert (folder / "refused.py").read_text() == REFUSED
    assert (folder / "taken.py").read_text() == fixed()


def test_fix_without_a_terminal_and_without_yes_shows_the_diff_and_says_how_to_apply_it(folder):
    result = vjpfix(folder, "fix")
    assert result.returncode == 1
    assert "+ f_mapped = jax.vmap(f)" in result.stdout
    assert "Fixed none of 1 finding in 1 file" in result.stdout
    assert result.stderr == (
        "vjpfix: nothing was written, for there is no terminal to ask at; --yes applies the fixes\n"
    )


@pytest.mark.parametrize("options", [["--dry-run"], ["--dry-run", "--yes"]])
def test_a_dry_run_shows_the_diff_and_writes_nothing(folder, options):
    before = content(folder)
    result = vjpfix(folder, "fix", *options)
    assert (result.returncode, content(folder)) == (1, before)
    assert "+ f_mapped = jax.vmap(f)" in result.stdout
    assert result.stdout.endswith("Would fix 1 of 1 finding in 1 file\n")
    assert result.stderr == ""


def test_diff_prints_a_patch_that_git_takes_and_nothing_else_on_standard_output(folder):
    (folder / "again.py").write_text(program("g").replace("\n", "\r\n"), newline="")
    (folder / "refused.py").write_text(REFUSED)
    result = vjpfix(folder, "diff")
    assert "refused.py:18:1: VJP001" in result.stderr
    assert "not fixed: line 20: " in result.stderr
    assert (
        "vjpfix: 3 findings in 3 files (2 can be fixed by vjpfix fix, 1 can not), 4 files checked"
        in result.stderr
    )
    (folder / "all.patch").write_text(result.stdout, newline="")
    children.run(["git", "init", "-q"], cwd=folder, check=True)
    children.run(["git", "apply", "all.patch"], cwd=folder, check=True)
    assert (folder / "taken.py").read_text() == fixed()
    assert (folder / "again.py").read_bytes() == fixed("g", "g_mapped").replace("\n", "\r\n").encode()
    assert vjpfix(folder, "diff", "taken.py", "again.py").stdout == ""


def test_diff_names_files_from_the_current_folder_when_they_are_given_otherwise(folder):
    for path in (folder / "taken.py", f"../{folder.name}/taken.py"):
        assert vjpfix(folder, "diff", path).stdout.startswith("diff --git a/taken.py b/taken.py\n")


def test_check_of_standard_input_names_it(folder):
    result = vjpfix(folder, "check", "-", stdin=program().encode())
    assert (result.returncode, result.stdout.split()[0]) == (1, "<stdin>:18:1:")


def test_fix_of_standard_input_prints_the_fixed_source_byte_for_byte(folder):
    data = b"\xef\xbb\xbf" + program("_f").replace("\n", "\r\n").encode()
    result = vjpfix(folder, "fix", "-", stdin=data)
    assert result.returncode == 0
    assert result.stdout.encode() == b"\xef\xbb\xbf" + fixed("_f", "_f_mapped").replace("\n", "\r\n").encode()
    assert result.stderr == "vjpfix: Fixed 1 of 1 finding in 1 file\n"


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (CLEAN.encode(), 0, "All clean"),
        (b"", 0, "All clean"),
        (REFUSED.encode(), 1, "<stdin>:18:1: VJP001"),
        (b"custom_vjp = = 1\n", 2, "<stdin>:1: not valid Python"),
        (b"custom_vjp\xff", 2, "<stdin>:1: has a byte (0xff)"),
    ],
    ids=["clean", "empty", "refused", "no Python", "no text"],
)
def test_fix_of_standard_input_gives_back_what_it_does_not_fix(folder, data, code, said):
    result = vjpfix(folder, "fix", "-", stdin=data)
    assert (result.returncode, result.stdout.encode("utf-8", "surrogateescape")) == (code, data)
    assert said in result.stderr


def test_a_dry_run_of_fix_on_standard_input_shows_the_diff_instead(folder):
    result = vjpfix(folder, "fix", "--dry-run", "-", stdin=program("_f").encode())
    assert (result.returncode, "- _f = jax.vmap(_f)" in result.stdout) == (1, True)


def test_diff_of_standard_input_is_a_patch_of_it(folder):
    result = vjpfix(folder, "diff", "-", stdin=program("_f").encode())
    assert (result.returncode, "\n+_f_mapped = jax.vmap(_f)\n" in result.stdout) == (1, True)


@pytest.mark.parametrize("command", COMMANDS)
def test_standard_input_cannot_be_mixed_with_files(folder, command):
    result = vjpfix(folder, command, "-", "taken.py")
    assert (result.returncode, result.stdout) == (2, "")
    assert "cannot be mixed" in result.stderr


def test_the_formats_of_check_agree_about_the_finding(folder):
    (folder / "refused.py").write_text(REFUSED)
    said = {
        form: vjpfix(folder, "check", "--output-format", form)
        for form in ("text", "concise", "json", "github")
    }
    assert {form: result.returncode for form, result in said.items()} == dict.fromkeys(said, 1)
    document = json.loads(said["json"].stdout)
    validate(document, schema())
    assert document["summary"] == {"files": 3, "findings": 2, "fixable": 1, "problems": 0}
    for finding in document["findings"]:
        place = f"{finding['path']}:{finding['line']}:{finding['column']}"
        assert f"{place}: VJP001 error: {finding['message']}\n" in said["text"].stdout
        mark = "[*] " if finding["fix"] else ""
        assert f"{place}: VJP001 {mark}{finding['message']}\n" in said["concise"].stdout
        assert f"::error file={finding['path']},line={finding['line']}," in said["github"].stdout
    assert {form: result.stderr for form, result in said.items()} == dict.fromkeys(said, "")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], *([c, "--help"] for c in COMMANDS)], ids=" ".join)
def test_help_says_what_a_command_does_even_in_ascii(tmp_path, arguments):
    result = vjpfix(tmp_path, *arguments, PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(" ".join(["Usage: vjpfix", *arguments[:-1]]))


def test_without_a_command_the_help_goes_to_standard_error_and_the_exit_code_is_2(tmp_path):
    result = vjpfix(tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert all(f"\n  {command}  " in result.stderr for command in COMMANDS)


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version_names_the_version(tmp_path, option):
    result = vjpfix(tmp_path, option)
    assert (result.returncode, result.stdout) == (0, f"vjpfix {package.__version__}\n")


def test_version_imports_nothing_slow(tmp_path):
    found = loaded(tmp_path, "--version")
    assert "click" in found
    assert not found & {"rich", "libcst", "pathspec", "jax", "asyncio", "concurrent", "tomllib", "difflib"}


def test_version_needs_little_time(tmp_path):
    """At most 0.15 s of processor time on an idle machine; the best of three runs, and thrice that here."""
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        bare = {k: v for k, v in ENVIRONMENT.items() if not k.startswith("COV")}
        children.run([*VJPFIX, "--version"], cwd=tmp_path, check=True, stdout=children.DEVNULL, env=bare)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.45


def test_paths_that_are_no_text_are_shown_escaped(tmp_path):
    name = b"a\xff\x1b[31m.py"
    (tmp_path / os.fsdecode(name)).write_text(program())
    for command in COMMANDS:
        result = vjpfix(tmp_path, command)
        assert result.returncode == 1
        assert "\x1b" not in result.stdout + result.stderr
