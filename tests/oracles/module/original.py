"""What must hold of a fix that gives the original the new name, so that the transformed version keeps its own.

There is no second text to compare with. The program is run instead, with what its module holds in the end,
and the fix must be the other way round than the expected one: it renames nothing that the other renames.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from .check import Fixer, Runs, at_fault, expected_status, outside, text_diff
from .program import NAMES, Program
from .run import run_everywhere
from .scene import Verdict

ENDINGS = "unmapped|original"
_ENDING = rf"_(?:{ENDINGS})(?:_\d+)?"
_NAMES = tuple(NAMES.forms.values())


def original_complaints(program: Program, fix: Fixer) -> Iterator[str]:
    """What the tool did wrong with the program."""
    result = fix(program.before.encode(program.encoding))
    text = result.data.decode(program.encoding)
    status = expected_status(program)
    if result.status != status:
        yield f"the tool says {result.status} ({result.reasons}), not {status}"
    if (text != program.before) != (Verdict.FIX in program.verdicts):
        yield "the tool fixes what is to be left alone, or leaves what is to be fixed"
    yield from wrongly_renamed(program, text)
    yield from wrongly_run(program, text)
    again = fix(result.data)
    if again.data != result.data or (again.status != "clean" and status != "refused"):
        yield f"a second run says {again.status}:\n" + text_diff(text, again.data.decode(program.encoding))


def wrongly_renamed(program: Program, text: str) -> Iterator[str]:
    """Words that should not differ, or not so."""
    plain = without_aliases(text)
    other = without_aliases(program.after, r"(?P<old>\w+?)_\w+ = (?P=old)", since=program.before)
    words = [re.findall(r"\w+", each) for each in (program.before, plain, other)]
    if re.split(r"\w+", plain) != re.split(r"\w+", program.before):
        yield "the text differs in more than names:\n" + text_diff(program.before, text)
    for number, (old, new, transformed) in enumerate(zip_longest(*words, fillvalue="")):
        if old != new and (old != transformed or not re.fullmatch(old + _ENDING, new)):
            yield f"word {number} becomes {new}: {old}, in the other fix {transformed}"


def without_aliases(text: str, line: str = rf"(?P<old>\w+) = (?P=old){_ENDING}", since: str = "") -> str:
    """The text without its lines of this form, but for those that were there before."""
    known = set(since.splitlines())
    kept = [
        each
        for each in re.split(r"(?<=\n)", text)
        if each.rstrip("\r\n") in known or not re.fullmatch(line, each.strip())
    ]
    return "".join(kept)


def wrongly_run(program: Program, text: str) -> Iterator[str]:
    """What running ``text`` shows against it."""
    before = run_everywhere(program.before, exported=_NAMES)
    try:
        after = as_before(run_everywhere(text, exported=_NAMES))
    except Exception as error:
        yield f"the new text raises {error!r}"
        return
    for old, new in zip(before, after, strict=True):
        was, became = (outside(events, program) for events in (old, new))
        if was != became:
            yield "outside sites changed:\n" + text_diff(
                "\n".join(map(str, was)), "\n".join(map(str, became))
            )
    for scene in program.scenes:
        if scene.verdict is Verdict.FIX and (wrong := at_fault(after, scene.content.inside)):
            yield f"inside sites do not reach the primal itself: {wrong}"


def as_before(runs: Runs) -> Runs:
    """The runs with primals called as they were before: a renamed def has another ``__name__``."""

    def old(version: str) -> str:
        return re.sub(rf"{_ENDING}#", "#", version)

    return tuple(
        tuple(
            replace(event, version=old(event.version), driven=event.driven and old(event.driven))
            for event in events
        )
        for events in runs
    )


def with_one_name_less(text: str) -> Iterator[str]:
    """The text with one of its new names as it was, for each of them in turn. Declarations need not follow."""
    for match in re.finditer(rf"(\w+?){_ENDING}\b", text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()].split()
        if line[:1] not in (["global"], ["nonlocal"]) and not is_alias(text, match):
            yield text[: match.start()] + match[1] + text[match.end() :]


def is_alias(text: str, match: re.Match[str]) -> bool:
    return text[: match.start()].endswith(f"{match[1]} = ") and text[match.end() :][:1] in "\r\n"
