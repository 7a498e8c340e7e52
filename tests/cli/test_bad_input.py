"""Files that cannot be read or written: one clear line each, exit code 2, and the other files are done."""

from __future__ import annotations

import os
import re
import sys

import pytest

from tests import children
from tests.cli_runs import ENVIRONMENT, concise, fixed, program, vjpfix
from vjpfix.newer_syntax import is_newer

TOO_DEEP = "an expression is nested too deeply to be read; split it up"
NEWER = f"uses syntax newer than Python {sys.version_info.major}.{sys.version_info.minor}, which runs vjpfix"
ALONE = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")

BAD = {
    "a syntax error": (program() + "def (:\n", ":20: not valid Python: invalid syntax"),
    "an undecodable byte": (
        program().encode() + b"# \xff\n",
        ":20: has a byte (0xff) that is not valid utf-8",
    ),
    "an unknown encoding": ("# coding: klingon\n" + program(), ":1: declares the encoding 'klingon'"),
    "a NUL byte": (program() + "\0\n", ":20: contains a NUL byte"),
    "10,000 nested parentheses": (
        program() + "(" * 10_000 + "1" + ")" * 10_000 + "\n",
        ":20: not valid Python",
    ),
    "a sum of 100,000 terms": (program() + "z = " + "+".join(["1"] * 100_000) + "\n", f": {TOO_DEEP}"),
    "a chain of 20,000 attributes": (program() + "z = a" + ".b" * 5_000 + "\n", f": {TOO_DEEP}"),
    "50,000 signs": (program() + "z = " + "-" * 50_000 + "1\n", f": {TOO_DEEP}"),
    "5,000 lambdas": (program() + "z = " + "lambda: " * 5_000 + "1\n", f": {TOO_DEEP}"),
}


def data(text):
    return text if isinstance(text, bytes) else text.encode()


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD)
def test_a_bad_file_gives_one_line_and_the_good_one_is_still_done(tmp_path, text, said):
    (tmp_path / "bad.py").write_bytes(data(text))
    (tmp_path / "good.py").write_text(program())
    code, lines = concise(tmp_path)
    assert code == 2
    assert [line.partition(":")[0] for line in lines] == ["good.py", "bad.py"]
    assert lines[1].startswith(f"bad.py{said}")
    assert vjpfix(tmp_path, "fix", "--yes").returncode == 2
    assert (tmp_path / "good.py").read_text() == fixed()
    assert (tmp_path / "bad.py").read_bytes() == data(text)


@pytest.mark.parametrize(
    "more",
    [
        "z = " + " and ".join(["a"] * 5_000),
        "import a" + ".a" * 5_000,
        "from a" + ".a" * 5_000 + " import b",
        "z = (" + " ".join(["'a'"] * 100_000) + ")",
        "z = " + "[" * 150 + "f" + "]" * 150,
    ],
    ids=["and", "import", "from", "strings", "lists"],
)
def test_what_python_reads_and_libcst_cannot_hold_is_found_and_refused(tmp_path, more):
    (tmp_path / "deep.py").write_text(program() + more + "\n")
    result = vjpfix(tmp_path, "fix", "--yes")
    assert (result.returncode, result.stderr) == (1, "")
    deep = "this file is nested too deeply to be rewritten"
    assert re.search(rf"not fixed: line 18: ({deep}|LibCST cannot read this file)", result.stdout)


@pytest.mark.parametrize("text", [BAD["a NUL byte"][0], BAD["a sum of 100,000 terms"][0]], ids=["NUL", "sum"])
def test_a_bad_standard_input_gives_one_line_too(tmp_path, text):
    result = vjpfix(tmp_path, "diff", "-", stdin=data(text))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("<stdin>:") == 1


def test_a_file_of_50_megabytes_is_not_read(tmp_path):
    with (tmp_path / "big.py").open("wb") as stream:
        stream.write(program().encode())
        stream.truncate(50_000_000)
    assert concise(tmp_path) == (
        2,
        ["big.py: has 50.0 MB, and vjpfix reads files of up to 20 MB; exclude it in [tool.vjpfix]"],
    )
    result = vjpfix(tmp_path, "check", "-", stdin=(tmp_path / "big.py").read_bytes())
    assert (result.returncode, "<stdin>: has 50.0 MB" in result.stdout) == (2, True)


@pytest.mark.parametrize(
    ("since", "text"),
    [
        ((3, 12), "type X = int\n"),
        ((3, 12), "def g[T](x: T) -> T: ...\n"),
        ((3, 12), "x = f'{y['a']}'\n"),
        ((3, 12), "x = f'{\n    y}'\n"),
        ((3, 13), "class A[T = int]: ...\n"),
        ((3, 14), "x = t'{y}'\n"),
        ((3, 14), "try:\n    ...\nexcept A, B:\n    ...\n"),
        ((3, 14), "try:\n    ...\nexcept* A, B:\n    ...\n"),
    ],
)
def test_syntax_of_a_newer_python_is_named_as_such_until_that_python_runs(tmp_path, since, text):
    (tmp_path / "new.py").write_text(program() + text)
    code, lines = concise(tmp_path)
    if sys.version_info[:2] < since:
        assert (code, len(lines)) == (2, 1)
        assert NEWER in lines[0]
    else:
        assert (code, is_newer(text)) == (1, False)


@pytest.mark.parametrize(
    "text",
    [
        "x = b'é'\n",
        "x = '\\N{nothing of that name}'\n",
        "def (:\n",
        "print 'x'\n",
        "x = f'{a}' = 1\n",
        "x = 1 + f'{a!r}'; b'é'\n",
        "try:\n    ...\nexcept (A, B):\n    b'é'\n",
        "(" * 5_000 + ")" * 5_000,
        "if 1:\n\tx\n        y\n",
    ],
    ids=lambda text: repr(text[:30]),
)
def test_what_no_python_can_read_is_not_called_newer(text):
    assert not is_newer(text)


def test_a_file_that_is_gone_is_named(tmp_path):
    (tmp_path / "link.py").symlink_to("gone.py")
    assert concise(tmp_path, "gone.py", "link.py") == (
        2,
        ["gone.py: does not exist; check the path", "link.py: is a link to a file that does not exist"],
    )


# Let root be stopped by permissions, too: drop the capabilities that pass them by (Linux), then start afresh.
WITHOUT_PRIVILEGE = """
import ctypes, os, sys
DROP, OVERRIDE, READ_SEARCH = 24, 1, 2
if os.geteuid() == 0:
    for capability in (OVERRIDE, READ_SEARCH):
        assert ctypes.CDLL(None).prctl(DROP, capability, 0, 0, 0) == 0
os.execv(sys.executable, [sys.executable, "-m", "vjpfix", *sys.argv[1:]])
"""


def unprivileged(folder, *arguments):
    return children.run(
        [sys.executable, "-c", WITHOUT_PRIVILEGE, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
    )


@ALONE
def test_a_folder_and_files_without_permission_are_named_and_the_rest_is_done(tmp_path):
    closed = [tmp_path / name for name in (".gitignore", "closed", "closed.py")]
    closed[0].write_text("good.py")
    closed[1].mkdir()
    for path in (closed[2], tmp_path / "good.py", tmp_path / "more" / "good.py"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(program())
    (tmp_path / "error.txt").write_text('  File "closed/given.py", line 1\nKeyError: 1\n')
    for path in closed:
        path.chmod(0)
    result = unprivileged(tmp_path, "check", "--output-format", "concise", ".", "closed/given.py")
    diagnosed = unprivileged(tmp_path, "diagnose", "error.txt", "closed/given.py")
    closed[1].chmod(0o700)
    reason = "cannot be read: no permission; change its mode or exclude it in [tool.vjpfix]"
    assert (result.returncode, result.stderr) == (2, "")
    *lines, _ = result.stdout.splitlines()
    found = [line.partition(": VJP001")[0] for line in lines if "VJP001" in line]
    assert found == ["good.py:18:1", "more/good.py:18:1"]
    assert sorted(line for line in lines if "VJP001" not in line) == [
        f"{tmp_path}/.gitignore: cannot be read: Permission denied; its patterns are left out",
        f"closed.py: {reason}",
        f"closed/given.py: {reason}",
        f"closed: {reason}",
    ]
    assert (diagnosed.returncode, diagnosed.stderr) == (2, f"vjpfix: closed/given.py: {reason}\n")
    assert "vjpfix does not know this error" in diagnosed.stdout


@ALONE
def test_a_read_only_file_is_named_and_the_rest_is_written(tmp_path):
    (tmp_path / "locked.py").write_text(program())
    (tmp_path / "locked.py").chmod(0o444)
    (tmp_path / "good.py").write_text(program())
    result = vjpfix(tmp_path, "fix", "--yes")
    assert result.returncode == 2
    assert (
        result.stdout.count("locked.py: is read-only; make it writable (chmod u+w) and run vjpfix again") == 1
    )
    assert "Fixed 1 of 2 findings in 1 file, 1 problem" in result.stdout
    assert (tmp_path / "locked.py").read_text() == program()
    assert (tmp_path / "good.py").read_text() == fixed()


def test_a_link_is_followed_to_its_file_and_stays_a_link(tmp_path):
    (tmp_path / "real.txt").write_text(program())
    (tmp_path / "link.py").symlink_to("real.txt")
    assert vjpfix(tmp_path, "fix", "--yes").returncode == 0
    assert (tmp_path / "link.py").is_symlink()
    assert (tmp_path / "real.txt").read_text() == fixed()
