import io
from dataclasses import replace
from pathlib import Path

from tests.cli.review_samples import (
    QUESTION,
    clean_report,
    helper_refusal,
    question_change,
    sample_report,
    source,
    span_of,
)
from vjpfix.model import Note, Problem, Report, Safety
from vjpfix.review.output import write_report
from vjpfix.review.text import help_text


def written(report, output_format="text", width=None):
    stream = io.StringIO()
    write_report(report, output_format, stream, width)
    return stream.getvalue()


def test_concise_is_one_line_a_finding_with_a_star_where_fix_mends_it():
    lines = written(sample_report(), "concise").splitlines()
    assert lines[0].startswith("question.py:24:1: VJP001 [*] `test_func` is rebound")
    assert lines[1].startswith("models/helper.py:16:1: VJP002 `energy` is rebound")
    assert lines[2].startswith("models/broken.py:3: invalid syntax")
    assert lines[3].startswith("2 findings in 2 files")
    assert len(lines) == 4


def test_an_unsafe_fix_has_no_star():
    report = Report((question_change(safety=Safety.UNSAFE),), (), {}, 1)
    assert "[*]" not in written(report, "concise")


def test_a_problem_is_told_with_what_is_known_of_its_place():
    problems = (Problem("no place"), Problem("a file", Path("a.py")), Problem("a line", Path("a.py"), 7))
    lines = written(Report((), problems, {}, 1), "concise").splitlines()
    assert lines[:3] == ["no place", "a.py: a file", "a.py:7: a line"]


def test_github_gets_a_command_for_each_finding_and_problem():
    lines = written(sample_report(), "github").splitlines()
    start = "::error file=question.py,line=24,col=1,endLine=24,endColumn=47,title=VJP001::`test_func` is"
    assert lines[0].startswith(start)
    assert lines[1].startswith("::warning file=models/helper.py,line=16,")
    assert lines[2].startswith("::error file=models/broken.py,line=3,title=vjpfix::invalid syntax")
    assert len(lines) == 3


def test_github_values_are_percent_escaped():
    finding = replace(question_change().finding, path=Path("a:b,c%\n.py"), message="50%: a,\r\nb")
    line = written(Report((replace(question_change(), finding=finding),), (), {}, 1), "github")
    assert line.startswith("::error file=a%3Ab%2Cc%25%0A.py,line=24,")
    assert line.endswith("::50%25: a,%0D%0Ab\n")


def test_a_clean_run_says_so_to_people_only():
    assert (
        written(clean_report(), "text")
        == written(clean_report(), "concise")
        == "All clean: 12 files checked\n"
    )
    assert written(clean_report(), "github") == ""


def test_text_into_a_pipe_is_neither_wrapped_nor_cropped():
    long_line = f"f = vmap(f)  # {'x' * 500}"
    change = question_change()
    finding = replace(
        change.finding, span=span_of(long_line, "f = vmap(f)"), message="word " * 100 + "end", related=()
    )
    file = source(long_line)
    text = written(Report((replace(change, finding=finding),), (), {file.path: file}, 1))
    assert f" 1 │ {long_line}\n" in text
    assert f"question.py:1:1: VJP001 error: {'word ' * 100}end\n" in text


def test_a_finding_whose_file_is_not_at_hand_is_still_told():
    text = written(replace(sample_report(), sources={}), width=80)
    assert "question.py:24:1: VJP001 error" in text
    assert "= note: this calls the mapped version" in text
    assert "= not fixed: `energy` is read by a name in a string" in text
    assert "::: models/steps.py:4:12" in text


def test_a_guilty_read_in_another_file_is_headed_by_its_place():
    change = question_change()
    rules = source(QUESTION, "rules.py")
    note = Note("this calls the mapped version", rules.path, span_of(QUESTION, "test_func(f, R)", 1))
    change = replace(change, finding=replace(change.finding, related=(note,)))
    text = written(
        Report((change,), (), {file.path: file for file in (source(QUESTION), rules)}, 2), width=80
    )
    place = f"::: rules.py:{note.span.line}:{note.span.column + 1}\n"
    assert (
        text.index(" 24 │ test_func = vmap") < text.index(place) < text.index("this calls the mapped version")
    )


def test_the_help_says_what_a_fix_will_do():
    change = question_change()
    assert help_text(change) == "`vjpfix fix` names the mapped version `test_func_mapped` (2 edits)"
    elsewhere = replace(change, edits=(*change.edits, replace(change.edits[0], path=Path("b.py"))))
    assert help_text(elsewhere).endswith("(3 edits in 2 files)")
    derived = replace(change, version="differentiated", edits=change.edits[:1])
    assert help_text(derived) == "`vjpfix fix` names the differentiated version `test_func_mapped` (1 edit)"
    assert help_text(replace(change, new_name="")) == "`vjpfix fix` mends this (2 edits)"


def test_the_help_tells_an_unsafe_fix_and_one_there_is_not():
    unsafe = question_change(safety=Safety.UNSAFE, reason="it is read by name")
    assert help_text(unsafe).endswith("(2 edits), but only with --unsafe-fixes: it is read by name")
    assert help_text(question_change(safety=Safety.NONE)) == "there is no fix"
    assert help_text(question_change(safety=Safety.NONE, reason="why")) == "there is no fix: why"


def test_every_reason_of_a_refusal_is_shown_with_its_line():
    report = replace(sample_report(), outcomes=(helper_refusal(),), problems=())
    text = written(report, width=80)
    assert "= not fixed: line 15: `scaled` is called by a rule and by other code as well\n" in text
    assert "= not fixed: `energy` is read by a name in a string\n    ::: models/steps.py:4:12\n" in text
    assert ' 4 │     return globals()["energy"](x) + energy(x)\n' in text
