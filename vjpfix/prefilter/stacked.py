"""Whether a function has other decorators above the one that gives it custom derivatives."""

from __future__ import annotations

from vjpfix.prefilter.blocks import Blocks
from vjpfix.prefilter.lines import code_of, depth_of, line_at

MAX_LINES = 60  # of decorators


def is_stacked(blocks: Blocks, at: int, name: bytes, needles: tuple[bytes, ...]) -> bool:
    """Whether a function of this name, visible at an offset, has several decorators above each other.

    Where the first of them is one of the ``needles``, the others are below it.
    """
    return any(_is_stacked(blocks.data, start, needles) for start, _ in blocks.visible(name, at))


def _is_stacked(data: bytes, start: int, needles: tuple[bytes, ...]) -> bool:
    found: list[bytes] = []
    text = b""
    for _ in range(MAX_LINES):
        if not start:
            break
        start, line = line_at(data, start - 1)
        text = code_of(line).strip() + b" " + text
        if depth_of(text) < 0:
            continue  # its bracket opens further up
        if text.startswith(b"@"):
            found.append(text)
        elif text.strip():
            break
        text = b""
    return len(found) > 1 and not any(needle in found[-1] for needle in needles)
