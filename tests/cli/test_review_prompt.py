import os
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.cli.review_samples import question_change
from vjpfix.review.prompt import HELP, Abort, ask

CHANGES = tuple(question_change(f"{name}.py") for name in "abcd")


def asked(*answers):
    """The accepted files, the files shown and the lines said, for these answers and then the end."""
    shown, said, left = [], [], list(answers)

    def read(question):
        assert question.endswith("Apply this fix [y,n,a,q,?]? ")
        if not left:
            raise EOFError
        if left[0] is KeyboardInterrupt:
            raise left.pop(0)
        return left.pop(0)

    def say(line):
        said.extend([line] * bool(line))

    accepted = ask(CHANGES, lambda change: shown.append(change.finding.path.stem), read, say)
    assert left == [], "an answer was not read"
    return "".join(change.finding.path.stem for change in accepted), "".join(shown), said


@pytest.mark.parametrize(
    ("answers", "accepted", "shown"),
    [
        pytest.param(["y", "y", "y", "y"], "abcd", "abcd", id="yes to all"),
        pytest.param(["n", "y", "n", "y"], "bd", "abcd", id="yes and no"),
        pytest.param(["n", "a"], "bcd", "ab", id="a takes this and the rest"),
        pytest.param(["y", "q"], "a", "ab", id="q keeps what was accepted"),
        pytest.param(["q"], "", "a", id="q at once takes nothing"),
        pytest.param(["Y", " n ", "Q"], "a", "abc", id="case and spaces do not matter"),
        pytest.param(["y"], "a", "ab", id="the end of the input counts as q"),
        pytest.param([], "", "a", id="no input at all takes nothing"),
    ],
)
def test_answers(answers, accepted, shown):
    assert asked(*answers)[:2] == (accepted, shown)


@pytest.mark.parametrize("answer", ["", "x", "yes", "yn", "j", "ÿ"])
def test_anything_else_is_asked_again_and_takes_nothing(answer):
    accepted, shown, said = asked(answer, "n", "q")
    assert (accepted, shown) == ("", "ab")
    assert said == ["Please answer y, n, a or q; ? explains them."]


def test_a_question_mark_explains_and_asks_again():
    accepted, _, said = asked("?", "y", "q")
    assert accepted == "a"
    assert said == [HELP]


def test_the_help_tells_every_answer():
    assert [line.partition(" - ")[0] for line in HELP.splitlines()] == ["y", "n", "a", "q", "?", "Ctrl-C"]


def test_ctrl_c_aborts_whatever_was_accepted_before():
    with pytest.raises(Abort):
        asked("y", "y", KeyboardInterrupt)


def test_nothing_to_ask_asks_nothing():
    assert ask((), pytest.fail, pytest.fail, pytest.fail) == ()


CHILD = """
import sys
sys.path.insert(0, {path!r})
from tests.cli.test_review_prompt import CHANGES
from vjpfix.review.prompt import Abort, ask
try:
    accepted = ask(CHANGES, lambda change: print("showing", change.finding.path))
except Abort:
    print("RESULT aborted")
else:
    print("RESULT", "".join(change.finding.path.stem for change in accepted) or "nothing")
"""


class Terminal:
    """A child that asks on a real terminal of its own."""

    def __init__(self):
        import pty

        code = CHILD.format(path=str(Path(__file__).resolve().parents[2]))
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.execv(sys.executable, [sys.executable, "-c", code])
        self.seen = ""

    def until(self, text, press=b""):
        """Read on until ``text`` is seen after what was seen before; ``press`` keys each second that it is not."""
        deadline = time.monotonic() + 30
        while text not in self.seen:
            assert time.monotonic() < deadline, f"{text!r} did not come: {self.seen!r}"
            if not select.select([self.descriptor], [], [], 1)[0]:
                os.write(self.descriptor, press)
                continue
            try:
                data = os.read(self.descriptor, 4096)
            except OSError:  # Linux says so when the other side is closed
                data = b""
            assert data, f"{text!r} did not come: {self.seen!r}"
            self.seen += data.decode()
        before, _, self.seen = self.seen.partition(text)
        return before

    def answer(self, keys):
        self.until("Apply this fix [y,n,a,q,?]? ")
        os.write(self.descriptor, keys)

    def result(self, press=b""):
        self.until("RESULT ", press)
        line = self.until("\r\n")
        os.waitpid(self.pid, 0)
        self.pid = 0
        return line

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.descriptor)


@pytest.fixture
def terminal():
    pytest.importorskip("pty")
    child = Terminal()
    yield child
    child.close()


def test_on_a_terminal_answers_are_lines(terminal):
    for keys in (b"y\n", b"N\n", b"what\n", b"\n", b"?\n", b"a\n"):
        terminal.answer(keys)
    assert terminal.result() == "acd"


def test_on_a_terminal_the_question_tells_which_of_how_many(terminal):
    assert terminal.until("(1/4) Apply this fix") == "showing a.py\r\n"
    os.write(terminal.descriptor, b"q\n")
    assert terminal.result() == "nothing"


def test_on_a_terminal_ctrl_d_keeps_what_was_accepted(terminal):
    terminal.answer(b"y\n")
    terminal.answer(b"\x04")
    assert terminal.result() == "a"


def test_on_a_terminal_ctrl_c_applies_nothing(terminal):
    terminal.answer(b"y\n")
    terminal.answer(b"\x03")
    # Python misses a Ctrl-C in the instant between its writing of the question and its reading of the answer;
    # a person presses again.
    assert terminal.result(press=b"\x03") == "aborted"
