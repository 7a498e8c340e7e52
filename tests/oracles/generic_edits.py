"""A program that reads what ``vjpfix check --output-format json`` says, and knows nothing of kinds of edits."""

from __future__ import annotations

import io
import json
import re
import tokenize
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from vjpfix.cli.batches import Batch, batches, joined, safe_changes
from vjpfix.model import Change, Report
from vjpfix.review.jsonout import json_text
from vjpfix.settings import Settings

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")
BOM = b"\xef\xbb\xbf"

Edit = dict[str, Any]
Read = Callable[[str], bytes]


def fixes(document: dict[str, Any]) -> Iterator[list[Edit]]:
    """The edits of each fix in the document."""
    for finding in document["findings"]:
        if finding["fix"]:
            yield finding["fix"]["edits"]


def check(report: Report, made: Settings, batched: list[Batch] | None = None) -> None:
    """The edits of the report's document do what its fixes do: each alone, and all together, ``batched``."""
    assert not report.problems
    changes = [outcome for outcome in report.outcomes if isinstance(outcome, Change)]
    document = json.loads(json_text(report))
    data = {source.path.as_posix(): source.data for source in report.sources.values()}
    found = list(fixes(document))
    assert len(found) == len(changes)
    for fix, change in zip(found, changes, strict=True):
        expected = {file.source.path.as_posix(): file.data for file in report.rewritten[change.finding]}
        assert alone(fix, data.__getitem__) == expected
        starts = Counter((edit["path"], edit["line"], edit["column"]) for edit in fix)
        assert set(starts.values()) == {1}, "two edits of one fix begin at one place"
    if batched is None:
        batched, problems = batches(safe_changes(report, unsafe=True), report, made)
        assert not problems
    expected = {file.source.path.as_posix(): file.data for file in joined(batched).files}
    assert together(document, data.__getitem__) == expected


def together(document: dict[str, Any], read: Read) -> dict[str, bytes]:
    """The files that all fixes together change, as they leave them."""
    edits = [edit for fix in fixes(document) for edit in fix]
    edits.sort(key=lambda edit: [edit[key] for key in ("line", "column", "end_line", "end_column")])
    return _files(edits, read)


def alone(fix: list[Edit], read: Read) -> dict[str, bytes]:
    """The files that one fix changes, as it alone leaves them. Its edits are taken in the order that they have."""
    return _files(fix, read)


def _files(edits: Iterable[Edit], read: Read) -> dict[str, bytes]:
    of_file: dict[str, list[Edit]] = {}
    for edit in edits:
        of_file.setdefault(edit["path"], []).append(edit)
    return {path: _replaced(read(path), found) for path, found in of_file.items()}


def _replaced(data: bytes, edits: list[Edit]) -> bytes:
    mark = BOM if data.startswith(BOM) else b""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    encoding = encoding.removesuffix("-sig")
    text = data.removeprefix(mark).decode(encoding)
    starts = [0]
    for line in LINE.findall(text):
        starts.append(starts[-1] + len(line))
    before = len(text) + 1
    for edit in reversed(edits):
        start = starts[edit["line"] - 1] + edit["column"] - 1
        end = starts[edit["end_line"] - 1] + edit["end_column"] - 1
        assert text[start:end] == edit["old"], edit
        assert start <= end <= before, f"{edit} overlaps what follows it"
        text = text[:start] + edit["new"] + text[end:]
        before = start
    return mark + text.encode(encoding)


def from_disk(folder: Path) -> Read:
    return lambda path: (folder / path).read_bytes()
