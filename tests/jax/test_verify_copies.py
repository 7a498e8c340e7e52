"""What is copied of a project, and that imports come from the copy, however the project is installed."""

from __future__ import annotations

import os
import socket
import sys
import textwrap

import pytest

from tests.cli_runs import ROOT
from tests.jax.verify_runs import PYTHON, project, tried, verified
from vjpfix.model import Rewritten, VjpfixError
from vjpfix.verify.commands import of_module, on_copy
from vjpfix.verify.copying import Copy, copies
from vjpfix.verify.survey import Limits, survey

SMALL = Limits(files=20, bytes=10_000, ignored_files=3, ignored_bytes=100)


@pytest.fixture
def root(tmp_path):
    made = tmp_path / "root"
    made.mkdir()
    return made


def tree(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def copied(root, limits=SMALL):
    """The copy as it is of a project: what is in it, with the content of files and the targets of links."""
    place = root.parent / "copies"
    place.mkdir()
    found = survey(root, limits)
    before, after = copies(found, root, place, ())
    contents = [
        {
            str(path.relative_to(copy.top)): path.readlink() if path.is_symlink() else path.read_text()
            for path in copy.top.rglob("*")
            if path.is_symlink() or path.is_file()
        }
        for copy in (before, after)
    ]
    assert contents[0] == contents[1]
    return {name: str(content) for name, content in contents[0].items()}, found.left_out


def test_version_control_environments_and_caches_are_left(root):
    tree(
        root,
        a="1",
        _dot_git__HEAD="x",
        _dot_venv__bin__python="x",
        env__pyvenv_dot_cfg="",
        sub____pycache____x="y",
    )
    (root / "__pycache__").mkdir()
    (root / "__pycache__" / "a.pyc").write_text("")
    found, left_out = copied(root)
    assert "a" in found
    assert not any(name.startswith((".git", ".venv", "env", "__pycache__")) for name in found)
    assert left_out == []


def test_empty_folders_and_modes_are_kept(root):
    (root / "empty" / "inner").mkdir(parents=True)
    script = root / "run.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    place = root.parent / "copies"
    place.mkdir()
    _, after = copies(survey(root, SMALL), root, place, ())
    assert (after.top / "empty" / "inner").is_dir()
    assert os.access(after.top / "run.sh", os.X_OK)


def test_what_git_ignores_is_copied_if_it_is_small(root):
    tree(root, _dot_gitignore="*.so\nbuild/\ndata/\nbig.bin\n", _version_dot_so="x", build__lib="y")
    for number in range(5):
        tree(root, **{f"data__{number}": "z"})
    (root / "big.bin").write_text("b" * 101)
    found, left_out = copied(root)
    assert {"_version.so", "build/lib"} <= found.keys()
    assert left_out == ["big.bin", "data"]


def test_a_link_inside_the_project_becomes_one_inside_the_copy(root):
    tree(root, pkg__a="a")
    (root / "pkg" / "beside").symlink_to(root / "pkg" / "a")
    (root / "all").symlink_to("pkg")
    (root / "broken").symlink_to("nowhere")
    found, _ = copied(root)
    assert {name: found[name] for name in ("pkg/beside", "all", "broken")} == {
        "pkg/beside": "a",
        "all": "pkg",
        "broken": "nowhere",
    }


def test_what_a_link_out_of_the_project_leads_to_is_copied_and_loops_end(root):
    outside = tree(root.parent / "outside", a="a", sub__b="b")
    (outside / "again").symlink_to(outside)
    (root / "data").symlink_to(outside)
    (root / "one").symlink_to(outside / "a")
    (root / "up").symlink_to(root.parent)
    found, left_out = copied(root)
    assert found == {"data/a": "a", "data/sub/b": "b", "one": "a"}
    assert left_out == ["up"]


def test_sockets_and_pipes_are_left(root):
    tree(root, a="a")
    os.mkfifo(root / "pipe")
    folder = os.open(root, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as endpoint:
        endpoint.bind(f"/proc/self/fd/{folder}/socket")
    os.close(folder)
    assert (root / "socket").exists()
    assert copied(root)[0] == {"a": "a"}


@pytest.mark.parametrize("what", ["files", "bytes"])
def test_a_project_that_is_too_large_is_refused_before_anything_is_copied(root, what):
    if what == "bytes":
        (root / "a").write_text("a" * 10_001)
    else:
        tree(root, **{f"f{number}": "" for number in range(21)})
    with pytest.raises(VjpfixError, match="is too large to be copied: it holds more than 20 files or 0 MB"):
        survey(root, SMALL)


def test_a_huge_file_ends_with_2_and_a_sentence(root, tmp_path):
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(600_000_000)  # which takes no room
    (project(root) / "data").symlink_to(tmp_path / "huge")
    result = tried(root, "verify", "--", "true")
    assert result.returncode == 2
    assert "root: is too large to be copied: it holds more than 50,000 files or 500 MB." in result.stderr


def test_a_file_of_the_fix_that_lies_elsewhere_is_refused(root, tmp_path):
    from vjpfix.discover import read

    (tmp_path / "copies").mkdir()
    source = read(tree(tmp_path / "elsewhere", a_dot_py="x = 1\n") / "a.py")
    with pytest.raises(VjpfixError, match="lies outside of"):
        copies(survey(root, SMALL), root, tmp_path / "copies", [Rewritten(source, b"", "")])


def test_the_command_of_a_module_is_a_script_or_a_part_of_a_package(root):
    tree(root, a_dot_py="", src__pkg__sub__b_dot_py="")
    for name in ("src/pkg", "src/pkg/sub"):
        (root / name / "__init__.py").write_text("")
    assert of_module(root / "a.py", root / "src") == (sys.executable, "../a.py")
    assert of_module(root / "src/pkg/sub/b.py", root) == (sys.executable, "-m", "pkg.sub.b")
    assert of_module(root / "src/pkg/sub/__init__.py", root) == (sys.executable, "-c", "import pkg.sub")


def test_paths_in_full_become_those_of_the_copy_and_programs_that_were_not_copied_stay(root, tmp_path):
    tree(root, a="", _dot_venv__bin__python="")
    tree(tmp_path / "top", a="")
    copy = Copy(root, tmp_path / "top")
    (tmp_path / "link").symlink_to(root)
    (root / "out").symlink_to(tmp_path)
    (copy.top / "out").mkdir()
    assert on_copy(["a", str(tmp_path / "link" / "a")], root, copy) == ("a", str(copy.top / "a"))
    assert on_copy(["a", str(root / "out")], root, copy) == ("a", str(copy.top / "out"))
    found = on_copy([".venv/bin/python", str(root / "a"), "a", str(root / "b"), "/etc"], root, copy)
    assert found == (str(root / ".venv/bin/python"), str(tmp_path / "top/a"), "a", str(root / "b"), "/etc")


TELL = "import sys, ops; print(ops.__file__)\n"


def places(found):
    """Where the module came from on each copy."""
    trial = found["trials"][0]
    return [trial[which]["output"].split()[-1] for which in ("before", "after")]


FINDER = """\
    import sys
    from importlib.util import spec_from_file_location

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name == "ops":
                return spec_from_file_location(name, {file!r})

    sys.meta_path.insert(0, Finder)
"""


@pytest.mark.parametrize(
    "how", ["a path in a .pth file", "a finder of its own", "a path added by the program"]
)
def test_an_editable_install_of_the_project_does_not_win(tmp_path, how):
    """In a virtual environment whose installed packages say where the project is, run from elsewhere."""
    import venv

    folder = tmp_path / "project"
    (folder / "elsewhere").mkdir(parents=True)
    project(folder)
    venv.create(tmp_path / "env", symlinks=True)
    site = next((tmp_path / "env").glob("lib/python*/site-packages"))
    program = TELL
    if how.startswith("a path in"):
        (site / "ops.pth").write_text(f"{folder}\n")
    elif how.startswith("a finder"):
        (site / "ops.pth").write_text("import ops_finder\n")
        (site / "ops_finder.py").write_text(textwrap.dedent(FINDER).format(file=str(folder / "ops.py")))
    else:
        program = f"import sys; sys.path.insert(0, {str(folder)!r})\n{TELL}"
    # JAX is not installed there: a stand-in is enough for the module to be imported.
    (site / "base.pth").write_text(
        "\n".join(path for path in sys.path if path.endswith("site-packages")) + "\n"
    )
    (folder / "elsewhere" / "tell.py").write_text(program)
    python = tmp_path / "env" / "bin" / "python"
    _, found = verified(folder, "ops.py", "--", str(python), "elsewhere/tell.py", PYTHONPATH="")
    before, after = places(found)
    assert before.endswith("/as-it-is/project/ops.py")
    assert after.endswith("/with-the-fix/project/ops.py")
    assert found["trials"][0]["before"]["jax"]  # the environment has no vjpfix of its own


def test_an_installed_version_of_the_package_does_not_win(tmp_path):
    folder = tmp_path / "project"
    (folder / "src" / "stars").mkdir(parents=True)
    project(folder)
    (folder / "ops.py").rename(folder / "src" / "stars" / "ops.py")
    (folder / "src" / "stars" / "__init__.py").write_text("")
    (tmp_path / "installed" / "stars").mkdir(parents=True)
    (tmp_path / "installed" / "stars" / "__init__.py").write_text("")
    (tmp_path / "installed" / "stars" / "ops.py").write_text("")
    command = (PYTHON, "-c", "import stars.ops; print(stars.ops.__file__)")
    paths = os.pathsep.join((str(tmp_path / "installed"), os.environ.get("PYTHONPATH", "")))
    _, found = verified(folder, "--", *command, PYTHONPATH=f"{paths}{os.pathsep}{ROOT}")
    assert all("/project/src/stars/ops.py" in place for place in places(found))
    assert all("-verify-" in place for place in places(found))


def test_a_package_given_by_its_folder_is_copied_with_the_one_it_lies_in(tmp_path):
    package = tmp_path / "stars"
    package.mkdir()
    project(package)
    (package / "pyproject.toml").unlink()
    (package / "__init__.py").write_text("")
    (package / "ops.py").write_text("from . import other\n" + (package / "ops.py").read_text())
    (package / "other.py").write_text("")
    code, found = verified(package, ".")
    assert code == 0, found
    assert found["trials"][0]["command"][1:] == ["-m", "stars.ops"]
