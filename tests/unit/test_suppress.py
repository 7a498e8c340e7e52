"""Comments that hide findings: which ones count, and which findings they hide."""

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


def test_a_comment_on_another_line_hides_nothing() -> None:
    text = "x = 1  # noqa: VJP001\nf = vmap(f)\ny = 2  # vjpfix: ignore[VJP001]\n"
    assert not is_hidden(text, 2)


@pytest.mark.parametrize("line", [1, 2, 3])
@pytest.mark.parametrize("comment", ["# noqa: VJP001", "# vjpfix: ignore[VJP001]"])
def test_any_line_of_a_statement_will_do(line: int, comment: str) -> None:
    lines = ["f = vmap(", "    f", ")"]
    lines[line - 1] += "  " + comment
    assert is_hidden("\n".join(lines), 1, 3)


def test_a_comment_alone_inside_the_statement_will_do() -> None:
    assert is_hidden("f = vmap(\n    # vjpfix: ignore[VJP001]\n    f\n)\n", 1, 4)


def test_our_comment_may_stand_on_its_own_above() -> None:
    assert is_hidden("x = 1\n# vjpfix: ignore[VJP001] reason\nf = vmap(f)\n", 3)
    assert is_hidden("if x:\n    # vjpfix: ignore[VJP001]\n    # more about it\n    f = vmap(f)\n", 4)


def test_a_blank_line_ends_the_block_of_comments() -> None:
    assert not is_hidden("# vjpfix: ignore[VJP001]\n\nf = vmap(f)\n", 3)


def test_a_noqa_or_a_trailing_comment_does_not_reach_down() -> None:
    assert not is_hidden("# noqa: VJP001\nf = vmap(f)\n", 2)
    assert not is_hidden("x = 1  # vjpfix: ignore[VJP001]\nf = vmap(f)\n", 2)


@pytest.mark.parametrize(
    "text",
    [
        "# vjpfix: ignore-file\nf = vmap(f)\nx = 1\n",
        "#!/usr/bin/env python\n# Licence\n\n# vjpfix: ignore-file\nimport jax\nf = vmap(f)\n",
        '"""Doc."""\n# vjpfix: ignore-file\nf = vmap(f)\n',
        '"""Doc."""  # vjpfix: ignore-file\nf = vmap(f)\n',
        "# vjpfix: ignore-file[VJP001]\nf = vmap(f)\n",
    ],
)
def test_ignore_file_at_the_top_hides_everything(text: str) -> None:
    assert is_hidden(text, 2)
    assert is_hidden(text, 90)


@pytest.mark.parametrize(
    "text",
    [
        "import jax\n# vjpfix: ignore-file\nf = vmap(f)\n",
        "import jax  # vjpfix: ignore-file\nf = vmap(f)\n",
        "'a' + b\n# vjpfix: ignore-file\nf = vmap(f)\n",
        '"""Doc."""; x = 1\n# vjpfix: ignore-file\nf = vmap(f)\n',
    ],
)
def test_ignore_file_below_the_first_statement_hides_nothing_and_is_reported(text: str) -> None:
    assert not is_hidden(text, 3)
    assert unused_of(text, finding(3)) == [
        "unused suppression: 'ignore-file' has to stand above the first statement"
    ]


def test_ignore_file_may_be_about_some_rules() -> None:
    assert not is_hidden("# vjpfix: ignore-file[VJP3]\nf = vmap(f)\n", 2)


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
