"""What `vjpfix verify --output-format json` writes.

The document, version 2 (`schema` gives the same as a JSON Schema)::

    {
      "version": 3,
      "tool": {"name": "vjpfix", "version": "0.1.0"},
      "verdict": "better" | "equal" | "worse" | "unknown" | null,
      "findings": [{…}],
      "trials": [
        {
          "command": ["pytest", "-q"],
          "verdict": "better" | "equal" | "worse" | "unknown",
          "better": ["…"], "worse": ["…"], "notes": ["…"],
          "before": {
            "exit_code": 1 | null, "seconds": 2.5, "output": "…", "jax": true,
            "tests": {"tests/test_ops.py::test_grad": "passed" | "failed" | "error" | "skipped"},
            "reports": [{…}], "gradients": [{…}], "called": ["f"]
          },
          "after": {…}
        }
      ],
      "left_out": ["data/large"],
      "problems": [{"path": "…" | null, "line": 3 | null, "message": "…"}]
    }

``verdict`` is null where there was no fix to try. ``findings`` are as `vjpfix check` tells them.
``exit_code`` is null where the time was up and negative where a signal ended the command. ``output`` is the
end of what it wrote. ``jax``: some process of it ran JAX under the guard. ``reports`` and ``gradients`` are
those of `vjpfix run --report`; their files are the project's. ``left_out``: what was not copied, for its
size.
"""

from __future__ import annotations

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
from vjpfix.runtime.report import Check, Level
from vjpfix.verify.model import Run, Trial, Verdict, Verification

_OUTPUT = 4000


def document(report: Report, found: Verification | None) -> dict[str, object]:
    """The document as dictionaries and lists."""
    return {
        "version": SCHEMA_VERSION,
        "tool": tool(),
        "verdict": found.verdict.value if found else None,
        "findings": [finding_record(outcome, report.sources) for outcome in report.outcomes],
        "trials": [_trial(trial) for trial in found.trials] if found else [],
        "left_out": list(found.left_out) if found else [],
        "problems": [problem_record(problem) for problem in report.problems],
    }


def schema() -> Schema:
    """The schema of the document, of the 2020-12 dialect."""
    verdict: Schema = {"enum": [each.value for each in Verdict]}
    body = record(
        version={"const": SCHEMA_VERSION},
        tool=tool_schema(),
        verdict=or_null(verdict),
        findings=list_of(finding_schema()),
        trials=list_of(
            record(
                command=list_of(TEXT),
                verdict=verdict,
                better=list_of(TEXT),
                worse=list_of(TEXT),
                notes=list_of(TEXT),
                before=_run_schema(),
                after=_run_schema(),
            )
        ),
        left_out=list_of(TEXT),
        problems=list_of(problem_schema()),
    )
    return {"$schema": DIALECT, "title": "vjpfix verification", **body}


def _run_schema() -> Schema:
    number: Schema = {"type": "number"}
    place = or_null(record(file=TEXT, line=NUMBER))
    outcome: Schema = {"enum": ["passed", "failed", "error", "skipped"]}
    truth: Schema = {"type": "boolean"}
    report = record(
        check={"enum": [each.value for each in Check]},
        level={"enum": [each.value for each in Level]},
        message=TEXT,
        function=TEXT,
        **{name: or_null(TEXT) for name in ("code", "role", "rule", "transform", "help")},
        call=place,
        rebinding=place,
    )
    gradient = record(
        **dict.fromkeys(("function", "rule", "precision"), TEXT),
        **dict.fromkeys(("derivative", "difference", "error", "tolerance"), number),
        agrees=truth,
        call=place,
    )
    return record(
        exit_code=or_null({"type": "integer"}),
        seconds=number,
        output=TEXT,
        jax=truth,
        tests={"type": "object", "additionalProperties": outcome},
        reports=list_of(report),
        gradients=list_of(gradient),
        called=list_of(TEXT),
    )


def _trial(trial: Trial) -> dict[str, object]:
    comparison = trial.comparison
    return {
        "command": list(trial.command),
        "verdict": comparison.verdict.value,
        "better": list(comparison.better),
        "worse": list(comparison.worse),
        "notes": list(comparison.notes),
        "before": _run(trial.before),
        "after": _run(trial.after),
    }


def _run(run: Run) -> dict[str, object]:
    return {
        "exit_code": run.code,
        "seconds": round(run.seconds, 3),
        "output": run.output[-_OUTPUT:],
        "jax": run.jax,
        "tests": dict(run.tests),
        "reports": [report.as_json() for report in run.reports],
        "gradients": [gradient.as_json() for gradient in run.gradients],
        "called": sorted(run.called),
    }
