"""``vjpfix diff | git apply``, with the real git, from wherever it is run."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.children import run
from tests.cli_runs import ENVIRONMENT, REFUSED, VJPFIX, fixed, program, vjpfix

COMMAND = " ".join(VJPFIX)
GIT = {**ENVIRONMENT, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "vjpfix": COMMAND}
AS_SOMEBODY = ("-c", "user.name=me", "-c", "user.email=me@example.com")
USE = "from pkg.ops import f\n\nprint(f(1))\n"
USED = "from pkg.ops import f_mapped\n\nprint(f_mapped(1))\n"


def git(folder, *arguments):
    command = ["git", *AS_SOMEBODY, *arguments]
    return run(command, cwd=folder, env=GIT, capture_output=True, text=True, check=True).stdout


def shell(folder, script):
    return run(["bash", "-c", script], cwd=folder, env=GIT, capture_output=True, text=True)


def applied(folder, *options):
    """The exit codes of ``vjpfix diff`` and of the git that gets what it prints, and what the first says."""
    made = vjpfix(folder, "diff", *options)
    patch = made.stdout.encode("utf-8", "surrogateescape")
    taken = run(["git", "apply"], cwd=folder, env=GIT, input=patch, capture_output=True)
    assert taken.stdout == b""
    return (made.returncode, taken.returncode), made.stderr


@pytest.fixture
def repository(tmp_path):
    """A package with a finding and its user beside it, in a folder of a repository."""
    top = tmp_path / "top"
    (top / "project" / "pkg").mkdir(parents=True)
    (top / "project" / "pkg" / "__init__.py").touch()
    (top / "project" / "pkg" / "ops.py").write_text(program())
    (top / "project" / "use.py").write_text(USE)
    (top / "project" / "pyproject.toml").touch()
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "as it is")
    return top


def assert_fixed(top):
    assert (top / "project" / "pkg" / "ops.py").read_text() == fixed()
    assert (top / "project" / "use.py").read_text() == USED


def assert_unchanged(top):
    assert git(top, "status", "--porcelain") == ""


@pytest.mark.parametrize("folder", [".", "project"])
@pytest.mark.parametrize("options", ["", "pkg/ops.py"])
def test_from_the_top_and_from_a_folder_that_holds_all_of_it_the_fix_is_applied(repository, folder, options):
    options = [f"project/{options}" if folder == "." else options or "."]
    assert applied(repository / folder, *options)[0] == (1, 0)
    assert_fixed(repository)


def test_the_patch_is_what_git_diff_prints_wherever_it_is_asked_for(repository):
    patches = {vjpfix(repository / folder, "diff").stdout for folder in (".", "project")}
    assert applied(repository)[0] == (1, 0)
    told = [line for line in git(repository, "diff").splitlines() if not line.startswith("index ")]
    shown = [line.partition(" @@")[0] + " @@" if line.startswith("@@") else line for line in told]
    assert [patch.splitlines() for patch in patches] == [shown]


def test_in_a_worktree_and_a_folder_of_it_the_fix_is_applied(repository, tmp_path):
    for number, folder in enumerate((".", "project")):
        tree = tmp_path / f"tree{number}"
        git(repository, "worktree", "add", "-q", str(tree))
        assert applied(tree / folder)[0] == (1, 0)
        assert_fixed(tree)
    assert_unchanged(repository)


def test_outside_of_any_repository_the_paths_are_those_of_the_current_folder(repository):
    shutil.rmtree(repository / ".git")
    assert applied(repository / "project")[0] == (1, 0)
    assert_fixed(repository)


def test_a_folder_called_git_that_is_no_repository_is_none(repository):
    (repository / "project" / ".git").mkdir()
    (repository / "project" / "pkg" / ".git").mkdir()
    assert applied(repository / "project")[0] == (1, 0)
    assert_fixed(repository)


def test_a_repository_inside_of_another_is_its_own_top(repository):
    git(repository / "project", "init", "-q")
    assert applied(repository / "project")[0] == (1, 0)
    assert_fixed(repository)


def test_from_outside_a_repository_below_the_current_folder_is_patched(repository):
    assert applied(repository.parent, "top")[0] == (1, 0)
    assert_fixed(repository)


@pytest.mark.parametrize("options", [[], ["ops.py"], ["."], [".."]], ids=" ".join)
def test_a_patch_that_reaches_outside_the_current_folder_goes_into_no_pipe(repository, options):
    (code, of_git), said = applied(repository / "project" / "pkg", *options)
    assert code == 2
    assert of_git != 0
    assert f"vjpfix: this fix also changes project/use.py: run vjpfix diff in {repository}\n" in said
    assert_unchanged(repository)


def test_nor_into_a_file(repository):
    script = "$vjpfix diff > all.patch; echo $?; wc -c < all.patch"
    result = shell(repository / "project" / "pkg", script)
    assert result.stdout.split() == ["2", "0"]


def test_where_nothing_changes_in_the_current_folder_it_is_not_said_that_something_does(repository):
    (repository / "elsewhere").mkdir()
    result = vjpfix(repository / "elsewhere", "diff", "../project")
    assert (result.returncode, result.stdout) == (2, "")
    what = "this fix changes project/pkg/ops.py and project/use.py"
    assert f"vjpfix: {what}: run vjpfix diff in {repository}\n" in result.stderr


def test_of_many_files_some_are_named(repository):
    for number in range(5):
        (repository / f"use{number}.py").write_text(USE)
    (repository / "project" / "pkg" / "more.py").write_text(program("g"))
    result = vjpfix(repository / "project" / "pkg", "diff")
    what = "these fixes also change project/use.py, use0.py, use1.py and 3 other files"
    assert f"vjpfix: {what}: run vjpfix diff in {repository}\n" in result.stderr


def test_outside_of_a_repository_the_folder_that_holds_all_of_it_is_named(repository):
    shutil.rmtree(repository / ".git")
    result = vjpfix(repository / "project" / "pkg", "diff")
    assert (result.returncode, result.stdout) == (2, "")
    assert f"this fix also changes use.py: run vjpfix diff in {repository / 'project'}\n" in result.stderr


def test_a_refusal_alone_reaches_nowhere(repository):
    (repository / "project" / "pkg" / "ops.py").write_text(REFUSED)
    result = vjpfix(repository / "project" / "pkg", "diff")
    assert (result.returncode, result.stdout) == (1, "")


def test_the_patch_of_a_link_names_the_real_file(repository):
    project = repository / "project"
    (project / "pkg" / "ops.py").rename(project / "ops.txt")
    (project / "pkg" / "ops.py").symlink_to("../ops.txt")
    (project / "use.py").unlink()
    assert applied(project, "pkg/ops.py")[0] == (1, 0)
    assert (project / "ops.txt").read_text() == fixed()
    assert (project / "pkg" / "ops.py").is_symlink()


def test_a_user_of_the_name_that_is_a_link_is_changed_where_it_leads_to(repository):
    project = repository / "project"
    (project / "use.py").rename(project / "use.txt")
    (project / "use.py").symlink_to("use.txt")
    assert applied(project)[0] == (1, 0)
    assert (project / "use.txt").read_text() == USED
    (project / "use.txt").write_text(USE)
    (project / "pkg" / "ops.py").write_text(program())
    assert vjpfix(project, "fix", "--yes").returncode == 0
    assert (project / "use.txt").read_text() == USED
    assert (project / "use.py").is_symlink()


def test_a_link_that_leads_out_of_the_current_folder_reaches_outside(repository):
    inside = repository / "project" / "inside"
    inside.mkdir()
    (repository / "project" / "real.txt").write_text(program())
    (inside / "link.py").symlink_to("../real.txt")
    result = vjpfix(inside, "diff", "link.py")
    assert (result.returncode, result.stdout) == (2, "")
    assert f"vjpfix: this fix changes project/real.txt: run vjpfix diff in {repository}\n" in result.stderr


NAMES = ("naïve変数.py", "two words.py", 'a "quote".py', "tab\there.py")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")
@pytest.mark.parametrize("setting", ["true", "false"])
def test_names_that_git_quotes_are_found_in_a_folder(repository, setting):
    git(repository, "config", "core.quotePath", setting)
    folder = repository / "project" / "größe und mehr"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_text(program())
    assert applied(folder)[0] == (1, 0)
    assert {(folder / name).read_text() for name in NAMES} == {fixed()}


@pytest.mark.parametrize("convert", ["false", "true", "input"])
@pytest.mark.parametrize(
    "spelled",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("\n", "\r\n").rstrip("\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n", 5),
    ],
    ids=["CRLF", "no newline at the end", "CRLF and no newline at the end", "byte order mark", "mixed"],
)
def test_lines_end_as_they_did(repository, spelled, convert):
    git(repository, "config", "core.autocrlf", convert)
    ops = repository / "project" / "pkg" / "alone.py"
    ops.write_bytes(spelled(program("g")).encode())
    (repository / "project" / "pkg" / "ops.py").unlink()
    assert applied(repository / "project" / "pkg")[0] == (1, 0)
    expected = spelled(fixed("g", "g_mapped")).encode()
    if convert == "false":
        assert ops.read_bytes() == expected
    else:  # git writes the lines of any file anew
        assert ops.read_bytes().replace(b"\r", b"") == expected.replace(b"\r", b"")


def test_standard_input_has_a_patch_wherever_it_is_asked_for(repository):
    result = vjpfix(repository / "project", "diff", "-", stdin=program("_f").encode())
    assert result.stdout.startswith("diff --git a/<stdin> b/<stdin>\n")
