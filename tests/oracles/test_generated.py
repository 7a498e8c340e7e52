"""Thousands of programs that know their own fix, before and after, on a stand-in for jax.

A failure prints the kind and the seed: ``generate(kind, seed)`` gives the program again.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count, islice
from pathlib import Path

import pytest

from tests.oracles.checking import changes, described, generator_complaints, tool_complaints, unsafe
from tests.oracles.generator.every import FEATURES, generate
from tests.oracles.generator.program import FILE, PROGRAMS, Kind, Program, encoding_of, text_of
from tests.oracles.generator.scene import FIXED, REFUSED, Verdict
from tests.oracles.generic_edits import check as check_edits
from tests.oracles.running import Files
from tests.oracles.tool import Answer, Said, Tool
from tests.share import chunks, seeds, seeds_of
from vjpfix.model import Change, EditKind

CHUNK = 40
CHUNKS = [(kind, chunk) for kind in Kind for chunk in chunks(seeds(PROGRAMS[kind]), CHUNK)]
EACH_ORIGINAL = {Kind.MODULE: 3, Kind.STACKED: 1, Kind.PATHS: 3, Kind.PROJECT: 4}
"""One of how many programs is asked for the other way to rename, too."""
AT_LEAST = {Kind.MODULE: 2, Kind.STACKED: 1, Kind.PATHS: 5, Kind.PROJECT: 1}
IN_MEMORY = Path("/dev/shm")

Complain = Callable[[Program], Iterator[str]]


@pytest.fixture
def tool() -> Iterator[Tool]:
    """The tool, with a folder in memory where there is one: most of the time went into deleting files."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as name:
        yield Tool(Path(name).resolve())


def each_chunk(test: Callable[..., None]) -> Callable[..., None]:
    ids = [f"{kind.value}, {seeds_of(chunk)}" for kind, chunk in CHUNKS]
    return pytest.mark.parametrize(("kind", "some"), CHUNKS, ids=ids)(test)


def failures(kind: Kind, seeds: Sequence[int], complain: Complain) -> str:
    found = ((program, list(complain(program))) for program in map(partial(generate, kind), seeds))
    bad = [described(program, complaints) for program, complaints in found if complaints]
    return f"{len(bad)} programs:\n" + "\n\n".join(bad[:3]) if bad else ""


@each_chunk
def test_the_generators_own_fix_keeps_outside_sites_and_mends_inside_ones(
    kind: Kind, some: Sequence[int]
) -> None:
    assert not failures(kind, some, generator_complaints)


@each_chunk
def test_the_tool_makes_the_generators_own_fix_and_nothing_else(
    kind: Kind, some: Sequence[int], tool: Tool
) -> None:
    said = Counter[str]()
    kinds: set[EditKind] = set()

    def complaints(program: Program) -> Iterator[str]:
        yield from both_complaints(program, tool, said, kinds, original=False)

    assert not failures(kind, some, complaints)
    if len(some) == CHUNK:
        assert said[FIXED] > 0.4 * CHUNK
        assert kinds >= KINDS_OF_EDITS[kind]


KINDS_OF_EDITS = {
    Kind.MODULE: {EditKind.RENAME, EditKind.INSERT},
    Kind.STACKED: {EditKind.RENAME, EditKind.APPEND, EditKind.REMOVE},
    Kind.PATHS: {EditKind.RENAME, EditKind.INSERT},
    Kind.PROJECT: {EditKind.RENAME, EditKind.ALIAS, EditKind.STRING},
}


@each_chunk
def test_the_tool_gives_the_original_the_new_name_and_nothing_else(
    kind: Kind, some: Sequence[int], tool: Tool
) -> None:
    every = some[:: EACH_ORIGINAL[kind]]
    said, kinds = Counter[str](), set[EditKind]()
    assert not failures(kind, every, lambda each: both_complaints(each, tool, said, kinds, original=True))


def both_complaints(
    program: Program, tool: Tool, said: Counter[str], kinds: set[EditKind], *, original: bool
) -> Iterator[str]:
    """What the tool does wrong, in what it writes or in the edits of its JSON."""

    def asked(files: Files, /, *, original: bool = False) -> Said:
        answer = tool(files, original=original)
        assert answer.asked
        report = answer.asked[0]
        if files is program.files:
            said.update(each.status for each in answer.answers)
            edits = [each.edits for each in report.outcomes if isinstance(each, Change)]
            kinds.update(edit.kind for each in edits for edit in each)
            if not report.problems:
                check_edits(*answer.asked)
        return answer

    yield from tool_complaints(program, asked, original=original)


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
def test_every_form_occurs_and_most_programs_must_be_fixed_and_some_not(kind: Kind) -> None:
    programs = [generate(kind, seed) for seed in range(PROGRAMS[kind])]
    counts = Counter(feature for program in programs for feature in program.features)
    assert not {each: counts[each] for each in FEATURES[kind] if counts[each] < AT_LEAST[kind]}
    known = frozenset[str]().union(*FEATURES.values())
    assert not counts.keys() - known, "forms that the catalogue does not list"
    verdicts = [scene.verdict for program in programs for scene in program.scenes]
    if kind is not Kind.PATHS:
        assert verdicts.count(Verdict.FIX) > 0.4 * len(verdicts)
        assert len([each for each in verdicts if FIXED not in each.value]) > len(verdicts) / 10


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
def test_a_seed_always_gives_the_same_program(kind: Kind) -> None:
    assert generate(kind, 7) == generate(kind, 7)
    assert generate(kind, 7).files != generate(kind, 8).files


# What is wrong is found: one program each in which one thing is made wrong.


def to_be_fixed(kind: Kind, wanted: int, fits: Callable[[Program], bool] = lambda _: True) -> list[Program]:
    """The first programs of one scene, which is to be fixed, that fit."""
    programs = (generate(kind, seed) for seed in count())
    single = (each for each in programs if [scene.verdict for scene in each.scenes] == [Verdict.FIX])
    return list(islice((each for each in single if each.can_be_fixed and fits(each)), wanted))


def answering(program: Program, files: Files, status: str = FIXED) -> Callable[..., Said]:
    """A tool that says so of the one scene, and writes these files; the second time it finds nothing."""
    (scene,) = program.scenes
    reasons = ("why",) if status == REFUSED else ()
    answer = Answer(scene.path, scene.name, status, names(program)[1], reasons)
    runs = iter([Said((answer,), (), {**program.files, **files})])
    return lambda files, **options: next(runs, silent(files, **options))


def names(program: Program) -> tuple[str, str]:
    """The name that stays and the one that the generator's own fix gives, read off the first word that differs."""
    (path, *_) = changes(program.files, program.own_fix)
    before, after = (re.findall(r"\w+", text_of(each[path])) for each in (program.files, program.own_fix))
    return next((old, new) for old, new in zip(before, after, strict=False) if old != new)


def told(program: Program, files: Files, status: str = FIXED, *, original: bool = False) -> list[str]:
    return [*tool_complaints(program, answering(program, files, status), original=original)]


def replaced(pattern: str, new: str, files: Files) -> dict[str, bytes]:
    """These files with something else in the place of a pattern."""
    return {path: re.sub(pattern.encode(), new.encode(), data) for path, data in files.items()}


KNOWN = pytest.mark.parametrize("kind", [Kind.MODULE, Kind.PROJECT], ids=lambda kind: kind.value)


@KNOWN
def test_a_tool_that_makes_the_generators_own_fix_has_no_complaints(kind: Kind) -> None:
    for program in to_be_fixed(kind, 10):
        assert not told(program, program.own_fix), described(program, told(program, program.own_fix))


@pytest.mark.parametrize("original", [False, True], ids=["transformed", "original"])
@pytest.mark.parametrize("kind", [Kind.MODULE, Kind.PROJECT, Kind.STACKED], ids=lambda kind: kind.value)
def test_a_tool_that_changes_nothing_is_caught_whatever_it_says(kind: Kind, original: bool) -> None:
    for program in to_be_fixed(kind, 10):
        assert told(program, {}, original=original)
        assert told(program, {}, REFUSED, original=original)
        assert [*tool_complaints(program, silent, original=original)]


def silent(files: Files, /, *, original: bool = False) -> Said:  # noqa: ARG001
    """A tool that finds nothing."""
    return Said((), (), files)


def test_running_alone_shows_that_nothing_was_mended() -> None:
    for program in to_be_fixed(Kind.MODULE, 20):
        said = answering(program, {})(program.files)
        assert [*unsafe(program, said)]


@KNOWN
def test_running_alone_catches_a_rename_by_name(kind: Kind) -> None:
    """What a tool would do that renames the primal along with the rest."""
    for program in to_be_fixed(kind, 10):
        old, new = names(program)
        files = replaced(rf"\b{old}\b", new, program.files)
        assert [*unsafe(program, answering(program, files)(program.files))], program.seed


def test_a_tool_that_changes_one_byte_too_many_is_caught() -> None:
    for program in to_be_fixed(Kind.MODULE, 20):
        assert told(program, {FILE: program.own_fix[FILE] + b"\n"})


def test_a_tool_that_forgets_any_one_file_or_touches_an_unrelated_one_is_caught() -> None:
    for program in to_be_fixed(Kind.PROJECT, 10, lambda each: len(changes(each.files, each.own_fix)) > 1):
        for path in changes(program.files, program.own_fix):
            assert told(program, {**program.own_fix, path: program.files[path]}), (program.seed, path)
        for path in program.files.keys() - program.touchable:
            assert told(program, {**program.own_fix, path: program.files[path] + b"\n"}), (program.seed, path)


@pytest.mark.parametrize("original", [False, True], ids=["transformed", "original"])
@pytest.mark.parametrize("seed", [343, 566, 622])
def test_of_two_functions_of_one_name_each_has_its_own_answer(seed: int, original: bool, tool: Tool) -> None:
    """In these programs one is fixed and one is refused, in either order."""
    program = generate(Kind.STACKED, seed)
    said = tool(program.files, original=original)
    assert sorted(each.status for each in said.answers) == [FIXED, REFUSED]
    assert len({(each.path, each.name) for each in said.answers}) == 1
    assert not [*unsafe(program, said, original=original)]
    assert [*unsafe(program, swapped(said), original=original)]


def test_a_tool_that_answers_for_the_other_function_of_the_name_is_caught(tool: Tool) -> None:
    caught = 0
    for program in map(partial(generate, Kind.MODULE), range(PROGRAMS[Kind.MODULE])):
        verdicts = [scene.verdict for scene in program.scenes]
        if "scenes:two_of_one_name" in program.features and set(verdicts) == {Verdict.FIX, Verdict.REFUSE}:
            said = tool(program.files)
            complaints = tool_complaints(program, in_turn(swapped(said), tool(said.files)))
            assert any("but right is REFUSE" in each for each in complaints), program.seed
            caught += 1
    assert caught > 5


def test_rules_of_a_fixed_function_on_its_transformed_version_are_caught_beside_a_refused_one(
    tool: Tool,
) -> None:
    program = generate(Kind.STACKED, 343)
    said = tool(program.files)
    lines = r"( *)F\.(defvjp\(.*\)\r?\n)( *F_mapped = .*\n)"
    files = replaced(lines, r"\3\1F_mapped.\2", said.files)
    assert files != said.files
    (complaint,) = unsafe(program, replace(said, files=files))
    assert complaint.startswith("its rules are attached to a transformed version")


def swapped(said: Said) -> Said:
    """The same with each of two answers in the place of the other."""
    one, other = said.answers
    return replace(said, answers=(replace(one, line=other.line), replace(other, line=one.line)))


def in_turn(*told: Said) -> Callable[..., Said]:
    runs = iter(told)
    return lambda *_, **__: next(runs)


def merges(program: Program) -> bool:
    old, new = names(program)
    return without_merge(f"{new} = {old}", program.own_fix) != program.own_fix


def without_merge(line: str, files: Files) -> dict[str, bytes]:
    text = re.sub(rf"(?m)^[ \t\f]*{line}\r?\n", "", text_of(files[FILE]), count=1)
    return {FILE: text.encode(encoding_of(files[FILE]))}


def test_running_alone_catches_the_loss_of_the_line_above_a_merge() -> None:
    programs = to_be_fixed(Kind.MODULE, 20, merges)
    caught = 0
    for program in programs:
        old, new = names(program)
        files = without_merge(f"{new} = {old}", program.own_fix)
        caught += bool([*unsafe(program, answering(program, files)(program.files))])
    assert caught > 0.8 * len(programs)  # the rest need a world that is tried only now and then


def test_of_cut_paths_running_alone_catches_the_loss_of_the_line_above_a_merge(tool: Tool) -> None:
    merged = caught = 0
    for program in map(partial(generate, Kind.PATHS), range(20)):
        said = tool(program.files)
        files = without_merge(r"f_\w+ = f", said.files)
        merged += files != said.files
        caught += files != said.files and bool([*unsafe(program, replace(said, files=files))])
    assert merged > 10
    assert caught > 0.4 * merged  # the rest need a world that is tried only now and then


def test_every_name_that_the_original_gets_anew_and_every_line_that_gives_it_back_is_needed(
    tool: Tool,
) -> None:
    needed: list[bool] = []
    aliased = 0
    for program in to_be_fixed(Kind.MODULE, 25):
        said = tool(program.files, original=True)
        (answer,) = said.answers
        text = text_of(said.files[FILE])
        line = f"{answer.name} = {answer.new_name}"
        for less in one_name_less(text, answer, line):
            files = {FILE: less.encode(encoding_of(said.files[FILE]))}
            needed.append(bool([*unsafe(program, replace(said, files=files), original=True)]))
        files = without_merge(line, said.files)
        if files != said.files:
            aliased += 1
            assert [*unsafe(program, replace(said, files=files), original=True)], program.seed
    assert len(needed) > 80
    assert sum(needed) > 0.95 * len(needed)  # the rest need a world that is tried only now and then
    assert aliased > 5


def one_name_less(text: str, answer: Answer, alias: str) -> Iterator[str]:
    """The text with one of its new names as it was, for each of them in turn. Declarations need not follow."""
    for match in re.finditer(rf"\b{answer.new_name}\b", text):
        start = text.rfind("\n", 0, match.start()) + 1
        line = text[start : text.find("\n", start)].strip()
        if line.split()[:1] not in (["global"], ["nonlocal"]) and line != alias:
            yield text[: match.start()] + answer.name + text[match.end() :]


def test_a_tool_that_renames_the_transformed_version_instead_is_caught() -> None:
    for program in to_be_fixed(Kind.MODULE, 20):
        assert told(program, program.own_fix, original=True)
