"""The last line of a run: how many findings, in how many files, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vjpfix.model import Change, Refusal, Report, Safety


def fixable(outcome: Change | Refusal) -> bool:
    """Whether `vjpfix fix` may apply this fix unasked: there is one, and it is safe."""
    return isinstance(outcome, Change) and outcome.safety is Safety.SAFE


def checked(report: Report) -> str:
    """For `check`: ``2 findings in 1 file (1 can be fixed by vjpfix fix, 1 can not), 12 files checked``."""
    if not report.outcomes:
        return _nothing_found(report)
    found = _findings_in_files(report)
    parts = [f"{found} ({_what_can_be_done(report.outcomes)})", f"{count(report.files, 'file')} checked"]
    return ", ".join(parts + _problems(report))


def fixed(report: Report, applied: Sequence[Change], *, written: bool = True) -> str:
    """The line for `fix`: ``Fixed 1 of 2 findings in 1 file``.

    ``applied``: the changes that were accepted. ``written``: false for a dry run.
    """
    if not report.outcomes:
        return _nothing_found(report)
    verb = "Fixed" if written else "Would fix"
    if not applied:
        return ", ".join([f"{verb} none of {_findings_in_files(report)}", *_problems(report)])
    files = count(len({path for change in applied for path in change.paths}), "file")
    line = f"{verb} {len(applied)} of {count(len(report.outcomes), 'finding')} in {files}"
    return ", ".join([line, *_problems(report)])


def count(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _nothing_found(report: Report) -> str:
    files = f"{count(report.files, 'file')} checked"
    if report.problems:
        return ", ".join([f"No findings: {files}", *_problems(report)])
    if report.files:
        return f"All clean: {files}"
    return "Nothing checked: no rule is selected" if report.unasked else "No Python files to check"


def _findings_in_files(report: Report) -> str:
    files = len({finding.path for finding in report.findings})
    return f"{count(len(report.outcomes), 'finding')} in {count(files, 'file')}"


def _what_can_be_done(outcomes: Sequence[Change | Refusal]) -> str:
    safe = _number(fixable(outcome) for outcome in outcomes)
    unsafe = _number(isinstance(o, Change) and o.safety is Safety.UNSAFE for o in outcomes)
    none = len(outcomes) - safe - unsafe
    parts = [f"{safe or 'none'} can be fixed by vjpfix fix"]
    if unsafe:
        parts.append(f"{unsafe} only by an unsafe fix")
    if none and none < len(outcomes):
        parts.append(f"{none} can not")
    return ", ".join(parts)


def _number(truths: Iterable[bool]) -> int:
    return sum(truths)


def _problems(report: Report) -> list[str]:
    return [count(len(report.problems), "problem")] if report.problems else []
