"""Where a file may take a forward-mode derivative of a function with a reverse rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vjpfix.prefilter.functions import Functions
from vjpfix.prefilter.lines import line_at
from vjpfix.prefilter.made import Makers, any_of
from vjpfix.prefilter.parts import arguments_at

_NAME = re.compile(rb"(?<![\w.\x80-\xff])(?!\d)([\w\x80-\xff]+)([ \t\n]*\(|[ \t]*=(?!=))?")


class ForwardCalls:
    """One file. ``words``: the names of the transforms."""

    def __init__(self, functions: Functions, makers: Makers, words: frozenset[bytes]) -> None:
        self.functions = functions
        self.makers = makers
        self.code = functions.code
        self.word = any_of(words)

    def homes(self) -> Iterator[int | None]:
        """Those of the calls that may be given such a function; None where a transform gets another name."""
        for match in self.word.finditer(self.code):
            if self.code[match.end() : match.end() + 1] == b"(":
                around = self.functions.around(match.start())
                if not self._is_harmless(match.end() + 1, around):
                    yield self.functions.home(around)
            elif self._is_named(match):
                yield None

    def _is_named(self, match: re.Match[bytes]) -> bool:
        start, line = line_at(self.code, match.start())
        before, after = line[: match.start() - start], line[match.end() - start :].lstrip()
        if re.search(rb"\b(?:def|class)[ \t]+\Z", before) or after.startswith(b"="):
            return False
        return b"=" in before or bool(re.match(rb"as\b(?![ \t]+%b\b)" % match[0], after))

    def _is_harmless(self, start: int, around: tuple[int, ...]) -> bool:
        """Whether what a transform is given first, or by a keyword, is no function with a reverse rule."""
        parts = arguments_at(self.code, start)[0]
        given = parts[:1] + [part for part in parts[1:] if re.match(rb"\w+\s*=(?!=)", part)]
        return all(part.startswith(b"lambda") or self._knows(part, around) for part in given)

    def _knows(self, part: bytes, around: tuple[int, ...]) -> bool:
        for match in _NAME.finditer(part):
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
