"""Standard streams that are pipes, closed or full."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.children import PIPE, run
from tests.cli.test_diagnose import traceback
from tests.cli_runs import ENVIRONMENT, VJPFIX, fixed, program, vjpfix

COMMAND = " ".join(VJPFIX)


def unread(folder, *arguments, **environment):
    """Exit code and messages of a command whose output nobody ever reads."""
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        result = run(
            [*VJPFIX, *arguments],
            cwd=folder,
            stdout=theirs,
            stderr=PIPE,
            text=True,
            env={**ENVIRONMENT, **environment},
        )
    finally:
        os.close(theirs)
    return result.returncode, result.stderr


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "taken.py").write_text(program())
    return tmp_path


def shell(folder, script):
    """Run a line of bash; ``$vjpfix`` is the command. Result: exit codes of the pipe's parts, and the output."""
    result = run(
        ["bash", "-c", f'{script}\necho "codes ${{PIPESTATUS[*]}}"'],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**ENVIRONMENT, "vjpfix": COMMAND},
    )
    assert "Traceback" not in result.stderr, result.stderr
    assert "Exception ignored" not in result.stderr, result.stderr
    out, _, codes = result.stdout.rpartition("codes ")
    return codes.split(), out, result.stderr


@pytest.mark.parametrize("command", ["check", "check --output-format json", "diff", "fix --dry-run"])
def test_a_reader_that_has_seen_enough_ends_the_run_quietly(tmp_path, command):
    for number in range(20):  # with names so long that it is more than a pipe holds
        (tmp_path / f"m{number:02}.py").write_text(program("function" * 240))
    assert len(vjpfix(tmp_path, *command.split()).stdout) > 2**16
    codes, out, err = shell(tmp_path, f"$vjpfix {command} | head -1")
    assert codes == ["1", "0"]
    assert out.count("\n") == 1
    assert err == ""


def test_a_pipe_gets_no_colours_and_no_control_sequences(folder):
    for command in (["check"], ["fix"], ["diff"], ["--help"]):
        result = vjpfix(folder, *command)
        assert "\x1b" not in result.stdout + result.stderr


def test_forced_colours_reach_a_pipe_and_no_color_takes_them_away(folder):
    assert "\x1b[" in vjpfix(folder, "check", FORCE_COLOR="1").stdout
    assert "\x1b[" in vjpfix(folder, "fix", FORCE_COLOR="1").stdout
    assert "\x1b[3" not in vjpfix(folder, "check", FORCE_COLOR="1", NO_COLOR="1").stdout
    assert "\x1b" not in vjpfix(folder, "diff", FORCE_COLOR="1").stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("command", ["check", "fix"])
def test_a_screen_with_few_characters_is_served(folder, command, encoding):
    (folder / "taken.py").write_text(program().replace("xs", "λ"))
    result = vjpfix(folder, command, PYTHONIOENCODING=encoding)
    assert (result.returncode, "f_mapped" in result.stdout) == (1, True)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("$vjpfix check . >&-", "1"),
        ("$vjpfix diff . 2>&-", "1"),
        ("$vjpfix check . <&- >&- 2>&-", "1"),
        ("$vjpfix check - <&-", "0"),
        ("$vjpfix fix . <&-", "1"),
        ("$vjpfix nonsense 2>&-", "2"),
    ],
)
def test_a_closed_stream_is_no_crash(folder, script, code):
    assert shell(folder, script)[0] == [code]


def test_fix_with_closed_streams_writes_only_to_the_file(folder):
    assert shell(folder, "$vjpfix fix --yes . <&- >&- 2>&-")[0] == ["0"]
    assert "f_mapped = jax.vmap(f)" in (folder / "taken.py").read_text()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["check", "diff", "check --output-format json"])
def test_a_full_disk_behind_standard_output_is_one_line(folder, command):
    codes, _, err = shell(folder, f"$vjpfix {command} > /dev/full")
    assert codes == ["2"]
    assert err.startswith("vjpfix: No space left on device: the output cannot be printed")
    assert err.count("\n") == 1


def test_a_patch_goes_through_a_pipe_into_git_apply(folder):
    run(["git", "init", "-q"], cwd=folder, check=True)
    assert shell(folder, "$vjpfix diff | git apply")[0] == ["1", "0"]
    assert "f_mapped = jax.vmap(f)" in (folder / "taken.py").read_text()


def test_fix_is_a_filter(folder):
    (folder / "private.py").write_text(program("_f"))
    codes, out, _ = shell(folder, "cat private.py | $vjpfix fix - | $vjpfix check -")
    assert (codes, out) == (["0", "0", "0"], "All clean: 1 file checked\n")


def test_standard_input_that_is_a_file_is_read_whole(folder):
    (folder / "private.py").write_text(program("_f"))
    size = (folder / "private.py").stat().st_size
    codes, out, _ = shell(folder, "$vjpfix fix - < private.py | wc -c")
    assert (codes, int(out)) == (["0", "0"], size + 2 * len("_mapped"))


@pytest.mark.parametrize("command", ["rules", "explain --output-format json VJP001", "check --help"])
def test_the_first_line_of_what_is_always_right_ends_with_0(folder, command):
    codes, out, err = shell(folder, f"$vjpfix {command} | head -1")
    assert (codes, err) == (["0", "0"], "")
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "code", "unbuffered"),
    [
        ("rules", 0, "1"),
        ("explain --output-format json VJP001", 0, ""),
        ("check", 1, ""),
        ("check", 1, "1"),
        ("check --output-format json", 1, ""),
        ("check --ignore ALL", 0, ""),
        ("check nowhere.py taken.py", 2, "1"),
        ("diff", 1, ""),
        ("fix", 1, "1"),
        ("diagnose error.txt", 0, ""),
    ],
)
def test_a_command_ends_with_its_own_code_when_nobody_reads_it(folder, command, code, unbuffered):
    (folder / "error.txt").write_text(traceback())
    found, err = unread(folder, *command.split(), PYTHONUNBUFFERED=unbuffered)
    assert found == code, err
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert "bug in vjpfix" not in err


def test_fix_writes_what_it_was_asked_to_when_nobody_reads_it(folder):
    assert unread(folder, "fix", "--yes") == (0, "")
    assert (folder / "taken.py").read_text() == fixed()


def test_what_goes_wrong_is_said_when_nobody_reads_the_rest(folder):
    code, err = unread(folder, "diff", "nowhere.py", "taken.py")
    assert (code, "nowhere.py: does not exist" in err) == (2, True)


@pytest.mark.parametrize("command", ["check", "fix --yes", "rules"])
def test_messages_that_nobody_reads_are_no_crash(folder, command):
    codes, _, _ = shell(folder, f"$vjpfix {command} 2>&1 >/dev/null | true")
    assert codes == ["1" if command == "check" else "0", "0"]
