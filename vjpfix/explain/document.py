"""The rules as JSON, for programs.

The document, version 1 (`schema` gives the same as a JSON Schema)::

    {
      "version": 3,
      "tool": {"name": "vjpfix", "version": "0.1.0"},
      "rules": [
        {
          "code": "VJP001", "name": "rebound-by-map", "package": "vjpfix",
          "default": true,
          "certainty": "error" | "warning",
          "fix": "safe" | "unsafe" | "none",
          "summary": "…",
          "documentation": ["…"],
          "bad": [{"code": "…", "fixed": "…" | null, "ops": "…"}],
          "good": [{"code": "…", "ops": "…"}]
        }
      ]
    }

``documentation`` has a string for each paragraph; the first is ``summary``. ``ops`` is a module of that name
beside the example, or empty. ``package`` is the one that brings the rule. `vjpfix rules` leaves out
``documentation``, ``bad`` and ``good``, which `vjpfix explain` has.
"""

from __future__ import annotations

from collections.abc import Iterable

from vjpfix.explain.paragraphs import paragraphs, summary
from vjpfix.model import Certainty, Safety
from vjpfix.registry import package_of
from vjpfix.review.jsonout import SCHEMA_VERSION, tool
from vjpfix.review.schema import DIALECT, TEXT, Schema, list_of, or_null, record, tool_schema
from vjpfix.rules.base import Example, Rule


def document(rules: Iterable[Rule], *, details: bool) -> dict[str, object]:
    """The document as dictionaries and lists. ``details``: with documentation and examples."""
    made = [_rule(rule) | (_details(rule) if details else {}) for rule in rules]
    return {"version": SCHEMA_VERSION, "tool": tool(), "rules": made}


def schema(*, details: bool) -> Schema:
    """The schema of the document, of the 2020-12 dialect."""
    fields: dict[str, Schema] = {
        "code": {"type": "string", "pattern": "^[A-Z]+[0-9]+$"},
        "name": TEXT,
        "package": TEXT,
        "default": {"type": "boolean"},
        "certainty": {"enum": [each.value for each in Certainty]},
        "fix": {"enum": [each.value for each in Safety]},
        "summary": TEXT,
    }
    if details:
        fields["documentation"] = list_of(TEXT)
        fields["bad"] = list_of(record(code=TEXT, fixed=or_null(TEXT), ops=TEXT))
        fields["good"] = list_of(record(code=TEXT, ops=TEXT))
    rules = list_of(record(**fields))
    body = record(version={"const": SCHEMA_VERSION}, tool=tool_schema(), rules=rules)
    return {"$schema": DIALECT, "title": "vjpfix rules", **body}


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "package": package_of(rule),
        "default": rule.default,
        "certainty": rule.certainty.value,
        "fix": rule.safety.value,
        "summary": summary(rule),
    }


def _details(rule: Rule) -> dict[str, object]:
    return {
        "documentation": list(paragraphs(rule)),
        "bad": [{**_example(each), "fixed": each.fixed} for each in rule.bad],
        "good": [_example(each) for each in rule.good],
    }


def _example(example: Example) -> dict[str, object]:
    return {"code": example.code, "ops": example.ops}
