from pathlib import Path

import pytest

from tests.cli.review_samples import question_change
from tests.terminal import CTRL_C, CTRL_D, Terminal
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


@pytest.fixture
def terminal():
    return Terminal(CHILD.format(path=str(Path(__file__).resolve().parents[2])))


def answer(terminal, keys):
    terminal.wait_for("Apply this fix [y,n,a,q,?]? ")
    terminal.type(keys)


def result(terminal, again=""):
    code, rest = terminal.end(again)
    assert code == 0
    return rest.partition("RESULT ")[2].strip()


def test_on_a_terminal_answers_are_lines(terminal):
    for keys in ("y\n", "N\n", "what\n", "\n", "?\n", "a\n"):
        answer(terminal, keys)
    assert result(terminal) == "acd"


def test_on_a_terminal_the_question_tells_which_of_how_many(terminal):
    assert terminal.wait_for("(1/4) Apply this fix") == "showing a.py\r\n"
    terminal.type("q\n")
    assert result(terminal) == "nothing"


def test_on_a_terminal_ctrl_d_keeps_what_was_accepted(terminal):
    answer(terminal, "y\n")
    answer(terminal, CTRL_D)
    assert result(terminal) == "a"


def test_on_a_terminal_ctrl_c_applies_nothing(terminal):
    answer(terminal, "y\n")
    answer(terminal, CTRL_C)
    assert result(terminal, again=CTRL_C) == "aborted"
