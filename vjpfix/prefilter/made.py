"""The functions to which a file gives custom derivatives, as far as that is plain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from vjpfix.prefilter.attached import Attached
from vjpfix.prefilter.functions import MODULE, Functions, Takes

_NUMBERS = re.compile(rb"nondiff_argnums\s*=\s*(?:\(([\d\s,]*)\)|\[([\d\s,]*)\])")
_ASSIGNED = re.compile(rb"[ \t]*((?:self\s*\.\s*)?)(\w+)[ \t]*=[ \t]*(?:\w+\.)*\Z")


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
        self.word = any_of(words)
        self.reverse = any_of(reverse)
        self._primals: dict[int, Primal | None] = {}

    def primal(self, index: int) -> Primal | None:
        """A function as its decorators make it; None where no decorator is known to be one of these."""
        if index not in self._primals:
            above = self.functions.decorators(index)
            takes, reverse = self.functions.takes(index), bool(self.reverse.search(above))
            self._primals[index] = Primal(takes, _nondiff(above), reverse) if self.word.search(above) else None
        return self._primals[index]

    @cached_property
    def _places(self) -> list[re.Match[bytes]]:
        return list(self.word.finditer(self.code))

    def bare(self, attachments: Sequence[Attached]) -> Iterator[int | None]:
        """The homes of functions that may get no rules; None where one may be made that is not seen."""
        attached = {(each.owner, next(iter(each.around), MODULE)) for each in attachments}
        for place in self._places:
            made = self._made(place)
            if made is None:
                yield None
            elif made:
                name, at = made
                around = self.functions.around(at)
                block = next(iter(around), MODULE)
                is_method = block != MODULE and self.functions.headers[block].is_class
                if not is_method and (name, block) not in attached:
                    home = self.functions.home(around)
                    yield None if home == MODULE else home

    def _made(self, place: re.Match[bytes]) -> tuple[bytes, int] | tuple[()] | None:
        """The name that a decorator's word gives a function, and where; () where it gives none."""
        start = self.functions.statement(place.start())
        before = self.code[start : place.start()].lstrip()
        if before.startswith((b"import ", b"from ")):
            another = rb"[ \t]+as[ \t]+(?!%b\b)" % place[0]
            return None if re.compile(another).match(self.code, place.end()) else ()
        if re.search(rb"\b(?:def|class)[ \t]+\Z", before):
            return ()
        if before.startswith(b"@"):
            below = self.functions.below(start)
            return None if below is None else (self.functions.headers[below].name, start)
        assigned = _ASSIGNED.match(before)
        if assigned and self.code[place.end() : place.end() + 1] == b"(":
            return () if assigned[1] else (assigned[2], start)
        return None


def any_of(words: frozenset[bytes]) -> re.Pattern[bytes]:
    """What finds these words."""
    return re.compile(rb"(?<![\w\x80-\xff])(?:%b)(?![\w\x80-\xff])" % b"|".join(sorted(words)))


def _nondiff(above: bytes) -> tuple[int, ...] | None:
    numbers = _NUMBERS.findall(above)
    if len(numbers) != above.count(b"nondiff") or len(numbers) > 1:
        return None
    found = [int(number) for number in re.findall(rb"\d+", b" ".join(numbers[0]))] if numbers else []
    return tuple(sorted(set(found)))
