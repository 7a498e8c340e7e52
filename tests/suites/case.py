"""What a case of the suites is: a folder, what the fix makes of its files, or why it makes nothing of them."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from vjpfix.config import ExtraDerivative, ExtraTransform

TRANSFORMED, ORIGINAL = RENAMES = ("transformed", "original")
BRACKETS = {frozenset({TRANSFORMED}): "⟦⟧", frozenset({ORIGINAL}): "⟪⟫", frozenset(RENAMES): "⟬⟭"}
"""What marks the text that a fix adds, by what it gives the new name to."""

_MARKS = {
    renames: re.compile("{0}(?:([^{0}{1}]*?)→)?([^{0}{1}]*){1}".format(*brackets))
    for renames, brackets in BRACKETS.items()
}
_HERE = re.compile(r"# here(?: \((\w+)\))?$", re.MULTILINE)
_FOUND = re.compile(r"# found( twice)?$", re.MULTILINE)
_EXTRA = {"transforms": ExtraTransform, "custom_derivatives": ExtraDerivative}


class Expected(Enum):
    """What a fix is to do: to write what is marked, to refuse, or nothing, since there is no finding."""

    FIXED = "fixed"
    REFUSED = "refused"
    LEFT_ALONE = "left alone"


@dataclass(frozen=True, slots=True)
class File:
    """A text with marks, and how it is stored: an encoding, "CRLF", both or nothing."""

    marked: str
    stored: str = ""

    @property
    def before(self) -> str:
        return self.after("")

    def after(self, rename: str) -> str:
        text = self.marked
        for renames, mark in _MARKS.items():
            text = mark.sub(r"\2" if rename in renames else r"\1", text)
        return text

    def without(self, refused: Collection[str]) -> File:
        """The same without the marks for fixes that are refused."""
        text = self.marked
        for renames, mark in _MARKS.items():
            if renames.intersection(refused):
                left = BRACKETS.get(renames.difference(refused))
                text = mark.sub(
                    lambda found, b=left: f"{b[0]}{found[0][1:-1]}{b[1]}" if b else found[1] or "", text
                )
        return File(text, self.stored)

    def lines(self, mark: re.Pattern[str]) -> Iterator[tuple[int, str | None]]:
        """The lines of the text as it is that end in a mark, each with the word that the mark adds."""
        before = self.before.replace("\r", "\n")
        for found in mark.finditer(before):
            yield before.count("\n", 0, found.start()) + 1, found[1]

    def data(self, text: str) -> bytes:
        words = self.stored.split(", ") if self.stored else []
        encoding = next((word for word in words if word != "CRLF"), "utf-8")
        return text.replace("\n", "\r\n" if "CRLF" in words else "\n").encode(encoding)


def refused_by(keys: Mapping[str, str], marked: Collection[str], own: Collection[str]) -> set[str]:
    """The renames that are refused, by what a case says, the texts of its files and those that are its own."""
    found = {rename for rename in RENAMES if {"refused", f"refused {rename}"} & keys.keys()}
    for text in marked:
        for _, only in File(text).lines(_HERE):
            found |= {only} if only else {*RENAMES}
        if _FOUND.search(text) and not any(mark.search(each) for mark in _MARKS.values() for each in own):
            found |= {*RENAMES}
    return found


@dataclass(frozen=True, slots=True)
class Case:
    """One case. ``name`` says why it is there; ``keys``: its options, of those in ``reading.KEYS``;
    ``refused``: what may not get the new name."""

    theme: str
    name: str
    files: Mapping[str, File]
    keys: Mapping[str, str]
    refused: Collection[str]

    def __str__(self) -> str:
        return f"{self.theme}: {self.name}"

    @property
    def text(self) -> str:
        """The program, where it is one file."""
        return self.files["program.py"].before

    @property
    def before(self) -> dict[str, bytes]:
        return self.after("")

    def after(self, rename: str) -> dict[str, bytes]:
        """The files as the fix leaves them that gives a new name to the transformed version, or the original."""
        return {path: file.data(file.after(rename)) for path, file in self.files.items()}

    def expected(self, rename: str) -> Expected:
        if rename in self.refused:
            return Expected.REFUSED
        return Expected.LEFT_ALONE if self.after(rename) == self.before else Expected.FIXED

    @property
    def renames(self) -> tuple[str, ...]:
        """What may get the new name in this case."""
        return (self.keys["rename"],) if "rename" in self.keys else RENAMES

    def refusals(self, rename: str) -> list[str]:
        """What a reason matches, as "path:line: message"."""
        return [self.keys[key] for key in ("refused", f"refused {rename}") if key in self.keys]

    def in_the_way(self, rename: str) -> set[tuple[str, int]]:
        """The lines, by path, that the reasons of a refusal have to name."""
        return {
            (path, n)
            for path, f in self.files.items()
            for n, only in f.lines(_HERE)
            if only in (None, rename)
        }

    @property
    def found(self) -> Counter[tuple[str, int]]:
        """The lines with findings: those that say so, or else the first that is marked."""
        said = {
            (path, n): 2 if twice else 1 for path, f in self.files.items() for n, twice in f.lines(_FOUND)
        }
        if not said and (match := re.search("[⟦⟬]", self.files["program.py"].marked)):
            above = File(self.files["program.py"].marked[: match.start()]).before
            said["program.py", above.count("\n") + 1] = 1
        return Counter(said)

    @property
    def options(self) -> dict[str, object]:
        """Fields of the configuration."""
        found = {k.replace("-", "_"): v for k, v in tomllib.loads(self.keys.get("options", "")).items()}
        for key, make in _EXTRA.items():
            found |= {key: [make(**row) for row in found[key]]} if key in found else {}
        if "select" in self.keys:
            found["select"] = self.keys["select"].split()
        return {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}

    @property
    def python(self) -> tuple[int, ...]:
        """The release that it needs."""
        return tuple(int(part) for part in self.keys.get("python", "3").split("."))

    def words(self, key: str) -> tuple[str, ...]:
        """The words of an option."""
        return tuple(self.keys.get(key, "").split())
