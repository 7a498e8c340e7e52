"""No rule raises on any file of the standard library, with all rules selected and no filter before them."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest

from tests.oracles.spliced.promises import everything, parsed
from tests.share import chunks, some_of
from vjpfix.pipeline import run_data

LIBRARY = Path(sysconfig.get_paths()["stdlib"])
FILES = sorted(path for path in LIBRARY.rglob("*.py") if "site-packages" not in path.parts)
CHUNKS = chunks(some_of(FILES), 20)


@pytest.mark.parametrize("files", CHUNKS, ids=lambda files: f"{files[0].stem} to {files[-1].stem}")
def test_no_rule_raises_on_the_standard_library(files):
    chosen = everything()
    for path in files:
        data = path.read_bytes()
        report = run_data(path, data, chosen)
        assert not report.outcomes, path
        assert not report.problems or parsed(data) is None, (path, report.problems)


def test_the_standard_library_is_there():
    assert len(FILES) > 500
