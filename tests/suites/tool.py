"""What the tool makes of a case, in a folder of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from vjpfix.cli.batches import batches, safe_changes
from vjpfix.config import Config
from vjpfix.model import Refusal, Report
from vjpfix.pipeline import run
from vjpfix.settings import Settings, settings

from .case import ORIGINAL, Case


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def settings_of(case: Case, folder: Path, rename: str) -> Settings:
    switches = tomllib.loads(case.keys.get("switches", ""))
    config = Config(root=folder, **case.options)  # type: ignore[arg-type]
    return settings(config, original=rename == ORIGINAL, **switches)


def report_of(case: Case, folder: Path, chosen: Settings) -> Report:
    given = [folder / path for path in case.words("given")] or [folder]
    report = run(given, chosen)
    assert not report.problems or case.words("broken"), report.problems
    return report


def fix(case: Case, folder: Path, chosen: Settings) -> Report:
    """Writes what the tool makes of the folder into it."""
    report = report_of(case, folder, chosen)
    changes = safe_changes(report, unsafe=case.keys.get("fix") == "unsafe")
    made, problems = batches(changes, report, chosen)
    assert not problems
    for batch in made:
        for file in batch.files:
            file.source.real_path.write_bytes(file.data)
    return report


def reasons(report: Report, folder: Path) -> Iterator[tuple[str, range, str]]:
    """The reasons of all refusals: path, lines, message."""
    for outcome in report.outcomes:
        for note in outcome.reasons if isinstance(outcome, Refusal) else ():
            path = note.path.resolve().relative_to(folder.resolve()).as_posix()
            yield path, range(note.span.line, max(note.span.line, note.span.end_line) + 1), note.message
