"""A fix that LibCST cannot prove is never given away. (Which commands ask it: test_static_commands.)"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_runs import fixed, program, vjpfix

FORMATS = ("text", "concise", "github", "json")
OF_OLD_MACS = program().replace("\n", "\r")
UNREADABLE = "match x:\n\f    case 1:\n        pass\n"
"""LibCST cannot read a form feed there."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    made.mkdir()
    return made


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_file_that_cannot_be_written_back_is_never_said_to_be_fixable(
    folder: Path, output_format: str
) -> None:
    (folder / "f.py").write_bytes(OF_OLD_MACS.encode())
    result = vjpfix(folder, "check", "--output-format", output_format)
    assert result.returncode == 1
    assert "carriage return" in result.stdout or output_format in ("concise", "github")
    assert "[*]" not in result.stdout
    assert "1 can be fixed" not in result.stdout + result.stderr


def test_an_importer_that_is_excluded_is_a_reason_in_the_report_of_check(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.vjpfix]\nexclude = ["user.py"]\n')
    (folder / "f.py").write_text(program())
    (folder / "user.py").write_text("from f import f\n\nf(1)\n")
    result = vjpfix(folder, "check")
    assert "this file uses the name, and is excluded from changes" in " ".join(result.stdout.split())
    assert "none can be fixed" in result.stdout


def test_what_cannot_be_proved_is_refused_where_there_are_edits(folder: Path) -> None:
    (folder / "f.py").write_text(program() + UNREADABLE)
    (finding,) = json.loads(vjpfix(folder, "check", "--output-format", "json").stdout)["findings"]
    assert finding["fix"] is None
    assert "LibCST cannot read this file" in finding["refusal"][0]["message"]
    result = vjpfix(folder, "fix", "--yes")
    assert result.returncode == 1
    assert (folder / "f.py").read_text() == program() + UNREADABLE


def test_what_check_says_can_be_fixed_is_fixed(folder: Path) -> None:
    (folder / "f.py").write_text(program())
    assert "1 can be fixed" in vjpfix(folder, "check").stdout
    vjpfix(folder, "fix", "--yes")
    assert (folder / "f.py").read_text() == fixed()
