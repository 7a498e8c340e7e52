"""Real code runs, and each name that it reads had a binding that the flow says it may have."""

from __future__ import annotations

import importlib.util
import re
import sys

import pytest

from tests import children
from tests.runs import ROOT

# Tests of the standard library, with the modules that they are about.
CODE = {
    "names": "test.test_scope test.test_named_expressions test.test_generators test.test_class test.test_grammar",
    "paths": "test.test_with test.test_patma test.test_contextlib contextlib",
    "functions": "test.test_functools functools test.test_dataclasses dataclasses",
    "modules": "test.test_textwrap textwrap test.test_fractions fractions test.test_pprint pprint",
}
AT_LEAST = {"names": 100_000, "paths": 100_000, "functions": 500_000, "modules": 500_000}


@pytest.mark.skipif(
    not importlib.util.find_spec("test.test_scope"), reason="needs the tests of Python itself"
)
@pytest.mark.parametrize("theme", CODE)
def test_what_a_name_is_read_as_when_code_runs_is_among_what_it_may_be(theme):
    command = [sys.executable, "-m", "tests.oracles.truth", *CODE[theme].split()]
    done = children.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    *wrong, last = done.stdout.splitlines()
    assert not wrong
    counted = re.match(r"(\d+) reads at (\d+) places", last)
    assert counted, done.stdout + done.stderr
    assert int(counted[1]) >= AT_LEAST[theme]
