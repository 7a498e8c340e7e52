"""All programs that the tests and the rules have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.suites.contract import BAD, GOOD
from tests.suites.leave_alone import LEFT_ALONE
from tests.suites.original import ORIGINALS, REFUSED
from tests.suites.refusals import REFUSALS
from tests.suites.rewrite import REWRITES, Case
from vjpfix.rules import RULES

COOKIE = re.compile(r"\A#.*coding[:=].*\n")


@dataclass(frozen=True, slots=True)
class Program:
    """What a program is, its text, and the fields of its configuration."""

    name: str
    text: str
    options: dict[str, object] = field(default_factory=dict)


def programs() -> Iterator[Program]:
    """Each program once, with plain newlines."""
    seen: set[str] = set()
    for each in (*_cases(), *_contracts(), *_examples()):
        if each.text not in seen:
            seen.add(each.text)
            yield each


def _cases() -> Iterator[Program]:
    groups: tuple[dict[str, Case], ...] = (REWRITES, LEFT_ALONE, REFUSALS, ORIGINALS, REFUSED)
    for group in groups:
        for name, case in group.items():
            text = case.before.decode(case.encoding).removeprefix("\ufeff").replace("\r\n", "\n")
            yield Program(name, COOKIE.sub("", text), case.options)


def _contracts() -> Iterator[Program]:
    for code, found in BAD.items():
        for name, case in found.items():
            yield Program(f"{code} {name}", case.code)
    for code, right in GOOD.items():
        for name, text in right.items():
            modules = (text,) if isinstance(text, str) else text
            yield from (Program(f"{code} {name}", module) for module in modules)


def _examples() -> Iterator[Program]:
    for rule in RULES:
        for index, example in enumerate((*rule.bad, *rule.good)):
            yield Program(f"example {index} of {rule.code}", example.code)
