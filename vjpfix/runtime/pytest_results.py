"""A plugin of pytest that notes how each test ends, in a file of its own: one line of JSON for each.

A line is written as soon as it is known, so that a run that is killed leaves what it came to. To pytest,
which would warn that this module is imported already: PYTEST_DONT_REWRITE.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

FOLDER = "VJPFIX_TESTS"
NAME = __name__
_VARIABLE = "PYTEST_PLUGINS"


def ask() -> None:
    """Have a pytest that runs in this process, or is started by it, load this plugin, if it is wanted."""
    if FOLDER in os.environ:
        _load([*_other_plugins(), NAME])


def pytest_configure(config: pytest.Config) -> None:
    """Note the tests of this run, and not those that its workers or its tests run in turn."""
    folder = os.environ.pop(FOLDER, "")
    _load(_other_plugins())
    if folder:
        config.pluginmanager.register(_Notes(Path(folder, f"{os.getpid()}.tests")), "vjpfix-results")


def _other_plugins() -> list[str]:
    return [name for name in os.environ.get(_VARIABLE, "").split(",") if name and name != NAME]


def _load(names: list[str]) -> None:
    """Have those that start later load these plugins."""
    if names:
        os.environ[_VARIABLE] = ",".join(names)
    else:
        os.environ.pop(_VARIABLE, None)


class _Notes:
    def __init__(self, path: Path) -> None:
        self._path = path

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._note(report.nodeid, "error")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            self._note(report.nodeid, "error" if report.failed and report.when != "call" else report.outcome)

    def _note(self, name: str, outcome: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([name, outcome]) + "\n")


def results(folder: Path) -> dict[str, str]:
    """How the tests of all runs ended that left notes in a folder: passed, failed, error or skipped."""
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.tests")):
        whole, _, _ = file.read_text(encoding="utf-8").rpartition("\n")
        for line in whole.splitlines():
            name, outcome = json.loads(line)
            if found.get(name) not in ("failed", "error"):
                found[name] = outcome
    return found
