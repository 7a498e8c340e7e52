"""Reports as real runs make them, for the tests of the review stage."""

from __future__ import annotations

import hashlib
from pathlib import Path

from vjpfix.model import (
    Certainty,
    Change,
    Edit,
    EditKind,
    Finding,
    Note,
    Problem,
    Refusal,
    Report,
    Rewritten,
    Safety,
    SourceFile,
    Span,
)

QUESTION = (Path(__file__).parent / "sample_question.txt").read_text(encoding="utf-8")

HELPER = (Path(__file__).parent / "sample_helper.txt").read_text(encoding="utf-8")

STEPS = """\
from models.helper import energy

def advance(x):
    return globals()["energy"](x) + energy(x)
"""


def source(text: str, path: str = "question.py", encoding: str = "utf-8", bom: bool = False) -> SourceFile:
    data = (b"\xef\xbb\xbf" if bom else b"") + text.encode(encoding)
    where = Path(path)
    digest = hashlib.sha256(data).hexdigest()
    return SourceFile(where, Path("/src") / where, data, text, encoding, bom, digest)


def span_of(text: str, part: str, nth: int = 0) -> Span:
    """The span of the nth occurrence of ``part``; it may have several lines."""
    at = -1
    for _ in range(nth + 1):
        at = text.index(part, at + 1)
    start, end = text[:at], text[: at + len(part)]
    return Span(
        start.count("\n") + 1, at - start.rfind("\n") - 1, end.count("\n") + 1, len(end) - end.rfind("\n") - 1
    )


def rename(text: str, path: str, part: str, new: str, nth: int = 0) -> Edit:
    return Edit(EditKind.RENAME, Path(path), span_of(text, part, nth), part, new)


def applied(file: SourceFile, *changes: Change) -> Rewritten:
    """The file with all edits of the changes in it, by plain cutting and pasting."""
    lines = file.text.splitlines(keepends=True)
    edits = [e for change in changes for e in change.edits if e.path == file.path]
    for edit in sorted(edits, key=lambda e: e.span, reverse=True):
        line = lines[edit.span.line - 1]
        if edit.kind is EditKind.INSERT:
            lines[edit.span.line - 1] = line[: edit.span.column] + edit.new + "\n" + line
        else:
            lines[edit.span.line - 1] = line[: edit.span.column] + edit.new + line[edit.span.end_column :]
    text = "".join(lines)
    return Rewritten(file, text.encode(file.encoding), text)


def question_change(path: str = "question.py", safety: Safety = Safety.SAFE, reason: str = "") -> Change:
    """The mapping of ``test_func`` in the question's program, and its fix: two tokens."""
    where = Path(path)
    guilty = Note("this calls the mapped version", where, span_of(QUESTION, "test_func", 2))
    finding = Finding(
        "VJP001",
        where,
        span_of(QUESTION, "test_func = vmap(test_func, in_axes=(None, 0))"),
        "`test_func` is rebound to a mapped version of itself, and its rule `test_func_fwd` calls it by that name",
        Certainty.ERROR,
        "test_func",
        (guilty,),
    )
    edits = (
        rename(QUESTION, path, "test_func", "test_func_mapped", 7),
        rename(QUESTION, path, "test_func", "test_func_mapped", 9),
    )
    return Change(finding, "test_func_mapped", edits, safety, reason, sites=2, version="mapped")


def helper_refusal() -> Refusal:
    """A differentiated version that nothing can be done about, for two reasons, one in another file."""
    here, there = Path("models/helper.py"), Path("models/steps.py")
    guilty = Note("`energy_jvp` gets here through `scaled`", here, span_of(HELPER, "energy", 1))
    finding = Finding(
        "VJP002",
        here,
        span_of(HELPER, "energy = value_and_grad(energy)"),
        "`energy` is rebound to a differentiated version of itself, and its rule `energy_jvp` reaches it",
        Certainty.WARNING,
        "energy",
        (guilty,),
    )
    shared = Note(
        "`scaled` is called by a rule and by other code as well", here, span_of(HELPER, "scaled", 2)
    )
    by_name = Note("`energy` is read by a name in a string", there, span_of(STEPS, 'globals()["energy"]'))
    return Refusal(finding, (shared, by_name))


def sample_report() -> Report:
    """One fix, one refusal, one file that could not be read."""
    files = [source(QUESTION), source(HELPER, "models/helper.py"), source(STEPS, "models/steps.py")]
    problem = Problem("invalid syntax: `def f(:`; mend the file, then run again", Path("models/broken.py"), 3)
    return Report(
        (question_change(), helper_refusal()), (problem,), {file.path: file for file in files}, files=12
    )


def clean_report() -> Report:
    return Report((), (), {}, files=12)
