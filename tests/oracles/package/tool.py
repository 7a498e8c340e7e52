"""The one place that knows the tool: its pipeline as a ``Fixer``."""

from __future__ import annotations

from pathlib import Path

from vjpfix.cli.batches import batches, safe_changes
from vjpfix.config import Config
from vjpfix.model import Change, Report
from vjpfix.pipeline import run
from vjpfix.settings import settings

from .check import Answer, Fixer, ToolRun
from .project import Strategy

OTHER_RULES = ("VJP1", "VJP2", "VJP3")  # about the contracts of rules, which programs break at random


def make_tool() -> Fixer:
    """The tool with its default rules about names, fixing a folder as ``vjpfix fix --yes`` would."""

    def fix(top: Path, strategy: Strategy) -> ToolRun:
        made = settings(Config(root=top, ignore=OTHER_RULES), original=strategy == "original")
        report = run([top], made)
        batched, failed = batches(safe_changes(report), report, made)
        files = {below(top, file.source.path): file.data for batch in batched for file in batch.files}
        problems = [*report.problems, *failed]
        told = tuple((below(top, each.path), each.message) for each in problems)
        return ToolRun(answers(report, top), told, files)

    return fix


def answers(report: Report, top: Path) -> tuple[Answer, ...]:
    found = []
    for outcome in report.outcomes:
        path = below(top, outcome.finding.path)
        if isinstance(outcome, Change):
            found.append(Answer(path, "fixed", outcome.new_name))
        else:
            reasons = (
                f"{below(top, each.path)}:{each.span.line}: {each.message}" for each in outcome.reasons
            )
            found.append(Answer(path, "refused", reasons=tuple(reasons)))
    return tuple(found)


def below(top: Path, path: Path | None) -> str:
    """The path from the project's top, however the tool shows it."""
    return path.resolve().relative_to(top).as_posix() if path else "nowhere"
