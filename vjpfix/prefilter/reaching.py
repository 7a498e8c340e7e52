"""Whether a file may take over a name of another module, or rebind one that it imports, by its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from vjpfix.analyse.transforms import OTHER_MEANING, Table
from vjpfix.prefilter.lines import CONTINUED, code_of, depth_of, targets_of

# An attribute that is set, of anything but what methods call their object, to a name or to something that
# mentions the attribute, as far as one line tells. What regular expressions are fast at comes first: a
# character to look for.
_ATTRIBUTE = re.compile(
    rb"\.(?<!self\.)(?<!cls\.)(\w+) *=(?!=)"
    rb"(?: *([^\W\d]\w*)[ \t]*(?=[\r\n;#]|\Z)|[^\n]*?(?:(?<!\w)\1(?!\w)|[(\[,\\]\r?(?=\n)|\\\r?(?=\n)))"
)
# What it is set of, at the start of a statement.
_BASE = re.compile(
    rb"(?:[^\n]*(?:;|=|\b(?:else|try|finally)[ \t]*:)|[ \t]*(?:if|elif|while|for|with|except|case)\b[^\n]*:)?"
    rb"[ \t]*(?!\d)([\w\x80-\xff]+)(?:[ \t]*\.[ \t]*[\w\x80-\xff]+)*[ \t]*\Z"
)
_BY_NAME = re.compile(
    rb"setattr(?<![\w.]setattr)\([ \t\n]*([\w\x80-\xff]+)[^,\n]*,[ \t\n]*"
    rb"[uUrR]?(?:'(\w+)'|\"(\w+)\")[ \t\n]*,"
)
_CALLED = re.compile(rb"([\w\x80-\xff]+)[ \t]*\(")
_IMPORT = re.compile(rb"import(?<!\wimport)[ \t]*(\([^)]*\)|[^\n]*)")
_WORD = re.compile(rb"(?!\d)[\w\x80-\xff]+")
_DEF = re.compile(rb"def[ \t]+([\w\x80-\xff]+)")
_DYNAMIC = (b"import_module", b"__import__")

MAX_STATEMENT = 4000  # bytes
MAX_ROUNDS = 4  # of names that are made of names


@dataclass(frozen=True, slots=True)
class Reaching:
    """Built once from the table. ``attributes``, ``imports``: what to look for.

    The statement that sets an attribute has to mention it (``m.f = jax.vmap(m.f)``), to set it to a name that
    a line made of it (``g = jax.vmap(m.f)``) or, with ``setattr``, to be a statement of its own.

    ``words``: the names of transforms that give a function another meaning, ``needles``: parts of them; a
    file without any is nothing.
    """

    words: frozenset[bytes]
    needles: tuple[bytes, ...]
    attributes: bool
    imports: bool

    @classmethod
    def of(cls, table: Table, *, attributes: bool, imports: bool) -> Reaching:
        """The look for a table."""
        rows = [row for row in table.transforms.values() if row.kind in OTHER_MEANING]
        words = {name.rpartition(".")[2].encode() for row in rows for name in row.names}
        return cls(frozenset(words), shortest(words), attributes, imports)

    def reaches(self, data: bytes) -> bool:
        """Whether full analysis might find something; bytes of any encoding, with their line ends."""
        sets = self.attributes and (_ATTRIBUTE.search(data) is not None or b"setattr(" in data)
        if not sets and not (self.imports and any(needle in data for needle in self.needles)):
            return False
        if b"\\\n" in data or b"\\\r" in data:
            data = CONTINUED.sub(b" ", data)
        if b"\r" in data:
            data = data.replace(b"\r", b"\n")
        file = _File(data, self.words)
        return (sets and file.sets_attribute()) or (self.imports and file.rebinds_import())


def shortest(words: set[bytes]) -> tuple[bytes, ...]:
    """The words without those that contain another one."""
    return tuple(sorted(word for word in words if not any(o != word and o in word for o in words)))


@dataclass(frozen=True, slots=True)
class _Set:
    """An attribute ``name`` of something (``base``) that is set to a name (``value``), or to what ``start``s
    there."""

    base: bytes
    name: bytes
    value: bytes
    start: int


class _File:
    """The text of one file. ``transforms``: the words that a value has to be made of."""

    def __init__(self, data: bytes, transforms: frozenset[bytes]) -> None:
        self.data = data
        self.transforms = transforms
        self._made: set[bytes] | None = None

    @cached_property
    def imported(self) -> set[bytes]:
        """The words of the import statements."""
        return {w for match in _IMPORT.finditer(self.data) for w in _WORD.findall(match[1])}

    def sets_attribute(self) -> bool:
        """Whether an attribute of something that was imported is set to what a transform made."""
        found = list(self._set())
        if not found:
            return False
        dynamic = any(word in self.data for word in _DYNAMIC)
        return any(
            (dynamic or each.base in self.imported)
            and (self._is_made_of(each.value, each.name) if each.value else self._transforms(each.start))
            for each in found
        )

    def _set(self) -> Iterator[_Set]:
        for match in _ATTRIBUTE.finditer(self.data):
            start = self.data.rfind(b"\n", 0, match.start()) + 1
            base = _BASE.match(self.data, start, match.start())
            if base and (match[2] or match[1] in _WORD.findall(self._statement(match.end(1)))):
                yield _Set(base[1], match[1], match[2], match.end(1))
        for match in _BY_NAME.finditer(self.data):
            name = match[2] or match[3]
            if _WORD.findall(self._statement(match.start())).count(name) > 1:
                yield _Set(match[1], name, b"", match.start())

    def _is_made_of(self, value: bytes, name: bytes) -> bool:
        """Whether a transform may have made a name of something that mentions another one, in one line."""
        line = rb"%b(?<![\w.]%b)[ \t]*=(?!=)[^\n]*(?<!\w)%b(?!\w)" % (value, value, name)
        return any(self._transforms(match.start()) for match in re.finditer(line, self.data))

    def rebinds_import(self) -> bool:
        """Whether another statement binds a name that was imported to what a transform may have made."""
        if not self.imported.isdisjoint(_DEF.findall(self.data)):
            return True
        for start, line, targets in self._assignments():
            if not targets.isdisjoint(self.imported):
                value = start + line.find(b"=")
                if self._transforms(value) or not self.made.isdisjoint(_WORD.findall(self._statement(value))):
                    return True
        return False

    def _assignments(self) -> Iterator[tuple[int, bytes, set[bytes]]]:
        start = 0
        for line in self.data.split(b"\n"):
            if b"=" in line and (targets := set(targets_of(code_of(line)))):
                yield start, line, targets
            start += len(line) + 1

    def _transforms(self, start: int) -> bool:
        """Whether the rest of a statement may be made by a transform."""
        statement = self._statement(start)
        if not self.transforms.isdisjoint(_WORD.findall(statement)):
            return True
        called = [word for word in set(_CALLED.findall(statement)) if self._is_bound(word)]
        return bool(called) and not self.made.isdisjoint(called)

    def _is_bound(self, word: bytes) -> bool:
        """Whether the file may give a meaning of its own to a word."""
        if any(start + word in self.data for start in (b"def ", b"as ")):
            return True
        return bool(re.search(word + rb"[ \t]*(?:[,:][^=\n]*)?=(?!=)", self.data))

    def _statement(self, start: int) -> bytes:
        end = start
        while end < len(self.data) and end < start + MAX_STATEMENT:
            end = self.data.find(b"\n", end)
            if end < 0:
                return self.data[start:]
            if depth_of(self.data[start:end]) <= 0:
                break
            end += 1
        return self.data[start:end]

    @property
    def made(self) -> set[bytes]:
        """What a transform may have given another name, and functions that may call one."""
        if self._made is None:
            made = set(_DEF.findall(self.data)) | set(self.transforms)
            lines = [(targets, set(_WORD.findall(line))) for _, line, targets in self._assignments()]
            lines += [(words, words) for m in _IMPORT.finditer(self.data) if (words := _as_words(m[1]))]
            for _ in range(MAX_ROUNDS):
                made |= {word for targets, words in lines if not words.isdisjoint(made) for word in targets}
            self._made = made
        return self._made


def _as_words(text: bytes) -> set[bytes]:
    """The words of an import that gives other names."""
    return set(_WORD.findall(text)) if b" as " in text else set()
