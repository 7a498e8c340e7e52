"""Whether the fixed copy is worse than the one as it is, and what is better there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from vjpfix.runtime.report import Gradient, Level, Report
from vjpfix.verify.model import Comparison, Run, Slopes, TestChange, Verdict
from vjpfix.verify.names import Fixed

_BAD = ("failed", "error")
_MOST_NAMES = 3


def compare(before: Run, after: Run, fixed: Fixed) -> Comparison:
    """Compare the runs of a command on the two copies."""
    known = {_key(report, fixed): report for report in before.reports}
    now = {_key(report, fixed): report for report in after.reports}
    gone = tuple(report for key, report in known.items() if key not in now)
    new = tuple(report for key, report in now.items() if key not in known)
    remain = tuple(report for key, report in now.items() if key in known)
    tests = tuple(_test_changes(before.tests, after.tests))
    slopes = tuple(_slopes(before, after, fixed))
    worse = (
        *_worse_ending(before, after, tests),
        *_worse_tests(before.tests, tests),
        *_worse_reports(before, after, new, fixed),
        *(sentence for each in slopes if (sentence := _worse_slope(each, fixed))),
    )
    better = (
        *_better_ending(before, after),
        *_better_tests(tests),
        *_better_reports(gone),
        *(sentence for each in slopes if (sentence := _better_slope(each))),
    )
    unknown = _unknown(before, after)
    verdict = Verdict.WORSE if worse else Verdict.UNKNOWN if unknown else Verdict.EQUAL
    if verdict is Verdict.EQUAL and better:
        verdict = Verdict.BETTER
    notes = (unknown,) if unknown else tuple(_notes(before, after, fixed, slopes))
    return Comparison(verdict, better, worse, notes, gone, new, remain, tests, slopes)


def _key(report: Report, fixed: Fixed) -> tuple[object, ...]:
    """What makes a report the same one on both copies: not its line, which may move."""
    where = report.call and report.call.file
    what = (report.check, report.level, report.code, report.transform)
    return (*what, fixed.name(report.function), report.role, fixed.name(report.rule), where)


def _unknown(before: Run, after: Run) -> str:
    """Why the command shows nothing, or nothing."""
    if before.code is None and after.code is None:
        return "the time was up on both copies, so nothing is shown; a longer time is given by --timeout"
    silent = not (before.jax or after.jax or before.tests or after.tests)
    if before.severity and after.severity and silent:
        return (
            f"the command failed on both copies ({before.ending} and {after.ending}) before any of it ran "
            "JAX under the guard, so nothing is shown"
        )
    return ""


def _worse_ending(before: Run, after: Run, tests: Sequence[TestChange]) -> Iterator[str]:
    told_by_tests = bool(before.tests and after.tests and tests)
    changed = before.severity == after.severity == 1 and before.code != after.code and not told_by_tests
    if after.severity > before.severity or changed:
        yield f"the command ended with {before.ending}, and with the fix it ends with {after.ending}"


def _better_ending(before: Run, after: Run) -> Iterator[str]:
    if after.severity < before.severity:
        yield f"the command ended with {before.ending}, and with the fix it ends with {after.ending}"


def _test_changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[TestChange]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield TestChange(name, before.get(name), after.get(name))


def _worse_tests(before: Mapping[str, str], changes: Sequence[TestChange]) -> Iterator[str]:
    unread = tuple(name for name, outcome in before.items() if outcome == "error")
    failing = [
        change.name
        for change in changes
        if change.after in _BAD
        and change.before not in _BAD
        # One of a file that could not be read before is not made worse by that it runs now.
        and (change.before is not None or not change.name.startswith(unread))
    ]
    lost = [change.name for change in changes if change.before == "passed" and change.after is None]
    if failing:
        yield f"{_tests(failing, 'fail')} with the fix, and did not without it: {_listed(failing)}"
    if lost:
        yield f"{_tests(lost, 'pass')} without the fix, and did not run with it: {_listed(lost)}"


def _better_tests(changes: Sequence[TestChange]) -> Iterator[str]:
    names = [each.name for each in changes if each.before in _BAD and each.after == "passed"]
    if names:
        yield f"{_tests(names, 'pass')} with the fix, and failed without it: {_listed(names)}"


def _tests(names: Sequence[str], verb: str) -> str:
    """``1 test passes``, ``2 tests pass``."""
    ending = "es" if verb.endswith("s") else "s"
    return f"1 test {verb}{ending}" if len(names) == 1 else f"{len(names)} tests {verb}"


def _listed(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + rest


def _worse_reports(before: Run, after: Run, new: Iterable[Report], fixed: Fixed) -> Iterator[str]:
    """Errors that the fix brought: not those that come into sight because the program gets further."""
    went_on = after.severity < before.severity
    for report in new:
        if report.level is Level.ERROR and (not went_on or fixed.name(report.function) in fixed.names):
            yield f"the guard sees a new error: {report.message}"


def _better_reports(gone: Iterable[Report]) -> Iterator[str]:
    errors = [report for report in gone if report.level is Level.ERROR]
    if errors:
        what = "an error" if len(errors) == 1 else f"{len(errors)} errors"
        yield f"{what} that the guard saw did not come again"


def _slopes(before: Run, after: Run, fixed: Fixed) -> Iterator[Slopes]:
    """The functions of the fix, and others whose rule agrees with finite differences on one copy only."""
    known, now = (_furthest(run.gradients, fixed) for run in (before, after))
    for name in dict.fromkeys((*fixed.names, *known, *now)):
        found = Slopes(name, known.get(name), now.get(name))
        if name in fixed.names or _differ(found):
            yield found


def _differ(slopes: Slopes) -> bool:
    before, after = slopes.before, slopes.after
    return before is not None and after is not None and before.agrees != after.agrees


def _furthest(gradients: Iterable[Gradient], fixed: Fixed) -> dict[str, Gradient]:
    """For each function the comparison that is the furthest from agreeing."""
    found: dict[str, Gradient] = {}
    for gradient in gradients:
        name = fixed.name(gradient.function)
        if name not in found or _excess(gradient) > _excess(found[name]):
            found[name] = gradient
    return found


def _excess(gradient: Gradient) -> float:
    return gradient.error / (gradient.tolerance or 1e-30)


def _worse_slope(slopes: Slopes, fixed: Fixed) -> str:
    """That a gradient agreed before and does not now. One that never did may differ on purpose."""
    before, after = slopes.before, slopes.after
    if before is None or after is None or not before.agrees or after.agrees:
        return ""
    if slopes.function not in fixed.names:
        return ""
    return (
        f"the gradient of `{slopes.function}` agreed with finite differences, and is {percent(after)} off "
        f"with the fix (--skip-gradients {slopes.function} leaves it out)"
    )


def _better_slope(slopes: Slopes) -> str:
    before, after = slopes.before, slopes.after
    if after is None or not after.agrees:
        return ""
    if before is not None and not before.agrees:
        return (
            f"the gradient of `{slopes.function}` was {percent(before)} off finite differences, and agrees "
            "with them with the fix"
        )
    return ""


def percent(gradient: Gradient) -> str:
    """How far a rule's derivative is from the finite difference, relative to that."""
    apart = gradient.error / (abs(gradient.difference) or 1.0)
    return f"{apart:.2%}" if apart < 0.01 else f"{apart:.0%}"


def _notes(before: Run, after: Run, fixed: Fixed, slopes: Iterable[Slopes]) -> Iterator[str]:
    if not (before.jax or after.jax):
        yield "no process of the command ran JAX under the guard, so nothing is shown of the rules"
        return
    if before.code is None:
        yield "the time was up on the copy as it is"
    if after.severity:
        yield f"the command fails with the fix too ({after.ending})"
    called = {fixed.name(name) for name in before.called | after.called}
    for each in slopes:
        if each.function not in called:
            what = "a command that calls it shows more (verify -- COMMAND)"
            yield f"no call of `{each.function}` was seen; {what}"
        elif each.after is not None and not each.after.agrees:
            yield f"the gradient of `{each.function}` differs with the fix too, as a rule may on purpose"
        elif each.after is None:
            yield f"no gradient of `{each.function}` was seen where values are known (under jit they are not)"
