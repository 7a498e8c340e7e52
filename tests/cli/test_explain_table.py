"""``vjpfix rules``: the table, on a screen, in a pipe, as JSON."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from tests.cli.test_review_json import fields
from tests.cli_runs import vjpfix
from vjpfix.explain import document as documents
from vjpfix.explain.document import document, schema
from vjpfix.registry import rules

ROWS = [
    [rule.code, rule.name, "on" if rule.default else "off", rule.certainty.value, rule.safety.value]
    for rule in rules()
]


def test_the_table_has_a_row_for_each_rule(tmp_path):
    result = vjpfix(tmp_path, "rules")
    heading, *rows = result.stdout.splitlines()
    assert (result.returncode, result.stderr) == (0, "")
    assert heading.split() == ["code", "name", "default", "certainty", "fix"]
    assert [row.split() for row in rows] == ROWS


def test_the_columns_stand_below_their_headings(tmp_path):
    heading, *rows = vjpfix(tmp_path, "rules").stdout.splitlines()
    starts = [match.start() for match in re.finditer(r"\S+", heading)]
    for row in rows:
        assert [match.start() for match in re.finditer(r"\S+", row)] == starts
        assert row == row.rstrip()


def test_the_table_has_colours_on_a_screen_only(tmp_path):
    assert "\x1b" not in vjpfix(tmp_path, "rules").stdout
    assert "\x1b[1;31m" in vjpfix(tmp_path, "rules", FORCE_COLOR="1").stdout
    assert "\x1b[3" not in vjpfix(tmp_path, "rules", FORCE_COLOR="1", NO_COLOR="1").stdout


def test_the_json_has_the_same_rules_and_fits_its_schema(tmp_path):
    told = json.loads(vjpfix(tmp_path, "rules", "--output-format", "json").stdout)
    jsonschema.Draft202012Validator.check_schema(schema(details=False))
    jsonschema.validate(told, schema(details=False))
    assert told == document(rules(), details=False)
    found = [[rule["code"], rule["name"], rule["certainty"], rule["fix"]] for rule in told["rules"]]
    assert found == [[code, name, certainty, fix] for code, name, _, certainty, fix in ROWS]
    assert all(rule["summary"].endswith(".") for rule in told["rules"])


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d.update(version=2), id="another version"),
        pytest.param(lambda d: d["rules"][0].pop("name"), id="a missing field"),
        pytest.param(lambda d: d["rules"][0].update(default="on"), id="a default that is text"),
        pytest.param(lambda d: d["rules"][0].update(fix="maybe"), id="an unknown safety"),
        pytest.param(lambda d: d["rules"][0].update(code="lab1"), id="a code in small letters"),
    ],
)
def test_the_schema_refuses(change):
    told = json.loads(json.dumps(document(rules(), details=True)))
    jsonschema.validate(told, schema(details=True))
    change(told)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, schema(details=True))


def test_the_docstring_names_exactly_the_fields_of_the_schema():
    example = documents.__doc__.partition("::")[2].partition("``documentation``")[0]
    told = set(re.findall(r'"([a-z_]+)"(?=[:,}\]]|\s*$)', example, re.MULTILINE))
    values = {"error", "warning", "safe", "unsafe", "none", "vjpfix", "rebound-by-map"}
    assert told - values == fields(schema(details=True))


def test_a_name_of_a_format_that_does_not_exist_is_one_sentence(tmp_path):
    result = vjpfix(tmp_path, "rules", "--output-format", "xml")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
