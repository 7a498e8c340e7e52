"""What must hold for every program: after a fix it does what it did, and the rule reaches the original."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from tests.oracles.module.check import Fixer, Runs, text_diff
from tests.oracles.module.original import as_before
from tests.oracles.module.run import run_everywhere
from tests.oracles.module.standin import MORE_WORLDS, WORLDS

from .generate import INSIDE, Program

_ALIAS = re.compile(r"(?m)^ *(f_\w+ = f|f = f_\w+)\n")


def complaints(program: Program, fix: Fixer) -> Iterator[str]:
    """What the tool did wrong with the program."""
    data = program.text.encode()
    result = fix(data)
    if (result.status == "fixed") != (result.data != data):
        yield f"the tool says {result.status}, and the text differs: {result.data != data}"
    if result.status == "clean" and harmed(runs(program.text)):
        yield "the tool finds nothing, and the rule reaches a transformed version"
    if result.status == "fixed":
        yield from wrong(program, result.data.decode())
        if fix(result.data).status != "clean":
            yield "a second run finds something"


def wrong(program: Program, text: str) -> Iterator[str]:
    """What running ``text`` shows against it."""
    before, after = runs(program.text), as_before(runs(text))
    for old, new in zip(before, after, strict=True):
        was, became = (
            "\n".join(str(event) for event in events if event.site != INSIDE) for events in (old, new)
        )
        if was != became:
            yield "outside sites changed:\n" + text_diff(was, became)
            return
    if harmed(after):
        yield "the rule reaches a transformed version"


def runs(text: str) -> Runs:
    """The events of a text in all worlds, with the errors that end it."""
    return run_everywhere(text, (*WORLDS, *MORE_WORLDS), goes_on=True)


def harmed(events: Runs) -> bool:
    return any(event.site == INSIDE and event.version != event.driven for event in chain(*events))


def without_alias(text: str) -> str:
    """The text without the line that gives a new name to the original where paths meet."""
    return _ALIAS.sub("", text)


def described(program: Program, found: list[str], fix: Fixer) -> str:
    """A failure with all that is needed to look into it."""
    text = fix(program.text.encode()).data.decode()
    return "\n".join([f"seed {program.seed}", *found, program.text, text_diff(program.text, text)])
