"""Programs with transforms above the custom-derivative decorator, fixed and run on a stand-in for jax.

Each is compared with the program that was meant, in which the decorated version has a name of its own.
``python -m tests.oracles.stacked FIRST LAST`` runs any others.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import islice

import pytest

from tests.oracles.stacked import forms
from tests.oracles.stacked.check import ask, complaints, judged, told
from tests.oracles.stacked.generate import generate
from tests.share import chunks, seeds, seeds_of

ALL = 320
CHUNKS = chunks(seeds(ALL), 16)
AT_LEAST = 1


@pytest.mark.parametrize("seeds", CHUNKS, ids=seeds_of)
def test_every_call_site_reaches_the_version_that_it_means(seeds, tmp_path):
    found = [
        told(program, wrong)
        for program in map(generate, seeds)
        for original in (False, True)
        if (wrong := list(complaints(program, tmp_path, original=original)))
    ]
    assert not found, f"{len(found)} programs:\n" + "\n\n".join(found[:3])


def test_every_form_occurs_in_the_programs_of_a_whole_run():
    counts = Counter(feature for seed in range(ALL) for feature in generate(seed).features)
    tables = ("ABOVE", "BELOW", "BETWEEN", "ATTACH", "ATTACH_JVP", "INSIDE", "AFTER", "IMPORTS")
    known = {f"{table.lower()}:{form}" for table in tables for form in getattr(forms, table)}
    assert not {each: counts[each] for each in known if counts[each] < AT_LEAST}


def test_about_half_of_the_programs_must_be_fixed():
    musts = Counter(generate(seed).must for seed in range(ALL))
    assert musts[True] > 0.4 * ALL
    assert musts[False] > 0.2 * ALL


def some(wanted: int) -> list[int]:
    """Seeds of programs of one function that must be fixed, and in which a rule calls it."""
    programs = (generate(seed) for seed in range(ALL))
    fit = (p.seed for p in programs if p.must and not p.main and [*map(bool, p.inside.values())] == [True])
    return list(islice(fit, wanted))


@pytest.mark.parametrize("seed", some(10))
def test_a_tool_that_takes_the_name_over_is_caught(seed, tmp_path):
    """The statement goes below the rules, and nothing is renamed: then the rules call what it made."""
    program = generate(seed)
    (name,) = program.inside
    answer = ask(program, tmp_path)
    text = re.sub(rf"\b{name}_(mapped|jitted|grad|checkpointed)(_2)?\b", name, answer.texts[0])
    assert text != answer.texts[0]
    assert [*judged(program, replace(answer, texts=(text, "")))]


@pytest.mark.parametrize("seed", some(10))
def test_a_tool_that_changes_nothing_is_caught(seed, tmp_path):
    program = generate(seed)
    answer = ask(program, tmp_path)
    assert not [*judged(program, answer)]
    assert [*judged(program, replace(answer, texts=(program.before, "")))]
    assert [*judged(program, replace(answer, fixed=frozenset(), texts=(program.before, "")))]
