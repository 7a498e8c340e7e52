"""``fix`` at a terminal: a person is asked, and what they answer is what happens."""

from __future__ import annotations

import signal

import pytest

from tests.cli_runs import ENVIRONMENT, fixed, program
from tests.terminal import CTRL_C, CTRL_D, Terminal

QUESTION = "[y,n,a,q,?]? "


def at_terminal(folder, *arguments, **environment):
    """vjpfix on a terminal of its own."""
    code = "from vjpfix.cli import main; main()"
    return Terminal(code, *arguments, cwd=folder, env={**ENVIRONMENT, **environment})


@pytest.fixture
def folder(tmp_path):
    for name in "fgh":
        (tmp_path / f"{name}.py").write_text(program(name))
    return tmp_path


def answered(folder, *answers):
    """Exit code and all the output of ``fix`` when these are typed, one at each question."""
    terminal = at_terminal(folder, "fix")
    seen = ""
    for answer in answers:
        seen += terminal.wait_for(QUESTION)
        terminal.type(answer)
    code, rest = terminal.end(again=CTRL_C if answers[-1] == CTRL_C else "")
    return code, seen + rest


def was_fixed(folder):
    """The modules that are fixed; each must be wholly old or new."""
    texts = {name: (folder / f"{name}.py").read_text() for name in "fgh"}
    assert all(text in (program(n), fixed(n, f"{n}_mapped")) for n, text in texts.items())
    return "".join(name for name, text in texts.items() if text != program(name))


@pytest.mark.parametrize(
    ("answers", "code", "done", "said"),
    [
        (["y\n", "n\n", "y\n"], 1, "fh", "Fixed 2 of 3 findings in 2 files"),
        (["n\n", "a\n"], 1, "gh", "Fixed 2 of 3 findings in 2 files"),
        (["a\n"], 0, "fgh", "Fixed 3 of 3 findings in 3 files"),
        (["y\n", "q\n"], 1, "f", "Fixed 1 of 3 findings in 1 file"),
        (["q\n"], 1, "", "Fixed none of 3 findings in 3 files"),
        (["y\n", CTRL_D], 1, "f", "Fixed 1 of 3 findings in 1 file"),
        (["y\n", "y\n", CTRL_C], 130, "", "vjpfix: interrupted; nothing was written"),
        (["?\n", "Y\n", "maybe\n", "q\n"], 1, "f", "Please answer y, n, a or q"),
    ],
    ids=lambda value: (
        "-".join(value).replace("\n", "").replace("\x03", "^C").replace("\x04", "^D")
        if isinstance(value, list)
        else ""
    ),
)
def test_what_is_accepted_is_written_and_nothing_else(folder, answers, code, done, said):
    found, output = answered(folder, *answers)
    assert (found, was_fixed(folder)) == (code, done)
    assert said in output
    assert "Traceback" not in output


def test_the_question_comes_after_the_reason_and_the_diff(folder):
    terminal = at_terminal(folder, "fix", TERM="dumb")
    shown = terminal.wait_for(QUESTION)
    terminal.type("?\n")
    explained = terminal.wait_for(QUESTION)
    terminal.type(CTRL_C)
    terminal.end(again=CTRL_C)
    assert (
        shown.index("`f` is rebound by `vmap`")
        < shown.index("`f_fwd` reads `f` here")
        < shown.index("+ f_mapped =")
    )
    assert "(1/3) Apply this fix" in shown
    assert "q - quit: apply what was accepted so far, nothing more" in explained


def test_a_terminal_gets_colours_unless_no_color_is_set(folder):
    for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        terminal = at_terminal(folder, "check", **environment)
        code, output = terminal.end()
        assert (code, "\x1b[1;31m" in output) == (1, coloured)


def test_with_yes_nobody_is_asked(folder):
    code, output = at_terminal(folder, "fix", "--yes").end()
    assert (code, QUESTION in output, was_fixed(folder)) == (0, False, "fgh")


def test_a_patch_that_reaches_outside_the_current_folder_is_shown(folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "use.py").write_text("from f import f\n")
    code, output = at_terminal(folder / "sub", "diff", "../f.py").end()
    assert code == 1
    assert "+f_mapped = jax.vmap(f)" in output


def test_when_there_is_nothing_to_fix_nobody_is_asked(tmp_path):
    code, output = at_terminal(tmp_path, "fix").end()
    assert (code, output.strip()) == (0, "No Python files to check")


def test_a_file_that_changes_while_the_question_stands_is_left_as_it_is_now(folder):
    terminal = at_terminal(folder, "fix")
    terminal.wait_for(QUESTION)
    (folder / "f.py").write_text("x = 1\n")
    terminal.type("a\n")
    code, output = terminal.end()
    assert code == 2
    assert "f.py: changed since it was read, so run vjpfix again" in output
    assert "Fixed 2 of 3 findings in 2 files, 1 problem" in output
    assert (folder / "f.py").read_text() == "x = 1\n"
    assert (folder / "g.py").read_text() == fixed("g", "g_mapped")


def test_a_terminal_that_goes_away_at_the_question_leaves_the_files_alone(folder):
    terminal = at_terminal(folder, "fix")
    terminal.wait_for(QUESTION)
    terminal.type("y\n")
    terminal.wait_for(QUESTION)
    terminal.process.send_signal(signal.SIGHUP)
    assert terminal.end()[0] == -signal.SIGHUP
    assert was_fixed(folder) == ""
