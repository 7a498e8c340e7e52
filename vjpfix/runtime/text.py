"""How reports read: one line for what was seen, and below it where the name was given away and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vjpfix.review.escape import escape
from vjpfix.runtime.report import Gradient, Level, Place, Report


def shown(report: Report) -> str:
    """A report as lines of text, without a newline at the end."""
    where = f"{_place(report.call)}: " if report.call else ""
    code = f"{report.code} " if report.code else ""
    lines = [f"{where}{code}{report.level.value}: {report.message}"]
    if report.rebinding:
        lines.append(f"  {_place(report.rebinding)}: here the name is given to the new version")
    if report.help:
        lines.append(f"  help: {report.help}")
    return "\n".join(escape(line) for line in lines)


def shown_gradient(gradient: Gradient) -> str:
    """A comparison with a finite difference, as one line."""
    where = f"{_place(gradient.call)}: " if gradient.call else ""
    verdict = "agrees with" if gradient.agrees else "differs from"
    return escape(
        f"{where}note: the derivative of `{gradient.function}` by its rule `{gradient.rule}`, "
        f"{gradient.derivative:.6g}, {verdict} a finite difference, {gradient.difference:.6g} "
        f"(error {gradient.error:.2g}, tolerance {gradient.tolerance:.2g}, in {gradient.precision})"
    )


def counted(reports: Sequence[Report]) -> str:
    """How many reports of each level there are: ``2 errors, 1 note``."""
    counts = {level: sum(report.level is level for report in reports) for level in Level}
    parts = [f"{n} {level.value}{'' if n == 1 else 's'}" for level, n in counts.items() if n]
    return ", ".join(parts) or "nothing to report"


def _place(place: Place) -> str:
    """A place relative to the current folder, where it lies below it."""
    try:
        return f"{Path(place.file).relative_to(Path.cwd())}:{place.line}"
    except (ValueError, OSError):
        return str(place)
