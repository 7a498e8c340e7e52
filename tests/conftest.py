"""What a run says of itself, and what tests of several folders share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.jax.process import JaxProcess
from tests.share import FACTOR, share


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"generated programs: VJPFIX_SHARE={share()} VJPFIX_FACTOR={FACTOR}")


@pytest.fixture(scope="session")
def jax_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JaxProcess]:
    """The process that runs programs on JAX; those of several workers share what they compile."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    process = JaxProcess(str(shared / "compiled"))
    yield process
    process.end()
