"""Programs whose statements and expressions may be cut short anywhere, before and after, on a stand-in for jax.

A failure prints the seed: ``generate(seed)`` gives the program again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from tests.oracles.module.check import Fixer
from tests.oracles.module.tool import make_tool
from tests.oracles.paths.check import complaints, described, without_alias, wrong
from tests.oracles.paths.forms import FEATURES
from tests.oracles.paths.generate import generate
from tests.share import chunks, seeds, seeds_of

ALL = 1_000
CHUNKS = chunks(seeds(ALL), 20)
ORIGINAL_CHUNKS = chunks(seeds(300), 20)
AT_LEAST = 5


@pytest.fixture(scope="module")
def tool() -> Fixer:
    return make_tool()


@pytest.fixture(scope="module")
def original_tool() -> Fixer:
    return make_tool(original=True)


def failures(seeds: Sequence[int], fix: Fixer) -> str:
    found = ((program, list(complaints(program, fix))) for program in map(generate, seeds))
    bad = [described(program, each, fix) for program, each in found if each]
    return f"{len(bad)} programs:\n" + "\n\n".join(bad[:3]) if bad else ""


@pytest.mark.parametrize("seeds", CHUNKS, ids=seeds_of)
def test_a_fix_changes_nothing_but_the_rules(seeds: Sequence[int], tool: Fixer) -> None:
    assert not failures(seeds, tool)


@pytest.mark.parametrize("seeds", ORIGINAL_CHUNKS, ids=seeds_of)
def test_another_name_for_the_original_changes_nothing_but_the_rules(
    seeds: Sequence[int], original_tool: Fixer
) -> None:
    assert not failures(seeds, original_tool)


def test_nearly_all_of_the_programs_are_fixed(tool: Fixer) -> None:
    said = Counter(tool(generate(seed).text.encode()).status for seed in range(100))
    assert said["fixed"] >= 80, said


def test_every_form_occurs() -> None:
    counts = Counter(feature for seed in range(ALL) for feature in generate(seed).features)
    assert not {feature: counts[feature] for feature in FEATURES if counts[feature] < AT_LEAST}
    assert not counts.keys() - FEATURES, "forms that the catalogue does not list"


def test_a_seed_always_gives_the_same_program() -> None:
    assert generate(7) == generate(7)
    assert generate(7).text != generate(8).text


def test_the_loss_of_the_line_above_a_merge_is_caught(tool: Fixer) -> None:
    programs = [generate(seed) for seed in range(50)]
    fixed = [(program, tool(program.text.encode()).data.decode()) for program in programs]
    merged = [(program, text) for program, text in fixed if without_alias(text) != text]
    assert len(merged) > 20
    caught = [bool([*wrong(program, without_alias(text))]) for program, text in merged]
    assert sum(caught) > 0.5 * len(caught)  # the rest need a world that is tried only now and then


def test_a_tool_that_changes_nothing_is_caught() -> None:
    programs = [generate(seed) for seed in range(30)]
    assert sum(bool([*wrong(program, program.text)]) for program in programs) > 20
