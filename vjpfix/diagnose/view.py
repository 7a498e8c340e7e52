"""A diagnosis as people read it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from rich.text import Text

from vjpfix.diagnose.model import Cause, Diagnosis, Sureness
from vjpfix.diagnose.texts import recognised
from vjpfix.model import Change, Report, Safety
from vjpfix.review.console import Look
from vjpfix.review.diffview import change_lines
from vjpfix.review.escape import escape
from vjpfix.review.text import outcome_lines
from vjpfix.review.wrapping import wrapped

_INDENT = 4
_MOST = 300  # characters of an error that are shown
_PROSE = 100
_STYLES = {Sureness.CERTAIN: "bold red", Sureness.LIKELY: "bold yellow", Sureness.POSSIBLE: "bold cyan"}

Names = Mapping[str, str]
"""The name of each rule, by its code."""


def diagnosis_lines(found: Diagnosis, report: Report, rules: Names, look: Look) -> Iterator[Text]:
    """The error, its causes, and for each what is known of the place and the fix."""
    if found.raised is None:
        yield Text("There is no error in this text.")
        return
    shown = found.raised.text
    shown = shown if len(shown) <= _MOST else shown[:_MOST].rstrip() + look.ellipsis
    yield from wrapped(Text(escape(shown, look.encoding), style="bold"), _width(look), _INDENT)
    if found.versions:
        yield from wrapped(Text(f"(these are the words of {found.versions})", style="dim"), _width(look))
    yield Text()
    for cause in found.causes:
        yield from _cause_lines(cause, report, rules, look)
    if not found.causes:
        yield from wrapped(Text(unknown(found)), _width(look))


def unknown(found: Diagnosis) -> str:
    """That nothing is known, in one sentence."""
    if found.raised and recognised(found.raised):
        return (
            "vjpfix does not know the cause: a mistake with custom derivative rules may raise this error, "
            "but nothing here points to one."
        )
    return "vjpfix does not know this error: no mistake with custom derivative rules is known for it."


def command(cause: Cause) -> str:
    """What applies the fix of a cause, or nothing where there is none."""
    outcome = cause.outcome
    if not isinstance(outcome, Change) or outcome.safety is Safety.NONE:
        return ""
    finding = outcome.finding
    option = "--unsafe-fixes " if outcome.safety is Safety.UNSAFE else ""
    return f"vjpfix fix {option}--select {finding.rule} {shlex.quote(str(finding.path))}"


def _cause_lines(cause: Cause, report: Report, rules: Names, look: Look) -> Iterator[Text]:
    known = cause.rule is not None and cause.rule in rules
    rule = f"{cause.rule} {rules[cause.rule or '']}: " if known else ""
    sentence = Text.assemble(
        (cause.sureness.value, _STYLES[cause.sureness]),
        ": ",
        (rule, "bold"),
        escape(cause.why, look.encoding),
    )
    yield from wrapped(sentence, _width(look), _INDENT)
    place = cause.place
    if place:
        where = f"{place.path}:{place.line}" + (f" in {place.function}" if place.function else "")
        yield from wrapped(Text(f"    raised at {escape(where, look.encoding)}"), _width(look), _INDENT)
    yield Text()
    outcome = cause.outcome
    if outcome is None:
        if known:
            yield from _aside(f"`vjpfix explain {cause.rule}` says more, {_search(cause)}", look)
        return
    if isinstance(outcome, Change) and outcome.edits:
        yield from change_lines(outcome, report.rewritten.get(outcome.finding, ()), report.sources, look)
    else:
        yield from outcome_lines(outcome, report.sources, look)
        yield Text()
    if applied := command(cause):
        yield from _aside(f"to apply this: {escape(applied, look.encoding)}", look)


def _search(cause: Cause) -> str:
    """Where the place of a cause without a finding may be."""
    if cause.place and cause.place.file:
        return "the files of the traceback do not show the place"
    return f"`vjpfix check --select {cause.rule}` looks for the place"


def _aside(sentence: str, look: Look) -> Iterator[Text]:
    yield from wrapped(Text(sentence), _width(look), _INDENT)
    yield Text()


def _width(look: Look) -> int:
    """Sentences are easy to read in lines that are not too long."""
    return min(look.width, _PROSE)
