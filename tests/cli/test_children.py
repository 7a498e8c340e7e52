"""Every process that a test starts has a deadline, and hears what it is sent."""

from __future__ import annotations

import ast
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import children
from tests.terminal import CTRL_C, Terminal

FOLDER = Path(children.__file__).parent
STARTING = {"subprocess", "multiprocessing", "pty", "pexpect", "concurrent"}
CALLS = {"fork", "forkpty", "system", "popen", "posix_spawn", "spawnv", "spawnl"}
# Those that give others' processes a deadline, and programs that are no tests.
KNOWN = {"children.py", "terminal.py", "process.py", "guard_versions.py", "benchmarks"}
SLEEP = [sys.executable, "-c", "import time; time.sleep(3600)"]


def processes(module: ast.Module) -> Iterator[str]:
    """Where a module starts processes by itself."""
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names if each.name.partition(".")[0] in STARTING)
            case ast.ImportFrom(module=str(name)) if name.partition(".")[0] in STARTING:
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr=name)) if name in CALLS:
                yield f"os.{name}"


def test_no_test_starts_a_process_that_has_no_deadline():
    paths = [path for path in FOLDER.rglob("*.py") if KNOWN.isdisjoint(path.relative_to(FOLDER).parts)]
    assert len(paths) > 100
    found = {path.name: list(processes(ast.parse(path.read_text(encoding="utf-8")))) for path in paths}
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize(
    "text",
    ["import subprocess", "from multiprocessing import Pool", "from concurrent import futures", "os.fork()"],
)
def test_a_process_without_a_deadline_is_seen(text):
    assert list(processes(ast.parse(text)))


@pytest.fixture(params=[signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda each: each.name)
def ignored(request):
    """A signal that these tests ignore, as what a shell starts in the background does."""
    before = signal.signal(request.param, signal.SIG_IGN)
    yield request.param
    signal.signal(request.param, before)


def test_a_child_hears_a_signal_that_the_tests_ignore(ignored):
    child = children.Child(SLEEP)
    time.sleep(0.5)
    child.send_signal(ignored)
    assert child.wait() == -ignored or (ignored == signal.SIGINT and child.returncode in (1, -ignored))
    assert signal.getsignal(ignored) is signal.SIG_IGN


def test_a_child_at_a_terminal_hears_ctrl_c_where_the_tests_ignore_it():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        terminal = Terminal("print('ready', flush=True); import time; time.sleep(3600)")
        terminal.wait_for("ready")
        terminal.type(CTRL_C)
        code, rest = terminal.end(again=CTRL_C)
    finally:
        signal.signal(signal.SIGINT, before)
    assert code == -signal.SIGINT
    assert "KeyboardInterrupt" in rest


def test_a_child_that_hangs_is_ended():
    began = time.monotonic()
    with pytest.raises(children.TimeoutExpired):
        children.run(SLEEP, timeout=0.5)
    child = children.Child(SLEEP, stdout=children.PIPE)
    with pytest.raises(children.TimeoutExpired):
        child.communicate(timeout=0.5)
    assert child.wait() == -signal.SIGKILL
    assert time.monotonic() - began < children.DEADLINE / 2


def test_a_terminal_that_hangs_is_ended():
    terminal = Terminal("import time; time.sleep(3600)")
    terminal.until = time.monotonic() + 1
    with pytest.raises(AssertionError, match="it hangs"):
        terminal.end()
    assert terminal.process.wait() == -signal.SIGKILL


def test_without_time_limits_of_their_own_all_have_a_deadline_of_minutes():
    assert 60 <= children.DEADLINE <= 3600
