import pytest
from rich.cells import cell_len

from tests.cli.review_samples import source, span_of
from vjpfix.model import Span
from vjpfix.review.console import Look
from vjpfix.review.excerpt import Mark, excerpt, source_lines
from vjpfix.review.layout import crop, lay_out, rows


def shown(text, *marks, width=80, encoding="utf-8"):
    return [line.plain for line in excerpt(source(text), marks, Look(width, encoding), 2)]


def under_carets(lines):
    """What stands above the first row of carets, by cells."""
    at = next(i for i, line in enumerate(lines) if "^" in line)
    start = lines[at].index("^")
    return by_cells(lines[at - 1], start, start + lines[at].count("^"))


def by_cells(line, start, end):
    return "".join(c for i, c in enumerate(line) if start <= cell_len(line[:i]) < end)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("x = f(y)", id="plain"),
        pytest.param("\tx = f(y)", id="a tab"),
        pytest.param("a\t \tx = f(y)", id="tabs within the line"),
        pytest.param("変数\tx = f(y)", id="a tab after wide characters"),
        pytest.param("変数 = f(変数)", id="wide characters"),
        pytest.param("'🎉', f(y)", id="an emoji"),
        pytest.param("'e\u0301a\u0308', f(y)", id="combining marks"),
        pytest.param("'\x1b[31m\u202e', f(y)", id="characters that are spelled out"),
        pytest.param("\x0cx = f(y)", id="a form feed"),
        pytest.param("'\u2028', f(y)", id="a line separator"),
        pytest.param("a = 1; " * 30 + "x = f(y)" + "; b = 2" * 30, id="the middle of a long line"),
        pytest.param("x = f(y)" + "; b = 2" * 30, id="the start of a long line"),
        pytest.param("a = 1; " * 30 + "x = f(y)", id="the end of a long line"),
        pytest.param("'変'; " * 30 + "x = f(y)" + "; '変'" * 30, id="a long line of wide characters"),
    ],
)
@pytest.mark.parametrize("width", [40, 80, 200])
def test_carets_stand_under_the_name_after(line, width):
    lines = shown(f"a\n{line}\nb", Mark(span_of(f"a\n{line}", "f(")), width=width)
    assert under_carets(lines) == "f("
    assert all(cell_len(row) <= width for row in lines)


def test_marks_under_wide_characters_are_as_wide():
    lines = shown("x = 変数(y)", Mark(Span(1, 4, 1, 6)))
    assert lines == ["  1 │ x = 変数(y)", "    │     ^^^^"]


def test_marks_of_one_file_are_in_the_order_of_its_lines_with_a_fold_between_far_ones():
    text = "a\nb\nc\nd\n"
    lines = shown(text, Mark(span_of(text, "d"), "last"), Mark(span_of(text, "a"), "first"))
    assert lines == ["  1 │ a", "    │ ^ first", "  ⋮", "  4 │ d", "    │ ^ last"]


def test_neighbouring_lines_have_no_fold_between_them():
    lines = shown("a\nb\n", Mark(Span(1, 0, 1, 1)), Mark(Span(2, 0, 2, 1)))
    assert lines == ["  1 │ a", "    │ ^", "  2 │ b", "    │ ^"]


def test_two_marks_in_one_line_have_a_row_each():
    lines = shown("f = f(x)", Mark(Span(1, 0, 1, 1), "here"), Mark(Span(1, 4, 1, 5), "and here"))
    assert lines == ["  1 │ f = f(x)", "    │ ^ here", "    │     ^ and here"]


def test_two_marks_too_far_apart_for_the_screen_are_each_shown():
    text = "f = " + "x + " * 40 + "g"
    lines = shown(text, Mark(span_of(text, "f"), "one"), Mark(span_of(text, "g"), "two"), width=40)
    assert [line.count("^") for line in lines] == [0, 1, 0, 1, 0]
    assert lines[0].startswith("  1 │ f = x")
    assert lines[2].endswith("+ g")


def test_a_span_of_several_lines_is_marked_in_each_without_its_indentation():
    text = "f = vmap(\n    f,\n\n)\n"
    lines = shown(text, Mark(Span(1, 0, 4, 1), "all of it"))
    assert lines == [
        "  1 │ f = vmap(",
        "    │ ^^^^^^^^^",
        "  2 │     f,",
        "    │     ^^",
        "  ⋮",
        "  4 │ )",
        "    │ ^ all of it",
    ]


def test_a_span_of_many_lines_is_folded():
    text = "(\n" + "a,\n" * 50 + ")\n"
    lines = shown(text, Mark(Span(1, 0, 52, 1)))
    assert lines == [
        "  1 │ (",
        "    │ ^",
        "  2 │ a,",
        "    │ ^^",
        "  3 │ a,",
        "    │ ^^",
        "  ⋮",
        " 52 │ )",
        "    │ ^",
    ]


def test_a_span_of_no_width_and_one_past_the_end_get_one_caret():
    assert shown("ab", Mark(Span(1, 1, 1, 1))) == ["  1 │ ab", "    │  ^"]
    assert shown("ab", Mark(Span(9, 5, 9, 9))) == ["  1 │ ab", "    │   ^"]
    assert shown("", Mark(Span(1, 0, 1, 0))) == ["  1 │ ", "    │ ^"]


def test_a_label_with_no_room_beside_its_carets_stands_below_them():
    text = "x = some_function(with_arguments)"
    label = "a sentence that is too long to stand beside the carets here"
    lines = shown(text, Mark(span_of(text, "with_arguments"), label), width=40)
    assert " ".join(line[6:].strip() for line in lines[2:]) == label
    assert all(len(line) <= 40 for line in lines)


def test_without_utf_8_the_gutter_is_ascii():
    lines = shown("é\nb\nc", Mark(Span(1, 0, 1, 1)), Mark(Span(3, 0, 3, 1)), encoding="ascii")
    assert lines == ["  1 | \\xe9", "    | ^^^^", "  :", "  3 | c", "    | ^"]


def test_lines_end_where_python_ends_them():
    assert source_lines("a\r\nb\rc\nd\x0ce\u2028f\x0bg\x85h") == ["a", "b", "c", "d\x0ce\u2028f\x0bg\x85h"]


def test_rows_cut_after_a_sign_and_lose_nothing():
    text = "value = function(first_argument, second_argument)"
    parts = [text[start:end] for start, end in rows(text, 20)]
    assert parts == ["value = function(", "first_argument, ", "second_argument)"]


@pytest.mark.parametrize("text", ["", "変" * 50, "x" * 50, "\u0301" * 5000 + "x", "e\u0301" * 50])
@pytest.mark.parametrize("width", [1, 2, 7, 20])
def test_rows_of_any_text_fit_and_join_to_it(text, width):
    parts = [text[start:end] for start, end in rows(text, width)]
    assert "".join(parts) == text
    assert all(cell_len(part) <= max(width, 2) for part in parts)


def test_a_line_that_fits_is_not_cropped():
    line = lay_out("x" * 40)
    assert crop(line, 0, 1, 40, "…") == (0, 40)
    start, end = crop(line, 20, 21, 39, "…")
    assert (start, end) != (0, 40)
    assert start <= 20 < end
