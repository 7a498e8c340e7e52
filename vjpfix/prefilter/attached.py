"""Where a file attaches rules to functions, and which functions and words these are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vjpfix.analyse.transforms import Role
from vjpfix.prefilter.functions import NAME, Functions
from vjpfix.prefilter.lines import line_at
from vjpfix.prefilter.parts import given_at

# From the end to the start.
_OWNER = re.compile(rb"([)\s]*)([\w\x80-\xff]+)((?:\s*\()*)(\s*\.|(?:[ \t]*|(?<=\()\s*)[\w\x80-\xff)\]])?")
_KEYWORD = re.compile(rb"([\w\x80-\xff]+)\s*=(?!=)\s*")
_NEAR = 300  # bytes before a setter, in which the name that it belongs to stands


@dataclass(frozen=True, slots=True)
class Attached:
    """Rules that a setter attaches to what is called ``owner``, which is empty where that is no name.

    ``around``: the blocks around. ``rules``: what each is called, or the lambda; None: not plain to see.
    ``below``: it is the function below, by a decorator.
    """

    setter: bytes
    owner: bytes
    around: tuple[int, ...]
    rules: tuple[tuple[Role, bytes], ...] | None
    below: int | None = None

    @property
    def names(self) -> frozenset[bytes]:
        """The words with which to look at all that these rules are; b"" where these are not plain."""
        words = {word for _, rule in self.rules or [(None, b"")] for word in NAME.findall(rule) or [b""]}
        return frozenset({self.owner, *words})


class Attachments:
    """All of one file, in order. ``roles``, ``keywords``: what setters take."""

    def __init__(
        self, functions: Functions, roles: Mapping[bytes, tuple[Role, ...]], keywords: Mapping[bytes, Role]
    ) -> None:
        self.functions = functions
        self.code = functions.code
        self.roles = roles
        self.keywords = keywords
        self.all = tuple(self._found())

    def _found(self) -> Iterator[Attached]:
        words = b"|".join(sorted(self.roles, reverse=True))
        for match in re.finditer(rb"(?:%b)(?![\w\x80-\xff])" % words, self.code):
            at = match.start()
            before = b"." * (at > _NEAR) + self.code[max(0, at - _NEAR) : at].rstrip()  # no name ends here
            if before.endswith(b"."):
                yield self._attached(at, match[0], match.end(), _owner(before[:-1].rstrip()))

    def _attached(self, at: int, setter: bytes, end: int, owner: bytes) -> Attached:
        around = self.functions.around(at)
        start, line = line_at(self.code, at)
        roles = self.roles[setter]
        if line.lstrip().startswith(b"@"):
            below = self.functions.below(start)
            is_call = self.code[end : end + 1] == b"("
            rules = None if is_call or below is None else ((roles[0], self.functions.headers[below].name),)
            return Attached(setter, owner, around, rules, below)
        return Attached(setter, owner, around, self._rules(end, roles))

    def _rules(self, end: int, roles: tuple[Role, ...]) -> tuple[tuple[Role, bytes], ...] | None:
        opened = re.compile(rb"\s*\(").match(self.code, end)
        if not opened:
            return None
        found: list[tuple[Role, bytes]] = []
        for index, part in enumerate(given_at(self.code, opened.end())):
            keyword = _KEYWORD.match(part)
            if part.startswith(b"*"):
                return None
            if not keyword:
                found.append((roles[min(index, len(roles) - 1)], part))
            elif role := self.keywords.get(keyword[1]):
                found.append((role, part[keyword.end() :]))
        return tuple(found)


def _owner(before: bytes) -> bytes:
    """The name at the end of a text, if it is one by itself, in brackets or not."""
    match = _OWNER.match(before[::-1])
    if not match:
        return b""
    more_opened = match[3].count(b"(") - match[1].count(b")")
    is_alone = more_opened > 0 or (not more_opened and not match[4])
    return match[2][::-1] if is_alone else b""
