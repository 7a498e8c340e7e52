"""Comments that hide findings: which ones count, and which findings they hide."""

import ast
from pathlib import Path

import pytest

from vjpfix.model import Certainty, Finding, Span
from vjpfix.rules.unused_suppression import UnusedSuppression
from vjpfix.suppress import directives, split

PATH = Path("a.py")


def finding(line: int, end_line: int | None = None, rule: str = "VJP001") -> Finding:
    return Finding(rule, PATH, Span(line, 0, end_line or line, 5), "m", Certainty.ERROR, "f")


def is_hidden(text: str, line: int, end_line: int | None = None, rule: str = "VJP001") -> bool:
    it = finding(line, end_line, rule)
    kept, hidden, _ = split([it], directives(text))
    assert (kept, hidden) in (((it,), ()), ((), (it,)))
    return bool(hidden)


def unused_of(text: str, *findings: Finding) -> list[str]:
    unused = split(findings, directives(text))[2]
    return [each.message for each in UnusedSuppression().unused(PATH, unused)]


_PARTS = Path(__file__).with_name("comments.txt").read_text().split("\n\n")
HIDING, OTHERS = (part.strip().split("\n") for part in _PARTS[1::2])


@pytest.mark.parametrize("comment", HIDING)
def test_a_comment_on_the_line_hides_the_finding(comment: str) -> None:
    assert is_hidden(f"x = 1\nf = vmap(f)  {comment}\n", 2)


@pytest.mark.parametrize("comment", OTHERS)
def test_other_comments_and_strings_hide_nothing(comment: str) -> None:
    assert not is_hidden(f"x = 1\nf = vmap(f)  {comment}\n", 2)


_TEXTS = Path(__file__).with_name("commented.txt").read_text().split("\n\nPrograms in which")
HIDDEN, SEEN = (dict(each.split("\n", 1) for each in part.split("\n== ")[1:]) for part in _TEXTS)


def is_hidden_in(text: str) -> bool:
    """Whether the finding is hidden that is about the statement which binds ``f``."""
    assigned = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Assign)]
    (bound,) = (each for each in assigned if ast.unparse(each) == "f = vmap(f)")
    return is_hidden(text, bound.lineno, bound.end_lineno)


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_a_comment_reaches_its_statement_or_its_file(text: str) -> None:
    assert is_hidden_in(text)


@pytest.mark.parametrize("text", SEEN.values(), ids=SEEN)
def test_a_comment_reaches_no_further_and_an_ignore_file_below_a_statement_is_reported(text: str) -> None:
    assert not is_hidden_in(text)
    if "ignore-file\n" in text:
        said = "unused suppression: 'ignore-file' has to stand above the first statement"
        assert unused_of(text, finding(3)) == [said]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_whatever_ends_them(newline: str) -> None:
    text = "x = 1\ny = 2\nf = vmap(f)  # noqa: VJP001\n".replace("\n", newline)
    assert is_hidden(text, 3)
    assert not is_hidden(text, 2)


@pytest.mark.parametrize("text", ["f = (  # noqa: VJP001\n", "if x:\n  a\n b  # noqa\n", "x = '''\n# noqa"])
def test_text_that_cannot_be_cut_into_tokens_has_no_directives(text: str) -> None:
    assert directives(text) == ()


def test_text_without_the_words_has_none_either() -> None:
    assert directives("x = 1  # a comment\n") == ()
    assert directives("") == ()


def test_only_what_hid_nothing_is_unused() -> None:
    text = "f = vmap(f)  # noqa: VJP001\nx = 1  # noqa: VJP001\ny = 1  # vjpfix: ignore[VJP002]\n"
    assert unused_of(text, finding(1)) == [
        "unused suppression: there is no finding of VJP001 to hide here",
        "unused suppression: there is no finding of VJP002 to hide here",
    ]


def test_of_a_list_only_the_codes_that_hid_nothing_are_unused() -> None:
    text = "f = vmap(f)  # vjpfix: ignore[VJP001, VJP002,VJP3]\n"
    assert unused_of(text, finding(1), finding(1, rule="VJP301")) == [
        "unused suppression: there is no finding of VJP002 to hide here"
    ]


def test_comments_for_other_tools_are_never_unused() -> None:
    assert unused_of("x = 1  # noqa\ny = 1  # noqa: E501\nz = 1  # noqa: remark\n") == []


def test_ours_without_effect_are_unused() -> None:
    assert unused_of("# vjpfix: ignore-file\nx = 1  # vjpfix: ignore\ny = 1  # vjpfix: ignore[]\n") == [
        "unused suppression: there is nothing to hide in this file",
        "unused suppression: there is nothing to hide here",
        "unused suppression: the brackets name no rule",
    ]


def test_two_comments_that_hide_the_same_finding_are_both_used() -> None:
    assert unused_of("# vjpfix: ignore[VJP001]\nf = vmap(f)  # noqa: VJP001\n", finding(2)) == []


def test_an_unused_one_is_a_warning_at_the_comment_itself() -> None:
    text = "naïve = 1  # noqa: VJP001  \n"
    (it,) = UnusedSuppression().unused(PATH, split([], directives(text))[2])
    assert (it.rule, it.path, it.certainty) == (UnusedSuppression.code, PATH, Certainty.WARNING)
    assert text.splitlines()[it.span.line - 1][it.span.column : it.span.end_column] == "# noqa: VJP001"


def test_findings_keep_their_order() -> None:
    findings = [finding(3), finding(1), finding(2), finding(1, rule="VJP002")]
    kept, hidden, unused = split(findings, directives("f = 1  # noqa: VJP001\n"))
    assert kept == (findings[0], findings[2], findings[3])
    assert hidden == (findings[1],)
    assert unused == ()


def test_the_reason_is_kept() -> None:
    (it,) = directives("f = 1  # vjpfix: ignore[VJP001]  never called \n")
    assert it.reason == "never called"
