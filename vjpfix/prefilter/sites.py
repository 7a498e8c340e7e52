"""The statements of a file that bind names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vjpfix.prefilter.lines import code_of, is_open, line_at, mentions, targets_of
from vjpfix.prefilter.outline import HEADER

MAX_LINES = 80  # of one statement


@dataclass(frozen=True, slots=True)
class Site:
    """A statement on one line that binds ``names``. ``start``: of the line; ``header``: a ``def``."""

    start: int
    line: bytes
    code: bytes
    names: frozenset[bytes]
    header: bool


def sites_on(start: int, line: bytes) -> Iterator[Site]:
    """The statements of one line that bind names. ``start``: where the line starts."""
    header = HEADER.match(line)
    if header and header[2]:
        yield Site(start, line, line, frozenset({header[2]}), True)
        line = b" " * (len(header[1]) + 1) + line[header.end() :].partition(b":")[2]  # a body on its line
    for part in code_of(line).split(b";"):
        if targets := frozenset(targets_of(part)):
            yield Site(start, line, part, targets, False)


def sites_over_lines(data: bytes, names: set[bytes]) -> Iterator[Site]:
    """Statements that mention one of ``names`` on a later line than their first."""
    for start in mentions(data, names):
        for _ in range(MAX_LINES):
            start, line = line_at(data, start - 1) if start else (0, b"")
            if not is_open(line) and not line.endswith((b",", b"(", b"[")):
                break
            yield from sites_on(start, line)


def statement_at(data: bytes, site: Site) -> bytes:
    """The site's code and the lines after it, until its brackets are closed."""
    text, end = site.code, site.start + len(site.line)
    for _ in range(MAX_LINES):
        if not is_open(text) or end >= len(data):
            break
        start, line = line_at(data, end + 1)
        text, end = text + b" " + line, start + len(line)
    return text
