"""What a run says of itself, and what tests of several folders share."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest

from tests.jax.process import JaxProcess
from tests.share import FACTOR, share

COMPILED = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Let all that a worker runs on JAX share what is compiled: it is most of what such programs cost.

    Each worker has a folder of its own, since JAX may read an entry that another process is still writing.
    """
    config.stash[COMPILED] = tempfile.mkdtemp(prefix="compiled-")
    os.environ["JAX_COMPILATION_CACHE_DIR"] = config.stash[COMPILED]
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
    os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"


def pytest_collection_finish() -> None:
    """Leave what was collected alone: looking through thousands of tests again and again takes a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[COMPILED], ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"generated programs: VJPFIX_SHARE={share()} VJPFIX_FACTOR={FACTOR}")
    if (seed := terminalreporter.config.getoption("randomly_seed", None)) is not None:
        terminalreporter.write_line(f"random order: -p randomly --randomly-seed={seed}")


@pytest.fixture(scope="session")
def jax_process() -> Iterator[JaxProcess]:
    """The process that runs programs on JAX."""
    process = JaxProcess()
    yield process
    process.end()
