"""Whoever applies the edits of the JSON as plain replacements gets what ``vjpfix fix`` and ``diff`` give."""

from __future__ import annotations

import json
from itertools import count, islice
from pathlib import Path

import pytest

from tests import children
from tests.cli_runs import vjpfix
from tests.oracles.checking import changes
from tests.oracles.generator.every import generate
from tests.oracles.generator.program import Kind, Program
from tests.oracles.generator.scene import Verdict
from tests.oracles.generic_edits import BOM, check, fixes, from_disk, together
from tests.oracles.tool import write
from tests.share import chunks, some_of
from tests.suites.case import ORIGINAL, Expected
from tests.suites.suite import MODULES
from vjpfix.config import Config
from vjpfix.model import Change, EditKind, Report
from vjpfix.pipeline import run_data
from vjpfix.review.jsonout import json_text
from vjpfix.settings import settings

PATH = Path("program.py")


def check_text(data: bytes, **options: object) -> Report:
    """The edits of a program of one module, which ``check`` looks at; those of generated programs are looked at
    where these are asked for anything else, in ``test_generated``."""
    original = bool(options.pop("original", False))
    made = settings(Config(root=Path(), **options), original=original)
    report = run_data(PATH, data, made)
    check(report, made)
    return report


def kinds(report: Report) -> set[EditKind]:
    return {edit.kind for each in report.outcomes if isinstance(each, Change) for edit in each.edits}


FIXED = [
    (case, rename)
    for case in MODULES
    for rename in case.renames
    if len(case.files) == 1 and case.expected(rename) is Expected.FIXED
]


@pytest.mark.parametrize("some", chunks(some_of(FIXED), 20), ids=lambda some: f"{some[0][0]}, {some[0][1]}")
def test_of_programs_written_by_hand_that_are_stored_otherwise(some):
    """As they are, the suites ask of them the same. A fifth of them, or all in the nightly run."""
    for case, rename in some:
        original, data = rename == ORIGINAL, case.before["program.py"]
        check_text(data.rstrip(b"\r\n"), original=original, **case.options)
        if not case.files["program.py"].stored:
            check_text(BOM + data.replace(b"\n", b"\r\n"), original=original, **case.options)


TWICE = """\
import jax


@jax.custom_vjp
def f(x):
    return x


@jax.custom_vjp
def g(x):
    return x


f.defvjp(lambda x: (f(x), x), lambda x, t: (t,))
g.defvjp(lambda x: (g(x), x), lambda x, t: (t,))
if flag:
    f = jax.vmap(f)
    g = jax.vmap(g)
print(f(1), g(1))
"""


def test_what_two_fixes_put_at_one_place_comes_in_the_order_of_the_document():
    report = check_text(TWICE.encode())
    assert [change.new_name for change in report.outcomes] == ["f_mapped", "g_mapped"]
    lines = "f_mapped = f\ng_mapped = g\nif flag:\n"
    document = json.loads(json_text(report))
    assert lines in together(document, lambda _: TWICE.encode())[PATH.name].decode()


WALRUS = """\
import jax


@jax.custom_vjp
def f(x):
    return x


f.defvjp(lambda x: (f(x), x), lambda x, t: (t,))
f(1) if flag and (f := jax.vmap(f)) else f(2)
print(f(3))
"""


def test_a_line_that_is_added_above_a_name_that_changes_is_one_edit_with_it():
    report = check_text(WALRUS.encode())
    assert kinds(report) == {EditKind.INSERT, EditKind.RENAME}
    (fix,) = fixes(json.loads(json_text(report)))
    assert [fix[0][key] for key in ("line", "column", "old", "new")] == [10, 1, "f", "f_mapped = f\nf_mapped"]


def projects(wanted: int) -> list[Program]:
    """The first projects that have one mistake and a fix, and change in several files."""
    made = (generate(Kind.PROJECT, seed) for seed in count())
    fixed = (each for each in made if [scene.verdict for scene in each.scenes] == [Verdict.FIX])
    return list(islice((each for each in fixed if len(changes(each.files, each.own_fix)) > 1), wanted))


@pytest.mark.parametrize("project", projects(3), ids=lambda project: f"seed {project.seed}")
def test_of_the_command_as_of_the_patch(tmp_path, project):
    """From the outside: the JSON of ``check`` against ``vjpfix diff | git apply``."""
    write(project.files, tmp_path)
    children.run(["git", "init", "-q"], cwd=tmp_path, check=True, timeout=60)
    told = json.loads(vjpfix(tmp_path, "check", "--select", "VJP0", "--output-format", "json").stdout)
    made = together(told, from_disk(tmp_path))
    patch = vjpfix(tmp_path, "diff", "--select", "VJP0").stdout
    children.run(
        ["git", "apply"],
        cwd=tmp_path,
        input=patch.encode("utf-8", "surrogateescape"),
        check=True,
        timeout=60,
    )
    assert made
    assert {path: (tmp_path / path).read_bytes() for path in made} == made
    changed = {path for path, data in project.files.items() if (tmp_path / path).read_bytes() != data}
    assert changed == set(made)
