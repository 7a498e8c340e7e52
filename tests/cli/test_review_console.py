import io

import pytest
from rich.text import Text

from tests.cli.review_samples import sample_report
from vjpfix.review.console import console, emit, look_of
from vjpfix.review.output import write_report
from vjpfix.review.wrapping import wrapped


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


class FakeTerminal(io.StringIO):
    """A stream that says it is a terminal; real ones are driven in the prompt's tests."""

    encoding = "utf-8"

    def isatty(self):
        return True


def test_a_pipe_is_never_wrapped_or_cropped():
    stream = io.StringIO()
    emit(console(stream), [Text("word " * 400 + "end")])
    assert stream.getvalue() == "word " * 400 + "end\n"


def test_a_given_width_wins_and_a_very_small_one_is_not_believed():
    assert look_of(console(io.StringIO(), 60)).width == 60
    assert look_of(console(io.StringIO(), 3)).width == 20


def test_a_terminal_has_the_width_it_tells(monkeypatch):
    monkeypatch.setenv("COLUMNS", "77")
    monkeypatch.setenv("LINES", "20")
    assert look_of(console(FakeTerminal())).width == 77


@pytest.mark.parametrize(
    ("stream", "environment", "styled"),
    [
        (io.StringIO, {}, False),
        (io.StringIO, {"FORCE_COLOR": "1"}, True),
        (FakeTerminal, {}, True),
        (FakeTerminal, {"TERM": "dumb"}, False),
    ],
)
def test_styles_follow_the_stream_and_the_environment(stream, environment, styled, monkeypatch):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    target = stream()
    screen = console(target)
    assert look_of(screen).styled is styled
    emit(screen, [Text("x", style="red")])
    assert ("\x1b[" in target.getvalue()) is styled


@pytest.mark.parametrize("output_format", ["text", "concise", "json", "github"])
def test_a_stream_of_few_characters_can_take_all_formats(output_format):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    write_report(sample_report(), output_format, stream, 80 if output_format == "text" else None)
    stream.flush()
    assert b"test_func" in raw.getvalue()


def test_a_sentence_is_wrapped_at_spaces_and_a_long_word_left_whole():
    lines = wrapped(Text("a/very/long/path/that/does/not/fit.py: and then a sentence"), 20, 4)
    assert [line.plain for line in lines] == [
        "a/very/long/path/that/does/not/fit.py:",
        "    and then a",
        "    sentence",
    ]
    assert [line.plain for line in wrapped(Text(""), 20)] == [""]
