"""The diagnosis: the causes of an error, weighed against what the static analysis finds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from pathlib import Path

from vjpfix.diagnose.causes import Candidate, candidates, names
from vjpfix.diagnose.model import Cause, Diagnosis, Frame, Raised, Sureness
from vjpfix.diagnose.texts import recognised
from vjpfix.model import Certainty, Change, Finding, Refusal, Report

_ORDER = list(Sureness)
_HARMLESS = frozenset({"VJP003", "VJP006"})


class _Tie(IntEnum):
    """What ties a finding to an error, from the loosest on."""

    GIVEN = 0  # it was found in the paths given
    FILE = 1  # in a file of the traceback
    CODE = 2  # a line of the traceback has the name
    NAME = 3  # the error names the function
    LINE = 4  # the traceback passes through the line where the rule reads the name


def diagnosis(errors: Sequence[Raised], report: Report, rules: frozenset[str]) -> Diagnosis:
    """What caused an error of these: the one whose cause is surest, and between equals the last.

    ``report``: what is found in the files of the tracebacks (see ``Frame.file``) and in the paths given, by
    ``rules``, which are given by their codes.
    """
    found = [_of(raised, report, rules) for raised in errors]
    return min(reversed(found), key=_rank, default=Diagnosis(None))


def _rank(found: Diagnosis) -> int:
    return _ORDER.index(found.causes[0].sureness) if found.causes else len(_ORDER)


def _of(raised: Raised, report: Report, rules: frozenset[str]) -> Diagnosis:
    known = recognised(raised)
    if known is None:
        return Diagnosis(raised, "", _by_line(raised, report))
    text, match = known
    groups = match.groupdict()
    spoken = names(text.symptom, groups, raised)
    weighed = (
        _weighed(each, raised, spoken, report, rules) for each in candidates(text.symptom, groups, raised)
    )
    causes = sorted((cause for cause in weighed if cause), key=lambda cause: _ORDER.index(cause.sureness))
    if causes and causes[0].sureness is Sureness.CERTAIN:
        causes = [cause for cause in causes if cause.sureness is Sureness.CERTAIN]
    return Diagnosis(raised, text.versions, tuple(causes) or _by_line(raised, report))


def _by_line(raised: Raised, report: Report) -> tuple[Cause, ...]:
    """Whatever the error says: it was raised below the line where a rule reads what it should not, or in a
    rule that takes its arguments in another order."""
    outcomes = [each for each in report.outcomes if each.finding.rule not in _HARMLESS]
    for outcome in outcomes:
        finding = outcome.finding
        if finding.related and _passes(finding, raised, report):
            why = "the traceback passes through a line that has another meaning than its author had in mind"
        elif finding.rule == "VJP202" and _is_in_rule(finding, raised, report):
            why = "it was raised in a rule whose parameters are not what JAX calls it with"
        else:
            continue
        sureness = Sureness.CERTAIN if finding.certainty is Certainty.ERROR else Sureness.LIKELY
        return (Cause(sureness, finding.rule, why, _place(raised), outcome),)
    return ()


def _weighed(
    candidate: Candidate, raised: Raised, spoken: frozenset[str], report: Report, rules: frozenset[str]
) -> Cause | None:
    """The candidate with the finding that is most closely tied to the error, or alone."""
    ties = [
        (_tie(outcome.finding, raised, spoken, report), outcome)
        for outcome in report.outcomes
        if outcome.finding.rule in candidate.rules
    ]
    if candidate.sureness is Sureness.CERTAIN:  # then it needs no finding that may be about something else
        ties = [pair for pair in ties if pair[0] > _Tie.GIVEN]
    if ties:
        tie, outcome = max(ties, key=lambda pair: (pair[0], -candidate.rules.index(pair[1].finding.rule)))
        if sureness := _sureness(tie, candidate, outcome):
            return Cause(sureness, outcome.finding.rule, candidate.why, _place(raised), outcome)
        return None
    if candidate.sureness is None:
        return None
    sureness = candidate.sureness
    looked = rules.intersection(candidate.rules[:1]) and any(frame.file for frame in raised.own_frames)
    if sureness is Sureness.LIKELY and looked:
        sureness = Sureness.POSSIBLE  # for the finding would be there
    return Cause(sureness, next(iter(candidate.rules), None), candidate.why, _place(raised))


def _sureness(tie: _Tie, candidate: Candidate, outcome: Change | Refusal) -> Sureness | None:
    if candidate.sureness is Sureness.CERTAIN:
        return candidate.sureness
    told = candidate.sureness is Sureness.LIKELY
    if tie >= _Tie.NAME or (tie is _Tie.CODE and told):
        return Sureness.CERTAIN if outcome.finding.certainty is Certainty.ERROR else Sureness.LIKELY
    if tie is _Tie.CODE or (tie is _Tie.FILE and told):
        return Sureness.LIKELY
    if tie is _Tie.FILE or candidate.sureness:
        return Sureness.POSSIBLE
    return None


def _tie(finding: Finding, raised: Raised, spoken: frozenset[str], report: Report) -> _Tie:
    own = raised.own_frames
    said = " ".join([finding.message, *(note.message for note in finding.related)])
    if _passes(finding, raised, report):
        return _Tie.LINE
    if finding.subject in spoken or any(f"`{name}`" in said for name in spoken):
        return _Tie.NAME
    if finding.subject and any(re.search(rf"\b{re.escape(finding.subject)}\b", each.code) for each in own):
        return _Tie.CODE
    files = {_real(path, report) for path in (finding.path, *(note.path for note in finding.related))}
    return _Tie.FILE if files & {frame.file for frame in own} else _Tie.GIVEN


def _passes(finding: Finding, raised: Raised, report: Report) -> bool:
    """Whether the traceback passes through one of the places that the finding is about."""
    places = [(_real(note.path, report), note.span) for note in finding.related]
    return any(
        frame.file == file and span.line <= frame.line <= span.end_line
        for frame in raised.own_frames
        for file, span in places
    )


def _is_in_rule(finding: Finding, raised: Raised, report: Report) -> bool:
    """Whether the traceback passes through the rule that the finding is about."""
    file = _real(finding.path, report)
    return any(
        frame.file == file and f"rule `{frame.function}` of " in finding.message
        for frame in raised.own_frames
    )


def _real(path: Path, report: Report) -> Path:
    return report.sources[path].real_path if path in report.sources else path


def _place(raised: Raised) -> Frame | None:
    return raised.own_frames[-1] if raised.own_frames else None


def files_of(errors: Iterable[Raised]) -> tuple[str, ...]:
    """The files of the user's own that the tracebacks name, as they are printed, each once."""
    return tuple(dict.fromkeys(frame.path for raised in errors for frame in raised.own_frames))
