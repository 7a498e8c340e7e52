"""A report as JSON, for programs.

The document, version 1 (`schema.schema()` gives the same as a JSON Schema)::

    {
      "version": 1,
      "tool": {"name": "vjpfix", "version": "0.1.0"},
      "findings": [
        {
          "rule": "VJP001",
          "path": "pkg/mod.py", "line": 21, "column": 1, "end_line": 21, "end_column": 10,
          "message": "…",
          "certainty": "error" | "warning",
          "subject": "f",
          "related": [{"message", "path", "line", "column", "end_line", "end_column"}],
          "fix": null | {
            "safety": "safe" | "unsafe" | "none", "new_name": "f_mapped", "reason": "…",
            "edits": [{"path", "line", "column", "end_line", "end_column",
                       "kind": "rename" | "alias" | "string" | "word" | "insert" | "append" | "remove"
                               | "replace", "old", "new"}]
          },
          "refusal": null | [{"message", "path", "line", "column"}]
        }
      ],
      "problems": [{"path": "…" | null, "line": 3 | null, "message": "…"}],
      "remarks": ["…"],
      "summary": {"files": 12, "findings": 2, "fixable": 1, "problems": 0}
    }

Lines and columns are from 1; columns count code points; ends are just after the last character. Paths
have forward slashes. Of ``fix`` and ``refusal`` exactly one is null. ``fixable`` counts the safe fixes,
``files`` the files that were looked at. An insert's ``new`` is a statement of its own on the line above,
an append's one below the statement at its place, after a newline for each empty line between. A remove takes
whole lines away, a replace an expression; the other kinds are names, in code or in a string.
``remarks`` say where was not looked, though nobody asked to leave it out.
``version`` changes when a field changes its meaning or goes away; a new field does not change it.
The text is ASCII: everything else is escaped as JSON does.
"""

from __future__ import annotations

import json

import vjpfix
from vjpfix.model import Change, Edit, Note, Problem, Refusal, Report, Span
from vjpfix.review.summary import fixable

SCHEMA_VERSION = 1


def json_text(report: Report) -> str:
    """The whole document, indented by two, with a newline at its end."""
    return dumped(document(report))


def dumped(document: dict[str, object]) -> str:
    """A document as text, indented by two, with a newline at its end."""
    return json.dumps(document, indent=2) + "\n"


def document(report: Report) -> dict[str, object]:
    """The document as dictionaries and lists."""
    return {
        "version": SCHEMA_VERSION,
        "tool": tool(),
        "findings": [finding_record(outcome) for outcome in report.outcomes],
        "problems": [problem_record(problem) for problem in report.problems],
        "remarks": list(report.remarks),
        "summary": {
            "files": report.files,
            "findings": len(report.outcomes),
            "fixable": sum(fixable(outcome) for outcome in report.outcomes),
            "problems": len(report.problems),
        },
    }


def tool() -> dict[str, object]:
    """Who writes the document."""
    return {"name": "vjpfix", "version": vjpfix.__version__}


def finding_record(outcome: Change | Refusal) -> dict[str, object]:
    """One of the findings of a document."""
    finding = outcome.finding
    return {
        "rule": finding.rule,
        "path": finding.path.as_posix(),
        **_range(finding.span),
        "message": finding.message,
        "certainty": finding.certainty.value,
        "subject": finding.subject,
        "related": [_note(note) for note in finding.related],
        "fix": _fix(outcome) if isinstance(outcome, Change) else None,
        "refusal": [_reason(note) for note in outcome.reasons] if isinstance(outcome, Refusal) else None,
    }


def _fix(change: Change) -> dict[str, object]:
    return {
        "safety": change.safety.value,
        "new_name": change.new_name,
        "reason": change.reason,
        "edits": [_edit(edit) for edit in change.edits],
    }


def _edit(edit: Edit) -> dict[str, object]:
    where = {"path": edit.path.as_posix(), **_range(edit.span)}
    return {**where, "kind": edit.kind.value, "old": edit.old, "new": edit.new}


def _note(note: Note) -> dict[str, object]:
    return {"message": note.message, "path": note.path.as_posix(), **_range(note.span)}


def _reason(note: Note) -> dict[str, object]:
    where = {"line": note.span.line, "column": note.span.column + 1}
    return {"message": note.message, "path": note.path.as_posix(), **where}


def problem_record(problem: Problem) -> dict[str, object]:
    """One of the problems of a document."""
    path = None if problem.path is None else problem.path.as_posix()
    return {"path": path, "line": problem.line, "message": problem.message}


def _range(span: Span) -> dict[str, object]:
    return {
        "line": span.line,
        "column": span.column + 1,
        "end_line": span.end_line,
        "end_column": span.end_column + 1,
    }
