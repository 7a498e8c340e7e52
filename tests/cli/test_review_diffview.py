import io
from dataclasses import replace

import pytest
from rich.cells import cell_len

from tests.cli.review_samples import QUESTION, applied, question_change, rename, source
from vjpfix.model import Rewritten, Safety
from vjpfix.review.console import Look, console
from vjpfix.review.diffview import change_lines, file_lines, show_change


def diff(old, new, width=80, encoding="utf-8"):
    file = source(old)
    lines = file_lines(Rewritten(file, new.encode(), new), Look(width, encoding))
    return [line.plain.rstrip() for line in lines]


def test_without_colour_carets_mark_the_changed_words_of_the_added_line():
    assert diff("a\nf = vmap(f)\nb\n", "a\nf_mapped = vmap(f)\nb\n") == [
        "question.py  1 line changed",
        " 1 1 │   a",
        " 2   │ - f = vmap(f)",
        "   2 │ + f_mapped = vmap(f)",
        "     │   ^^^^^^^^",
        " 3 3 │   b",
    ]


def test_words_that_only_went_away_are_marked_in_the_removed_line():
    assert diff('x = ["f", "g"]', 'x = ["f"]')[1:] == [
        ' 1   │ - x = ["f", "g"]',
        "     │           ^^^^^",
        '   1 │ + x = ["f"]',
    ]


def test_a_line_added_above_a_changed_one_is_not_paired_with_it():
    assert diff("if a:\n    f = vmap(f)\n", "f_mapped = f\nif a:\n    f_mapped = vmap(f)\n")[1:] == [
        "   1 │ + f_mapped = f",
        " 1 2 │   if a:",
        " 2   │ -     f = vmap(f)",
        "   3 │ +     f_mapped = vmap(f)",
        "     │       ^^^^^^^^",
    ]


def test_an_added_line_beside_a_changed_one_leaves_the_pair_together():
    assert diff("f = vmap(f)", "g = f\nf_mapped = vmap(f)")[1:] == [
        " 1   │ - f = vmap(f)",
        "   1 │ + g = f",
        "   2 │ + f_mapped = vmap(f)",
        "     │   ^^^^^^^^",
    ]


def test_far_lines_are_folded_and_two_of_context_kept():
    old = "f\n" + "x\n" * 20 + "f"
    lines = diff(old, old.replace("f", "g"))
    assert [line.split("│")[0].strip() for line in lines[1:]] == [
        *("1", "1", "", "2  2", "3  3", "⋮  ⋮", "20 20", "21 21", "22", "22", ""),
    ]
    assert diff(old, old.replace("f", "g"), encoding="ascii")[6].strip() == ":  : |"


def test_wide_characters_and_tabs_do_not_misplace_the_marks():
    lines = diff("\t変 = '変', f", "\t変 = '変', f_mapped")
    assert lines[2:] == ["   1 │ +     変 = '変', f_mapped", "     │                  ^^^^^^^^"]


def test_a_long_changed_line_goes_on_below_and_a_long_unchanged_one_is_cropped():
    old = "context = 'long long long long long long'\nvalue = function(first_argument, f, last)"
    lines = diff(old, old.replace(" f,", " f_mapped,"), width=40)
    assert lines[1:] == [
        " 1 1 │   context = 'long long long long…",
        " 2   │ - value = function(",
        "     │ - first_argument, f, last)",
        "   2 │ + value = function(",
        "     │ + first_argument, f_mapped, last)",
        "     │                   ^^^^^^^^",
    ]


def test_of_a_very_long_line_only_the_changed_words_and_their_surroundings_are_shown():
    old = "x = 1; " * 500 + "f(x)" + "; y = 2" * 500 + "; f(y)"
    lines = diff(old, old.replace("f(", "f_mapped("), width=60)
    assert len(lines) <= 12
    assert sum(line.count("f_mapped(") for line in lines) == 2
    assert sum(line.count("…") for line in lines) == 4
    assert all(cell_len(line) <= 60 for line in lines)


def test_a_very_long_line_that_is_new_shows_its_start():
    lines = diff("a\n", "a\n" + "b" * 5000 + "\n")
    assert lines[2].startswith("   2 │ + bbbbbbbbbbbbbbbbbbbbbbbb…")


def test_crlf_lines_are_drawn_like_any():
    old = "a\r\nf = vmap(f)\r\n"
    assert diff(old, old.replace("f =", "g ="))[2:4] == [" 2   │ - f = vmap(f)", "   2 │ + g = vmap(f)"]


@pytest.mark.parametrize("width", [40, 41, 57, 80, 200])
def test_the_whole_screen_fits_at_any_width(width):
    change, file = question_change(), source(QUESTION)
    lines = change_lines(change, [applied(file, change)], {file.path: file}, Look(width))
    assert max(cell_len(line.plain.rstrip()) for line in lines) <= width


def coloured(monkeypatch, text=QUESTION, change=None, **environment):
    settings = {"FORCE_COLOR": "1", "TERM": "xterm-256color", **environment}
    for name in ("NO_COLOR", "COLORTERM", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    file, change = source(text), change or question_change()
    show_change(console(stream, 100), change, [applied(file, change)], {file.path: file})
    return stream.getvalue()


def test_colours_are_the_terminals_own_sixteen_and_words_are_reversed(monkeypatch):
    shown = coloured(monkeypatch)
    assert "\x1b[1;7;32mtest_func_mapped\x1b[0m" in shown
    assert "\x1b[1;7;31mtest_func\x1b[0m" in shown
    assert "\x1b[35mdef\x1b[0m" in shown
    assert "38;" not in shown, "no colour out of a table of 256 or of 24 bits"
    assert "48;" not in shown
    assert "^^^^^^^^^^^^^^^^" not in shown, "carets are for screens without styles"


def test_no_color_keeps_the_marks_but_no_colour(monkeypatch):
    shown = coloured(monkeypatch, NO_COLOR="1")
    assert "\x1b[1;7mtest_func_mapped\x1b[0m" in shown
    assert "\x1b[31m" not in shown


def test_a_line_inside_a_long_string_has_the_colour_of_strings(monkeypatch):
    text = QUESTION.replace("def main():", 'NOTE = """\nreturn def\n"""\n\ndef main():')
    text = text.replace("\n\ntest_func = vmap", '\nTEXT = """\nimport return\n"""\ntest_func = vmap')
    edit = rename(text, "question.py", "test_func", "test_func_mapped", 7)
    assert "\x1b[36mimport return\x1b[0m" in coloured(
        monkeypatch, text, replace(question_change(), edits=(edit,))
    )


@pytest.mark.parametrize(
    ("safety", "reason", "told"),
    [
        (Safety.UNSAFE, "because", "unsafe fix: because"),
        (Safety.UNSAFE, "", "unsafe fix: it may change what"),
        (Safety.SAFE, "numbered, for the name is taken", "note: numbered, for the name is taken"),
    ],
)
def test_what_there_is_to_say_about_a_fix_is_said(safety, reason, told):
    change, file = question_change(safety=safety, reason=reason), source(QUESTION)
    lines = change_lines(change, [applied(file, change)], {file.path: file}, Look(80))
    assert any(line.plain.startswith(told) for line in lines)


def test_a_file_of_more_than_half_a_million_characters_is_drawn_without_syntax_colours():
    text = "x = 1\n" * 100_000 + "def f(): pass\nf = vmap(f)\n"
    new = text.replace("f = vmap", "g = vmap")
    lines = list(file_lines(Rewritten(source(text), new.encode(), new), Look(80, styled=True)))
    assert [line.plain for line in lines][2].endswith("def f(): pass")
    assert not any(span.style == "magenta" for line in lines for span in line.spans)
