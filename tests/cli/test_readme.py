"""What the README says is what the tool does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.cli.picture import PICTURE, picture
from tests.jax.test_question_program import QUESTION, RIGHT, SILENT, WRONG
from vjpfix import __version__
from vjpfix.cli.commands import cli
from vjpfix.config import _KEYS, load
from vjpfix.registry import GROUP
from vjpfix.rules import RULES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

FILES = re.findall(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
DEMOS = re.findall(r"^<!-- demo: (\w+) -->\n```\w+\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
SHOWN = re.findall(r"^<!-- run: (vjpfix [^\n]*?) -->\n```\w+\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def section(title: str) -> str:
    """The text below a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def first_column(table: str) -> list[str]:
    """The words in backquotes at the start of each row of a table."""
    return re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def marked(marker: str) -> str:
    """The one block of commands directly below a marker line."""
    found = re.findall(rf"^<!-- {re.escape(marker)} -->\n```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    assert README.count(f"<!-- {marker} -->") == 1
    return found[0]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of shell in which ``vjpfix`` is this checkout's."""
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        timeout=600,
    )


def with_this_python(command: str) -> str:
    return re.sub(r"(?<!\S)(\.venv/bin/)?vjpfix(?= )", f"'{sys.executable}' -m vjpfix", command)


def test_the_program_shown_is_the_one_that_is_measured():
    assert blocks("python") == [SILENT]
    assert f"prints `{WRONG}`. The right answer is `{RIGHT}`" in README


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_the_output_shown_is_what_the_tool_prints(tmp_path, command, output):
    (tmp_path / "example.py").write_text(SILENT)
    (tmp_path / "question.py").write_text(QUESTION)
    for name, content in FILES:
        (tmp_path / name).write_text(content)
    result = run(with_this_python(command), tmp_path)
    assert result.stdout == output
    assert result.returncode == (0 if re.search("diagnose|verify", command) else 1)


def test_outputs_are_shown():
    commands = ["check example.py", "diff example.py", "diagnose error.txt", "run example.py 2>&1"]
    commands += ["verify example.py"]
    assert [command for command, _ in SHOWN] == [f"vjpfix {command}" for command in commands]


@pytest.mark.parametrize(("code", "output"), DEMOS)
def test_the_demonstration_shown_is_what_jax_gives(tmp_path, code, output):
    result = run(with_this_python(f"JAX_PLATFORMS=cpu vjpfix explain --demo {code}"), tmp_path)
    assert result.stdout.endswith(f"\n\n{output}")


def test_a_demonstration_is_shown():
    assert [code for code, _ in DEMOS] == ["VJP001"]


def test_the_uses_of_the_guard_in_a_program_and_in_a_test_work(tmp_path):
    context, test = blocks("py")
    definition = SILENT.partition("test_func = vmap(")[0]
    (tmp_path / "program.py").write_text(
        f"{SILENT}\ndef train():\n    grad(lambda R: test_func(jnp.exp, R).sum())(jnp.ones((10, 3)))\n\n{context}"
    )
    assert "GuardWarning" in run(f"'{sys.executable}' program.py", tmp_path).stderr
    (tmp_path / "test_rules.py").write_text(definition.replace("2. * R * primal_out", "R") + test)
    result = run(f"'{sys.executable}' -m pytest -q test_rules.py", tmp_path)
    assert "differs from a finite difference" in result.stdout


def test_the_main_job_fixes_a_copy_and_leaves_the_checkout_alone(tmp_path):
    install, _, job = marked("ci: main").partition("&&\n")
    assert install == "python3 -m venv .venv && .venv/bin/pip install -q . "
    result = run(f"export TMPDIR='{tmp_path}'; {with_this_python(job)}", ROOT)
    assert result.returncode == 0, result.stderr
    assert result.stdout.endswith("Fixed 1 of 1 finding in 1 file\n")
    (copy,) = tmp_path.rglob("example.py")
    assert copy.read_text() == SILENT.replace("test_func = ", "test_func_mapped = ").replace(
        "R: test_func(", "R: test_func_mapped("
    )
    assert (ROOT / "README.md").read_text(encoding="utf-8") == README


def test_the_commands_that_run_the_tests_are_there():
    assert marked("ci: test") == (
        "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]' && .venv/bin/python -m pytest\n"
    )


def test_the_command_that_prints_the_schema_prints_one():
    (command,) = [block for block in blocks("sh") if "schema" in block]
    result = run(command.replace("python ", f"'{sys.executable}' ", 1), ROOT)
    assert '"title": "vjpfix report"' in result.stdout


def test_the_picture_is_what_the_tool_draws_now():
    assert PICTURE.read_text(encoding="utf-8") == picture()


def test_the_picture_loads_nothing():
    addresses = set(re.findall(r"\w+://[^\"'\s)]+", picture()))
    assert addresses == {"http://www.w3.org/2000/svg", "https://www.textualize.io"}
    assert "@font-face" not in picture()
    assert "](.github/diff.svg)" in README


def test_every_command_is_in_the_table_and_no_other():
    named = re.findall(r"^\| `vjpfix (\w+)", section("Commands"), re.MULTILINE)
    assert sorted(named) == sorted(cli.commands)


def test_every_output_format_is_named():
    (formats,) = [option for option in cli.commands["check"].params if option.name == "output_format"]
    for name in formats.type.choices:
        assert f"`{name}`" in section("Output formats")


def test_the_table_of_rules_is_the_registry():
    rows = re.findall(r"^(\| `VJP\d+` \|.*?)[^|]+\|$", section("Rules"), re.MULTILINE)
    assert rows == [
        f"| `{rule.code}` | {rule.name} | {'on' if rule.default else 'off'} | {rule.certainty.value} "
        f"| {rule.safety.value} |"
        for rule in RULES
    ]


def test_the_entry_points_shown_are_of_the_group_that_is_looked_for():
    (example,) = blocks("toml", section("Rules of other packages"))
    assert tomllib.loads(example)["project"]["entry-points"] == {
        GROUP: {"no-rebinding": "lab_rules:NoRebinding"}
    }


def test_the_table_of_settings_has_every_key_and_no_other():
    assert first_column(section("Configuration")) == list(_KEYS)


def test_the_example_of_a_configuration_is_valid_and_uses_every_key(tmp_path):
    (example,) = blocks("toml", section("Configuration"))
    path = tmp_path / "pyproject.toml"
    path.write_text(example)
    config = load(tmp_path)
    for key in _KEYS:
        assert getattr(config, key.replace("-", "_")), key


@pytest.mark.parametrize("comment", ["# noqa: VJP001", "# vjpfix: ignore[VJP001] reason"])
def test_the_comments_hide_the_finding_on_their_line(tmp_path, comment):
    assert comment in section("Comments")
    line = "test_func = vmap(test_func, in_axes=(None, 0))"
    assert line in SILENT
    (tmp_path / "example.py").write_text(SILENT.replace(line, f"{line}  {comment}"))
    assert run(with_this_python("vjpfix check example.py"), tmp_path).returncode == 0


def test_the_comment_at_the_top_hides_the_findings_of_the_file(tmp_path):
    comment = "# vjpfix: ignore-file[VJP001] reason"
    assert comment in section("Comments")
    (tmp_path / "example.py").write_text(f"{comment}\n{SILENT}")
    assert run(with_this_python("vjpfix check example.py"), tmp_path).returncode == 0


def test_files_that_are_linked_exist():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_changelog_has_this_version():
    assert f"## [{__version__}]" in CHANGELOG
    assert "## [Unreleased]" in CHANGELOG
