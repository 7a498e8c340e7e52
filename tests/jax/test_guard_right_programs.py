"""The guard is silent on programs without the mistake, and changes nothing for them."""

from __future__ import annotations

import jax
import pytest

from tests.jax.guard_programs.right import LEAKS_ITSELF, LIBRARIES, ON_PURPOSE, RIGHT, SINCE
from tests.jax.guard_programs.running import run
from vjpfix.runtime.report import Level


@pytest.mark.filterwarnings("error::FutureWarning")  # as of hashing a tracer, in old releases
@pytest.mark.parametrize("name", RIGHT)
def test_the_guard_is_silent_on(name, tmp_path):
    if jax.__version_info__ < SINCE.get(name, ()):
        pytest.skip(f"{name} came with JAX {'.'.join(map(str, SINCE[name]))}")
    ran = run(tmp_path, RIGHT[name], leaks=name not in LEAKS_ITSELF)
    assert ran.error is None
    assert ran.reports == ()
    assert ran.skipped == ()


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_guard_is_silent_on_the_rules_of(library, tmp_path):
    pytest.importorskip(library)
    ran = run(tmp_path, LIBRARIES[library], leaks=False)
    assert ran.error is None
    assert ran.reports == ()


@pytest.mark.parametrize("text", ON_PURPOSE.values(), ids=ON_PURPOSE)
def test_the_guard_only_notes(text, tmp_path):
    ran = run(tmp_path, text)
    assert ran.error is None
    assert {report.level for report in ran.reports} <= {Level.NOTE}


def test_there_are_enough_right_programs():
    assert len(RIGHT) >= 40


def test_the_classes_are_as_before_after_every_program(tmp_path):
    before = [vars(cls)["__call__"] for cls in (jax.custom_vjp, jax.custom_jvp)]
    run(tmp_path, RIGHT["grad"])
    assert [vars(cls)["__call__"] for cls in (jax.custom_vjp, jax.custom_jvp)] == before
