"""The functions to which a file gives custom derivatives, as far as that is plain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vjpfix.prefilter.attached import Attached
from vjpfix.prefilter.functions import MODULE, Functions, Takes, occurrences, takes_of
from vjpfix.prefilter.parts import given_at, lambda_of

_NUMBERS = re.compile(rb"nondiff_argnums\s*=\s*(?:\(([\d\s,]*)\)|\[([\d\s,]*)\])")
_ASSIGNED = re.compile(rb"[ \t]*((?:self\s*\.\s*)?)(\w+)[ \t]*=[ \t]*(?:\w+\.)*\Z")
RETURNS = re.compile(rb"\b(?:return|yield|lambda)\b")
_CALLED = re.compile(rb"[ \t]*=[ \t]*(?:\w+\.)*(\w+)\(")
# Behind what is imported: the name it gets.
AS = re.compile(rb"[ \t]+as[ \t]+([\w\x80-\xff]+)")


@dataclass(frozen=True, slots=True)
class Primal:
    """What a function takes, and which places are not differentiated; None: not plain to see.

    ``reverse``: it has a contract of ``custom_vjp``.
    """

    takes: Takes
    nondiff: tuple[int, ...] | None
    reverse: bool

    @property
    def size(self) -> int | None:
        """How many arguments it is called with; None: any number."""
        return None if self.takes.rest else len(self.takes.names)


class Makers:
    """The decorators of one file. ``words``: what they are called, ``reverse``: those of ``custom_vjp``."""

    def __init__(self, functions: Functions, words: frozenset[bytes], reverse: frozenset[bytes]) -> None:
        self.functions = functions
        self.code = functions.code
        self.words = words
        self.reverse = reverse
        self._primals: dict[int, Primal | None] = {}

    def primal(self, index: int) -> Primal | None:
        """A function as its decorators make it; None where no decorator is known to be one of these."""
        if index not in self._primals:
            above = self.functions.decorators(index)
            made = any(occurrences(above, self.words))
            reverse = any(occurrences(above, self.reverse))
            takes = self.functions.takes(index) if made else Takes(())
            self._primals[index] = Primal(takes, _nondiff(above), reverse) if made else None
        return self._primals[index]

    def assigned(self, at: int, name: bytes, around: tuple[int, ...]) -> list[Primal]:
        """What the one statement makes that gives a name its meaning (``f = jax.custom_vjp(g)``).

        Nothing where it is not of that form, or makes it of something that is not in the file.
        """
        opened = _CALLED.match(self.code, at + len(name))
        if not opened or opened[1] not in self.words:
            return []
        given = given_at(self.code, opened.end())
        options = b", ".join(given[1:])
        plain = given and all(part.startswith(b"nondiff") for part in given[1:])
        nondiff = _nondiff(options) if plain else None
        reverse = opened[1] in self.reverse
        parts = lambda_of(given[0]) if plain else None
        if parts:
            return [Primal(takes_of(parts[0]), nondiff, reverse)]
        functions = self.functions.visible(given[0], around) if plain else []
        return [Primal(self.functions.takes(index), nondiff, reverse) for index in functions]

    def work_in_functions(self) -> bool:
        """Whether a function makes another one, which may close over what it is given."""
        starts = (self.functions.statement(at) for at, _ in occurrences(self.code, self.words))
        return any(self.functions.home(self.functions.around(start)) != MODULE for start in starts)

    def bare(self, attachments: Sequence[Attached]) -> Iterator[int | None]:
        """The homes of functions that may get no rules; None where one may be made that is not seen."""
        attached = {(each.owner, next(iter(each.around), MODULE)) for each in attachments}
        for at, end in occurrences(self.code, self.words):
            start = self.functions.statement(at)
            before = self.code[start:at].lstrip()
            home = self.functions.home(self.functions.around(start))
            known = self._made(at, end, before, start)
            if known is None:
                yield None if home == MODULE or RETURNS.search(before) else home
            elif known:
                around = self.functions.around(start)
                block = next(iter(around), MODULE)
                is_method = block != MODULE and self.functions.headers[block].is_class
                if not is_method and (known, block) not in attached:
                    yield None if home == MODULE else home

    def _made(self, at: int, end: int, before: bytes, start: int) -> bytes | None:
        """The name that a decorator's word gives a function; b"" where it gives none, None where it may."""
        if before.startswith((b"import ", b"from ")):
            renamed = AS.match(self.code, end)
            return None if renamed and renamed[1] != self.code[at:end] else b""
        if before.endswith((b"def ", b"class ")):
            return b""
        if before.startswith(b"@"):
            below = self.functions.below(start)
            return None if below is None else self.functions.headers[below].name
        assigned = _ASSIGNED.match(before)
        if assigned and self.code[end : end + 1] == b"(":
            return b"" if assigned[1] else assigned[2]
        return None if b"=" in before or RETURNS.search(before) else b""


def _nondiff(above: bytes) -> tuple[int, ...] | None:
    numbers = _NUMBERS.findall(above)
    if len(numbers) != above.count(b"nondiff") or len(numbers) > 1:
        return None
    found = [int(number) for number in re.findall(rb"\d+", b" ".join(numbers[0]))] if numbers else []
    return tuple(sorted(set(found)))
