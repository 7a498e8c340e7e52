"""Whoever applies the edits of the JSON as plain replacements gets what ``vjpfix fix`` and ``diff`` give."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli_runs import vjpfix
from tests.oracles.generic_edits import BOM, check, fixes, from_disk, together
from tests.oracles.module import program as modules
from tests.oracles.module.regressions import REGRESSIONS
from tests.oracles.package import generate as packages
from tests.oracles.package.check import write
from tests.oracles.stacked import generate as stacked
from tests.share import chunks, seeds, seeds_of
from tests.suites.suite import MODULES
from vjpfix.config import Config
from vjpfix.model import Change, EditKind, Report
from vjpfix.pipeline import run, run_data
from vjpfix.review.jsonout import json_text
from vjpfix.settings import settings

CHUNKS = chunks(seeds(240), 24)
PATH = Path("program.py")
STRATEGIES = pytest.mark.parametrize("original", [False, True], ids=["transformed", "original"])
NAMES = ("VJP0",)


def check_text(data: bytes, **options: object) -> Report:
    """The same for a program of one module."""
    original = bool(options.pop("original", False))
    made = settings(Config(root=Path(), **options), original=original)
    report = run_data(PATH, data, made)
    check(report, made)
    return report


def check_folder(folder: Path, **options: object) -> Report:
    """The same for a project."""
    original = bool(options.pop("original", False))
    made = settings(Config(root=folder, **options), original=original)
    report = run([folder], made)
    check(report, made)
    return report


def kinds(report: Report) -> set[EditKind]:
    return {edit.kind for each in report.outcomes if isinstance(each, Change) for edit in each.edits}


@STRATEGIES
@pytest.mark.parametrize("chunk", CHUNKS, ids=seeds_of)
def test_of_generated_programs(chunk, original):
    seen = set()
    for program in map(modules.generate, chunk):
        seen |= kinds(check_text(program.before.encode(program.encoding), select=NAMES, original=original))
    assert EditKind.INSERT in seen


@STRATEGIES
@pytest.mark.parametrize("name", REGRESSIONS)
def test_of_programs_that_once_went_wrong(name, original):
    program = REGRESSIONS[name].program()
    check_text(program.before.encode(program.encoding), select=NAMES, original=original)


@STRATEGIES
def test_of_generated_projects(tmp_path, original):
    seen = set()
    for project in map(packages.generate, seeds(80)):
        if not project.broken:
            write(project.files, tmp_path / str(project.seed))
            seen |= kinds(check_folder(tmp_path / str(project.seed), select=NAMES, original=original))
    assert EditKind.RENAME in seen
    assert original or {EditKind.ALIAS, EditKind.STRING} <= seen


@STRATEGIES
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_of_generated_programs_with_decorators_that_move(tmp_path, original, newline):
    seen = set()
    for program in map(stacked.generate, seeds(80)):
        for name, text in (("ops.py", program.before), ("main.py", program.main)):
            (tmp_path / name).write_bytes(text.replace("\n", newline).encode())
        select = ("VJP004", "VJP001", "VJP002")
        seen |= kinds(check_folder(tmp_path, select=select, original=original))
    assert {EditKind.APPEND, EditKind.REMOVE} <= seen


@STRATEGIES
@pytest.mark.parametrize("case", [case for case in MODULES if len(case.files) == 1], ids=str)
def test_of_programs_written_by_hand_that_are_stored_otherwise(case, original):
    """As they are, the suites ask of them the same."""
    data = case.before["program.py"]
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


@pytest.mark.parametrize("seed", [3, 11, 19])
def test_of_the_command_as_of_the_patch(tmp_path, seed):
    """From the outside: the JSON of ``check`` against ``vjpfix diff | git apply``."""
    project = packages.generate(seed)
    write(project.files, tmp_path)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True, timeout=60)
    told = json.loads(vjpfix(tmp_path, "check", "--select", "VJP0", "--output-format", "json").stdout)
    made = together(told, from_disk(tmp_path))
    patch = vjpfix(tmp_path, "diff", "--select", "VJP0").stdout
    subprocess.run(
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
