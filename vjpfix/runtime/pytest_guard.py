"""Each test under its own guard: what it sees is shown with the test, and may fail it."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from vjpfix.runtime.guard import guard
from vjpfix.runtime.report import Level
from vjpfix.runtime.text import shown

_SECTION = "vjpfix"


class GuardedTests:
    """The hooks of a run that is guarded. ``fails``: whether an error that the guard sees fails its test."""

    def __init__(self, *, fails: bool) -> None:
        self._fails = fails
        self._guards: pytest.StashKey[guard] = pytest.StashKey()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        if item.get_closest_marker("no_vjpfix"):
            return (yield)
        with guard("collect") as watching:
            item.stash[self._guards] = watching
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        watching = item.stash.get(self._guards, None)
        if watching is None or call.when != "call":
            return report
        seen = [each for each in watching.reports if each.level is not Level.NOTE]
        if seen:
            text = "\n".join(map(shown, seen))
            report.sections.append((_SECTION, text))
            if self._fails and watching.errors and report.passed:
                report.outcome = "failed"
                report.longrepr = f"the guard of vjpfix saw an error\n{text}"
        return report

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was seen in tests that did not fail; those that did show it themselves."""
        lines: dict[str, None] = {}
        for report in terminalreporter.stats.get("passed", []):
            for title, text in getattr(report, "sections", ()):
                if title == _SECTION:
                    lines.setdefault(text)
        if lines:
            terminalreporter.section("vjpfix")
            for text in lines:
                terminalreporter.write_line(text)
