"""No rule raises on any file of the standard library, with all rules selected and no filter before them."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest

from tests.oracles.spliced.promises import everything, parsed
from vjpfix.pipeline import run_data

LIBRARY = Path(sysconfig.get_paths()["stdlib"])
FILES = sorted(path for path in LIBRARY.rglob("*.py") if "site-packages" not in path.parts)
PARTS = 24


@pytest.mark.parametrize("part", range(PARTS))
def test_no_rule_raises_on_the_standard_library(part):
    chosen = everything()
    for path in FILES[part::PARTS]:
        data = path.read_bytes()
        report = run_data(path, data, chosen)
        assert not report.outcomes, path
        assert not report.problems or parsed(data) is None, (path, report.problems)


def test_the_standard_library_is_there():
    assert len(FILES) > 500
