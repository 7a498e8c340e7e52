"""``fix`` at a terminal: a person is asked, and what they answer is what happens."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time

import pytest

from tests.cli_runs import ENVIRONMENT, fixed, program

pty = pytest.importorskip("pty")

QUESTION = "[y,n,a,q,?]? "
# Ctrl-C reaches a process by way of the terminal that controls it.
ADOPT = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from vjpfix.cli import main
main()
"""
CTRL_C, CTRL_D = "\x03", "\x04"


class Terminal:
    """vjpfix on a terminal of its own."""

    def __init__(self, folder, *arguments, **environment):
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", ADOPT, *arguments],
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**ENVIRONMENT, **environment},
        )
        os.close(theirs)
        self.seen = ""

    def wait_for(self, text):
        """Read until ``text`` has come; what came up to it and was not asked about before."""
        end = time.monotonic() + 120
        while text not in self.seen:
            assert time.monotonic() < end, f"{text!r} did not come in {self.seen!r}"
            if select.select([self.ours], [], [], 1)[0]:
                self.seen += os.read(self.ours, 65536).decode()
        before, _, self.seen = self.seen.partition(text)
        return before

    def type(self, keys):
        os.write(self.ours, keys.encode())

    def end(self, again=""):
        """Exit code, and the rest of the output. ``again`` is typed once more when nothing happens.

        Python does not see a Ctrl-C that comes between its showing a question and its waiting for the answer.
        """
        while True:
            if again and not select.select([self.ours], [], [], 5)[0]:
                self.type(again)
            try:
                data = os.read(self.ours, 65536)
            except OSError:  # Linux: the other side is closed
                break
            if not data:
                break
            self.seen += data.decode()
        os.close(self.ours)
        return self.process.wait(timeout=120), self.seen


@pytest.fixture
def folder(tmp_path):
    for name in "fgh":
        (tmp_path / f"{name}.py").write_text(program(name))
    return tmp_path


def answered(folder, *answers):
    """Exit code and all the output of ``fix`` when these are typed, one at each question."""
    terminal = Terminal(folder, "fix")
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
        (["y\n", "y\n", "y\n"], 0, "fgh", "Fixed 3 of 3 findings in 3 files"),
        (["y\n", "n\n", "y\n"], 1, "fh", "Fixed 2 of 3 findings in 2 files"),
        (["n\n", "n\n", "n\n"], 1, "", "Fixed none of 3 findings in 3 files"),
        (["n\n", "a\n"], 1, "gh", "Fixed 2 of 3 findings in 2 files"),
        (["a\n"], 0, "fgh", "Fixed 3 of 3 findings in 3 files"),
        (["y\n", "q\n"], 1, "f", "Fixed 1 of 3 findings in 1 file"),
        (["q\n"], 1, "", "Fixed none of 3 findings in 3 files"),
        (["y\n", CTRL_D], 1, "f", "Fixed 1 of 3 findings in 1 file"),
        (["y\n", "y\n", CTRL_C], 130, "", "vjpfix: interrupted; nothing was written"),
        ([CTRL_C], 130, "", "vjpfix: interrupted; nothing was written"),
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
    terminal = Terminal(folder, "fix", TERM="dumb")
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
        terminal = Terminal(folder, "check", **environment)
        code, output = terminal.end()
        assert (code, "\x1b[1;31m" in output) == (1, coloured)


def test_with_yes_nobody_is_asked(folder):
    code, output = Terminal(folder, "fix", "--yes").end()
    assert (code, QUESTION in output, was_fixed(folder)) == (0, False, "fgh")


def test_a_patch_that_reaches_outside_the_current_folder_is_shown(folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "use.py").write_text("from f import f\n")
    code, output = Terminal(folder / "sub", "diff", "../f.py").end()
    assert code == 1
    assert "+f_mapped = jax.vmap(f)" in output


def test_when_there_is_nothing_to_fix_nobody_is_asked(tmp_path):
    code, output = Terminal(tmp_path, "fix").end()
    assert (code, output.strip()) == (0, "No Python files to check")


def test_a_file_that_changes_while_the_question_stands_is_left_as_it_is_now(folder):
    terminal = Terminal(folder, "fix")
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
    terminal = Terminal(folder, "fix")
    terminal.wait_for(QUESTION)
    terminal.type("y\n")
    terminal.wait_for(QUESTION)
    terminal.process.send_signal(signal.SIGHUP)
    assert terminal.end()[0] == -signal.SIGHUP
    assert was_fixed(folder) == ""
