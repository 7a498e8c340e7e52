"""Bytes to "could this file matter?". It may say yes for nothing, but never no for a finding.

Asked is no more than which words a file can hold: what they mean there is asked of its parsed text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from vjpfix.analyse.plain import words
from vjpfix.analyse.transforms import OTHER_MEANING, Table

# Backwards, which is quicker: a name that is set, or may be, for a comment hides what stands behind it.
_SET = re.compile(rb"(?<!=)[=#](?!=)[\s\\)]*([\w\x80-\xff]+)[.\s\\]")
NO_WORDS: frozenset[bytes] = frozenset()


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


@dataclass(frozen=True, slots=True)
class Prefilter:
    """Built once from the table. ``makers``: what makes functions with custom rules; ``transforms``: what
    gives a function another meaning, which comes from one of the ``libraries``.

    ``attributes``: it matters what takes over a name of another module (VJP005), ``imports``: and what
    rebinds an imported one (VJP006), ``wrappers``: and by anything (VJP003).
    """

    makers: Words
    transforms: Words
    libraries: frozenset[bytes]
    attributes: bool
    imports: bool
    wrappers: bool

    @classmethod
    def of(cls, table: Table, *, attributes: bool, imports: bool, wrappers: bool) -> Prefilter:
        """The filter for a table."""
        names = [name for row in table.transforms.values() if row.kind in OTHER_MEANING for name in row.names]
        roots = {name.partition(".")[0].encode() for name in names}
        libraries = frozenset(b"" if root == b"builtins" else root for root in roots)
        makers, transforms = Words.of(table.derivatives), Words.of(names)
        return cls(makers, transforms, libraries, attributes, imports, wrappers)

    def makes(self, text: bytes) -> bool:
        """Whether a file with this text (see ``plain``) may make functions with custom rules."""
        return self.makers.are_in(text)

    def taken(self, text: bytes) -> frozenset[bytes]:
        """Words among which are the names of other modules' functions that such a file may take over."""
        if self.imports or (self.attributes and _SET_BY_NAME.are_in(text)):
            found = words
        elif self.attributes:
            found = _set
        else:
            return NO_WORDS
        return found(text) if self.wrappers or self._transforms(text) else NO_WORDS

    def _transforms(self, text: bytes) -> bool:
        return any(root in text for root in self.libraries) and self.transforms.are_in(text)


def _set(text: bytes) -> frozenset[bytes]:
    return frozenset(word[::-1] for word in _SET.findall(text[::-1]))
