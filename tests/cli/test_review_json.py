import io
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import vjpfix
from tests.cli.review_samples import QUESTION, clean_report, question_change, sample_report, source
from vjpfix.model import EditKind, Problem, Report, Safety
from vjpfix.review import jsonout
from vjpfix.review.output import write_report
from vjpfix.review.schema import schema


def written(report):
    stream = io.StringIO()
    write_report(report, "json", stream)
    return json.loads(stream.getvalue())


def sources(path):
    file = source(QUESTION, path)
    return {file.path: file}


SOURCES = sources("question.py")
REPORTS = {
    "a fix, a refusal and a problem": sample_report(),
    "a clean run": clean_report(),
    "an unsafe fix": Report((question_change(safety=Safety.UNSAFE, reason="why"),), (), SOURCES, 1),
    "a problem without a place": Report((), (Problem("no place"),), {}, 0),
    "a name that is no UTF-8": Report((question_change("\udcff\n.py"),), (), sources("\udcff\n.py"), 1),
}


@pytest.mark.parametrize("name", REPORTS)
def test_the_document_fits_its_schema(name):
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(written(REPORTS[name]), schema())


def spoiled(change):
    document = written(sample_report())
    change(document)
    return document


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda d: d.update(version=1), id="another version"),
        pytest.param(lambda d: d["findings"][0].pop("rule"), id="a missing field"),
        pytest.param(lambda d: d["findings"][0].update(column=0), id="a column from 0"),
        pytest.param(lambda d: d["findings"][0].update(certainty="maybe"), id="an unknown certainty"),
        pytest.param(lambda d: d["findings"][0].update(refusal=[]), id="both a fix and a refusal"),
        pytest.param(lambda d: d["findings"][0].update(fix=None), id="neither"),
        pytest.param(lambda d: d["findings"][0]["fix"]["edits"][0].update(kind="?"), id="an unknown edit"),
        pytest.param(lambda d: d["problems"][0].update(line="3"), id="a line that is text"),
    ],
)
def test_the_schema_refuses(change):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoiled(change), schema())


def test_the_values_are_those_of_the_report():
    document = written(sample_report())
    assert document["tool"] == {"name": "vjpfix", "version": vjpfix.__version__}
    assert document["summary"] == {"files": 12, "findings": 2, "fixable": 1, "problems": 1}
    finding = document["findings"][0]
    place = [finding[key] for key in ("path", "line", "column", "end_line", "end_column")]
    assert place == ["question.py", 24, 1, 24, 47]
    assert finding["fix"]["edits"][1] == {
        "path": "question.py",
        "line": 28,
        "column": 36,
        "end_line": 28,
        "end_column": 45,
        "kind": "rename",
        "old": "test_func",
        "new": "test_func_mapped",
    }
    assert document["findings"][1]["refusal"][1] == {
        "message": "`energy` is read by a name in a string",
        "path": "models/steps.py",
        "line": 4,
        "column": 12,
    }


def test_an_unsafe_fix_is_not_counted_as_fixable():
    document = written(Report((question_change(safety=Safety.UNSAFE),), (), SOURCES, 1))
    assert document["summary"]["fixable"] == 0
    assert document["findings"][0]["fix"]["safety"] == "unsafe"


def test_the_text_is_ascii_and_loses_nothing():
    change = question_change()
    message = "\x1b[31m \u202e é 変 🎉"
    change = replace(change, finding=replace(change.finding, message=message, path=Path("変.py")))
    text = jsonout.json_text(Report((change,), (), SOURCES, 1))
    assert text.isascii()
    assert "\x1b" not in text
    assert json.loads(text)["findings"][0]["message"] == message


def test_the_documentation_of_the_document_names_every_kind_of_edit():
    named = re.search(r'"kind": (.*?), "old"', jsonout.__doc__, re.DOTALL)[1]
    assert set(re.findall(r'"(\w+)"', named)) == {kind.value for kind in EditKind}


def test_the_docstring_names_exactly_the_fields_of_the_schema():
    example = jsonout.__doc__.partition("::")[2].partition("\nLines and columns")[0]
    told = set(re.findall(r'"([a-z_]+)"(?=[:,}\]]|\s*$)', example, re.MULTILINE))
    values = {kind.value for kind in EditKind}
    values |= {"error", "warning", "safe", "unsafe", "none", "vjpfix", "f", "f_mapped"}
    assert told - values == fields(schema())


def fields(part):
    if isinstance(part, list):
        return set().union(*map(fields, part))
    if not isinstance(part, dict):
        return set()
    own = set(part.get("properties", {}))
    return own.union(*map(fields, part.values()))
