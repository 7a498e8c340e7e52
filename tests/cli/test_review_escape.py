import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.review_samples import applied, source, span_of
from vjpfix.model import Certainty, Change, Edit, EditKind, Finding, Note, Problem, Refusal, Report, Safety
from vjpfix.review.console import console
from vjpfix.review.diffview import show_change
from vjpfix.review.escape import escape
from vjpfix.review.output import write_report

HOSTILE = "x\x1b[31m\x9b2J\x07\u202e\u2066\u200b\u2028\x7f\udc80[bold red]:smile:[/]"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        pytest.param("plain = 1", "plain = 1", id="plain text stays"),
        pytest.param("naïve 変数 🎉 e\u0301", "naïve 変数 🎉 e\u0301", id="letters of all languages stay"),
        pytest.param("C:\\new", "C:\\new", id="a backslash stays"),
        pytest.param("\x1b[31m", "\\x1b[31m", id="an ANSI escape is spelled"),
        pytest.param("\x9b31m", "\\x9b31m", id="the one-byte ANSI escape too"),
        pytest.param("a\tb\nc\rd", "a\\tb\\nc\\rd", id="newlines and tabs by their names"),
        pytest.param("\u202eevil\u2066", "\\u202eevil\\u2066", id="bidi controls"),
        pytest.param("a\u200bb\u2028c", "a\\u200bb\\u2028c", id="what cannot be seen"),
        pytest.param("\udcff.py", "\\udcff.py", id="a byte of a file name that is no UTF-8"),
        pytest.param("\U000e0041", "\\U000e0041", id="a tag beyond the first plane"),
    ],
)
def test_what_is_not_plain_visible_text_is_spelled_out(raw, shown):
    assert escape(raw) == shown


def test_what_the_screen_has_no_bytes_for_is_spelled_out():
    assert escape("é 変", "ascii") == "\\xe9 \\u5909"
    assert escape("é 変", "latin-1") == "é \\u5909"


@given(st.text())
def test_escaped_text_has_no_control_character_and_can_be_written(text):
    shown = escape(text, "ascii")
    assert shown.isascii()
    assert all(" " <= character <= "~" for character in shown)


def hostile_change():
    text = f"a = 1\nf = vmap(f)  # {HOSTILE}\nf(x)\n"
    path = f"dir/{HOSTILE}.py"
    file = source(text.replace("\udc80", "?"), path)
    span = span_of(file.text, "f = vmap(f)")
    note = Note(f"read {HOSTILE}", file.path, span_of(file.text, "x)"))
    finding = Finding("VJP001", file.path, span, f"message {HOSTILE}", Certainty.ERROR, HOSTILE, (note,))
    edit = Edit(EditKind.RENAME, file.path, span_of(file.text, "f "), "f", "f_mapped")
    return file, Change(finding, f"g{HOSTILE}", (edit,), Safety.SAFE, f"reason {HOSTILE}")


def assert_harmless(shown):
    controls = [c for c in shown if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160)]
    assert controls == []
    assert not any(c in shown for c in "\u202e\u2066\u200b\u2028\udc80")
    assert "[bold red]:smile:[/]" in shown, "markup is shown, not followed"


@pytest.mark.parametrize("output_format", ["text", "concise", "github"])
def test_no_format_lets_a_hostile_name_or_source_steer_the_terminal(output_format):
    file, change = hostile_change()
    refusal = Refusal(change.finding, change.finding.related)
    problem = Problem(f"cannot {HOSTILE}", file.path, 2)
    report = Report((change, refusal), (problem,), {file.path: file}, 1)
    stream = io.StringIO()
    write_report(report, output_format, stream)
    assert_harmless(stream.getvalue())


def test_the_diff_does_not_either():
    file, change = hostile_change()
    stream = io.StringIO()
    show_change(console(stream, 300), change, [applied(file, change)], {file.path: file})
    assert_harmless(stream.getvalue())
    assert "+ f_mapped= vmap(f)" in stream.getvalue()
