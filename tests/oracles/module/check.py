"""What must hold for every program: of the generator alone, and of the tool that is put to the test."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from .program import Program
from .run import run_everywhere
from .scene import Verdict
from .standin import MORE_WORLDS, Event
from .transforms import DIFFERENTIATES, MAPS

_HARMFUL = re.compile(rf"\b({'|'.join((*MAPS, *DIFFERENTIATES))})\(")
Status = Literal["fixed", "refused", "clean"]
Runs = tuple[tuple[Event, ...], ...]


@dataclass(frozen=True, slots=True)
class FixResult:
    """What the tool made of one file: "refused" if any finding was reported without a fix (another may
    have been fixed), else "fixed" if there was any, else "clean". ``reasons``: one or more per refusal."""

    status: Status
    data: bytes
    reasons: tuple[str, ...] = ()


class Fixer(Protocol):
    """The tool, from the bytes of one file to the bytes it would write."""

    def __call__(self, data: bytes, /) -> FixResult: ...


def generator_complaints(program: Program) -> Iterator[str]:
    """What is wrong with the program itself: nothing, if the generator knows what it is doing."""
    before = run_everywhere(program.before)
    after = before if program.after == program.before else run_everywhere(program.after)
    yield from run_complaints(program, before, after)
    for scene in program.scenes:
        harmed = [event for event in at(before, scene.content.inside) if _HARMFUL.search(event.version)]
        if scene.verdict is Verdict.FIX and not harm_shows(program, before, scene.content.inside):
            yield "a scene to be fixed has no inside site that reaches a transformed version"
        if scene.verdict is Verdict.LEAVE and scene.unharmed and harmed:
            yield f"a scene to be left alone is harmed: {harmed}"
        if scene.verdict is Verdict.FIX and not at(before, scene.content.outside):
            yield "no outside site of a scene runs"


def tool_complaints(program: Program, fix: Fixer) -> Iterator[str]:
    """What the tool did wrong with the program."""
    encoding, status = program.encoding, expected_status(program)
    result = fix(program.before.encode(encoding))
    text = result.data.decode(encoding)
    if result.status != status:
        yield f"the tool says {result.status} ({result.reasons}), not {status}"
    if (result.status == "refused") != bool(result.reasons):
        yield f"{result.status} with reasons {result.reasons}"
    if result.data != program.after.encode(encoding):
        yield "the new text is not the expected one:\n" + text_diff(program.after, text)
        yield from unsafe(program, text)
    again = fix(result.data)
    if again.data != result.data or (again.status != "clean" and status != "refused"):
        yield f"a second run says {again.status}:\n" + text_diff(text, again.data.decode(encoding))


def unsafe(program: Program, text: str) -> Iterator[str]:
    """What running ``text`` shows against it."""
    try:
        after = run_everywhere(text)
    except Exception as error:
        yield f"the new text raises {error!r}"
    else:
        yield from run_complaints(program, run_everywhere(program.before), after)


def expected_status(program: Program) -> Status:
    if Verdict.REFUSE in program.verdicts:
        return "refused"
    return "fixed" if Verdict.FIX in program.verdicts else "clean"


def run_complaints(program: Program, before: Runs, after: Runs) -> Iterator[str]:
    """Outside sites must reach what they reached before; inside sites of what was fixed, the primal itself."""
    for old, new in zip(before, after, strict=True):
        was, became = (outside(events, program) for events in (old, new))
        if was != became:
            changes = difflib.unified_diff([*map(str, was)], [*map(str, became)], lineterm="", n=0)
            yield "outside sites changed:\n" + "\n".join(changes)
    for scene in program.scenes:
        if scene.verdict is Verdict.FIX and (wrong := at_fault(after, scene.content.inside)):
            yield f"inside sites do not reach the primal itself: {wrong}"


def outside(events: tuple[Event, ...], program: Program) -> list[Event]:
    return [event for event in events if event.site not in program.inside]


def at(runs: Runs, sites: frozenset[int]) -> list[Event]:
    return [event for events in runs for event in events if event.site in sites]


def at_fault(runs: Runs, sites: frozenset[int]) -> list[Event]:
    """The events at ``sites`` that reached anything but the primal whose rules were running."""
    return [event for event in at(runs, sites) if event.version != event.driven]


def harm_shows(program: Program, before: Runs, sites: frozenset[int]) -> bool:
    return bool(at_fault(before, sites) or at_fault(run_everywhere(program.before, MORE_WORLDS), sites))


def text_diff(expected: str, got: str) -> str:
    lines = difflib.unified_diff(expected.splitlines(), got.splitlines(), "expected", "got", lineterm="", n=1)
    return "\n".join(lines)


def described(program: Program, complaints: list[str]) -> str:
    """A failure with all that is needed to look into it."""
    rule = "-" * 30
    return "\n".join(
        [
            *(f"seed {program.seed}: {', '.join(sorted(program.features))}", *complaints),
            *(f"{rule} before", program.before, f"{rule} expected after", program.after),
        ]
    )
