"""The one place that knows the tool: its pipeline as a ``Fixer``."""

from __future__ import annotations

from pathlib import Path

from vjpfix.config import Config
from vjpfix.model import Change, Refusal
from vjpfix.pipeline import combine, run_data
from vjpfix.settings import settings

from .check import Fixer, FixResult, Status

PATH = Path("oracle_program.py")
OTHER_RULES = ("VJP1", "VJP2", "VJP3")  # about the contracts of rules, which programs break at random


def make_tool(*, original: bool = False) -> Fixer:
    """The tool with its default rules about names, fixing one file as ``vjpfix fix --yes`` would.

    ``original``: as ``vjpfix fix --yes --rename original`` would.
    """
    defaults = settings(Config(root=Path(), ignore=OTHER_RULES), original=original)

    def fix(data: bytes) -> FixResult:
        report = run_data(PATH, data, defaults)
        assert not report.problems, report.problems
        changes = [outcome for outcome in report.outcomes if isinstance(outcome, Change)]
        refusals = [outcome for outcome in report.outcomes if isinstance(outcome, Refusal)]
        reasons = tuple(reason.message for refusal in refusals for reason in refusal.reasons)
        written = combine(changes, report, defaults)
        status: Status = "refused" if refusals else "fixed" if changes else "clean"
        return FixResult(status, written[0].data if written else data, reasons)

    return fix
