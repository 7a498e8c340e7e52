"""What a run says of itself."""

from __future__ import annotations

import pytest

from tests.share import FACTOR, share


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"generated programs: VJPFIX_SHARE={share()} VJPFIX_FACTOR={FACTOR}")
