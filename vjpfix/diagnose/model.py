"""What travels between the parts of a diagnosis."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from vjpfix.model import Change, Refusal

_ELSEWHERE = re.compile(
    r"[/\\](?:site-packages|dist-packages|lib[/\\]python3[.\d]*|python3\d*[/\\]lib)[/\\]|^<frozen",
    re.IGNORECASE,
)


class Sureness(Enum):
    """How sure it is that this is the cause, from the surest on."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Frame:
    """One step of a traceback: the ``path`` as it is printed, the line, the function and its line of code.

    The function and the code are empty where they are not told. ``file``: the file, where it was found.
    """

    path: str
    line: int
    function: str = ""
    code: str = ""
    file: Path | None = None

    @property
    def is_users(self) -> bool:
        """Whether it is neither in an installed package nor in the standard library."""
        return not _ELSEWHERE.search(self.path)


@dataclass(frozen=True, slots=True)
class Raised:
    """One error of a text: its type (empty where only the message is given), message and traceback."""

    kind: str
    message: str
    frames: tuple[Frame, ...] = ()

    @property
    def own_frames(self) -> tuple[Frame, ...]:
        """The steps in the user's own code."""
        return tuple(frame for frame in self.frames if frame.is_users)

    @property
    def text(self) -> str:
        """The error as Python prints it, in one line."""
        return f"{self.kind}: {self.message}" if self.kind else self.message


@dataclass(frozen=True, slots=True)
class Cause:
    """What may have caused an error. ``rule``: the code of the rule that finds it, None where there is none.

    ``why``: a sentence. ``place``: the last step of the traceback in the user's code. ``outcome``: the
    finding that is behind it, with its fix or the reason against one.
    """

    sureness: Sureness
    rule: str | None
    why: str
    place: Frame | None = None
    outcome: Change | Refusal | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The error that was looked at (None: there is none in the text), in which versions of JAX it is said in
    these words (empty: not known), and its causes, the likeliest first (none: not known)."""

    raised: Raised | None
    versions: str = ""
    causes: tuple[Cause, ...] = ()
