"""Both runs side by side, what differs, and the verdict, as people read it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence

from rich.text import Text

from vjpfix.review.console import Look
from vjpfix.review.escape import escape
from vjpfix.review.layout import fitting
from vjpfix.review.wrapping import wrapped
from vjpfix.runtime.report import Gradient, Report
from vjpfix.runtime.text import counted, shown
from vjpfix.verify.comparing import percent
from vjpfix.verify.model import Comparison, Run, TestChange, Trial, Verdict, Verification

_INDENT = 4
_PROSE = 100
_LABEL = 26
_COLUMN = 26
_MOST_TESTS = 20
_MOST_LINES = 12
_HEADS = ("as it is", "with the fix")
_STYLES = {
    Verdict.BETTER: "bold green",
    Verdict.EQUAL: "bold green",
    Verdict.WORSE: "bold red",
    Verdict.UNKNOWN: "bold yellow",
}
_VERDICTS = {
    Verdict.BETTER: "the fix is better",
    Verdict.EQUAL: "the fix is no worse",
    Verdict.WORSE: "the fix is worse",
    Verdict.UNKNOWN: "not shown",
}


def verification_lines(found: Verification, look: Look) -> Iterator[Text]:
    """Every command with its table, its differences and what follows, each followed by an empty line."""
    for trial in found.trials:
        yield from _wrapped(Text(escape(_spelled(trial.command), look.encoding), style="bold"), look)
        yield from _table(trial, look)
        yield Text()
        yield from _tests(trial.comparison.tests, look)
        yield from _reports(trial.comparison, look)
        yield from _outputs(trial, look)
        yield from _verdict(trial.comparison, look)
        yield Text()
    if found.left_out:
        names = ", ".join(found.left_out[:5]) + (look.ellipsis if len(found.left_out) > 5 else "")
        yield from _aside(
            "not copied", "cyan", f"{names} (ignored by git and large, or not to be read)", look
        )
        yield Text()


def _spelled(command: Sequence[str]) -> str:
    """The command as one would type it."""
    program, *arguments = command
    return shlex.join(["python" if program == sys.executable else program, *arguments])


def _table(trial: Trial, look: Look) -> Iterator[Text]:
    first = min(_LABEL, look.width // 3)
    column = min((look.width - first - 4) // 2, _COLUMN)
    for label, cells in [("", [*_HEADS]), *_rows(trial)]:
        if not cells:
            yield from _wrapped(Text(f"  {escape(label, look.encoding)}"), look)
            continue
        texts = [_cut(escape(cell, look.encoding), column, look) for cell in cells]
        style = "dim" if not label else ""
        line = Text("  " + _cut(escape(label, look.encoding), first - 2, look).ljust(first))
        line.append(texts[0].ljust(column + 2), style)
        line.append(texts[1], style)
        yield line


def _rows(trial: Trial) -> Iterator[tuple[str, list[str]]]:
    """A label, and what there is to say of each of the two runs."""
    runs = (trial.before, trial.after)
    yield "exit code", [run.ending for run in runs]
    if any(run.tests for run in runs):
        yield "tests", [_counts(run) for run in runs]
    yield "seen by the guard", [counted(run.reports) if run.jax else "no JAX" for run in runs]
    for each in trial.comparison.slopes:
        both = (each.before, each.after)
        yield f"gradient of `{each.function}`", []
        yield "  by its rule", [f"{g.derivative:.6g}" if g else "not seen" for g in both]
        if any(both):
            yield "  finite difference", [f"{g.difference:.6g}" if g else "" for g in both]
            yield "  they", [_agreement(g) for g in both]


def _counts(run: Run) -> str:
    counts = {
        "passed": run.count("passed"),
        "failed": run.count("failed", "error"),
        "skipped": run.count("skipped"),
    }
    return ", ".join(f"{number} {what}" for what, number in counts.items() if number) or "none"


def _agreement(gradient: Gradient | None) -> str:
    if gradient is None:
        return ""
    return "agree" if gradient.agrees else f"differ, by {percent(gradient)}"


def _tests(changes: tuple[TestChange, ...], look: Look) -> Iterator[Text]:
    if not changes:
        return
    yield Text("tests that differ", style="bold")
    for change in changes[:_MOST_TESTS]:
        ends = f"{change.before or 'not run'} -> {change.after or 'not run'}"
        yield from _wrapped(Text(f"  {escape(change.name, look.encoding)}: {ends}"), look)
    if len(changes) > _MOST_TESTS:
        yield Text(f"  and {len(changes) - _MOST_TESTS} more")
    yield Text()


def _reports(comparison: Comparison, look: Look) -> Iterator[Text]:
    groups: tuple[tuple[str, str, Iterable[Report]], ...] = (
        ("gone with the fix", "green", comparison.gone),
        ("new with the fix", "red", comparison.new),
        ("seen on both", "yellow", comparison.remain),
    )
    for title, style, reports in groups:
        if reports:
            yield Text(f"{title}, by the guard", style=f"bold {style}")
            for report in reports:
                yield from _wrapped(Text(f"  {shown(report).partition(chr(10))[0]}"), look)
            yield Text()


def _outputs(trial: Trial, look: Look) -> Iterator[Text]:
    """The end of what the run with the fix wrote, where it failed and is no better."""
    if trial.after.severity and trial.comparison.verdict is not Verdict.BETTER:
        yield Text("the end of its output, with the fix", style="bold")
        lines = trial.after.output.rstrip().splitlines()[-_MOST_LINES:] or ["(none)"]
        for line in lines:
            text = escape(line.expandtabs(4), look.encoding)
            yield Text(f"  {_cut(text, look.width - 2, look)}", style="dim")
        yield Text()


def _verdict(comparison: Comparison, look: Look) -> Iterator[Text]:
    verdict = comparison.verdict
    reasons, notes = comparison.worse or comparison.better, comparison.notes
    if verdict is Verdict.UNKNOWN:
        reasons, notes = notes, ()
    yield from _aside(_VERDICTS[verdict], _STYLES[verdict], "", look, more=bool(reasons))
    for reason in reasons:
        yield from _wrapped(Text(f"  - {escape(reason, look.encoding)}"), look)
    for note in notes:
        yield from _aside("note", "cyan", note, look)


def _aside(title: str, style: str, sentence: str, look: Look, *, more: bool = False) -> Iterator[Text]:
    colon = ": " if sentence else ":" if more else ""
    text = Text.assemble((title, style), colon, escape(sentence, look.encoding))
    yield from _wrapped(text, look)


def _wrapped(text: Text, look: Look) -> Iterator[Text]:
    yield from wrapped(text, min(look.width, _PROSE), _INDENT)


def _cut(text: str, width: int, look: Look) -> str:
    end = fitting(text, 0, width)
    if end == len(text):
        return text
    return text[: fitting(text, 0, max(width - len(look.ellipsis), 1))] + look.ellipsis
