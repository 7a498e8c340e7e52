"""No text makes a regular expression of the package take longer than it is long."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.runs import ROOT


@pytest.mark.parametrize("size", [10_000, 100_000])
def test_every_regular_expression_ends_on_hostile_texts(size):
    """One that takes ten times as long for each of ten times as many characters misses the deadline."""
    subprocess.run(
        [sys.executable, "-m", "tests.unit.growing", str(size)],
        cwd=ROOT,
        timeout=60,
        check=True,
        stdout=subprocess.DEVNULL,
    )
