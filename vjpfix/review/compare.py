"""Which lines differ between two versions of a file, and the words that differ between two lines."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_MANY_WORDS = 1000

Columns = tuple[tuple[int, int], ...]
"""Half-open ranges of columns, in order."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines ``old[start:end]`` that became ``new[new_start:new_end]``; line numbers from 0."""

    start: int
    end: int
    new_start: int
    new_end: int


@dataclass(frozen=True, slots=True)
class Hunk:
    """Blocks that are shown together, and the lines shown: they and the unchanged lines around them."""

    lines: Block
    blocks: tuple[Block, ...]


def changed_blocks(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[Block, ...]:
    """The blocks of ``old`` that differ in ``new``, in order, with at least one equal line between them.

    Most fixes rename within lines, so files with the same number of lines are compared line by line, in
    linear time; where that shows lines that moved, or the numbers differ, what is between the first and the
    last difference is matched up.
    """
    if len(old) == len(new):
        runs = _runs([i for i, (before, after) in enumerate(zip(old, new, strict=True)) if before != after])
        if all(set(old[run.start : run.end]).isdisjoint(new[run.start : run.end]) for run in runs):
            return runs
    head = _common_prefix(old, new)
    old_rest, new_rest = old[head:], new[head:]
    tail = _common_prefix(old_rest[::-1], new_rest[::-1])
    matcher = SequenceMatcher(None, old_rest[: len(old_rest) - tail], new_rest[: len(new_rest) - tail])
    return tuple(
        Block(head + i1, head + i2, head + j1, head + j2)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    )


def hunks(blocks: Sequence[Block], old_count: int, context: int) -> tuple[Hunk, ...]:
    """Gather blocks that ``context`` unchanged lines on each side would join. ``old_count``: lines in all."""
    if not blocks:
        return ()
    breaks = [i + 1 for i, (a, b) in enumerate(pairwise(blocks)) if b.start - a.end > 2 * context]
    edges = [0, *breaks, len(blocks)]
    return tuple(_hunk(tuple(blocks[a:b]), old_count, context) for a, b in pairwise(edges))


def changed_words(old: str, new: str) -> tuple[Columns, Columns]:
    """The columns of ``old`` and of ``new`` that hold words (or signs) the other line does not have."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=max(len(before), len(after)) > _MANY_WORDS)
    differing = [codes[1:] for codes in matcher.get_opcodes() if codes[0] != "equal"]
    return (
        _columns(before, [(start, end) for start, end, _, _ in differing]),
        _columns(after, [(start, end) for _, _, start, end in differing]),
    )


def _runs(differing: list[int]) -> tuple[Block, ...]:
    starts = [n for k, n in enumerate(differing) if k == 0 or differing[k - 1] != n - 1]
    ends = [n + 1 for k, n in enumerate(differing) if k + 1 == len(differing) or differing[k + 1] != n + 1]
    return tuple(Block(start, end, start, end) for start, end in zip(starts, ends, strict=True))


def _common_prefix(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    length = min(len(old), len(new))
    return next((i for i in range(length) if old[i] != new[i]), length)


def _hunk(blocks: tuple[Block, ...], old_count: int, context: int) -> Hunk:
    first, last = blocks[0], blocks[-1]
    before = min(context, first.start)
    after = min(context, old_count - last.end)
    return Hunk(
        Block(first.start - before, last.end + after, first.new_start - before, last.new_end + after), blocks
    )


def _columns(words: list[str], ranges: list[tuple[int, int]]) -> Columns:
    ends = list(accumulate(map(len, words), initial=0))
    return tuple((ends[start], ends[end]) for start, end in ranges if start != end)
