"""Whatever the command does, and whatever ends vjpfix: the project stays as it is, and nothing is left running."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests import children
from tests.cli.test_terminal import at_terminal
from tests.cli_runs import ENVIRONMENT, VJPFIX, fixed, program, vjpfix
from tests.jax.verify_runs import PYTHON, snapshot, tried, verified, verify
from tests.terminal import CTRL_C

SLEEPER = "import os, sys, time\nopen(sys.argv[1], 'a').write(f'{os.getpid()}\\n')\ntime.sleep(600)\n"


@pytest.fixture
def folder(tmp_path):
    """A project with a finding in a module that nothing imports."""
    made = tmp_path / "project"
    made.mkdir()
    (made / "f.py").write_text(program())
    (made / "sleeper.py").write_text(SLEEPER)
    return made


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_running(pid):
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def started(folder, *arguments):
    """vjpfix at work in a session of its own, with a folder of its own for temporary files."""
    temporary = folder.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    return children.Child(
        [*VJPFIX, *map(str, arguments)],
        cwd=folder,
        env={**ENVIRONMENT, "TMPDIR": str(temporary)},
        stdout=children.PIPE,
        stderr=children.PIPE,
        text=True,
        start_new_session=True,
    )


def pids(note):
    return [int(line) for line in note.read_text().splitlines()] if note.exists() else []


def sleeping(folder):
    """A command that starts two processes which sleep, and the file in which they note their ids."""
    note = folder.parent / "pids"
    return note, ["sh", "-c", f"'{PYTHON}' sleeper.py '{note}' & '{PYTHON}' sleeper.py '{note}'"]


@pytest.mark.parametrize(
    ("how", "number", "code"),
    [
        ("verify", signal.SIGINT, 130),
        ("verify", signal.SIGTERM, 143),
        ("verify", signal.SIGHUP, 129),
        ("fix", signal.SIGTERM, 143),
    ],
    ids=str,
)
def test_a_signal_ends_it_and_all_that_it_started(folder, how, number, code):
    before = snapshot(folder)
    note, command = sleeping(folder)
    words = ["--", *command] if how == "verify" else ["--yes", "--verify", f'sh -c "{command[2]}"']
    process = started(folder, how, *words)
    wait_for(lambda: len(pids(note)) == 2)
    process.send_signal(number)
    out, err = process.communicate()
    assert process.returncode == code, out + err
    wait_for(lambda: not any(map(is_running, pids(note))))
    assert list((folder.parent / "temporary").iterdir()) == []
    assert snapshot(folder) == before


def test_more_signals_do_not_keep_it_from_cleaning_up(folder):
    note, command = sleeping(folder)
    for number in range(500):
        (folder / f"data{number}").write_text("")
    process = started(folder, "verify", "--", *command)
    wait_for(lambda: len(pids(note)) == 2)
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.002)
    process.communicate()
    assert process.returncode != 0
    wait_for(lambda: not any(map(is_running, pids(note))))
    assert list((folder.parent / "temporary").iterdir()) == []


def test_ctrl_c_at_a_terminal_ends_it(folder):
    before = snapshot(folder)
    note, command = sleeping(folder)
    temporary = folder.parent / "temporary"
    temporary.mkdir()
    terminal = at_terminal(folder, "verify", "--", *command, TMPDIR=str(temporary))
    terminal.wait_for("on a copy as it is")
    wait_for(lambda: len(pids(note)) == 2)
    terminal.type(CTRL_C)
    code, rest = terminal.end()
    assert code == 130
    assert "interrupted; nothing was written" in rest
    wait_for(lambda: not any(map(is_running, pids(note))))
    assert list(temporary.iterdir()) == []
    assert snapshot(folder) == before


def test_a_command_that_takes_too_long_on_both_copies_shows_nothing(folder):
    note, command = sleeping(folder)
    code, found = verified(folder, "--timeout", "1", "--", *command)
    assert (code, found["verdict"]) == (2, "unknown")
    assert found["trials"][0]["after"]["exit_code"] is None
    assert "--timeout" in found["trials"][0]["notes"][0]
    assert len(pids(note)) == 4
    wait_for(lambda: not any(map(is_running, pids(note))))


def test_a_command_that_ignores_being_asked_to_end_is_killed(folder):
    note = folder.parent / "pids"
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    (folder / "sleeper.py").write_text(stubborn + SLEEPER)
    code, _ = verified(folder, "--timeout", "1", "--", PYTHON, "sleeper.py", str(note))
    assert code == 2
    assert len(pids(note)) == 2
    assert not any(map(is_running, pids(note)))


def test_what_the_command_leaves_running_is_killed(folder):
    note = folder.parent / "pids"
    script = f"'{PYTHON}' sleeper.py '{note}' & while ! [ -s '{note}' ]; do sleep 0.05; done"
    assert verify(folder, "--", "sh", "-c", script).returncode == 0
    wait_for(lambda: not any(map(is_running, pids(note))))


def test_a_command_that_crashes_on_both_copies_shows_nothing(folder):
    result = verify(folder, "--", "sh", "-c", "kill -SEGV $$")
    assert result.returncode == 2
    assert "exit code                 SIGSEGV" in result.stdout
    assert "not shown:\n  - the command failed on both copies (SIGSEGV and SIGSEGV)" in result.stdout


@pytest.mark.parametrize(
    ("command", "options", "code", "said"),
    [
        ("if grep -q f_mapped f.py; then sleep 600; fi", ("--timeout", "1"), 1, "it ends with time limit"),
        ("if grep -q f_mapped f.py; then kill -SEGV $$; fi", (), 1, "with the fix it ends with SIGSEGV"),
        ("echo so; exit 3", (), 2, "the end of its output, with the fix\n  so\n"),
    ],
    ids=["takes too long", "crashes", "shows nothing"],
)
def test_a_fix_is_not_written_where_the_command_with_it(folder, command, options, code, said):
    result = tried(folder, "fix", "--yes", *options, "--verify", f"sh -c '{command}'")
    assert result.returncode == code
    assert said in result.stdout
    assert ("the command of --verify does not show how the fixes do" in result.stdout) == (code == 2)
    assert (folder / "f.py").read_text() == program()


def test_a_command_that_does_not_exist_ends_with_2(folder):
    result = verify(folder, "--", "no-such-command")
    assert result.returncode == 2
    assert result.stderr == "vjpfix: there is no command 'no-such-command'; check its name and the PATH\n"


def test_a_file_that_is_no_program_ends_with_2(folder):
    result = verify(folder, "--", "./f.py")
    assert result.returncode == 2
    assert "the command './f.py' cannot be run: Permission denied" in result.stderr


def test_a_fix_is_not_written_where_the_command_does_not_exist(folder):
    result = tried(folder, "fix", "--yes", "--verify", "no-such-command")
    assert result.returncode == 2
    assert (folder / "f.py").read_text() == program()


def test_what_the_command_writes_goes_to_the_copies(folder):
    (folder / "sub").mkdir()
    (folder / "sub" / "kept").write_text("kept")
    script = "echo new > new; rm -r sub; echo x > f.py; mkdir closed; touch closed/a; chmod 500 closed; pwd"
    code, found = verified(folder, "--", "sh", "-c", script)  # it compares the project before and after
    assert code == 0
    assert [found["trials"][0][run]["output"].strip() for run in ("before", "after")] != [str(folder)] * 2


def test_the_command_starts_in_the_copy_of_the_current_folder(folder):
    (folder / "pyproject.toml").write_text("")
    (folder / "sub").mkdir()
    temporary = folder.parent / "temporary"
    temporary.mkdir()
    arguments = ("verify", "..", "--output-format", "json", "--", "pwd")
    result = vjpfix(folder / "sub", *arguments, TMPDIR=str(temporary))
    assert result.returncode == 0, result.stderr
    assert "/as-it-is/project/sub" in result.stdout
    assert "/with-the-fix/project/sub" in result.stdout


def test_two_runs_at_once_do_not_disturb_each_other(folder):
    runs = [
        started(folder, "verify", "--", "sh", "-c", "sleep 1; cat f.py > seen; cmp f.py seen")
        for _ in range(2)
    ]
    for run in runs:
        out, err = run.communicate()
        assert run.returncode == 0, out + err
    assert list((folder.parent / "temporary").iterdir()) == []
    assert sorted(path.name for path in folder.iterdir()) == ["f.py", "sleeper.py"]


def test_a_file_that_changes_while_the_fix_is_tried_is_left_alone_and_so_are_the_others(folder):
    (folder / "g.py").write_text(program("g"))
    changed = program() + "# someone was here\n"
    script = f"import pathlib; pathlib.Path({str(folder / 'f.py')!r}).write_text({changed!r})"
    (folder.parent / "change.py").write_text(script)
    result = tried(folder, "fix", "--yes", "--verify", f"'{PYTHON}' '{folder.parent / 'change.py'}'")
    assert result.returncode == 2, result.stdout
    assert "changed since it was read, so run vjpfix again" in result.stdout
    assert (folder / "f.py").read_text() == changed
    assert (folder / "g.py").read_text() == program("g")


def test_without_changes_meanwhile_all_files_are_written(folder):
    (folder / "g.py").write_text(program("g"))
    result = tried(folder, "fix", "--yes", "--verify", "true")
    assert result.returncode == 0
    assert "no process of the command ran JAX under the guard" in result.stdout
    assert (folder / "f.py").read_text() == fixed()
    assert (folder / "g.py").read_text() == fixed("g", "g_mapped")


def test_the_input_of_a_person_is_not_the_command_s(folder):
    assert verify(folder, "--", "sh", "-c", "! read line").returncode == 0


def test_its_output_can_be_anything(folder):
    script = "import os; os.write(1, b'\\x1b[31m\\xff\\x00' * 50000); os._exit(1)"
    result = verify(folder, "--", PYTHON, "-c", script)
    assert result.returncode == 2
    assert "\x1b" not in result.stdout
    assert "\x00" not in result.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_what_cannot_be_read_is_left_out(folder):
    (folder / "secret").write_text("")
    (folder / "secret").chmod(0)
    assert "not copied: secret" in verify(folder, "--", "true").stdout
