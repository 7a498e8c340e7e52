"""Rebindings planted in programs that run on JAX: the guard misses none and invents none.

``python -m tests.jax.planted SEED`` shows one, and ``python -m tests.jax.planted FIRST COUNT``
runs others.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.jax.measured.measure import prepare
from tests.jax.planted.__main__ import described, table
from tests.jax.planted.bodies import BODIES
from tests.jax.planted.changes import HARMFUL, HARMLESS
from tests.jax.planted.program import draw
from tests.jax.planted.run import examine
from tests.jax.planted.uses import USES
from tests.jax.planted.ways import CAPTURED, HOWS, LIVE
from tests.share import seeds

ALL = 250
SEEDS = seeds(ALL)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What came of each plant, of one process apart: some recurse without end, and all need two devices."""
    if version("jax").startswith("0.4."):
        pytest.skip("the plants are written with jax.shard_map and what else came after JAX 0.4")
    folder = tmp_path_factory.mktemp("planted")
    with ProcessPoolExecutor(1, get_context("spawn"), prepare, (str(folder / "compiled"),)) as pool:
        return list(pool.map(examine, map(draw, SEEDS), [Path(folder)] * len(SEEDS)))


def told(found, what):
    wrong = [described(seen) for seen in found if getattr(seen, what)]
    return "\n\n".join(wrong + [table(found)] * bool(wrong))


def test_the_truth_of_each_plant_is_what_running_it_shows(found):
    assert told(found, "doubts") == ""


def test_none_is_missed_and_each_is_told_with_its_lines(found):
    assert told(found, "missed") == ""


def test_none_is_invented_and_the_guard_changes_no_result(found):
    assert told(found, "invented") == ""


def test_many_do_harm_and_as_many_do_none(found):
    assert sum(seen.plant.reported for seen in found) >= 0.4 * len(SEEDS)
    assert sum(not seen.plant.harmful for seen in found) >= 0.4 * len(SEEDS)


def test_every_part_that_a_plant_can_be_made_of_occurs():
    plants = [draw(seed) for seed in range(ALL)]
    assert {plant.body.name for plant in plants} == {body.name for body in BODIES}
    assert {plant.change.made for plant in plants} == {change.made for change in (*HARMFUL, *HARMLESS)}
    assert {plant.way.name for plant in plants} == {way.name for way in (*LIVE, *CAPTURED)}
    assert {plant.place.how for plant in plants} >= {*HOWS}
    assert {plant.use.name for plant in plants} == {use.name for use in USES}
