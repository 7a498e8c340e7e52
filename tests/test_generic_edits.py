"""Whoever applies the edits of the JSON as plain replacements gets what ``vjpfix fix`` and ``diff`` give."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import children
import oracle.program
import package_oracle.generate
import pytest
import stacked_oracle.generate
from cli_runs import vjpfix
from contract_suite import BAD
from generic_edits import alone, fixes, from_disk, together
from oracle.regressions import REGRESSIONS
from package_oracle.check import write
from package_suite import PACKAGES
from rewrite_suite import REWRITES
from test_packages import before

from vjpfix.cli.batches import batches, joined, safe_changes
from vjpfix.config import Config
from vjpfix.model import Change, EditKind, Report
from vjpfix.pipeline import run, run_data
from vjpfix.review.jsonout import json_text
from vjpfix.settings import Settings, settings

SEEDS = int(os.environ.get("VJPFIX_GENERIC_SEEDS", "240"))
CHUNK = 40
CHUNKS = [range(start, start + CHUNK) for start in range(0, SEEDS, CHUNK)]
PACKAGE_SEEDS = range(SEEDS // 3)
PATH = Path("program.py")
STRATEGIES = pytest.mark.parametrize("original", [False, True], ids=["transformed", "original"])
NAMES = ("VJP0",)


def of_seeds(seeds: range) -> str:
    return f"seeds {seeds.start} to {seeds.stop - 1}"


def check(report: Report, made: Settings) -> None:
    """The edits of the report's document do what its fixes do: each alone, and all together."""
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
    batched, problems = batches(safe_changes(report, unsafe=True), report, made)
    assert not problems
    expected = {file.source.path.as_posix(): file.data for file in joined(batched).files}
    assert together(document, data.__getitem__) == expected


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
@pytest.mark.parametrize("seeds", CHUNKS, ids=of_seeds)
def test_of_generated_programs(seeds, original):
    seen = set()
    for program in map(oracle.program.generate, seeds):
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
    for project in map(package_oracle.generate.generate, PACKAGE_SEEDS):
        if not project.broken:
            write(project.files, tmp_path / str(project.seed))
            seen |= kinds(check_folder(tmp_path / str(project.seed), select=NAMES, original=original))
    assert EditKind.RENAME in seen
    assert original or {EditKind.ALIAS, EditKind.STRING} <= seen


@STRATEGIES
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_of_generated_programs_with_decorators_that_move(tmp_path, original, newline):
    seen = set()
    for program in map(stacked_oracle.generate.generate, range(SEEDS // 3)):
        for name, text in (("ops.py", program.before), ("main.py", program.main)):
            (tmp_path / name).write_bytes(text.replace("\n", newline).encode())
        select = ("VJP004", "VJP001", "VJP002")
        seen |= kinds(check_folder(tmp_path, select=select, original=original))
    assert {EditKind.APPEND, EditKind.REMOVE} <= seen


@STRATEGIES
@pytest.mark.parametrize("name", REWRITES)
def test_of_programs_written_by_hand(name, original):
    case = REWRITES[name]
    for data in (case.before, case.before.rstrip(b"\r\n")):
        check_text(data, original=original, **case.options)


@pytest.mark.parametrize("case", [each for each in PACKAGES if each.after], ids=lambda case: case.id)
def test_of_folders_written_by_hand(case, tmp_path):
    folder = before(case, tmp_path)
    made = settings(Config(root=folder, **case.options), **case.switches)
    check(run([folder / path for path in case.paths], made), made)


@pytest.mark.parametrize("code", BAD)
def test_of_programs_that_break_the_contract_of_rules(code):
    for case in BAD[code].values():
        check_text(case.code.encode(), select=(code,))
        check_text(b"\xef\xbb\xbf" + case.code.replace("\n", "\r\n").encode(), select=(code,))


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
    project = package_oracle.generate.generate(seed)
    write(project.files, tmp_path)
    children.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    told = json.loads(vjpfix(tmp_path, "check", "--select", "VJP0", "--output-format", "json").stdout)
    made = together(told, from_disk(tmp_path))
    patch = vjpfix(tmp_path, "diff", "--select", "VJP0").stdout
    children.run(
        ["git", "apply"],
        cwd=tmp_path,
        input=patch.encode("utf-8", "surrogateescape"),
        check=True,
    )
    assert made
    assert {path: (tmp_path / path).read_bytes() for path in made} == made
    changed = {path for path, data in project.files.items() if (tmp_path / path).read_bytes() != data}
    assert changed == set(made)
