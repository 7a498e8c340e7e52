"""A report as JSON, for programs.

The document, version 2 (`schema.schema()` gives the same as a JSON Schema)::

    {
      "version": 3,
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

Lines and columns are from 1; ends are just after the last character. Lines end in ``\\n``, ``\\r\\n`` or
``\\r`` and nowhere else. Columns count code points of the text (not bytes, nor the units of UTF-16), in which
a byte order mark is not counted. Paths have forward slashes. Of ``fix`` and ``refusal`` exactly one is null.
``fixable`` counts the safe fixes, ``files`` the files that were looked at.

Each of the ``edits`` is a plain replacement: what stands from its line and column up to its end, which is
``old``, becomes ``new``, with line ends as the file has them. ``kind`` is a label, and need not be known to
apply it. All edits of a fix go together. They do not overlap, no two begin at one place, and those of a file
stand in the order of their places, so they can be applied from the last to the first. Where several fixes
change one file, of edits that begin at one place the one that ends first comes first, and then the one that
stands first in the document. That gives what `vjpfix diff` prints.

``remarks`` say where was not looked, though nobody asked to leave it out.

``version`` changes when a field changes its meaning or goes away; a new field does not change it. In version
1 whoever applied the edits had to know what each kind meant. The text is ASCII: everything else is escaped as
JSON does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import vjpfix
from vjpfix.edits import apart, plain
from vjpfix.model import Change, Edit, Note, Problem, Refusal, Report, SourceFile, Span
from vjpfix.review.summary import fixable

SCHEMA_VERSION = 3  # of all documents

Sources = Mapping[Path, SourceFile]


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
        "findings": [finding_record(outcome, report.sources) for outcome in report.outcomes],
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


def finding_record(outcome: Change | Refusal, sources: Sources) -> dict[str, object]:
    """One of the findings of a document. ``sources``: the report's."""
    finding = outcome.finding
    return {
        "rule": finding.rule,
        "path": finding.path.as_posix(),
        **_range(finding.span),
        "message": finding.message,
        "certainty": finding.certainty.value,
        "subject": finding.subject,
        "related": [_note(note) for note in finding.related],
        "fix": _fix(outcome, sources) if isinstance(outcome, Change) else None,
        "refusal": [_reason(note) for note in outcome.reasons] if isinstance(outcome, Refusal) else None,
    }


def _fix(change: Change, sources: Sources) -> dict[str, object]:
    return {
        "safety": change.safety.value,
        "new_name": change.new_name,
        "reason": change.reason,
        "edits": [_edit(edit) for edit in _edits(change, sources)],
    }


def _edits(change: Change, sources: Sources) -> Iterator[Edit]:
    for path in dict.fromkeys(edit.path for edit in change.edits):
        own = [edit for edit in change.edits if edit.path == path]
        yield from apart(plain(sources[path].text, own))


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
