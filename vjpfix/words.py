"""Bytes to "can this file hold one of these words?". It may say yes for nothing, but never no for a finding.

What the words mean in a file is asked of its parsed text. Letters that Python takes for plain ones (NFKC,
PEP 3131) are plain ones here, in whatever encoding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag, auto
from unicodedata import normalize

from vjpfix.jaxfacts.transforms import OTHER_MEANING, Table

_COOKIE = re.compile(rb"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
_EMACS = ("utf-8", "latin-1", "iso-8859-1", "iso-latin-1")  # with `-unix` and the like behind it
_WORD = re.compile(rb"[\w\x80-\xff]+")
# Backwards, which is quicker: a name that is set, or may be, for a comment hides what stands behind it.
_SET = re.compile(rb"(?<!=)[=#](?!=)[\s\\)]*([\w\x80-\xff]+)[.\s\\]")
NO_WORDS: frozenset[bytes] = frozenset()


def plain(data: bytes) -> bytes:
    """The text of a file in UTF-8, as Python reads its names; the file itself where Python reads none."""
    cookie = _COOKIE.match(data) if b"coding" in data else None
    if data.isascii() and not cookie:
        return data
    try:
        text = data.decode(_codec(cookie[1].decode()) if cookie else "utf-8")
    except (LookupError, UnicodeError):
        return data
    return normalize("NFKC", text).encode("utf-8", "surrogatepass")


def words(text: bytes) -> frozenset[bytes]:
    """All words of a text (see ``plain``)."""
    return frozenset(_WORD.findall(text))


def _codec(declared: str) -> str:
    name = declared.lower().replace("_", "-")
    return next((known for known in _EMACS if name.startswith(f"{known}-")), name)


def _whole(word: bytes) -> bytes:
    word = re.escape(word)  # which comes first, for regular expressions are fast only at what they start with
    return word + rb"(?<![\w\x80-\xff]" + word + rb")(?![\w\x80-\xff])"


@dataclass(frozen=True, slots=True)
class Words:
    """Identifiers that are looked for. ``parts``: whatever holds one of them holds one of these."""

    parts: tuple[bytes, ...]
    whole: re.Pattern[bytes]

    @classmethod
    def of(cls, qualified: Iterable[str]) -> Words:
        """The last words of qualified names."""
        words = sorted({name.rpartition(".")[2].encode() for name in qualified})
        parts = tuple(word for word in words if not any(o != word and o in word for o in words))
        return cls(parts, re.compile(b"|".join(map(_whole, words))))

    def are_in(self, text: bytes) -> bool:
        """Whether one of them stands in a text (see ``plain``)."""
        return any(part in text for part in self.parts) and self.whole.search(text) is not None


_SET_BY_NAME = Words.of(["setattr"])


class Clue(Flag):
    """What makes a file worth reading to a rule: it may …"""

    MAKES = auto()  # make functions with custom derivatives
    SETS = auto()  # put a transformed function in the place of an attribute of another module
    REBINDS = auto()  # rebind an imported name to one
    WRAPS = auto()  # do so with something that is not known to transform
    COMMENTS = auto()  # hold a comment that hides findings


@dataclass(frozen=True, slots=True)
class Prefilter:
    """Built once from the table and the ``clues`` of the rules.

    ``makers``: what makes functions with custom rules; ``transforms``: what gives a function another meaning,
    which comes from one of the ``libraries``.
    """

    makers: Words
    transforms: Words
    libraries: frozenset[bytes]
    clues: Clue

    @classmethod
    def of(cls, table: Table, clues: Clue) -> Prefilter:
        """The filter for a table."""
        names = [name for row in table.transforms.values() if row.kind in OTHER_MEANING for name in row.names]
        roots = {name.partition(".")[0].encode() for name in names}
        libraries = frozenset(b"" if root == b"builtins" else root for root in roots)
        return cls(Words.of(table.derivatives), Words.of(names), libraries, clues)

    def makes(self, text: bytes) -> bool:
        """Whether a file with this text (see ``plain``) may make functions with custom rules."""
        return self.makers.are_in(text)

    def taken(self, text: bytes) -> frozenset[bytes]:
        """Words among which are the names of other modules' functions that such a file may take over."""
        if Clue.REBINDS in self.clues or (Clue.SETS in self.clues and _SET_BY_NAME.are_in(text)):
            found = words
        elif Clue.SETS in self.clues:
            found = _set
        else:
            return NO_WORDS
        return found(text) if Clue.WRAPS in self.clues or self._transforms(text) else NO_WORDS

    def comments(self, data: bytes) -> bool:
        """Whether the bytes of a file may hold a comment that hides findings, and that matters."""
        return Clue.COMMENTS in self.clues and any(word in data.lower() for word in (b"noqa", b"vjpfix:"))

    def _transforms(self, text: bytes) -> bool:
        return any(root in text for root in self.libraries) and self.transforms.are_in(text)


def _set(text: bytes) -> frozenset[bytes]:
    return frozenset(word[::-1] for word in _SET.findall(text[::-1]))
