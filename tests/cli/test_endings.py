"""What is said, and which exit code is given, when something unforeseen ends a command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli_runs import fixed, program
from vjpfix.cli.batches import batches, safe_changes
from vjpfix.cli.endings import ending
from vjpfix.config import Config
from vjpfix.model import VjpfixError
from vjpfix.pipeline import run
from vjpfix.settings import settings


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (RuntimeError("cause"), 2, "vjpfix: this is a bug in vjpfix; nothing was written. Please report it"),
        (MemoryError(), 2, "vjpfix: there is not enough memory; nothing was written\n"),
        (OSError(28, "No space left on device", "x.py"), 2, "vjpfix: No space left on device: x.py; nothing"),
        (KeyboardInterrupt(), 130, "vjpfix: interrupted; nothing was written\n"),
        (VjpfixError("is \x1b[31mred", Path("x.py"), 3), 2, "vjpfix: x.py:3: is \\x1b[31mred\n"),
        (SystemExit("text"), 1, ""),
        (SystemExit(3), 3, ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_an_ending_is_one_line_and_an_exit_code(capsys, error, code, said):
    assert ending(error) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert ("RuntimeError: cause" in err) == isinstance(error, RuntimeError)


def test_what_was_done_before_an_error_is_said_instead_of_nothing_was_written(capsys):
    error = OSError(28, "No space left on device")
    error.add_note("Fixed 2 of 2 findings in 2 files")
    assert ending(error) == 2
    assert capsys.readouterr().err.endswith("cannot be printed; Fixed 2 of 2 findings in 2 files\n")


def test_an_ending_that_is_no_error_goes_on():
    with pytest.raises(GeneratorExit):
        ending(GeneratorExit())


def test_a_change_that_does_not_go_with_another_is_a_problem_and_the_others_go_on(tmp_path):
    (tmp_path / "ef.py").write_text(program("e") + program("f"))
    (tmp_path / "g.py").write_text(program("g"))
    chosen = settings(Config(root=tmp_path))
    report = run([tmp_path], chosen)
    first, second, other = safe_changes(report)
    wrong = replace(second, edits=first.edits)  # both change the same words
    found, problems = batches([first, wrong, other], report, chosen)
    texts = {file.source.path.name: file.text for batch in found for file in batch.files}
    assert texts == {"ef.py": fixed("e", "e_mapped") + program("f"), "g.py": fixed("g", "g_mapped")}
    assert [(problem.path, problem.stops) for problem in problems] == [
        (tmp_path / "ef.py", (second.finding,))
    ]
