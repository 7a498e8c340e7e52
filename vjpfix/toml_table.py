"""Checked values out of one table of the user's ``pyproject.toml``."""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vjpfix.globs import pattern_spec
from vjpfix.model import VjpfixError

_CODE = re.compile(r"(?!VJP\d{4})[A-Z]+\d*")


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the file it is in, how it is written (``[tool.vjpfix]``), its keys and values.

    Every method that takes a key gives the checked value, or raises VjpfixError with a sentence that names
    the key and what it must be. Lists and tables that are missing are empty.
    """

    path: Path
    section: str
    raw: Mapping[str, object]

    def allow_only(self, known: Collection[str]) -> None:
        for key in self.raw:
            if key not in known:
                raise self.error(f"unknown key {key!r} in {self.section}; {_nearest(key, known)}")

    def error(self, message: str) -> VjpfixError:
        return VjpfixError(message, self.path)

    def wrong(self, key: str, wanted: str) -> VjpfixError:
        given = self.raw.get(key)
        found = "it is missing" if given is None else f"not {given!r}"
        return self.error(f"{key!r} in {self.section} must be {wanted}; {found}")

    def text(self, key: str, wanted: str) -> str:
        value = self.raw.get(key)
        if not isinstance(value, str) or not value:
            raise self.wrong(key, wanted)
        return value

    def dotted(self, key: str) -> str:
        value = self.text(key, "a qualified name such as 'mylib.batch'")
        if not all(_is_name(part) for part in value.split(".")):
            raise self.wrong(key, "a qualified name such as 'mylib.batch'")
        return value

    def truth(self, key: str) -> bool:
        value = self.raw.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def choice(self, key: str, known: Collection[str]) -> str:
        wanted = "one of " + ", ".join(repr(name) for name in known)
        value = self.text(key, wanted)
        if value not in known:
            raise self.wrong(key, wanted)
        return value

    def suffix(self, key: str) -> str:
        value = self.text(key, "a suffix such as 'mapped'")
        if not f"f_{value}".isidentifier():
            raise self.wrong(key, "a suffix that can end a Python name, such as 'mapped'")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        values = self.raw.get(key, [])
        if not isinstance(values, list):
            raise self.wrong(key, "a list of strings")
        texts = tuple(value for value in values if isinstance(value, str) and value)
        if len(texts) != len(values):
            raise self.wrong(key, "a list of strings")
        return texts

    def codes(self, key: str) -> tuple[str, ...]:
        return parse_codes(self.strings(key), f"{key!r} of {self.section}", self.path)

    def patterns(self, key: str) -> tuple[str, ...]:
        for pattern in (values := self.strings(key)):
            self.check_pattern(key, pattern)
        return values

    def check_pattern(self, key: str, pattern: str) -> None:
        try:
            usable = any(each.include is not None for each in pattern_spec(pattern.strip()).patterns)
        except (ValueError, re.error):
            usable = False
        if not usable:
            raise self.error(f"{pattern!r} in {key!r} of {self.section} is not a gitignore pattern")

    def table(self, key: str) -> Table:
        value = self.raw.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, "a table")
        return Table(self.path, f"{self.section[:-1]}.{key}]", value)

    def rows(self, key: str) -> tuple[Table, ...]:
        values = self.raw.get(key, [])
        section = f"[{self.section[:-1]}.{key}]]"
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, f"a list of tables, each written {section}")
        return tuple(Table(self.path, section, value) for value in values)

    def per_file_ignores(self, key: str) -> dict[str, tuple[str, ...]]:
        inner = self.table(key)
        for pattern in inner.raw:
            self.check_pattern(key, pattern.removeprefix("!"))
        return {pattern: inner.codes(pattern) for pattern in inner.raw}

    def suffixes(self, key: str) -> dict[str, str]:
        inner = self.table(key)
        return {old: inner.suffix(old) for old in inner.raw}

    def names(self, key: str) -> dict[str, str]:
        inner = self.table(key)
        wanted = "a Python name other than the primal's own"
        news = {primal: inner.text(primal, wanted) for primal in inner.raw}
        for primal, new in news.items():
            if not _is_name(new) or new == primal:
                raise inner.wrong(primal, wanted)
        return news


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _nearest(key: str, known: Collection[str]) -> str:
    import difflib

    near = difflib.get_close_matches(key.replace("_", "-"), known, n=1)
    return f"did you mean {near[0]!r}?" if near else "known keys are " + ", ".join(known)


def parse_codes(values: Iterable[str], where: str, path: Path | None = None) -> tuple[str, ...]:
    """Rule codes or prefixes in upper case, from a list such as that of ``--select``.

    ``where`` names the list in the error, ``path`` the file it comes from. Raises VjpfixError for a word
    that cannot be one; whether there is such a rule is not asked here.
    """
    codes = tuple(value.strip().upper() for value in values)
    for code in codes:
        if not _CODE.fullmatch(code):
            raise VjpfixError(
                f"{code!r} in {where} is not a rule code; write a code such as VJP001, "
                "a prefix such as VJP0, or ALL",
                path,
            )
    return codes
