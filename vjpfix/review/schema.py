"""The JSON Schema of what `jsonout` writes."""

from __future__ import annotations

from vjpfix.model import Certainty, EditKind, Safety
from vjpfix.review.jsonout import SCHEMA_VERSION

_Schema = dict[str, object]

_TEXT: _Schema = {"type": "string"}
_NUMBER: _Schema = {"type": "integer", "minimum": 0}
_POSITION: _Schema = {"type": "integer", "minimum": 1}
_START: dict[str, _Schema] = {"path": _TEXT, "line": _POSITION, "column": _POSITION}
_RANGE: dict[str, _Schema] = {**_START, "end_line": _POSITION, "end_column": _POSITION}


def schema() -> dict[str, object]:
    """The schema, of the 2020-12 dialect, for the present version of the document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "vjpfix report",
        **_record(
            version={"const": SCHEMA_VERSION},
            tool=_record(name={"const": "vjpfix"}, version=_TEXT),
            findings=_list(_finding()),
            problems=_list(_record(path=_or_null(_TEXT), line=_or_null(_POSITION), message=_TEXT)),
            summary=_record(files=_NUMBER, findings=_NUMBER, fixable=_NUMBER, problems=_NUMBER),
        ),
    }


def _finding() -> _Schema:
    fields = _record(
        rule={"type": "string", "pattern": "^VJP[0-9]{3}$"},
        **_RANGE,
        message=_TEXT,
        certainty={"enum": [certainty.value for certainty in Certainty]},
        subject=_TEXT,
        related=_list(_record(message=_TEXT, **_RANGE)),
        fix=_or_null(_fix()),
        refusal=_or_null(_list(_record(message=_TEXT, **_START))),
    )
    one_is_null = [{"properties": {name: {"type": "null"}}} for name in ("fix", "refusal")]
    return {**fields, "oneOf": one_is_null}


def _fix() -> _Schema:
    edit = _record(**_RANGE, kind={"enum": [kind.value for kind in EditKind]}, old=_TEXT, new=_TEXT)
    safety: _Schema = {"enum": [safety.value for safety in Safety]}
    return _record(safety=safety, new_name=_TEXT, reason=_TEXT, edits=_list(edit))


def _record(**fields: _Schema) -> _Schema:
    return {"type": "object", "properties": fields, "required": list(fields)}


def _list(item: _Schema) -> _Schema:
    return {"type": "array", "items": item}


def _or_null(value: _Schema) -> _Schema:
    return {"anyOf": [value, {"type": "null"}]}
