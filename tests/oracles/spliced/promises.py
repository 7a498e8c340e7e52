"""What every run and every fix has to keep, checked without the tool's own checks."""

from __future__ import annotations

import ast
import re
import warnings
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from vjpfix.cli.batches import batches, safe_changes
from vjpfix.config import Config
from vjpfix.discover import decode
from vjpfix.model import Change, Edit, EditKind, Report
from vjpfix.pipeline import run_data
from vjpfix.settings import Settings, settings
from vjpfix.whole import edits_by_path

PATH = Path("module.py")
# At one place what is added below a statement comes first, then what is added above the next one.
ADDING = {EditKind.APPEND: 0, EditKind.INSERT: 1}
NEWLINE = re.compile(r"\r\n|\n|\r")


def everything(*, original: bool = False, **options: object) -> Settings:
    """The settings with all rules selected."""
    chosen: dict[str, object] = {"root": Path("/nowhere"), **options, "select": ("ALL",)}
    return settings(Config(**chosen), original=original)  # type: ignore[arg-type]


def parsed(data: bytes) -> ast.Module | None:
    """The tree of a file, as Python itself reads its bytes; None where it does not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def dumped(data: bytes) -> str | None:
    """What a file means, whatever its layout."""
    tree = parsed(data)
    return ast.dump(tree) if tree else None


def fixed(data: bytes, chosen: Settings) -> bytes:
    """The file with all its fixes, of both safeties."""
    report = run_data(PATH, data, chosen)
    made, _ = batches(safe_changes(report, unsafe=True), report, chosen)
    return made[0].files[0].data if made else data


def complaints(data: bytes, **options: object) -> Iterator[str]:
    """How the promises are broken for one file, with either way to rename. Whatever is raised goes through."""
    for original in (False, True):
        chosen = everything(original=original, **options)
        report = run_data(PATH, data, chosen)
        yield from (f"cannot be read: {each.message}" for each in report.problems if parsed(data))
        for unsafe in (False, True):
            yield from _of_changes(data, report, chosen, unsafe=unsafe)


def _of_changes(data: bytes, report: Report, chosen: Settings, *, unsafe: bool) -> Iterator[str]:
    changes = safe_changes(report, unsafe=unsafe)
    for change in changes:
        for file in report.rewritten[change.finding]:
            yield from _of_file(data, file.data, [change])
    made, problems = batches(changes, report, chosen)
    yield from (f"cannot be combined: {each.message}" for each in problems)
    for batch in made:
        for file in batch.files:
            yield from _of_file(data, file.data, batch.changes)
            again = run_data(PATH, file.data, chosen)
            yield from (f"{file.data!r}\nhas a problem: {each.message}" for each in again.problems)
            left = safe_changes(again, unsafe=unsafe)
            yield from (f"{file.data!r}\nstill has: {each.finding.message}" for each in left)


def _of_file(before: bytes, after: bytes, changes: Sequence[Change]) -> Iterator[str]:
    if parsed(after) is None:
        yield f"does not parse: {after!r}"
    edits = chain.from_iterable(edits_by_path(change)[PATH] for change in changes)
    if after != edited(before, edits):
        yield f"other bytes than those of the edits differ: {after!r}"


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The file with the edits put in, from the front to the back."""
    source = decode(PATH, PATH, data)
    text = source.text
    starts = [0, *(match.end() for match in NEWLINE.finditer(text)), len(text)]
    newline = first[0] if (first := NEWLINE.search(text)) else "\n"
    parts: list[str] = []
    at = 0
    placed = [(_place(edit, starts), edit) for edit in dict.fromkeys(edits)]
    for begin, edit in sorted(placed, key=lambda pair: (pair[0], ADDING.get(pair[1].kind, 2))):
        parts += text[at:begin], _new(edit, text, begin, newline)
        at = begin + len(edit.old)
        assert text[begin:at] == edit.old
    whole = "".join((*parts, text[at:]))
    return (BOM_UTF8 if source.bom else b"") + whole.encode(source.encoding)


def _place(edit: Edit, starts: Sequence[int]) -> int:
    """Where an edit begins; an added line stands above the line of its statement, or behind the last one."""
    if edit.kind is EditKind.APPEND:
        return starts[edit.span.end_line]
    start = starts[edit.span.line - 1]
    return start if edit.kind is EditKind.INSERT else start + edit.span.column


def _new(edit: Edit, text: str, begin: int, newline: str) -> str:
    new = edit.new.replace("\n", newline)
    if edit.kind is EditKind.APPEND:
        return new + newline if text[:begin].endswith(("\n", "\r")) else newline + new
    if edit.kind is EditKind.INSERT:
        return text[begin : begin + edit.span.column].rpartition("\f")[2] + new + newline
    return new
