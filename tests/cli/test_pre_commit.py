"""The hooks, run by pre-commit itself in a real repository, which installs vjpfix for that."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests import children
from tests.cli_runs import ROOT, fixed, program, vjpfix

README = (ROOT / "README.md").read_text(encoding="utf-8")
DEADLINE = 1200  # seconds; packages are downloaded
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    **{f"GIT_{who}_NAME": "n" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "n@example.org" for who in ("AUTHOR", "COMMITTER")},
}


def run(folder: Path, *command: str | Path, **environment: str) -> children.CompletedProcess[str]:
    return children.run(
        [*map(str, command)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE,
        env={**ENVIRONMENT, **environment},
    )


def committed(folder: Path) -> str:
    """The one commit of a new repository that holds all files of a folder."""
    run(folder, "git", "init", "-q")
    run(folder, "git", "add", "-A")
    run(folder, "git", "commit", "-qm", "all")
    return run(folder, "git", "rev-parse", "HEAD").stdout.strip()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository of vjpfix as it is here, and its commit."""
    folder = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "vjpfix", folder / "vjpfix", ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    return folder, committed(folder)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where pre-commit keeps what it installs."""
    return str(tmp_path_factory.mktemp("pre-commit"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the mistake in a file, in a script without a suffix and in an excluded file."""
    (tmp_path / "excl").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.vjpfix]\nexclude = ["excl/"]\n')
    (tmp_path / "excl" / "vendored.py").write_text(program("g"))
    (tmp_path / "prog.py").write_text(program())
    (tmp_path / "script").write_text("#!/usr/bin/env python3\n" + program("h"))
    (tmp_path / "script").chmod(0o755)
    (tmp_path / "notes.txt").write_text(program())
    committed(tmp_path)
    return tmp_path


def hooks(repository: Path, home: str, *arguments: str | Path) -> tuple[int, dict[str, str]]:
    """The exit code, and what each hook says."""
    command = (sys.executable, "-m", "pre_commit", *arguments, "--all-files", "--verbose")
    result = run(repository, *command, PRE_COMMIT_HOME=home, PIP_NO_COMPILE="1")
    said = re.split(r"^vjpfix.*\n- hook id: (\S+)$", result.stdout, flags=re.MULTILINE)
    assert len(said) > 1, result.stdout + result.stderr
    return result.returncode, dict(zip(said[1::2], said[2::2], strict=True))


def test_try_repo_runs_the_hook_that_reports_and_the_hook_that_fixes_and_both_leave_out_what_is_excluded(
    repository, checkout, home
):
    code, said = hooks(repository, home, "try-repo", checkout[0])
    assert (code, said.keys()) == (1, {"vjpfix", "vjpfix-fix"})
    found = re.findall(r"^(\S+):18:1: VJP001|^(\S+):19:1: VJP001", said["vjpfix"], re.MULTILINE)
    assert {one or other for one, other in found} == {"prog.py", "script"}
    assert "2 files checked" in said["vjpfix"]
    assert "files were modified by this hook" not in said["vjpfix"]
    assert "files were modified by this hook" in said["vjpfix-fix"]
    assert (repository / "prog.py").read_text() == fixed()
    assert (repository / "script").read_text() == "#!/usr/bin/env python3\n" + fixed("h", "h_mapped")
    changed = run(repository, "git", "status", "--porcelain").stdout.split()
    assert changed == ["M", "prog.py", "M", "script"]


def test_the_configuration_that_the_readme_shows_works_and_what_the_hooks_fixed_has_nothing_left_to_do(
    repository, checkout, home
):
    (shown,) = re.findall(r"^```yaml\n(- repo: ADDRESS\n.*?)^```$", README, re.MULTILINE | re.DOTALL)
    folder, commit = checkout
    config = shown.replace("ADDRESS", str(folder)).replace("COMMIT", commit)
    (repository / ".pre-commit-config.yaml").write_text(f"repos:\n{config}")
    run(repository, "git", "add", "-A")
    code, said = hooks(repository, home, "run")
    assert (code, "prog.py:18:1: VJP001" in said["vjpfix"]) == (1, True), said
    assert "excl" not in said["vjpfix"]
    config += "    - id: vjpfix-fix\n"
    (repository / ".pre-commit-config.yaml").write_text(f"repos:\n{config}")
    assert hooks(repository, home, "run", "vjpfix-fix")[0] == 1
    code, said = hooks(repository, home, "run")
    assert (code, said.keys()) == (0, {"vjpfix", "vjpfix-fix"}), said


# --- what the hooks are made of ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["excl/vendored.py", "excl", "excl/../excl/vendored.py", "link.py", "."])
def test_what_is_excluded_is_left_out_even_if_it_is_given_by_name(repository, path):
    (repository / "link.py").symlink_to("excl/vendored.py")
    (repository / "prog.py").unlink()
    for command in (["check"], ["diff"], ["fix", "--yes"]):
        result = vjpfix(repository, *command, "--force-exclude", path)
        assert (result.returncode, "No Python files" in result.stdout + result.stderr) == (0, True)
    assert (repository / "excl" / "vendored.py").read_text() == program("g")
    assert vjpfix(repository, "check", "excl/vendored.py").returncode == 1


def test_a_pattern_of_the_command_line_can_be_held_to_as_well(repository):
    assert vjpfix(repository, "check", "--exclude", "prog.py", "prog.py").returncode == 1
    result = vjpfix(repository, "check", "--exclude", "prog.py", "--force-exclude", "prog.py")
    assert (result.returncode, result.stdout) == (0, "No Python files to check\n")


def test_an_excluded_file_that_is_no_python_is_no_problem_for_a_hook(repository):
    (repository / "excl" / "a.ipynb").write_text("{}")
    assert vjpfix(repository, "check", "excl/a.ipynb").returncode == 2
    assert vjpfix(repository, "check", "--force-exclude", "excl/a.ipynb").returncode == 0


def test_a_fix_can_be_told_by_the_exit_code(repository):
    assert (
        vjpfix(repository, "fix", "--yes", "--dry-run", "--exit-non-zero-on-fix", "prog.py").returncode == 1
    )
    assert vjpfix(repository, "fix", "--yes", "--exit-non-zero-on-fix", "prog.py").returncode == 1
    assert (repository / "prog.py").read_text() == fixed()
    assert vjpfix(repository, "fix", "--yes", "--exit-non-zero-on-fix", "prog.py").returncode == 0
    (repository / "prog.py").write_text(program())
    assert vjpfix(repository, "fix", "--yes", "prog.py").returncode == 0
