"""What people met, as a shell shows it: files, commands, exit codes, and what is printed."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from tests import children
from tests.cli_runs import ENVIRONMENT, PRIMAL

TEXT = Path(__file__).with_name("reported.txt").read_text()
CASES = dict(case.split("\n", 1) for case in re.split(r"^== ", TEXT, flags=re.MULTILINE)[1:])


@pytest.fixture(scope="session")
def commands(tmp_path_factory):
    """A folder for PATH with this checkout's vjpfix."""
    folder = tmp_path_factory.mktemp("bin")
    for name, words in {"vjpfix": "-m vjpfix", "python": ""}.items():
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_was_reported_is_mended(case, commands, tmp_path):
    files = dict(part.split("\n", 1) for part in re.split(r"^--- ", case, flags=re.MULTILINE)[1:])
    transcript = files.pop("run")
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text.replace("<primal>\n", PRIMAL))
    children.run(["git", "init", "-q"], cwd=tmp_path, check=True, timeout=60)
    for step in re.split(r"^\$ ", transcript.strip(), flags=re.MULTILINE)[1:]:
        command, code, *lines = step.strip().split("\n")
        code_found, output = shell(command, tmp_path, commands)
        assert f"[{code_found}]" == code, f"{command}\n{output}"
        for line in lines:
            assert (line.removeprefix("! ") in output) is not line.startswith("! "), f"{command}\n{output}"


def shell(command: str, folder: Path, commands: Path) -> tuple[int, str]:
    """The exit code and all output of a line of sh."""
    done = children.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**ENVIRONMENT, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "JAX_PLATFORMS": "cpu"},
        stdout=children.PIPE,
        stderr=children.STDOUT,
        stdin=children.DEVNULL,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout
