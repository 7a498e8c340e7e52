"""Real code runs, and each name that it reads had a binding that the flow says it may have."""

from __future__ import annotations

import importlib.util
import os
import re
import sys

import pytest

from tests import children
from tests.runs import ROOT
from tests.share import ALL, share

# Tests of the standard library, with the modules that they are about.
CODE = {
    "names": "test.test_scope test.test_named_expressions test.test_generators test.test_class test.test_grammar",
    "paths": "test.test_with test.test_patma test.test_contextlib contextlib",
    "functions": "test.test_functools functools test.test_dataclasses dataclasses",
    "modules": "test.test_textwrap textwrap test.test_fractions fractions test.test_pprint pprint",
    "types": "test.test_type_params test.test_type_aliases test.test_fstring",
}
# What installed packages do in a program that trains with them, and in tests of theirs that come with them.
PACKAGES = {
    "flax": "flax.* optax.* tests.oracles.truth.training",
    "optax": "optax.* optax.tree_utils._tree_math_test optax.schedules._schedule_test optax.schedules._join_test"
    " optax._src.combine_test optax._src.update_test optax._src.numerics_test optax.transforms._masking_test",
}
AT_LEAST = {
    "names": 100_000,
    "paths": 100_000,
    "functions": 500_000,
    "modules": 500_000,
    "types": 4_000,
    "flax": 500_000,
    "optax": 25_000,
}


def holds(theme: str, names: str) -> None:
    command = [sys.executable, "-m", "tests.oracles.truth", *names.split()]
    variables = {**os.environ, "JAX_PLATFORMS": "cpu"}
    done = children.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=variables)
    *wrong, last = done.stdout.splitlines()
    assert not wrong
    counted = re.match(r"(\d+) reads at (\d+) places", last)
    assert counted, done.stdout + done.stderr
    assert int(counted[1]) >= AT_LEAST[theme]


@pytest.mark.skipif(
    not importlib.util.find_spec("test.test_scope"), reason="needs the tests of Python itself"
)
@pytest.mark.parametrize("theme", CODE)
def test_what_a_name_is_read_as_when_code_runs_is_among_what_it_may_be(theme):
    if theme == "types" and sys.version_info < (3, 12):
        pytest.skip("needs the syntax of Python 3.12")
    holds(theme, CODE[theme])


@pytest.mark.skipif(share() != ALL, reason="takes minutes: only a run of all programs has the time")
@pytest.mark.parametrize("theme", PACKAGES)
def test_what_a_name_is_read_as_in_flax_and_optax_is_among_what_it_may_be(theme):
    if not importlib.util.find_spec(theme):
        pytest.skip(f"needs {theme}")
    holds(theme, PACKAGES[theme])
