"""Rebindings planted in programs that run on JAX: the guard misses none and invents none.

``python -m tests.jax.planted SEED`` shows one, and ``python -m tests.jax.planted FIRST COUNT``
runs others.
"""

from __future__ import annotations

from importlib.metadata import version

import pytest

from tests.jax.planted.__main__ import described, table, trouble
from tests.jax.planted.bodies import BODIES
from tests.jax.planted.changes import HARMFUL, HARMLESS
from tests.jax.planted.program import draw
from tests.jax.planted.run import examine
from tests.jax.planted.uses import USES
from tests.jax.planted.ways import CAPTURED, HOWS, LIVE
from tests.share import chunks, seeds, seeds_of

ALL = 250
SEEDS = seeds(ALL)
PLANTS = [draw(seed) for seed in range(ALL)]


@pytest.mark.skipif(
    version("jax").startswith("0.4."), reason="the plants are written with what came after JAX 0.4"
)
@pytest.mark.parametrize("some", chunks(SEEDS, 10), ids=seeds_of)
def test_running_shows_what_each_plant_is_and_none_is_missed_or_invented(some, jax_process, tmp_path):
    found = [jax_process.ask(examine, draw(seed), tmp_path) for seed in some]
    wrong = [described(seen) for seen in found if trouble(seen)]
    assert not wrong, "\n\n".join([*wrong, table(found)])


def test_many_do_harm_and_as_many_do_none():
    assert sum(plant.reported for plant in PLANTS) >= 0.4 * ALL
    assert sum(not plant.harmful for plant in PLANTS) >= 0.4 * ALL


def test_every_part_that_a_plant_can_be_made_of_occurs():
    assert {plant.body.name for plant in PLANTS} == {body.name for body in BODIES}
    assert {plant.change.made for plant in PLANTS} == {change.made for change in (*HARMFUL, *HARMLESS)}
    assert {plant.way.name for plant in PLANTS} == {way.name for way in (*LIVE, *CAPTURED)}
    assert {plant.place.how for plant in PLANTS} >= {*HOWS}
    assert {plant.use.name for plant in PLANTS} == {use.name for use in USES}
