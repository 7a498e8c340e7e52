from dataclasses import replace
from pathlib import Path

from tests.cli.review_samples import clean_report, helper_refusal, question_change, sample_report
from vjpfix.model import Problem, Report, Safety
from vjpfix.review.summary import checked, fixed


def report(*outcomes, files=12, problems=()):
    return Report(outcomes, problems, {}, files)


def test_two_findings_of_which_one_can_be_fixed():
    one_file = replace(helper_refusal(), finding=question_change().finding)
    line = "2 findings in 1 file (1 can be fixed by vjpfix fix, 1 can not), 12 files checked"
    assert checked(report(question_change(), one_file)) == line


def test_singular_and_plural():
    line = "1 finding in 1 file (1 can be fixed by vjpfix fix), 1 file checked"
    assert checked(report(question_change(), files=1)) == line
    line = "1 finding in 1 file (none can be fixed by vjpfix fix), 2 files checked"
    assert checked(report(helper_refusal(), files=2)) == line


def test_an_unsafe_fix_is_counted_apart():
    line = "2 findings in 2 files (none can be fixed by vjpfix fix, 1 only by an unsafe fix, 1 can not), 12 files checked"
    assert checked(report(question_change(safety=Safety.UNSAFE), helper_refusal())) == line


def test_clean_runs():
    assert checked(clean_report()) == "All clean: 12 files checked"
    assert checked(report(files=1)) == "All clean: 1 file checked"
    assert checked(report(files=0)) == "No Python files to check"
    assert fixed(clean_report(), ()) == "All clean: 12 files checked"


def test_a_problem_is_never_all_clean():
    broken = Problem("invalid syntax", Path("a.py"), 1)
    assert checked(report(problems=(broken,))) == "No findings: 12 files checked, 1 problem"
    assert fixed(report(problems=(broken, broken)), ()) == "No findings: 12 files checked, 2 problems"
    assert checked(sample_report()).endswith("12 files checked, 1 problem")


def test_what_was_fixed():
    change = question_change()
    assert fixed(report(change, helper_refusal()), [change]) == "Fixed 1 of 2 findings in 1 file"
    assert fixed(report(change), [change]) == "Fixed 1 of 1 finding in 1 file"
    both = [change, question_change("other.py")]
    assert fixed(report(*both), both) == "Fixed 2 of 2 findings in 2 files"


def test_what_was_not_fixed():
    assert fixed(report(question_change()), []) == "Fixed none of 1 finding in 1 file"
    assert (
        fixed(report(question_change()), [question_change()], written=False)
        == "Would fix 1 of 1 finding in 1 file"
    )
    assert fixed(report(helper_refusal()), [], written=False) == "Would fix none of 1 finding in 1 file"
