"""What the screen shows, as plain text. Run with VJPFIX_UPDATE_SNAPSHOTS=1 to write the files anew."""

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.review_samples import (
    HELPER,
    QUESTION,
    STEPS,
    applied,
    clean_report,
    helper_refusal,
    question_change,
    rename,
    sample_report,
    source,
)
from vjpfix.model import Edit, EditKind, Safety, Span
from vjpfix.review.console import console
from vjpfix.review.diffview import show_change
from vjpfix.review.output import write_report

FOLDER = Path(__file__).parent / "snapshots"


def check(text, screen):
    stream = io.StringIO()
    write_report(text, screen["format"], stream, screen["width"])
    return stream.getvalue()


def drawn(change, files, width):
    stream = io.StringIO()
    sources = {file.path: file for file in files}
    touched = [applied(file, change) for file in files if file.path in change.paths]
    show_change(console(stream, width), change, touched, sources)
    return stream.getvalue()


def two_file_change():
    """A fix in two files, one with an added line, with far-apart hunks, and not safe."""
    refusal = helper_refusal()
    helper = "models/helper.py"
    insert = Edit(EditKind.INSERT, Path(helper), Span(16, 0, 16, 0), "", "energy_grad = energy")
    edits = (
        insert,
        rename(HELPER, helper, "energy = value", "energy_grad = value"),
        rename(STEPS, "models/steps.py", "import energy", "import energy_grad"),
        rename(STEPS, "models/steps.py", "+ energy", "+ energy_grad"),
    )
    question = question_change()
    return replace(
        question,
        finding=refusal.finding,
        new_name="energy_grad",
        edits=edits,
        safety=Safety.UNSAFE,
        reason="`advance` also reads the name by a string, which stays as it is",
    )


def far_apart():
    text = QUESTION.replace("\ndef main", "\nLIMIT = 3\n" * 60 + "\ndef main")
    change = question_change()
    edits = tuple(rename(text, "question.py", "test_func", "test_func_mapped", nth) for nth in (7, 9))
    return text, replace(change, edits=edits)


def screens(width):
    text, far = far_apart()
    return {
        "check": lambda: check(sample_report(), {"format": "text", "width": width}),
        "clean": lambda: check(clean_report(), {"format": "text", "width": width}),
        "question": lambda: drawn(question_change(), [source(QUESTION)], width),
        "far-apart": lambda: drawn(far, [source(text)], width),
        "two-files": lambda: drawn(
            two_file_change(), [source(HELPER, "models/helper.py"), source(STEPS, "models/steps.py")], width
        ),
    }


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", list(screens(80)))
def test_the_screen_is_as_in_the_snapshot(name, width):
    text = screens(width)[name]()
    snapshot = FOLDER / f"review-{name}-{width}.txt"
    if os.environ.get("VJPFIX_UPDATE_SNAPSHOTS"):
        snapshot.write_text(text, encoding="utf-8", newline="\n")
    assert text == snapshot.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("name", list(screens(80)))
def test_no_line_is_wider_than_the_screen_or_ends_with_a_space(name, width):
    for line in screens(width)[name]().split("\n"):
        assert cell_len(line) <= width
        assert line == line.rstrip()


def test_every_snapshot_belongs_to_a_screen():
    names = {f"review-{name}-{width}.txt" for name in screens(80) for width in (60, 80, 120)}
    assert {path.name for path in FOLDER.glob("review-*")} == names
