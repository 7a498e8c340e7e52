"""Where a file may take a forward-mode derivative of a function with a reverse rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from vjpfix.prefilter.functions import MODULE, Functions, occurrences
from vjpfix.prefilter.lines import targets_of
from vjpfix.prefilter.made import AS, RETURNS, Makers
from vjpfix.prefilter.parts import arguments_at, depth_between

_NAMES = re.compile(rb"(?<![\w.\x80-\xff])(?!\d)([\w\x80-\xff]+)([ \t\n]*\(|[ \t]*=(?!=))?")


class ForwardCalls:
    """One file. ``words``: the names of the transforms."""

    def __init__(self, functions: Functions, makers: Makers, words: frozenset[bytes]) -> None:
        self.functions = functions
        self.makers = makers
        self.code = functions.code
        self.words = words

    def homes(self) -> Iterator[int | None]:
        """Those of the calls that may be given such a function; None where a transform gets another name."""
        for at, end in occurrences(self.code, self.words):
            if self.code[end : end + 1] != b"(":
                if self._is_named(at, end):
                    home = self.functions.home(self.functions.around(at))
                    yield None if home == MODULE or self._is_returned(at) else home
            elif not self._is_header(at):
                around = self.functions.around(at)
                home = self.functions.home(around)
                if home in self._leading and not self._is_harmless(end + 1, around):
                    yield home

    @cached_property
    def _leading(self) -> set[int]:
        """The homes that make or mention such a function, or a function that does."""
        found: set[int] = set()
        known: set[bytes] = set()
        places = [at for at, _ in occurrences(self.code, self.makers.reverse)]
        while places:
            names: set[bytes] = set()
            for at in places:
                home = self.functions.home(self.functions.around(at))
                names |= self._bound_at(at) if home == MODULE else {self.functions.headers[home].name}
                found.add(home)
            new, known = names - known, known | names
            places = [at for at, _ in occurrences(self.code, new)]
        return found

    def _bound_at(self, at: int) -> set[bytes]:
        """The names that a statement of the module gives to something, by what it says up to an offset."""
        start = self.functions.statement(at)
        below = self.functions.below(start - 1)
        text = self.code[start:at].lstrip()
        if below is not None and text.startswith((b"@", b"def ", b"class ", b"async ")):
            return {self.functions.headers[below].name}
        return set() if text.startswith((b"import ", b"from ")) else set(targets_of(text))

    def _is_named(self, at: int, end: int) -> bool:
        """Whether a transform may get another name here."""
        renamed = AS.match(self.code, end)
        if renamed:
            return renamed[1] != self.code[at:end]
        start = self.functions.statement(at)
        is_value = b"=" in self.code[start:at] and not depth_between(self.code, start, at)
        return is_value or self._is_returned(at)

    def _is_returned(self, at: int) -> bool:
        return bool(RETURNS.search(self.code[self.functions.statement(at) : at]))

    def _is_header(self, at: int) -> bool:
        return self.code[max(0, at - len(b"class ")) : at].endswith((b"def ", b"class "))

    def _is_harmless(self, start: int, around: tuple[int, ...]) -> bool:
        """Whether what a transform is given first, or by a keyword, is no function with a reverse rule."""
        parts = arguments_at(self.code, start)[0]
        given = parts[:1] + [part for part in parts[1:] if re.match(rb"\w+\s*=(?!=)", part)]
        return all(part.startswith(b"lambda") or self._knows(part, around) for part in given)

    def _knows(self, part: bytes, around: tuple[int, ...]) -> bool:
        for match in _NAMES.finditer(part):
            name, follows = match[1], match[2] or b""
            if follows.endswith(b"="):
                continue
            functions = self.functions.visible(name, around)
            if functions and follows:
                return False  # it may return such a function
            if self.functions.binds(name, around) or any(map(self._is_reverse, functions)):
                return False
        return True

    def _is_reverse(self, index: int) -> bool:
        primal = self.makers.primal(index)
        return primal is not None and primal.reverse
