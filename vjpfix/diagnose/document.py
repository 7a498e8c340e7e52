"""A diagnosis as JSON, for programs.

The document, version 2 (`schema` gives the same as a JSON Schema)::

    {
      "version": 3,
      "tool": {"name": "vjpfix", "version": "0.1.0"},
      "error": null | {"type": "ValueError", "message": "…", "versions": "JAX 0.8.3 to 0.10.2"},
      "causes": [
        {
          "certainty": "certain" | "likely" | "possible",
          "rule": "VJP001" | null,
          "why": "…",
          "place": null | {"path": "…", "line": 12, "function": "f_fwd"},
          "finding": null | {…},
          "command": "vjpfix fix --select VJP001 ops.py"
        }
      ],
      "problems": [{"path": "…" | null, "line": 3 | null, "message": "…"}]
    }

``error`` is null where the text holds none. Without ``causes`` the cause is not known. ``type`` is empty
where only a message was given, ``versions`` where they are not known, ``command`` where there is no fix.
A ``finding`` is as `vjpfix check` tells it. ``problems``: files that could not be read.
"""

from __future__ import annotations

from vjpfix.diagnose.model import Cause, Diagnosis, Sureness
from vjpfix.diagnose.view import command
from vjpfix.model import Report
from vjpfix.review.jsonout import SCHEMA_VERSION, finding_record, problem_record, tool
from vjpfix.review.schema import (
    DIALECT,
    NUMBER,
    TEXT,
    Schema,
    finding_schema,
    list_of,
    or_null,
    problem_schema,
    record,
    tool_schema,
)


def document(found: Diagnosis, report: Report) -> dict[str, object]:
    """The document as dictionaries and lists."""
    raised = found.raised
    error = raised and {"type": raised.kind, "message": raised.message, "versions": found.versions}
    return {
        "version": SCHEMA_VERSION,
        "tool": tool(),
        "error": error,
        "causes": [_cause(cause, report) for cause in found.causes],
        "problems": [problem_record(problem) for problem in report.problems],
    }


def schema() -> Schema:
    """The schema of the document, of the 2020-12 dialect."""
    cause = record(
        certainty={"enum": [each.value for each in Sureness]},
        rule=or_null({"type": "string", "pattern": "^[A-Z]+[0-9]+$"}),
        why=TEXT,
        place=or_null(record(path=TEXT, line=NUMBER, function=TEXT)),
        finding=or_null(finding_schema()),
        command=TEXT,
    )
    body = record(
        version={"const": SCHEMA_VERSION},
        tool=tool_schema(),
        error=or_null(record(type=TEXT, message=TEXT, versions=TEXT)),
        causes=list_of(cause),
        problems=list_of(problem_schema()),
    )
    return {"$schema": DIALECT, "title": "vjpfix diagnosis", **body}


def _cause(cause: Cause, report: Report) -> dict[str, object]:
    place = cause.place
    return {
        "certainty": cause.sureness.value,
        "rule": cause.rule,
        "why": cause.why,
        "place": place and {"path": place.path, "line": place.line, "function": place.function},
        "finding": finding_record(cause.outcome, report.sources) if cause.outcome else None,
        "command": command(cause),
    }
