"""``fix --yes`` when something comes in between: another run, an interruption, the end of the process."""

from __future__ import annotations

import random
import signal
import time

import pytest

from tests import children
from tests.cli_runs import ENVIRONMENT, VJPFIX, fixed, program, vjpfix
from tests.share import some_of

FILES = 12


def make(folder):
    for number in range(FILES):
        (folder / f"m{number}.py").write_text(program(f"f{number}"))


def start(folder):
    # Coverage takes a lock as it measures, and a process that is interrupted right there waits for ever.
    unmeasured = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("COV")}
    return children.Child(
        [*VJPFIX, "fix", "--yes"],
        cwd=folder,
        stdout=children.PIPE,
        stderr=children.PIPE,
        text=True,
        env=unmeasured,
    )


def number_fixed(folder):
    """How many modules are fixed; each must be wholly old or wholly new."""
    texts = {number: (folder / f"m{number}.py").read_text() for number in range(FILES)}
    for number, text in texts.items():
        assert text in (program(f"f{number}"), fixed(f"f{number}", f"f{number}_mapped"))
    return sum(text != program(f"f{number}") for number, text in texts.items())


def left_over(folder):
    return [path.name for path in folder.iterdir() if not (path.name[0] == "m" and path.suffix == ".py")]


def test_two_runs_at_once_leave_every_file_right(tmp_path):
    make(tmp_path)
    runs = [start(tmp_path), start(tmp_path)]
    outputs = [run.communicate() for run in runs]
    assert number_fixed(tmp_path) == FILES
    assert left_over(tmp_path) == []
    for run, (out, err) in zip(runs, outputs, strict=True):
        # 2: the other one was first with some file, and this one says so.
        assert (run.returncode, err) in ((0, ""), (2, "")), out + err
        assert (run.returncode == 2) == ("run vjpfix again" in out)
    assert vjpfix(tmp_path, "check").returncode == 0


@pytest.fixture(scope="module")
def duration(tmp_path_factory):
    """How long an undisturbed run takes here."""
    folder = tmp_path_factory.mktemp("undisturbed")
    make(folder)
    began = time.monotonic()
    start(folder).communicate()
    assert number_fixed(folder) == FILES
    return time.monotonic() - began


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda n: n.name)
def test_a_run_that_is_stopped_at_any_moment_leaves_each_file_old_or_new(tmp_path, duration, number):
    for trial in some_of(range(10)):
        folder = tmp_path / str(trial)
        folder.mkdir()
        make(folder)
        run = start(folder)
        # The writing comes last; a run that is stopped earlier has written nothing.
        time.sleep(duration * (0.3 if trial == 0 else random.Random(trial).uniform(0.7, 1.0)))
        run.send_signal(number)
        out, err = run.communicate()
        done = number_fixed(folder)
        if number != signal.SIGKILL:
            assert left_over(folder) == []
        if number == signal.SIGINT and run.returncode == 130:
            assert ("nothing was written" in err) == (done == 0), err
        elif number == signal.SIGINT and run.returncode == 0:
            assert done == FILES, out + err
        assert vjpfix(folder, "fix", "--yes").returncode == 0
        assert number_fixed(folder) == FILES
