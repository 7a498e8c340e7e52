"""The screen: how wide it is, what it can show, and lines written to it whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.text import Text

_UNBOUNDED = 10_000
_NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What the screen can show: ``width`` in cells, ``encoding``, and whether it has styles."""

    width: int = 80
    encoding: str = "utf-8"
    styled: bool = False

    @property
    def bar(self) -> str:
        return self._either("│", "|")

    @property
    def fold(self) -> str:
        """Stands for lines that are left out."""
        return self._either("⋮", ":")

    @property
    def ellipsis(self) -> str:
        """Stands for a part of a line that is left out."""
        return self._either("…", "...")

    def _either(self, character: str, ascii_only: str) -> str:
        return character if self.encoding.lower().replace("-", "").startswith("utf") else ascii_only


def console(stream: TextIO, width: int | None = None) -> Console:
    """A console on ``stream`` that shows our text as it is: no markup, emoji codes or guessed highlights.

    Colours follow NO_COLOR, FORCE_COLOR and TERM, as rich has it. ``width`` is by default the terminal's;
    what is not a terminal is so wide (10,000 cells) that nothing is wrapped or cropped for it.
    """
    if width is None and not stream.isatty():
        width = _UNBOUNDED
    return _Console(file=stream, width=width, markup=False, emoji=False, highlight=False, soft_wrap=True)


class _Console(Console):
    """One that leaves it to its user what to do when nobody reads on; rich would end the process."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def look_of(screen: Console) -> Look:
    """What ``screen`` can show."""
    return Look(max(screen.width, _NARROWEST), screen.encoding, screen.color_system is not None)


def emit(screen: Console, lines: Iterable[Text]) -> None:
    """Write the lines as they are; whoever made them has fitted them to the width."""
    for line in lines:
        line.rstrip()
        screen.print(line, soft_wrap=True)
