"""From paths to source files: which files are taken, and how their bytes become text."""

import ast
import codecs
import hashlib
import os
import random
import re
import shutil
import socket
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests import children
from tests.share import seeds
from vjpfix.config import Config
from vjpfix.discover import MAX_BYTES, decode, find, find_names, read
from vjpfix.model import Problem, VjpfixError

UNREADABLE = Path("/proc/self/mem")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes files in a fresh current folder; a text that starts with ``->`` makes a link."""

    def make(*paths: str, **contents: str) -> Path:
        for path in paths:
            name, arrow, target = path.partition(" -> ")
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if arrow:
                file.symlink_to(target)
            else:
                file.write_text(contents.get(name, ""))
        return tmp_path

    monkeypatch.chdir(tmp_path)
    return make


def put(path: str, *lines: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("".join(line + "\n" for line in lines))


def found(*paths: str, exclude: Iterable[str] = (), root: Path | None = None) -> list[str]:
    config = Config((root or Path()).resolve(), exclude=tuple(exclude))
    results = list(find([Path(path) for path in paths or (".",)], config))
    assert all(isinstance(each, Path) for each in results), results
    assert [str(each) for each in results] == list(find_names([Path(p) for p in paths or (".",)], config))
    return [str(each) for each in results]


def problems(*paths: str, root: Path | None = None) -> list[str]:
    results = find([Path(path) for path in paths], Config((root or Path()).resolve()))
    return [f"{each.path}: {each.message}" for each in results if isinstance(each, Problem)]


_WALKS = Path(__file__).with_name("walks.txt").read_text().split("\n== ")[1:]
WALKS = dict(each.split("\n", 1) for each in _WALKS)


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_the_files_that_are_looked_at_are_found(tree: Callable[..., Path], walk: str) -> None:
    said = dict(re.findall(r"^([^>\s][^:]*): (.*)$", walk, re.MULTILINE))
    tree(*(path.replace("->", " -> ") for path in said.pop("files").split()))
    exclude, root = said.pop("exclude", "").split(), Path(said.pop("root", "."))
    for path, lines in said.items():
        put(path, *lines.split("; "))
    asked = re.findall(r"^> (.*?):(.*)$", walk, re.MULTILINE)
    assert asked
    for paths, wanted in asked:
        assert found(*paths.split(), exclude=exclude, root=root) == wanted.split()


def test_files_are_named_as_the_user_named_the_folder(tree: Callable[..., Path]) -> None:
    root = tree("pkg/a.py")
    assert found("pkg") == ["pkg/a.py"]
    assert found("./pkg/") == ["pkg/a.py"]
    assert found(str(root / "pkg")) == [str(root / "pkg" / "a.py")]
    os.chdir(root / "pkg")
    assert found("..") == ["../pkg/a.py"]


def test_each_file_comes_once(tree: Callable[..., Path]) -> None:
    root = tree("a.py", "pkg/b.py", "pkg/sub/c.py")
    assert found("a.py", "./a.py", str(root / "a.py")) == ["a.py"]
    assert found("pkg/sub", ".", "pkg") == ["pkg/sub/c.py", "a.py", "pkg/b.py"]
    assert found(".", "a.py", "pkg") == ["a.py", "pkg/b.py", "pkg/sub/c.py"]


@pytest.mark.parametrize(
    "folder",
    [
        *(".git", ".hg", ".svn", ".venv", ".tox", ".nox", ".eggs", "__pycache__", "node_modules"),
        *(".mypy_cache", ".ruff_cache", ".pytest_cache", "site-packages"),
    ],
)
def test_folders_nobody_writes_code_in_are_skipped_at_any_depth(
    tree: Callable[..., Path], folder: str
) -> None:
    tree(f"{folder}/a.py", f"pkg/{folder}/sub/a.py", "pkg/b.py", f"pkg/{folder}x/c.py")
    assert found() == ["pkg/b.py", f"pkg/{folder}x/c.py"]
    assert found(folder) == [f"{folder}/a.py"], "unless it is given by name"


# --- .gitignore -----------------------------------------------------------------------------------------


def test_a_worktree_uses_the_exclude_file_of_its_repository(tree: Callable[..., Path]) -> None:
    tree("main/a.py")
    git = ["git", "-C", "main", "-c", "user.name=n", "-c", "user.email=e@example.org"]
    children.run(["git", "init", "-q", "main"], check=True)
    children.run([*git, "add", "a.py"], check=True)
    children.run([*git, "commit", "-qm", "m"], check=True)
    children.run([*git, "worktree", "add", "-q", "../tree"], check=True, capture_output=True)
    put("main/.git/info/exclude", "a.py")
    assert found("tree") == []


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs a file that no one can read")
def test_a_gitignore_that_cannot_be_read_is_a_problem_and_the_files_are_taken(
    tree: Callable[..., Path],
) -> None:
    root = tree("a.py", "pkg/b.py", f"pkg/.gitignore -> {UNREADABLE}")
    config = Config(root)
    complaint = Problem(
        "cannot be read: Input/output error; its patterns are left out", root / "pkg" / ".gitignore"
    )
    assert list(find([Path()], config)) == [Path("a.py"), complaint, Path("pkg/b.py")]
    tree("pkg/sub/c.py")
    assert list(find([Path("pkg/sub")], config)) == [complaint, Path("pkg/sub/c.py")]


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        pytest.param(["a.py", "![f-h]en"], [], id="a folder that is kept keeps no file in it"),
        pytest.param(["gen/*", "!gen/a.py"], ["gen/a.py"], id="a file is kept in a folder that is walked"),
        pytest.param(["gen", "!gen/a.py"], [], id="no file is kept in a folder that is not walked"),
        pytest.param(["gen/**", "!gen/a.py"], ["gen/a.py"], id="two stars are about what is in the folder"),
        pytest.param(["*", "!*/", "!a.py"], ["gen/a.py", "gen/sp /a.py"], id="everything but one name"),
        pytest.param(["/a.py", "sp\\ "], ["gen/a.py"], id="an escaped space at the end is part of the name"),
        pytest.param(["gen/a.py  "], ["gen/sp /a.py"], id="other spaces at the end are not"),
        pytest.param(["\\#a", "#a.py"], ["gen/a.py", "gen/sp /a.py"], id="a comment is no pattern"),
    ],
)
def test_patterns_mean_what_git_says(tree: Callable[..., Path], lines: list[str], left: list[str]) -> None:
    tree("gen/a.py", "gen/sp /a.py")
    put(".gitignore", *lines)
    assert found() == left
    children.run(["git", "init", "-q"], check=True)
    command = ["git", "ls-files", "-oz", "--exclude-standard", "--", "*.py"]
    listed = children.run(command, check=True, capture_output=True, text=True).stdout
    assert listed.split("\0")[:-1] == left


WORDS = ["a", "b", "gen", "lib", "a.py", "b.py", "gen.py", "c.pyi", "build", "x y.py"]
WILD = "*.py * ** g* *b* ?.py [ab].py [!a].py *.py[ci] li? gen* *n"
PATTERNS = [*WORDS, *WILD.split()]


def a_pattern(choose: random.Random) -> str:
    parts = [choose.choice(PATTERNS) for _ in range(choose.choice([1, 1, 1, 2, 2, 3]))]
    if choose.random() < 0.2:
        parts[choose.randrange(len(parts))] = "**"
    ends = choose.choice(["", "", "", "/"]), choose.choice(["", "", "", "/", "/", "/**", " "])
    return choose.choice(["", "", "!"]) + ends[0] + "/".join(parts) + ends[1]


@pytest.mark.skipif(not shutil.which("git"), reason="needs git to compare with")
@pytest.mark.parametrize("seed", seeds(60))
def test_what_gitignore_leaves_out_is_what_git_leaves_out(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    choose = random.Random(seed)
    folders = [""]
    for _ in range(7):
        folders.append(choose.choice(folders) + choose.choice(WORDS[:4]) + "/")
    for folder in folders:
        for name in choose.sample(WORDS[4:8] + WORDS[9:], 4):
            put(folder + name)
        if choose.random() < 0.4 or not folder:
            put(folder + ".gitignore", *(a_pattern(choose) for _ in range(choose.randint(1, 6))))
    children.run(["git", "init", "-q"], check=True)
    put(".git/info/exclude", a_pattern(choose))
    put(".git/git/ignore", a_pattern(choose), a_pattern(choose))  # the user's own list
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".git"))
    command = ["git", "ls-files", "-oz", "--exclude-standard", "--", "*.py", "*.pyi"]
    listed = children.run(command, check=True, capture_output=True, text=True).stdout
    assert set(found()) == set(listed.split("\0")) - {""}


# --- exclude --------------------------------------------------------------------------------------------


def test_exclude_patterns_are_relative_to_the_root(tree: Callable[..., Path]) -> None:
    root = tree("a.py", "gen/a.py", "pkg/gen/a.py", "pkg/b_pb2.py", "pkg/c_pb2.py")
    exclude = ["/gen", "*_pb2.py", "!c_pb2.py"]
    assert found(exclude=exclude) == ["a.py", "pkg/c_pb2.py", "pkg/gen/a.py"]
    os.chdir(root / "pkg")
    assert found(exclude=["pkg/gen"], root=root) == ["b_pb2.py", "c_pb2.py"]


def test_pathspec_is_imported_only_for_patterns_that_could_matter(tree: Callable[..., Path]) -> None:
    tree("a.py")
    code = (
        "import sys; from pathlib import Path; from vjpfix.config import Config;"
        "from vjpfix.discover import find; list(find([Path()], Config(Path.cwd())));"
        "sys.exit('pathspec' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert children.run(command, check=False, env=env).returncode == 0
    put(".gitignore", "*.so", "build/", ".coverage.*")
    assert children.run(command, check=False, env=env).returncode == 0
    put(".gitignore", "*.py[cod]")
    assert children.run(command, check=False, env=env).returncode == 1


# --- links and odd files --------------------------------------------------------------------------------


def test_a_path_that_cannot_be_used_is_a_problem_and_the_others_go_on(tree: Callable[..., Path]) -> None:
    tree("a.py", "broken.py -> gone.py")
    os.mkfifo("fifo.py")
    paths = ["nowhere.py", "a.py/x.py", "broken.py", "fifo.py", "a.py"]
    results = list(find([Path(path) for path in paths], Config(Path.cwd())))
    assert results[-1] == Path("a.py")
    assert problems(*paths) == [
        "nowhere.py: does not exist; check the path",
        "a.py/x.py: cannot be read: Not a directory",
        "broken.py: is a link to a file that does not exist",
        "fifo.py: is not a regular file; give files or folders of Python source",
    ]


def test_fifos_and_sockets_are_skipped_when_walking(tree: Callable[..., Path]) -> None:
    tree("a.py")
    os.mkfifo("fifo.py")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.py")
        assert found() == ["a.py"]


def test_a_folder_that_vanishes_during_the_walk_is_a_problem(tree: Callable[..., Path]) -> None:
    tree("a.py", "b/c.py", "d/e.py")
    search = find([Path()], Config(Path.cwd()))
    assert next(search) == Path("a.py")
    shutil.rmtree("b")
    assert list(search) == [Problem("does not exist; check the path", Path("b")), Path("d/e.py")]


# --- reading --------------------------------------------------------------------------------------------


def of(data: bytes) -> tuple[str, str, bool]:
    source = decode(Path("a.py"), Path("/r/a.py"), data)
    assert (source.path, source.real_path, source.data) == (Path("a.py"), Path("/r/a.py"), data)
    assert source.digest == hashlib.sha256(data).hexdigest()
    return source.text, source.encoding, source.bom


def refusal(data: bytes) -> tuple[str, int | None]:
    with pytest.raises(VjpfixError) as caught:
        decode(Path("a.py"), Path("a.py"), data)
    assert caught.value.path == Path("a.py")
    return caught.value.message, caught.value.line


@pytest.mark.parametrize(
    "text", ["", "x", "x = 1\n", "x = 1\r\ny = 2\r\n", "x\ry\r", "é = 'ü'\n\x0c", "a\r\nb\nc"]
)
def test_text_is_the_bytes_decoded_with_every_newline_as_it_was(text: str) -> None:
    assert of(text.encode()) == (text, "utf-8", False)
    assert of(codecs.BOM_UTF8 + text.encode()) == (text, "utf-8", True)


@pytest.mark.parametrize(
    ("head", "encoding", "normal"),
    [
        ("# -*- coding: latin-1 -*-\n", "latin-1", "iso-8859-1"),
        ("#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\n", "latin-1", "iso-8859-1"),
        ("# coding: latin-1\r\n", "latin-1", "iso-8859-1"),
        ("# coding: latin-1\r", "latin-1", "iso-8859-1"),
        ("# coding=shift_jis\n", "shift_jis", "shift_jis"),
        ("# coding: cp1252\n", "cp1252", "cp1252"),
        ("# coding: utf8\n", "utf-8", "utf-8"),
        ("# coding: UTF-8\n", "utf-8", "utf-8"),
        ("# the word coding alone\n", "utf-8", "utf-8"),
        ("\n\n# coding: latin-1 in line three\n", "utf-8", "utf-8"),
    ],
)
def test_the_encoding_is_the_one_the_cookie_declares(head: str, encoding: str, normal: str) -> None:
    text = head + ("x = 'テスト'\n" if encoding == "shift_jis" else "x = 'é'\n")
    assert of(text.encode(encoding)) == (text, normal, False)


def test_a_mark_and_a_cookie_that_agree_are_fine() -> None:
    text = "# coding: utf-8\nx = 'é'\n"
    assert of(codecs.BOM_UTF8 + text.encode()) == (text, "utf-8", True)


NO_TEXT = Path(__file__).with_name("no_text.txt").read_text().split("\n\n")[1:]


@pytest.mark.parametrize("case", NO_TEXT)
def test_bytes_that_are_no_text_are_refused_with_their_line(case: str) -> None:
    data, said = case.strip().split("\n")
    message, line = refusal(ast.literal_eval(data))
    assert f"{line}: {message}" == said


def test_reading_follows_a_link_and_keeps_the_name(tree: Callable[..., Path]) -> None:
    root = tree("real.py", "link.py -> real.py", **{"real.py": "x = 1"})
    source = read(Path("link.py"))
    assert (source.path, source.real_path) == (Path("link.py"), (root / "real.py").resolve())
    assert source.text == "x = 1"


def test_files_that_cannot_be_read_are_refused_without_waiting(tree: Callable[..., Path]) -> None:
    tree("a.py")
    os.mkfifo("fifo.py")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.py")
        for path, message in [
            ("gone.py", "does not exist (any more); check the path"),
            (".", "is not a regular file; give files or folders of Python source"),
            ("fifo.py", "is not a regular file; give files or folders of Python source"),
            ("socket.py", "cannot be read: No such device or address"),
            (os.devnull, "is not a regular file; give files or folders of Python source"),
            ("a.py/b.py", "cannot be read: Not a directory"),
        ]:
            with pytest.raises(VjpfixError) as caught:
                read(Path(path))
            assert (caught.value.message, caught.value.path) == (message, Path(path))


@pytest.mark.skipif(not UNREADABLE.exists(), reason="needs a file that no one can read")
def test_a_failure_while_reading_is_told() -> None:
    with pytest.raises(VjpfixError, match="cannot be read: Input/output error"):
        read(UNREADABLE)


def test_bytes_above_the_limit_are_refused() -> None:
    assert refusal(b" " * (MAX_BYTES + 1)) == ("has 20.0 MB, and vjpfix reads files of up to 20 MB", None)
    assert len(of(b" " * MAX_BYTES)[0]) == MAX_BYTES
