"""Rule codes that a person typed, held against the rules there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from vjpfix.config import Config
from vjpfix.model import VjpfixError
from vjpfix.rules.base import Rule

ALL = "ALL"


def known(rules: Iterable[Rule]) -> tuple[str, ...]:
    """The codes that findings can have, where these are all rules."""
    return tuple(rule.code for rule in rules)


def parse(text: str, option: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of an option such as ``VJP001,VJP0``; ``VjpfixError`` for none and for an unknown one."""
    codes = tuple(code for part in text.split(",") if (code := part.strip().upper()))
    if not codes:
        raise VjpfixError(f"{option} needs at least one code, such as {known[0]}")
    return checked(codes, option, known)


def check_config(config: Config, known: tuple[str, ...]) -> None:
    """Raise ``VjpfixError`` where the configuration names a rule that does not exist."""
    lists = {"select": config.select or (), "extend-select": config.extend_select, "ignore": config.ignore}
    for key, codes in lists.items():
        checked(codes, f"{key!r} of [tool.vjpfix]", known, config.path)
    for pattern, codes in config.per_file_ignores.items():
        checked(codes, f"{pattern!r} of [tool.vjpfix.per-file-ignores]", known, config.path)


def checked(
    codes: Iterable[str], where: str, known: tuple[str, ...], path: Path | None = None
) -> tuple[str, ...]:
    """The codes as they are; ``VjpfixError``, which names the near one, for one that stands for no rule."""
    found = tuple(codes)
    for code in found:
        if code != ALL and not any(each.startswith(code) for each in known):
            raise VjpfixError(f"{code!r} in {where} is not a rule; {_advice(code, known)}", path)
    return found


def rules_named(words: Iterable[str], rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules with these codes or names, each once; ``VjpfixError`` for a word that is neither."""
    every = {word.lower(): (word, rule) for rule in rules for word in (rule.code, rule.name)}
    found = []
    for word in words:
        if word.lower() not in every:
            near = difflib.get_close_matches(word.lower(), every, n=1)
            meant = f"did you mean {every[near[0]][0]!r}? " if near else ""
            raise VjpfixError(f"{word!r} is the code or name of no rule; {meant}`vjpfix rules` lists them")
        found.append(every[word.lower()][1])
    return tuple(dict.fromkeys(found))


def _advice(code: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(code, known, n=1)
    every = f"the rules are {', '.join(known)}, and a prefix or {ALL} stands for several"
    return f"did you mean {near[0]!r}? ({every})" if near else every
