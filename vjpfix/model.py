"""The types that travel between the stages. Values only: no I/O, no behaviour beyond small derived facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class VjpfixError(Exception):
    """An error the user can mend: one sentence that says what, where and what to do.

    Arguments: ``message``, and where it is known the ``path`` and the 1-based ``line``.
    """

    def __init__(self, message: str, path: Path | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line

    @property
    def problem(self) -> Problem:
        return Problem(self.message, self.path, self.line)

    def note(self, message: str, path: Path) -> Note:
        """What the error means for something else, at its line of a file."""
        line = self.line or 1
        return Note(message, path, Span(line, 0, line, 0))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be done. A run that has one ends with exit code 2.

    ``stops``: findings with a fix that was wanted, and that it stood in the way of.
    """

    message: str
    path: Path | None = None
    line: int | None = None
    stops: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of source text: lines from 1, columns from 0 in characters (code points)."""

    line: int
    column: int
    end_line: int
    end_column: int

    def holds(self, inner: Span) -> bool:
        """Whether another range lies in this one."""
        return (self.line, self.column) <= (inner.line, inner.column) and (
            (inner.end_line, inner.end_column) <= (self.end_line, self.end_column)
        )


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it was read.

    ``path`` is what the user sees, ``real_path`` what is written (symlinks followed once). ``text`` is
    the decoded content without its byte order mark, its newlines as they are in the file. ``digest`` is
    the SHA-256 of ``data``, so that a file that changed since can be refused.
    """

    path: Path
    real_path: Path
    data: bytes = field(repr=False)
    text: str = field(repr=False)
    encoding: str
    bom: bool
    digest: str


class Certainty(Enum):
    """How sure a finding is: shown to break on real JAX, or may break."""

    ERROR = "error"
    WARNING = "warning"


class Safety(Enum):
    """Whether a fix may be applied unasked (safe), only on request (unsafe), or there is none."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about a place: the guilty read of a finding, or the reason of a refusal."""

    message: str
    path: Path
    span: Span


@dataclass(frozen=True, slots=True)
class Remedy:
    """What a rule itself knows to do about its finding, in the finding's file.

    No ``edits``: it is not mended, and ``reason`` says why. Otherwise ``reason`` is why the fix is not safe.
    ``changes``: functions of the module that then do something else, which others may import.
    """

    edits: tuple[Edit, ...]
    safety: Safety
    reason: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake in one file.

    ``subject`` is the name the finding is about (the primal's). ``in_project``: the module alone does not
    show it. ``remedy``: where the fix is no new name; otherwise ``cause`` is the fact that it was made from,
    which tells what to rename.
    """

    rule: str
    path: Path
    span: Span
    message: str
    certainty: Certainty
    subject: str
    related: tuple[Note, ...] = ()
    in_project: bool = False
    remedy: Remedy | None = None
    cause: object = field(default=None, compare=False, repr=False)


class EditKind(Enum):
    """What an edit replaces: a name token, a name in ``from … import``, which keeps its old name here
    (``f_mapped as f``), the text inside a string literal, a word of one, nothing (a new line above or below a
    statement), the lines of a decorator, or an expression on one line, of which the new one keeps the names
    and their order."""

    RENAME = "rename"
    ALIAS = "alias"
    STRING = "string"
    WORD = "word"
    INSERT = "insert"
    APPEND = "append"
    REMOVE = "remove"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement of ``old`` (the text at ``span``) by ``new``.

    An INSERT has an empty ``old`` and a span of no width at the first token of a statement; ``new`` is
    one simple statement without indentation or newline, to stand on its own line above that statement.
    An APPEND has an empty ``old`` and the span of a statement, from its first token to the end of its last
    line; ``new`` is one simple statement with its indentation, after ``\n`` for each empty line, to stand
    below. A REMOVE has the whole lines of a decorator as its ``old``, and an empty ``new``.
    """

    kind: EditKind
    path: Path
    span: Span
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """The whole fix of one finding: all of its edits, in all files, or none.

    ``new_name`` is empty where nothing gets a new name; ``version``: of which version of the function it is
    the name otherwise. ``sites`` counts the places that use the transformed version and now say so.
    """

    finding: Finding
    new_name: str
    edits: tuple[Edit, ...]
    safety: Safety
    reason: str = ""
    sites: int = 0
    version: str = "transformed"

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(sorted({edit.path for edit in self.edits}))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a finding is reported and not edited: each reason with its line."""

    finding: Finding
    reasons: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """One file's new content, checked but not written."""

    source: SourceFile
    data: bytes = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What one run found: for each finding its fix or the refusal, and what could not be done.

    ``sources`` holds the files that findings and changes point into, by ``SourceFile.path``. ``files``
    counts the files that were looked at, ``unasked`` those for which no rule is selected. ``rewritten``:
    the files of each change as it alone leaves them. ``remarks``: sentences about where was not looked,
    though nobody asked to leave it out.
    """

    outcomes: tuple[Change | Refusal, ...]
    problems: tuple[Problem, ...]
    sources: dict[Path, SourceFile]
    files: int
    rewritten: dict[Finding, tuple[Rewritten, ...]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    unasked: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(outcome.finding for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class NamePolicy:
    """How new names are made.

    ``exact``: a primal's name to the new name to use for it. ``original``: it is the original that gets the
    new name, and the transformed version keeps the old one. ``docstrings``: what refers to the name in them
    changes as well.
    """

    exact: Mapping[str, str] = field(default_factory=dict)
    original: bool = False
    docstrings: bool = False
