"""All programs that the tests and the rules have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.suites.suite import MODULES
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
    for each in (*_cases(), *_examples()):
        if each.text not in seen:
            seen.add(each.text)
            yield each


def _cases() -> Iterator[Program]:
    for case in MODULES:
        options = {key: value for key, value in case.options.items() if key != "select"}
        for file in case.files.values():
            yield Program(str(case), COOKIE.sub("", file.before), options)


def _examples() -> Iterator[Program]:
    for rule in RULES:
        for index, example in enumerate((*rule.bad, *rule.good)):
            yield Program(f"example {index} of {rule.code}", example.code)
