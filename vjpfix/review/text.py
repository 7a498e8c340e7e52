"""The report that `check` shows: each finding with its source, the guilty read, and what a fix will do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rich.text import Text

from vjpfix.model import Certainty, Change, Finding, Note, Refusal, Report, Safety, SourceFile
from vjpfix.review.concise import problem_line, stopped_lines
from vjpfix.review.console import Look
from vjpfix.review.escape import escape
from vjpfix.review.excerpt import Mark, excerpt, gutter, gutter_width
from vjpfix.review.place import place
from vjpfix.review.summary import count
from vjpfix.review.wrapping import wrapped

_INDENT = 4
_NOTE_STYLE = "bold cyan"

Sources = Mapping[Path, SourceFile]


def report_lines(report: Report, look: Look) -> Iterator[Text]:
    """All findings, each followed by an empty line, then the problems likewise.

    No line is wider than the screen, but for words that are.
    """
    for outcome in report.outcomes:
        yield from outcome_lines(outcome, report.sources, look)
        yield Text()
    for problem in report.problems:
        sentence = Text.assemble(("problem", "bold red"), ": ", problem_line(problem, look.encoding))
        yield from wrapped(sentence, look.width, _INDENT)
        for line in stopped_lines(problem, look.encoding):
            yield from wrapped(Text(line), look.width, _INDENT)
    if report.problems:
        yield Text()


def outcome_lines(outcome: Change | Refusal, sources: Sources, look: Look) -> Iterator[Text]:
    """One finding: what and where, the source, the places that matter, and the help or the refusal."""
    finding = outcome.finding
    reasons = outcome.reasons if isinstance(outcome, Refusal) else ()
    width = gutter_width([finding.span, *(note.span for note in (*finding.related, *reasons))])
    yield from headline(finding, look)
    here = Note("", finding.path, finding.span)
    yield from places([here, *finding.related], sources, look, width, finding.path, severity(finding))
    yield gutter(look, width)
    if isinstance(outcome, Change):
        yield from _aside("help", help_text(outcome), "bold green", look, width)
        return
    for index, reason in enumerate(reasons):
        if index:
            yield gutter(look, width)
        yield from _aside("not fixed", _located(reason, finding), "bold yellow", look, width)
        yield from places([replace(reason, message="")], sources, look, width, finding.path)


def headline(finding: Finding, look: Look) -> list[Text]:
    """``path:line:col: VJP001 error: message``, wrapped."""
    sentence = Text.assemble(
        (place(finding.path, finding.span, look.encoding), "bold"),
        ": ",
        (f"{finding.rule} {finding.certainty.value}", severity(finding)),
        ": ",
        (escape(finding.message, look.encoding), "bold"),
    )
    return wrapped(sentence, look.width, _INDENT)


def severity(finding: Finding) -> str:
    """The style of the finding's certainty."""
    return "bold red" if finding.certainty is Certainty.ERROR else "bold yellow"


def places(
    notes: Sequence[Note],
    sources: Sources,
    look: Look,
    width: int,
    main: Path,
    first_style: str = _NOTE_STYLE,
) -> Iterator[Text]:
    """Excerpts with the notes' messages as labels; those in one file together, in the order of its lines.

    Only the first note has ``first_style``. What is in another file than ``main`` is headed by its place.
    """
    marks = [Mark(note.span, note.message, _NOTE_STYLE if i else first_style) for i, note in enumerate(notes)]
    for path in dict.fromkeys(note.path for note in notes):
        here = [mark for mark, note in zip(marks, notes, strict=True) if note.path == path]
        if path != main:
            yield Text(f" {'':{width}} ::: {place(path, here[0].span, look.encoding)}", style="dim")
        if path in sources:
            yield gutter(look, width)
            yield from excerpt(sources[path], here, look, width)
            continue
        for mark in here:
            if mark.label:
                yield from _aside("note", mark.label, mark.style, look, width)


def help_text(change: Change) -> str:
    """What `vjpfix fix` will do, in one sentence."""
    size = count(len(change.edits), "edit")
    if len(change.paths) > 1:
        size += f" in {count(len(change.paths), 'file')}"
    if change.safety is Safety.NONE:
        return f"there is no fix: {change.reason}" if change.reason else "there is no fix"
    version = "original" if _renames_original(change) else f"{change.version} version"
    deed = f"names the {version} `{change.new_name}` ({size})" if change.new_name else f"mends this ({size})"
    sentence = f"`vjpfix fix` {deed}"
    if change.safety is Safety.UNSAFE:
        sentence += ", but only with --unsafe-fixes"
    return f"{sentence}: {change.reason}" if change.reason else sentence


def _renames_original(change: Change) -> bool:
    """Whether the original gets the new name: then the reads of the rules take it."""
    reads = {(note.path, note.span) for note in change.finding.related}
    return any((edit.path, edit.span) in reads for edit in change.edits)


def _located(reason: Note, finding: Finding) -> str:
    """The reason with its line; what is in another file is headed by its place."""
    here = reason.path == finding.path
    return f"line {reason.span.line}: {reason.message}" if here else reason.message


def _aside(label: str, sentence: str, style: str, look: Look, width: int) -> list[Text]:
    start = Text.assemble((f" {'':{width}} = ", "dim"))
    body = Text.assemble((label, style), ": ", escape(sentence, look.encoding))
    first, *rest = wrapped(body, look.width - len(start), _INDENT // 2)
    return [start + first, *(Text(" " * len(start)) + line for line in rest)]
