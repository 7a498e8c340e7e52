"""A thousand projects that know their own fix, before and after, on disk and with a stand-in for jax.

A failure prints the seed; ``python -m tests.oracles.package SEED`` shows the
project, what the tool makes of it and what is wrong with that.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path

import pytest

from tests.oracles.package.catalogue import FEATURES
from tests.oracles.package.check import (
    Answer,
    Files,
    Fixer,
    ToolRun,
    described,
    generator_complaints,
    tool_complaints,
)
from tests.oracles.package.generate import generate
from tests.oracles.package.project import STRATEGIES, Project, Strategy, Verdict
from tests.oracles.package.tool import make_tool
from tests.share import chunks, seeds, seeds_of

ALL = 1_000
CHUNKS = chunks(seeds(ALL), 20)
EVERY: dict[Strategy, int] = {"transformed": 1, "original": 4}  # the second changes one file of a project
AT_LEAST = 2
IN_MEMORY = Path("/dev/shm")

Complain = Callable[[Project, Path], Iterator[str]]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: most of the time went into deleting files."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as name:
        yield Path(name).resolve()


def failures(seeds: Sequence[int], folder: Path, complain: Complain) -> str:
    found = ((project, complaints_of(project, folder, complain)) for project in map(generate, seeds))
    bad = [described(project, complaints) for project, complaints in found if complaints]
    return f"{len(bad)} projects:\n" + "\n\n".join(bad[:3]) if bad else ""


def complaints_of(project: Project, folder: Path, complain: Complain) -> list[str]:
    top = folder / f"{project.seed}-{len(list(folder.iterdir()))}"
    return list(complain(project, top))


@pytest.mark.parametrize("seeds", CHUNKS, ids=seeds_of)
def test_the_generators_own_fix_keeps_outside_sites_and_mends_inside_ones(
    seeds: Sequence[int], folder: Path
) -> None:
    assert not failures(seeds, folder, generator_complaints)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("seeds", CHUNKS, ids=seeds_of)
def test_the_tool_fixes_all_files_of_a_project_or_none(
    seeds: Sequence[int], strategy: Strategy, folder: Path
) -> None:
    tool, some = make_tool(), seeds[:: EVERY[strategy]]
    assert not failures(some, folder, lambda project, top: tool_complaints(project, top, tool, strategy))


def test_every_form_occurs_in_the_projects_of_a_whole_run() -> None:
    counts = Counter(feature for seed in range(ALL) for feature in generate(seed).features)
    assert not {feature: counts[feature] for feature in FEATURES if counts[feature] < AT_LEAST}
    assert not counts.keys() - FEATURES, "forms that the catalogue does not list"


def test_a_seed_always_gives_the_same_project() -> None:
    assert generate(7) == generate(7)
    assert generate(7).files != generate(8).files


def test_most_projects_must_be_fixed_and_some_refused() -> None:
    verdicts = Counter(defect.verdict for seed in range(ALL) for defect in generate(seed).defects)
    assert verdicts[Verdict.FIX] > verdicts.total() / 2
    assert verdicts[Verdict.REFUSE] > verdicts.total() / 10


def to_be_fixed(wanted: int) -> list[Project]:
    """The first projects with one mistake, which must be fixed, and importers that a fix changes."""

    def fits(project: Project) -> bool:
        verdicts = [each.verdict for each in project.defects]
        return project.can_be_fixed and verdicts == [Verdict.FIX] and len(project.own_fix) > 1

    return list(islice(filter(fits, map(generate, count())), wanted))


def answering(project: Project, files: Files) -> Fixer:
    """A tool that says it fixed the mistake, and writes ``files``; the second time it finds nothing."""
    (defect,) = project.defects
    new_name = f"{defect.name}_fixed{defect.number}"
    runs = iter([ToolRun((Answer(defect.path, "fixed", new_name),), (), files)])
    return lambda _top, _strategy: next(runs, ToolRun((), (), {}))


def told(project: Project, folder: Path, files: Files) -> list[str]:
    tool = answering(project, files)
    return complaints_of(project, folder, lambda each, top: tool_complaints(each, top, tool, "transformed"))


def test_a_tool_that_makes_the_generators_own_fix_has_no_complaints(folder: Path) -> None:
    for project in to_be_fixed(50):
        assert not told(project, folder, project.own_fix), project.seed


def test_a_tool_that_changes_nothing_is_caught(folder: Path) -> None:
    for project in to_be_fixed(50):
        assert told(project, folder, {}), project.seed


def test_a_tool_that_forgets_any_one_file_is_caught(folder: Path) -> None:
    for project in to_be_fixed(50):
        for path in project.own_fix:
            rest = {other: data for other, data in project.own_fix.items() if other != path}
            assert told(project, folder, rest), (project.seed, path)


def test_a_tool_that_renames_the_primal_as_well_is_caught(folder: Path) -> None:
    for project in to_be_fixed(50):
        name = project.defects[0].name
        word = re.compile(rf"\b{name}\b".encode())
        new = f"{name}_fixed1".encode()
        files = {path: word.sub(new, data) for path, data in project.files.items() if word.search(data)}
        assert told(project, folder, files), project.seed


def test_a_tool_that_touches_an_unrelated_file_is_caught(folder: Path) -> None:
    for project in to_be_fixed(50):
        for path in project.files.keys() - project.touchable:
            files = {**project.own_fix, path: project.files[path] + b"\n"}
            assert told(project, folder, files), (project.seed, path)


def test_a_refusal_of_what_can_be_fixed_is_caught(folder: Path) -> None:
    for project in to_be_fixed(10):
        refusal = ToolRun((Answer(project.defects[0].path, "refused", reasons=("why",)),), (), {})
        assert complaints_of(
            project,
            folder,
            lambda each, top, run=refusal: tool_complaints(each, top, lambda *_: run, "transformed"),
        )
