"""``vjpfix explain``: what it says about each rule."""

from __future__ import annotations

import io
import json
from itertools import takewhile

import jsonschema
import pytest
from rich.cells import cell_len

from tests.cli_runs import vjpfix
from vjpfix.explain.document import document, schema
from vjpfix.explain.page import page_lines
from vjpfix.explain.paragraphs import paragraphs
from vjpfix.model import Safety
from vjpfix.registry import rules
from vjpfix.review.console import Look, console, emit
from vjpfix.rules.base import Example, Rule

RULES = rules()
CODES = [rule.code for rule in RULES]


class Strange(Rule):
    """It has \x1b[31m in ``its [bold]text[/bold]``."""

    code = "ODD001"
    name = "strange"
    default = False
    safety = Safety.NONE
    bad = (Example("x = '\x1b[31m'\n\ty = '[bold]'\n"),)


def page(rule, width=100):
    return [line.plain.rstrip() for line in page_lines(rule, Look(width))]


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_the_page_of_a_rule_has_its_title_its_documentation_and_its_examples(rule):
    lines = page(rule)
    assert lines[0].startswith(f"{rule.code} {rule.name} ({rule.certainty.value}, ")
    said = " ".join(" ".join(lines).split())
    for paragraph in paragraphs(rule):
        assert paragraph in said
    assert lines.count("Good:") == len(rule.good)
    assert sum(line.startswith("Bad") for line in lines) == len(rule.bad)
    for example in rule.bad:
        for line in example.code.splitlines():
            assert not line or any(shown.endswith(line) for shown in lines)


@pytest.mark.parametrize("rule", [r for r in RULES if r.bad[0].fixed is not None], ids=lambda rule: rule.code)
def test_what_the_fix_changes_stands_in_the_example_as_a_diff(rule):
    example = rule.bad[0]
    old, new = example.code.splitlines(), example.fixed.splitlines()
    shown = [line.partition(" │ ")[2] for line in page(rule, 10_000)]
    for line in set(new) - set(old):
        assert f"+ {line}" in shown
    for line in set(old) - set(new):
        assert f"- {line}" in shown


@pytest.mark.parametrize("width", [40, 60, 200])
@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_prose_fits_the_screen_and_is_never_wider_than_people_like_to_read(rule, width):
    for line in takewhile(lambda line: not line.startswith("Bad"), page(rule, width)):
        assert cell_len(line) <= max(min(width, 88), *(len(word) for word in line.split() or [""]))


def test_a_rule_without_a_fix_says_so_and_shows_the_program_alone():
    lines = page(Strange())
    assert lines[0] == "ODD001 strange (error, no fix, off by default)"
    assert "Bad:" in lines


def test_text_of_a_plug_in_cannot_steer_the_screen():
    stream = io.StringIO()
    emit(console(stream, 80), page_lines(Strange(), Look(80, styled=True)))
    assert "\x1b" not in stream.getvalue()
    assert "`its [bold]text[/bold]`" in stream.getvalue()
    assert "x = '\\x1b[31m'" in stream.getvalue()


@pytest.mark.parametrize("word", ["VJP001", "vjp001", "rebound-by-map", "Rebound-By-Map"])
def test_a_rule_is_found_by_its_code_and_its_name(tmp_path, word):
    result = vjpfix(tmp_path, "explain", word)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == page(RULES[0], 10_000)


def test_several_rules_are_explained_in_the_order_given_each_once(tmp_path):
    said = vjpfix(tmp_path, "explain", "VJP002", "VJP001", "rebound-by-grad").stdout
    assert [line.split()[0] for line in said.splitlines() if line.startswith("VJP")] == ["VJP002", "VJP001"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Which rule? Give its code or name, such as VJP001; `vjpfix rules` lists them."),
        (["VJP0011"], "'VJP0011' is the code or name of no rule; did you mean 'VJP001'?"),
        (["reboundbymap"], "did you mean 'rebound-by-map'? `vjpfix rules` lists them"),
        (["VJP001", "qqqqqq"], "'qqqqqq' is the code or name of no rule; `vjpfix rules` lists them"),
        (["\x1b[31m"], "'\\x1b[31m' is the code or name of no rule"),
    ],
)
def test_a_rule_that_does_not_exist_is_one_sentence_and_exit_code_2(tmp_path, words, said):
    result = vjpfix(tmp_path, "explain", *words)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert said in result.stderr


def test_the_json_has_the_documentation_and_the_examples_and_fits_its_schema(tmp_path):
    told = json.loads(vjpfix(tmp_path, "explain", "--output-format", "json", *CODES).stdout)
    jsonschema.validate(told, schema(details=True))
    assert told == document(RULES, details=True)
    for rule, made in zip(RULES, told["rules"], strict=True):
        assert made["documentation"][0] == made["summary"]
        assert [each["fixed"] for each in made["bad"]] == [each.fixed for each in rule.bad]
