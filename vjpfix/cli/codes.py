"""Rule codes that a person typed, held against the rules there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from vjpfix.config import Config
from vjpfix.model import VjpfixError
from vjpfix.rules import RULES
from vjpfix.suppress import UNUSED

ALL = "ALL"
KNOWN = (*(rule.code for rule in RULES), UNUSED)


def parse(text: str, option: str) -> tuple[str, ...]:
    """The codes of an option such as ``VJP001,VJP0``; ``VjpfixError`` for none and for an unknown one."""
    codes = tuple(code for part in text.split(",") if (code := part.strip().upper()))
    if not codes:
        raise VjpfixError(f"{option} needs at least one code, such as {KNOWN[0]}")
    return checked(codes, option)


def check_config(config: Config, path: Path) -> None:
    """Raise ``VjpfixError`` where the configuration, read from ``path``, names a rule that does not exist."""
    lists = {"select": config.select, "extend-select": config.extend_select, "ignore": config.ignore}
    for key, codes in lists.items():
        checked(codes, f"{key!r} of [tool.vjpfix]", path)
    for pattern, codes in config.per_file_ignores.items():
        checked(codes, f"{pattern!r} of [tool.vjpfix.per-file-ignores]", path)


def checked(codes: Iterable[str], where: str, path: Path | None = None) -> tuple[str, ...]:
    """The codes as they are; ``VjpfixError``, which names the near one, for one that stands for no rule."""
    found = tuple(codes)
    for code in found:
        if code != ALL and not any(known.startswith(code) for known in KNOWN):
            raise VjpfixError(f"{code!r} in {where} is not a rule; {_advice(code)}", path)
    return found


def _advice(code: str) -> str:
    near = difflib.get_close_matches(code, KNOWN, n=1)
    every = f"the rules are {', '.join(KNOWN)}, and a prefix or {ALL} stands for several"
    return f"did you mean {near[0]!r}? ({every})" if near else every
