import codecs
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cli.review_samples import QUESTION, applied, question_change, source
from vjpfix.review.patch import patch_bytes

GIT_ENV = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "LC_ALL": "C.UTF-8",
}


def encoded(file, text):
    mark = codecs.BOM_UTF8 if file.bom else b""
    return mark + text.encode("utf-8" if file.bom else file.encoding)


def unified_diff(file, new_text):
    return patch_bytes(file.path, file.data, encoded(file, new_text)).decode("utf-8", "surrogateescape")


def git(folder, *arguments, stdin=b""):
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=folder, env=GIT_ENV, input=stdin, capture_output=True, check=True, timeout=600
    ).stdout


def write(folder, path, data):
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init", "-q")
    return tmp_path


TEXTS = {
    "plain lines": ("f = vmap(f)\nf(x)\n", "utf-8", False),
    "CRLF": ("f = vmap(f)\r\nf(x)\r\n", "utf-8", False),
    "CRLF and LF mixed": ("a\r\nf = vmap(f)\nf(x)\r\n", "utf-8", False),
    "lone carriage returns": ("a\rf = vmap(f)\rf(x)\r", "utf-8", False),
    "no final newline": ("a\nf = vmap(f)\nf(x)", "utf-8", False),
    "no final newline, last line unchanged": ("f = vmap(f)\na\nb", "utf-8", False),
    "CRLF without the final one": ("f = vmap(f)\r\nf(x)", "utf-8", False),
    "unicode": ("# naïve 変数 🎉\nf = vmap(f)  # é\n", "utf-8", False),
    "form feed and line separators inside lines": (
        "a\n\x0cf = vmap(f) # \x0b\x1c\x1d\x1e\x85\u2028\u2029 end\nb\n",
        "utf-8",
        False,
    ),
    "a byte order mark": ("f = vmap(f)\nf(x)\n", "utf-8", True),
    "a byte order mark, told by its codec": ("f = vmap(f)\nf(x)\n", "utf-8-sig", True),
    "latin-1": ("# -*- coding: latin-1 -*-\n# é\nf = vmap(f)  # ü\n", "latin-1", False),
    "shift-jis": ("# -*- coding: shift-jis -*-\nf = vmap(f)  # 変数\n", "shift-jis", False),
    "trailing spaces and blank lines": ("\n  \nf = vmap(f)   \n\t\n\n", "utf-8", False),
}


@pytest.mark.parametrize("name", TEXTS)
def test_git_apply_gives_exactly_the_new_bytes_with(name, repository):
    text, encoding, bom = TEXTS[name]
    file = source(text, "pkg/mod.py", "utf-8" if encoding == "utf-8-sig" else encoding, bom)
    if encoding == "utf-8-sig":
        file = type(file)(file.path, file.real_path, file.data, file.text, encoding, bom, file.digest)
    new_text = text.replace("f = vmap", "f_mapped = vmap")
    patch = unified_diff(file, new_text).encode("utf-8", "surrogateescape")
    write(repository, file.path, file.data)
    git(repository, "apply", "--check", stdin=patch)
    git(repository, "apply", stdin=patch)
    expected = file.data.replace(b"f = vmap", b"f_mapped = vmap")
    assert (repository / file.path).read_bytes() == expected == encoded(file, new_text)


NAMES = [
    "plain.py",
    "two words.py",
    "trailing space .py ",
    "a\ttab.py",
    'a "quote".py',
    "back\\slash.py",
    "new\nline.py",
    "naïve変数.py",
    "b/a/b.py",
    "not\udcffutf8.py",
    "bell\x07 and del\x7f.py",
    "deep/down/ in here/mod.py",
]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_names_are_written_as_git_writes_them_and_git_finds_the_file(name, repository):
    old, new = b"f = vmap(f)\n", b"f_mapped = vmap(f)\n"
    patch = patch_bytes(Path(name), old, new)
    write(repository, name, old)
    git(repository, "add", ".")
    write(repository, name, new)
    told = [line for line in git(repository, "diff").split(b"\n") if not line.startswith(b"index ")]
    assert patch.split(b"\n") == told
    write(repository, name, old)
    git(repository, "apply", stdin=patch)
    assert (repository / name).read_bytes() == new


LINES = st.lists(st.sampled_from(["a", "b = 1", "", "\r", "\x0c", "\u2028x", "é", "f(x)\r"]), max_size=30)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(LINES, LINES, st.booleans(), st.booleans()), min_size=1, max_size=8))
def test_any_text_becomes_any_other_through_git(tmp_path_factory, files):
    folder = tmp_path_factory.mktemp("any")
    git(folder, "init", "-q")
    patch, wanted = b"", {}
    for number, (old_lines, new_lines, old_end, new_end) in enumerate(files):
        # Without "start" a file would come to be or cease to be, which no fix does.
        old = "\n".join(["start", *old_lines]) + "\n" * old_end
        new = "\n".join(["start", *new_lines]) + "\n" * new_end
        file = source(old, f"{number}.py")
        write(folder, file.path, file.data)
        wanted[file.path] = new.encode()
        patch += unified_diff(file, new).encode()
    if patch:
        git(folder, "apply", stdin=patch)
    assert {path: (folder / path).read_bytes() for path in wanted} == wanted


def test_the_patch_of_the_question_is_as_small_as_git_makes_it(repository):
    file = source(QUESTION)
    after = applied(file, question_change())
    write(repository, file.path, file.data)
    git(repository, "add", ".")
    write(repository, file.path, after.data)
    told = git(repository, "diff", "--numstat").split()
    patch = unified_diff(file, after.text).splitlines()
    assert told[:2] == [b"2", b"2"]
    assert sum(line.startswith("+") for line in patch) == sum(line.startswith("-") for line in patch) == 3


def test_nothing_changed_gives_no_patch():
    assert unified_diff(source(QUESTION), QUESTION) == ""


@pytest.mark.parametrize(
    ("path", "root", "name"),
    [
        ("pkg/mod.py", None, "pkg/mod.py"),
        ("./mod.py", None, "mod.py"),
        ("/home/me/proj/pkg/mod.py", None, "home/me/proj/pkg/mod.py"),
        ("/home/me/proj/pkg/mod.py", "/home/me/proj", "pkg/mod.py"),
        ("pkg/../other/mod.py", "/home/me/proj", "other/mod.py"),
        ("../mod.py", "/home/me/proj", "../mod.py"),
    ],
)
def test_paths_are_relative_to_the_root_that_holds_them(path, root, name):
    patch = patch_bytes(Path(path), b"a\n", b"b\n", Path(root) if root else None)
    assert patch.split(b"\n")[0] == f"diff --git a/{name} b/{name}".encode()


def test_a_large_file_with_one_added_line_is_compared_in_no_time():
    lines = [f"line {n % 50}\n" for n in range(100_000)]
    new = [*lines[:70_000], "f_mapped = f\n", *lines[70_000:]]
    patch = patch_bytes(Path("big.py"), "".join(lines).encode(), "".join(new).encode())
    assert [line for line in patch.split(b"\n")[3:] if line.startswith(b"+")] == [b"+f_mapped = f"]
