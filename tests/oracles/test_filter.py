"""The filter of bytes drops no finding, however a program is spelled."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path

import pytest

from tests.oracles.generator.every import generate
from tests.oracles.generator.program import FILE, Kind
from tests.oracles.spliced.programs import Program, programs
from tests.oracles.spliced.spelled import SPELLED
from tests.oracles.spliced.spellings import SPELLINGS
from tests.share import chunks, seeds, seeds_of, some_of
from vjpfix.config import Config
from vjpfix.model import Report
from vjpfix.pipeline import run, run_data
from vjpfix.settings import Settings, settings

PROGRAMS = tuple(programs())
ALL_SPELLINGS: dict[str, Callable[[str], str | bytes]] = {
    **SPELLED,
    **{f"other words: {name}": spelled for name, spelled in SPELLINGS.items()},
}
EACH = 12  # of the programs a spelling has one in this many, and each other ones, so that all have their turn
GENERATED = 100
SELECTED: tuple[dict[str, object], ...] = ({}, {"select": ("ALL",)})
Told = tuple[str, int, int, str]


def stored(spelled: Callable[[str], str | bytes], program: Program) -> bytes | None:
    """The program in this spelling; None where it is no program then."""
    try:
        text = spelled(program.text)
        data = text.encode() if isinstance(text, str) else text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data)
    except (SyntaxError, ValueError):
        return None
    return data


def told(report: Report) -> list[Told]:
    found = [(f.rule, f.span.line, f.span.column, f.message) for f in report.findings]
    return sorted([*found, *(("", p.line or 0, 0, p.message) for p in report.problems)])


def lost(files: Sequence[tuple[bytes, dict[str, object]]], folder: Path) -> tuple[list[object], int]:
    """The programs of which a run over a folder does not say what a look at each says, and what is found."""
    wrong: list[object] = []
    number = 0
    groups: list[dict[str, object]] = []
    groups += (options for _, options in files if options not in groups)
    for options, select in product(groups, SELECTED):
        config = Config(**{"root": folder, **options, **select})  # type: ignore[arg-type]
        chosen = settings(config, importers=False)
        own = [data for data, each in files if each == options]
        for data, found in zip(own, by_file(own, folder, chosen), strict=True):
            whole = told(run_data(Path("m.py"), data, chosen))
            number += len(whole)
            if found != whole:
                wrong.append((data, found, whole))
    return wrong, number


def by_file(files: Sequence[bytes], folder: Path, chosen: Settings) -> list[list[Told]]:
    paths = [folder / f"program_{number}.py" for number in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    report = run(paths, chosen)
    found = {path: list[Told]() for path in paths}
    for f in report.findings:
        found[f.path].append((f.rule, f.span.line, f.span.column, f.message))
    for p in report.problems:
        found[p.path or Path()].append(("", p.line or 0, 0, p.message))
    return [sorted(each) for each in found.values()]


def some_programs(spelling: str) -> Sequence[Program]:
    turn = list(ALL_SPELLINGS).index(spelling)
    return some_of((PROGRAMS[turn:] + PROGRAMS[:turn])[::EACH])


@pytest.mark.parametrize("spelling", ALL_SPELLINGS)
def test_no_finding_of_a_program_is_lost_however_it_is_spelled(spelling, tmp_path):
    some = [(stored(ALL_SPELLINGS[spelling], each), each.options) for each in some_programs(spelling)]
    files = [(data, options) for data, options in some if data is not None]
    assert len(files) > len(some) / 2
    wrong, number = lost(files, tmp_path)
    assert not wrong, f"{len(wrong)} programs, of which the first: {wrong[0]}"
    assert number > len(files) / 3


@pytest.mark.parametrize("some", chunks(seeds(GENERATED), 20), ids=seeds_of)
def test_no_finding_of_a_generated_program_is_lost(some, tmp_path):
    files = [generate(Kind.MODULE, seed).files[FILE] for seed in some]
    wrong, number = lost([(data, {}) for data in files], tmp_path)
    assert not wrong, f"{len(wrong)} programs, of which the first: {wrong[0]}"
    assert number > len(some) / 2
