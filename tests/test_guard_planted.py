"""Rebindings planted in programs that run on JAX: the guard misses none and invents none.

``VJPFIX_PLANTS`` sets how many programs. From ``tests/``, ``python -m planted SEED`` shows one, and
``python -m planted FIRST COUNT`` runs others.
"""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

import pytest
from children import Worker
from jax_programs.measure import prepare
from planted.__main__ import described, table
from planted.bodies import BODIES
from planted.changes import HARMFUL, HARMLESS
from planted.program import draw
from planted.run import examine
from planted.uses import USES
from planted.ways import CAPTURED, HOWS, LIVE

COUNT = int(os.environ.get("VJPFIX_PLANTS", 250))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What came of each plant, of one process apart: some recurse without end, and all need two devices."""
    if version("jax").startswith("0.4."):
        pytest.skip("the plants are written with jax.shard_map and what else came after JAX 0.4")
    folder = tmp_path_factory.mktemp("planted")
    with Worker(prepare, str(folder / "compiled")) as worker:
        return [worker.call(examine, plant, Path(folder)) for plant in map(draw, range(COUNT))]


def told(found, what):
    wrong = [described(seen) for seen in found if getattr(seen, what)]
    return "\n\n".join(wrong + [table(found)] * bool(wrong))


def test_the_truth_of_each_plant_is_what_running_it_shows(found):
    assert told(found, "doubts") == ""


def test_none_is_missed_and_each_is_told_with_its_lines(found):
    assert told(found, "missed") == ""


def test_none_is_invented_and_the_guard_changes_no_result(found):
    assert told(found, "invented") == ""


def test_there_are_a_hundred_that_do_harm_and_as_many_that_do_none(found):
    assert sum(seen.plant.reported for seen in found) >= 100
    assert sum(not seen.plant.harmful for seen in found) >= 100


def test_every_part_that_a_plant_can_be_made_of_occurs():
    plants = [draw(seed) for seed in range(COUNT)]
    assert {plant.body.name for plant in plants} == {body.name for body in BODIES}
    assert {plant.change.made for plant in plants} == {change.made for change in (*HARMFUL, *HARMLESS)}
    assert {plant.way.name for plant in plants} == {way.name for way in (*LIVE, *CAPTURED)}
    assert {plant.place.how for plant in plants} >= {*HOWS}
    assert {plant.use.name for plant in plants} == {use.name for use in USES}
