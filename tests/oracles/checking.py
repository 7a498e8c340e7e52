"""What must hold of every program: of the generator alone, and of the tool that is put to the test."""

from __future__ import annotations

import difflib
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest

from .forms.rebindings import DIFFERENTIATES, MAPS
from .generator.modules import NAMES
from .generator.program import Kind, Program, text_of
from .generator.scene import FIXED, NOTHING, REFUSED, Scene, Verdict
from .running import BROKEN_RULE, Files, Runs, run_everywhere
from .standin import HANDED_ON, MORE_WORLDS, Event
from .tool import Answer, Fixer, Said

_HARMFUL = re.compile(rf"\b({'|'.join((*MAPS, *DIFFERENTIATES))})[({{]")
_SURE = {Verdict.FIX, Verdict.REFUSE, Verdict.LEAVE, Verdict.EITHER}
_OWN_ALIAS = re.compile(r" *(?P<old>\w+?)_\w+ = (?P=old)")
_MAKER = re.compile(r"\bmake_\d+\b")
_NAMES = tuple(NAMES.forms.values())


def generator_complaints(program: Program) -> Iterator[str]:
    """What is wrong with the program itself: nothing, if the generator knows what it is doing."""
    before = run_everywhere(program, program.files, lenient=program.lenient)
    verdicts = {scene.verdict for scene in program.scenes}
    if verdicts <= _SURE and (raised := [e for e in chain(*before) if e.site == "raised"]):
        yield f"it raises {raised}"
    seen = {event.site for event in chain(*before)}
    yield from (
        f"none of these sites runs: {sorted(sites)}" for sites in program.sites if sites.isdisjoint(seen)
    )
    if program.can_be_fixed:
        changed = {path for path, data in program.own_fix.items() if data != program.files[path]}
        if wrong := changed - program.touchable:
            yield f"the generator's fix changes {sorted(wrong)}"
        after = run_everywhere(program, program.own_fix)
        own = tuple(scene for scene in program.scenes if scene.has_own_fix)
        yield from _run_complaints(program, before, after, own)
    for scene in program.scenes:
        if scene.verdict in (Verdict.FIX, Verdict.EITHER):
            sites = scene.content.inside
            if not (at_fault(before, sites) or at_fault(_more(program, program.files), sites)):
                yield f"the mistake in {scene.path} does no harm"
            if not any(event.site in scene.content.outside for event in chain(*before)):
                yield "no outside site of a scene runs"
        harmed = [e for e in _at(before, scene.content.inside) if _HARMFUL.search(e.version)]
        if scene.verdict is Verdict.LEAVE and scene.unharmed and harmed:
            yield f"a scene to be left alone is harmed: {harmed}"


def tool_complaints(program: Program, tool: Fixer, *, original: bool = False) -> Iterator[str]:
    """What the tool does wrong with the program."""
    said = tool(program.files, original=original)
    yield from _answer_complaints(program, said, original=original)
    yield from text_complaints(program, said, original=original)
    yield from unsafe(program, said, original=original)
    again = tool(said.files, original=original)
    if wrong := changes(said.files, again.files):
        yield f"a second run changes {sorted(wrong)}"
    left = Counter((each.path, each.name) for each in again.answers)
    if wrong := left - Counter((each.path, each.name) for each in said.answers if each.status == REFUSED):
        yield f"a second run still finds the mistake in {sorted(wrong)}"


def changes(old: Files, new: Files) -> dict[str, bytes]:
    """The new files that differ."""
    return {path: data for path, data in new.items() if data != old.get(path)}


def _answers_of(program: Program, said: Said, scene: Scene) -> list[Answer]:
    """What was said of a scene: of two with one name, what is found in the lines of this one."""
    answers = [each for each in said.answers if (each.path, each.name) == (scene.path, scene.name)]
    alike = [each for each in program.scenes if (each.path, each.name) == (scene.path, scene.name)]
    if len(alike) == 1:
        return answers
    starts = [_first_line(program, each) for each in alike]
    return [each for each in answers if alike[max(bisect(starts, each.line) - 1, 0)] is scene]


def _first_line(program: Program, scene: Scene) -> int:
    """Where a scene begins that stands in a function or a class of its own."""
    maker = _MAKER.search(scene.content.lines[0])
    assert maker, "scenes of one name stand in functions"
    text = text_of(program.files[scene.path])
    return text[: re.search(rf"\b{maker[0]}\b", text).start()].count("\n") + 1  # type: ignore[union-attr]


def _fixed(program: Program, said: Said, *, original: bool) -> tuple[Scene, ...]:
    return tuple(
        scene
        for scene in program.scenes
        if FIXED in scene.verdict_of(original=original).value
        and any(each.status == FIXED for each in _answers_of(program, said, scene))
    )


def _answer_complaints(program: Program, said: Said, *, original: bool) -> Iterator[str]:
    known = {(scene.path, scene.name) for scene in program.scenes}
    for answer in said.answers:
        if answer.status == REFUSED and not answer.reasons:
            yield f"{answer.name} in {answer.path} is refused without a reason"
        if (answer.path, answer.name) not in known:
            yield f"{answer.name} in {answer.path} is {answer.status}, and no scene is about it"
    for scene in program.scenes:
        found = _answers_of(program, said, scene)
        statuses = [each.status for each in found] or [NOTHING]
        right = scene.verdict_of(original=original)
        if len(statuses) > 1 or statuses[0] not in right.value:
            reasons = [each.reasons for each in found]
            yield f"{scene.name} in {scene.path} is {statuses} {reasons}, but right is {right.name}"
    for path, message in said.problems:
        if path not in program.broken:
            yield f"problem in {path}: {message}"


# The text.


def text_complaints(program: Program, said: Said, *, original: bool) -> Iterator[str]:
    changed = changes(program.files, said.files)
    fixed = _fixed(program, said, original=original)
    if changed and not fixed:
        yield f"files change though nothing is fixed: {sorted(changed)}"
    if fixed and not changed:
        yield "nothing changes though something is fixed"
    may = {scene.path for scene in fixed} if original else program.touchable
    if wrong := changed.keys() - may:
        yield f"files change that have nothing to do with it: {sorted(wrong)}"
    if program.exact and not original:
        for path, data in said.files.items():
            if data != program.own_fix[path]:
                diff = text_diff(text_of(program.own_fix[path]), text_of(data))
                yield f"{path} is not the expected one:\n{diff}"
    if program.kind is not Kind.STACKED:
        new_names = {(each.name, each.new_name) for each in said.answers if each.status == FIXED}
        for path in changed:
            yield from _renamed(program, path, said.files[path], new_names, original=original)


def _renamed(
    program: Program, path: str, data: bytes, new_names: set[tuple[str, str]], *, original: bool
) -> Iterator[str]:
    """All that may differ is a new name where the old one was, ``new as old``, and lines that make one the other.

    What the generator's own fix renames is the transformed version, and all else the original.
    """
    old, new, own = (text_of(each) for each in (program.files[path], data, program.own_fix[path]))
    known = set(old.splitlines())
    for name, given in sorted(new_names):
        line = f"{name} = {given}" if original else f"{given} = {name}"
        new = re.sub(rf"\b{given} as {name}\b", name, _without(new, re.escape(line), known))
    own = _without(own, _OWN_ALIAS.pattern, known)
    old, new, own = (re.sub(r"\b(\w+) as \1\b", r"\1", each) for each in (old, new, own))
    if re.split(r"\w+", old) != re.split(r"\w+", new):
        yield f"{path} differs in more than names:\n{text_diff(old, new)}"
    words = [re.findall(r"\w+", each) for each in (old, new, own)]
    for was, becomes, marked in zip_longest(*words, fillvalue=""):
        is_marked = was != marked or program.kind is Kind.PATHS
        fits = (was, becomes) in new_names and (is_marked != original or program.kind is Kind.PATHS)
        if was != becomes and not fits:
            yield f"in {path} {was} becomes {becomes}, in the generator's own fix {marked}"


def _without(text: str, line: str, known: Iterable[str]) -> str:
    """The text without its lines of this form, but for those that were there before."""
    kept = [
        each
        for each in re.split(r"(?<=\n)", text)
        if each.rstrip("\r\n") in known or not re.fullmatch(line, each.strip(" \t\r\n\f"))
    ]
    return "".join(kept)


def text_diff(expected: str, got: str) -> str:
    lines = difflib.unified_diff(expected.splitlines(), got.splitlines(), "expected", "got", lineterm="", n=1)
    return "\n".join(lines)


# What it does.


def unsafe(program: Program, said: Said, *, original: bool = False) -> Iterator[str]:
    """What running the files shows against them."""
    exported = _NAMES if original else ()
    before = run_everywhere(program, program.files, exported=exported, lenient=program.lenient)
    fixed = _fixed(program, said, original=original)
    if program.lenient and said.answers and not _raises(program):
        yield "it is reported, and does run"
    lenient = program.lenient and len(fixed) < len(program.scenes)
    after = run_everywhere(program, said.files, exported=exported, lenient=lenient)
    yield from _run_complaints(program, before, after, fixed)
    unsaid = [scene for scene in program.scenes if scene.verdict is Verdict.ANY] if not said.answers else []
    for scene in [] if program.lenient else unsaid:
        if at_fault(before, scene.content.inside):
            yield f"the tool finds nothing, and a rule reaches a transformed version of {scene.name}"


def _raises(program: Program) -> bool:
    """Whether rules are attached to something that takes none, in some world."""
    runs = run_everywhere(program, program.files)
    return any(event.site == "raised" and event.version == "AttributeError" for event in chain(*runs))


def _run_complaints(program: Program, before: Runs, after: Runs, fixed: tuple[Scene, ...]) -> Iterator[str]:
    """Outside sites must reach what they reached before; inside sites of what was fixed, the primal itself, to
    which its rules are attached."""
    for old, new in zip(before, after, strict=True):
        inside = {*program.inside, BROKEN_RULE, HANDED_ON}
        was, became = ([str(e) for e in events if e.site not in inside] for events in (old, new))
        if BROKEN_RULE in {e.site for e in new} - {e.site for e in old}:
            yield BROKEN_RULE
        if was != became:
            changed = difflib.unified_diff(was, became, lineterm="", n=0)
            yield "outside sites changed:\n" + "\n".join(changed)
            break
    for scene in fixed:
        if wrong := at_fault(after, scene.content.inside):
            yield f"inside sites do not reach the primal itself: {wrong}"
        own = {event.driven for event in _at(after, scene.content.inside)} - {None}
        handed_on = {event.version for events in after for event in events if event.site == HANDED_ON}
        if wrong_versions := [each for each in handed_on if own & {*re.findall(r"#\d+", each)}]:
            yield f"its rules are attached to a transformed version: {sorted(wrong_versions)}"


def _more(program: Program, files: Files) -> Runs:
    return run_everywhere(program, files, MORE_WORLDS, lenient=program.lenient)


def _at(runs: Runs, sites: frozenset[int]) -> list[Event]:
    return [event for events in runs for event in events if event.site in sites]


def at_fault(runs: Runs, sites: frozenset[int]) -> list[Event]:
    """The events at ``sites`` that reached anything but the primal whose rules were running."""
    return [event for event in _at(runs, sites) if event.version != event.driven]


def described(program: Program, complaints: list[str]) -> str:
    """A failure with all that is needed to look into it."""
    rule = "-" * 30
    lines = [f"{program.kind.name} {program.seed}: {', '.join(sorted(program.features))}", *complaints]
    for path, data in sorted(program.files.items()):
        lines += [f"{rule} {path}", text_of(data)]
        if path in changes(program.files, program.own_fix):
            lines += [f"{rule} its own fix", text_of(program.own_fix[path])]
    return "\n".join(lines)
