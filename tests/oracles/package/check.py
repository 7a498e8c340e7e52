"""What must hold for every project: of the generator alone, and of the tool that is put to the test."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from .project import Defect, Project, Strategy, Verdict
from .run import Event, run

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the tool said of one finding: the file it is in, and for a refusal why."""

    path: str
    status: Literal["fixed", "refused"]
    new_name: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolRun:
    """What the tool made of a project. ``files``: those that it would write, with all of their bytes."""

    answers: tuple[Answer, ...]
    problems: tuple[tuple[str, str], ...]
    files: Files


class Fixer(Protocol):
    """The tool, from a folder to what it would write there."""

    def __call__(self, top: Path, strategy: Strategy, /) -> ToolRun: ...


def write(files: Files, top: Path) -> None:
    for path, data in files.items():
        target = top / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def generator_complaints(project: Project, top: Path) -> Iterator[str]:
    """What is wrong with the project itself: nothing, if the generator knows what it is doing."""
    write(project.files, top)
    before = run(project, top)
    seen = {event.site for event in before}
    inside = frozenset().union(*(defect.inside for defect in project.defects))
    if unseen := (project.outside | inside) - seen:
        yield f"sites that never run: {sorted(unseen)}"
    for defect in project.defects:
        if not at_fault(before, defect):
            yield f"the mistake in {defect.path} does no harm"
    if project.can_be_fixed:
        write(project.own_fix, top)
        if set(project.own_fix) - project.touchable:
            yield f"the generator's fix changes {sorted(set(project.own_fix) - project.touchable)}"
        yield from run_complaints(project, before, top, project.defects)


def tool_complaints(project: Project, top: Path, fix: Fixer, strategy: Strategy) -> Iterator[str]:
    """What the tool does wrong with the project."""
    write(project.files, top)
    before = run(project, top)
    result = fix(top, strategy)
    yield from answer_complaints(project, result, strategy)
    yield from file_complaints(project, result, strategy)
    fixed = tuple(
        defect
        for defect in project.defects
        if any(answer.path == defect.path and answer.status == "fixed" for answer in result.answers)
    )
    write(result.files, top)
    yield from run_complaints(project, before, top, fixed)
    again = fix(top, strategy)
    if again.files:
        yield f"a second run changes {sorted(again.files)}"
    if left := {answer.path for answer in again.answers} & {defect.path for defect in fixed}:
        yield f"a second run still finds the mistake in {sorted(left)}"


def answer_complaints(project: Project, result: ToolRun, strategy: Strategy) -> Iterator[str]:
    counts = Counter(answer.path for answer in result.answers)
    if counts != Counter(defect.path for defect in project.defects):
        yield f"findings in {dict(counts)}, not one in each of {[each.path for each in project.defects]}"
    for defect in project.defects:
        wanted = project.verdict(defect, strategy)
        for answer in result.answers:
            if answer.path != defect.path:
                continue
            if answer.status == ("refused" if wanted is Verdict.FIX else "fixed") and (
                wanted is not Verdict.EITHER
            ):
                yield f"{defect.path} is {answer.status} {list(answer.reasons)}, but the right verdict is {wanted.value}"
            if answer.status == "refused" and not answer.reasons:
                yield f"{defect.path} is refused without a reason"
    for path, message in result.problems:
        if path not in project.broken:
            yield f"problem in {path}: {message}"


def file_complaints(project: Project, result: ToolRun, strategy: Strategy) -> Iterator[str]:
    fixed = {answer.path: answer.new_name for answer in result.answers if answer.status == "fixed"}
    may = project.touchable if strategy == "transformed" else frozenset(fixed)
    if not fixed and result.files:
        yield f"files change though nothing is fixed: {sorted(result.files)}"
    if wrong := set(result.files) - may:
        yield f"files change that have nothing to do with it: {sorted(wrong)}"
    names = {defect.name: fixed[defect.path] for defect in project.defects if defect.path in fixed}
    for path, data in result.files.items():
        if data == project.files.get(path):
            yield f"{path} is written as it was"
        new_names = {fixed[defect.path] for defect in project.defects if defect.path in fixed}
        yield from size_complaints(path, project.files.get(path, b""), data, new_names, set(names))


def size_complaints(path: str, old: bytes, new: bytes, new_names: set[str], names: set[str]) -> Iterator[str]:
    """All that may differ is the new name where the old one was, ``new as old``, and lines ``new = old``."""
    (name,) = names or {""}
    either = "|".join(re.escape(each) for each in sorted(new_names, key=len, reverse=True))
    renamed = re.compile(rf"\b(?:{either})\b")

    def undone(line: bytes) -> str:
        line_text = renamed.sub(name, line.decode("latin-1" if b"latin-1" in new[:60] else "utf-8"))
        return re.sub(rf"\b{name} as {name}\b", name, line_text)

    lines = [undone(line) for line in new.splitlines(keepends=True)]
    kept = [line for line in lines if line.strip() != f"{name} = {name}"]
    expected = [undone(line) for line in old.splitlines(keepends=True)]
    if kept != expected:
        diff = "".join(difflib.unified_diff(expected, kept, "before", "with the new name undone", n=0))
        yield f"{path} differs by more than the new name:\n{diff}"


def run_complaints(
    project: Project, before: tuple[Event, ...], top: Path, fixed: tuple[Defect, ...]
) -> Iterator[str]:
    """Outside sites must reach what they reached before; inside sites of what was fixed, the primal itself."""
    try:
        after = run(project, top)
    except Exception as error:
        yield f"the new files raise {error!r}"
        return
    inside = frozenset().union(*(defect.inside for defect in project.defects))
    was, became = ([e for e in events if e.site not in inside] for events in (before, after))
    if was != became:
        changes = difflib.unified_diff([*map(str, was)], [*map(str, became)], lineterm="", n=0)
        yield "outside sites changed:\n" + "\n".join(changes)
    for defect in fixed:
        if wrong := at_fault(after, defect):
            yield f"inside sites do not reach the primal itself: {wrong}"


def at_fault(events: tuple[Event, ...], defect: Defect) -> list[Event]:
    """The events in the rules that reached anything but the primal whose rules were running."""
    return [event for event in events if event.site in defect.inside and event.version != event.driven]


def described(project: Project, complaints: list[str]) -> str:
    """A failure with all that is needed to look into it."""
    return "\n".join([f"seed {project.seed}: {', '.join(sorted(project.features))}", *complaints])
