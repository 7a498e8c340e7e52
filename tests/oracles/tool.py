"""The one place that knows the tool: its pipeline, from the files of a program to those it would write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from vjpfix.cli.batches import Batch, batches, safe_changes
from vjpfix.config import Config
from vjpfix.model import Change, Report
from vjpfix.pipeline import run, run_data
from vjpfix.settings import Settings, settings

from .generator.scene import FIXED, REFUSED

OTHER_RULES = ("VJP1", "VJP2", "VJP3")  # about the contracts of rules, which programs break at random


@dataclass(frozen=True, slots=True)
class Answer:
    """What the tool said of one finding: the file, the name it is about and the line, and for a refusal why."""

    path: str
    name: str
    status: str
    new_name: str = ""
    reasons: tuple[str, ...] = ()
    line: int = 1


@dataclass(frozen=True, slots=True)
class Said:
    """What the tool made of a program. ``files``: all of them, as they are then. ``asked``: where it is the real one,
    the report that it gave, the settings, and the changes together."""

    answers: tuple[Answer, ...]
    problems: tuple[tuple[str, str], ...]
    files: Mapping[str, bytes]
    asked: tuple[Report, Settings, list[Batch]] | None = None


class Fixer(Protocol):
    """The tool, from files to what it would make of them."""

    def __call__(self, files: Mapping[str, bytes], /, *, original: bool = False) -> Said: ...


def write(files: Mapping[str, bytes], top: Path) -> None:
    for path, data in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(data)


@dataclass
class Tool:
    """The tool with its default rules about names, as ``vjpfix fix --yes --unsafe-fixes`` has them.

    ``folder``: where projects are written, each into a folder of its own. A single file is not written.
    """

    folder: Path
    number: int = 0

    def __call__(self, files: Mapping[str, bytes], /, *, original: bool = False) -> Said:
        top = Path()
        if len(files) > 1:
            self.number += 1
            top = self.folder / str(self.number)
            write(files, top)
        made = settings(Config(root=top, ignore=OTHER_RULES), original=original)
        if len(files) > 1:
            report = run([top], made)
        else:
            ((path, data),) = files.items()
            report = run_data(Path(path), data, made)
        batched, failed = batches(safe_changes(report, unsafe=True), report, made)
        new = {_below(top, file.source.path): file.data for batch in batched for file in batch.files}
        told = tuple((_below(top, each.path), each.message) for each in (*report.problems, *failed))
        return Said(_answers(report, top), told, {**files, **new}, (report, made, batched))


def _answers(report: Report, top: Path) -> tuple[Answer, ...]:
    found = []
    for outcome in report.outcomes:
        path, name = _below(top, outcome.finding.path), outcome.finding.subject
        line = outcome.finding.span.line
        if isinstance(outcome, Change):
            found.append(Answer(path, name, FIXED, outcome.new_name, line=line))
        else:
            reasons = (
                f"{_below(top, each.path)}:{each.span.line}: {each.message}" for each in outcome.reasons
            )
            found.append(Answer(path, name, REFUSED, reasons=tuple(reasons), line=line))
    return tuple(found)


def _below(top: Path, path: Path | None) -> str:
    """The path from the project's top, however the tool shows it."""
    return path.resolve().relative_to(top.resolve()).as_posix() if path else "nowhere"
