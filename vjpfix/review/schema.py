"""The JSON Schema of what `jsonout` writes."""

from __future__ import annotations

from vjpfix.model import Certainty, EditKind, Safety
from vjpfix.review.jsonout import SCHEMA_VERSION

Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
_POSITION: Schema = {"type": "integer", "minimum": 1}
_START: dict[str, Schema] = {"path": TEXT, "line": _POSITION, "column": _POSITION}
_RANGE: dict[str, Schema] = {**_START, "end_line": _POSITION, "end_column": _POSITION}


def schema() -> Schema:
    """The schema, of the 2020-12 dialect, for the present version of the document."""
    return {
        "$schema": DIALECT,
        "title": "vjpfix report",
        **record(
            version={"const": SCHEMA_VERSION},
            tool=tool_schema(),
            findings=list_of(finding_schema()),
            problems=list_of(problem_schema()),
            remarks=list_of(TEXT),
            summary=record(files=NUMBER, findings=NUMBER, fixable=NUMBER, problems=NUMBER),
        ),
    }


def problem_schema() -> Schema:
    """What `problem_record` makes."""
    return record(path=or_null(TEXT), line=or_null(_POSITION), message=TEXT)


def finding_schema() -> Schema:
    """What `finding_record` makes."""
    fields = record(
        rule={"type": "string", "pattern": "^[A-Z]+[0-9]+$"},
        **_RANGE,
        message=TEXT,
        certainty={"enum": [certainty.value for certainty in Certainty]},
        subject=TEXT,
        related=list_of(record(message=TEXT, **_RANGE)),
        fix=or_null(_fix()),
        refusal=or_null(list_of(record(message=TEXT, **_START))),
    )
    one_is_null = [{"properties": {name: {"type": "null"}}} for name in ("fix", "refusal")]
    return {**fields, "oneOf": one_is_null}


def _fix() -> Schema:
    edit = record(**_RANGE, kind={"enum": [kind.value for kind in EditKind]}, old=TEXT, new=TEXT)
    safety: Schema = {"enum": [safety.value for safety in Safety]}
    return record(safety=safety, new_name=TEXT, reason=TEXT, edits=list_of(edit))


def tool_schema() -> Schema:
    """Who wrote a document."""
    return record(name={"const": "vjpfix"}, version=TEXT)


def record(**fields: Schema) -> Schema:
    """An object that has all of these fields."""
    return {"type": "object", "properties": fields, "required": list(fields)}


def list_of(item: Schema) -> Schema:
    """A list of such items."""
    return {"type": "array", "items": item}


def or_null(value: Schema) -> Schema:
    """Such a value, or null."""
    return {"anyOf": [value, {"type": "null"}]}
