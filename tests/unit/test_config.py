"""The configuration: where it is found, what it may hold, and which rules it selects."""

import sys
from pathlib import Path

import pytest

from tests import children
from vjpfix.config import Config, ExtraDerivative, ExtraTransform, load, parse_codes
from vjpfix.model import VjpfixError


def project(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(text)
    return folder.resolve()


def error_of(folder: Path, text: str) -> VjpfixError:
    project(folder, text)
    with pytest.raises(VjpfixError) as caught:
        load(folder)
    assert caught.value.path == folder.resolve() / "pyproject.toml"
    assert "\n" not in caught.value.message
    return caught.value


def test_every_key_is_read(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        """
        [tool.vjpfix]
        select = ["VJP0", "vjp101"]
        extend-select = ["VJP003"]
        ignore = ["VJP002"]
        exclude = ["generated/", "*_pb2.py"]
        per-file-ignores = { "tests/**" = ["VJP001"] }
        suffixes = { mapped = "batched", differentiates = "d" }
        names = { f = "batched_f" }
        rename = "original"
        docstrings = true
        [[tool.vjpfix.transforms]]
        name = "mylib.batch"
        kind = "maps"
        suffix = "many"
        [[tool.vjpfix.transforms]]
        name = "mylib.slope"
        kind = "differentiates"
        [[tool.vjpfix.custom-derivatives]]
        name = "mylib.my_vjp"
        like = "jax.custom_vjp"
        """,
    )
    assert load(root) == Config(
        root=root,
        select=("VJP0", "VJP101"),
        extend_select=("VJP003",),
        ignore=("VJP002",),
        exclude=("generated/", "*_pb2.py"),
        per_file_ignores={"tests/**": ("VJP001",)},
        suffixes={"mapped": "batched", "differentiates": "d"},
        names={"f": "batched_f"},
        rename="original",
        docstrings=True,
        transforms=(
            ExtraTransform("mylib.batch", "maps", "many"),
            ExtraTransform("mylib.slope", "differentiates", "grad"),
        ),
        custom_derivatives=(ExtraDerivative("mylib.my_vjp", "jax.custom_vjp"),),
    )


def test_the_nearest_file_that_has_a_table_counts_and_not_the_nearest_file(tmp_path: Path) -> None:
    root = project(tmp_path, '[tool.vjpfix]\nselect = ["VJP1"]')
    inner = project(tmp_path / "inner", "[project]\nname = 'inner-vjpfix'")
    below = inner / "src"
    below.mkdir()
    assert load(below) == Config(root=root, select=("VJP1",))


def test_a_nearer_table_replaces_the_outer_one_wholly(tmp_path: Path) -> None:
    project(tmp_path, '[tool.vjpfix]\nselect = ["VJP1"]\nignore = ["VJP101"]')
    inner = project(tmp_path / "inner", '[tool.vjpfix]\nselect = ["VJP2"]')
    assert load(inner) == Config(root=inner, select=("VJP2",))


def test_a_file_as_the_start_means_its_folder(tmp_path: Path) -> None:
    root = project(tmp_path, "[tool.vjpfix]")
    (root / "a.py").touch()
    assert load(root / "a.py") == Config(root=root)


def test_without_a_table_the_root_is_the_nearest_project_or_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    package = project(tmp_path / "package", "[project]\nname = 'x'")
    (package / "src").mkdir()
    (tmp_path / "docs").mkdir()
    assert load(package / "src") == Config(root=package)
    assert load(tmp_path / "docs") == Config(root=tmp_path.resolve())


def test_an_explicit_file_is_used_from_anywhere(tmp_path: Path) -> None:
    root = project(tmp_path / "here", '[tool.vjpfix]\nignore = ["VJP3"]')
    elsewhere = project(tmp_path / "there", '[tool.vjpfix]\nignore = ["VJP1"]')
    assert load(elsewhere, root / "pyproject.toml") == Config(root=root, ignore=("VJP3",))


def test_an_explicit_file_without_the_table_is_an_error(tmp_path: Path) -> None:
    root = project(tmp_path, "[project]\nname = 'x'")
    with pytest.raises(VjpfixError, match=r"has no \[tool.vjpfix\] table"):
        load(root, root / "pyproject.toml")


def test_an_explicit_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(VjpfixError, match="cannot be read: No such file"):
        load(tmp_path, tmp_path / "nowhere.toml")


def test_something_other_than_a_table_is_an_error(tmp_path: Path) -> None:
    assert error_of(tmp_path, "[tool]\nvjpfix = 1").message == (
        "'vjpfix' in [tool] must be a table, written [tool.vjpfix]"
    )


def test_broken_toml_is_an_error_with_its_line(tmp_path: Path) -> None:
    error = error_of(tmp_path, "[tool.vjpfix]\nselect = [\n  'VJP001'\n  'VJP002']\n")
    assert error.message == "is not valid TOML: Unclosed array"
    assert error.line == 4


def test_toml_that_breaks_off_is_an_error_at_its_last_line(tmp_path: Path) -> None:
    error = error_of(tmp_path, "[tool.vjpfix]\nselect = [")
    assert error.message.startswith("is not valid TOML: ")
    assert error.line == 2


def test_toml_that_is_not_utf8_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.vjpfix]\n# caf\xe9\n")
    with pytest.raises(VjpfixError, match="is not UTF-8") as caught:
        load(tmp_path)
    assert caught.value.line == 2


def test_a_broken_file_that_does_not_mention_vjpfix_is_not_ours_to_judge(tmp_path: Path) -> None:
    assert load(project(tmp_path, "[project\n")) == Config(root=tmp_path.resolve())


def test_nothing_heavy_is_imported_without_a_table(tmp_path: Path) -> None:
    project(tmp_path, "[project]\nname = 'x'")
    code = (
        "import sys; from pathlib import Path; before = set(sys.modules); from vjpfix.config import load;"
        f"load(Path({str(tmp_path)!r})).selects('VJP001', True, Path('a.py'));"
        "sys.exit(bool({'tomllib', 'pathspec', 'difflib'} & (set(sys.modules) - before)))"
    )
    assert children.run([sys.executable, "-c", code], check=False).returncode == 0


# Which rules are shown. Columns: select, extend-select, ignore, rule, on by default, shown.
@pytest.mark.parametrize(
    ("select", "extend", "ignore", "code", "default", "shown"),
    [
        pytest.param(None, (), (), "VJP001", True, True, id="a default rule is on"),
        pytest.param(None, (), (), "VJP003", False, False, id="others are off"),
        pytest.param(("VJP0",), (), (), "VJP003", False, True, id="a prefix turns on what is off"),
        pytest.param(("VJP0",), (), (), "VJP101", True, False, id="select replaces the defaults"),
        pytest.param(None, ("VJP003",), (), "VJP003", False, True, id="extend-select adds"),
        pytest.param(None, ("VJP003",), (), "VJP001", True, True, id="extend-select keeps the defaults"),
        pytest.param(None, (), ("VJP0",), "VJP001", True, False, id="ignore turns defaults off"),
        pytest.param(("VJP001",), (), ("VJP0",), "VJP001", True, True, id="the longer prefix wins: select"),
        pytest.param(("VJP0",), (), ("VJP001",), "VJP001", True, False, id="the longer prefix wins: ignore"),
        pytest.param(("VJP001",), (), ("VJP001",), "VJP001", True, False, id="ignore wins between equals"),
        pytest.param(("ALL",), (), ("VJP3",), "VJP302", False, False, id="anything beats ALL"),
        pytest.param(("ALL",), (), (), "VJP302", False, True, id="ALL is every rule"),
        pytest.param(("VJP3",), (), ("ALL",), "VJP302", False, True, id="anything beats an ignored ALL"),
        pytest.param(None, (), ("ALL",), "VJP001", True, False, id="ALL can be ignored"),
        pytest.param((), (), (), "VJP001", True, False, id="an empty select selects nothing"),
        pytest.param((), ("VJP003",), (), "VJP003", False, True, id="to which extend-select adds"),
    ],
)
def test_selection_goes_by_the_longest_prefix(
    select: tuple[str, ...] | None,
    extend: tuple[str, ...],
    ignore: tuple[str, ...],
    code: str,
    default: bool,
    shown: bool,
) -> None:
    config = Config(Path("/p"), select=select, extend_select=extend, ignore=ignore)
    assert config.selects(code, default, Path("/p/a.py")) is shown


@pytest.mark.parametrize(
    ("pattern", "path", "shown"),
    [
        ("tests/**", "tests/deep/a.py", False),
        ("tests", "tests/a.py", False),
        ("test_*.py", "deep/test_a.py", False),
        ("/conftest.py", "conftest.py", False),
        ("/conftest.py", "deep/conftest.py", True),
        ("src/*.py", "src/deep/a.py", True),
        ("!src/**", "src/a.py", True),
        ("!src/**", "other/a.py", False),
    ],
)
def test_per_file_ignores_are_gitignore_patterns_from_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, path: str, shown: bool
) -> None:
    config = Config(tmp_path.resolve(), select=("VJP001",), per_file_ignores={pattern: ("VJP0",)})
    monkeypatch.chdir(tmp_path)
    assert config.selects("VJP001", True, Path(path)) is shown
    assert config.selects("VJP001", True, tmp_path / path) is shown
    assert Config(config.root, per_file_ignores={pattern: ("VJP1",)}).selects("VJP001", True, Path(path))


def test_a_file_outside_the_root_has_no_per_file_ignores(tmp_path: Path) -> None:
    config = Config(tmp_path / "root", per_file_ignores={"*": ("VJP001",), "!x": ("VJP001",)})
    assert config.selects("VJP001", True, tmp_path / "elsewhere" / "a.py")


def test_a_root_reached_through_a_link_is_the_same_root(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    project(tmp_path / "real", "[tool.vjpfix]\nper-file-ignores = {'a.py' = ['VJP001']}")
    assert not load(tmp_path / "link").selects("VJP001", True, tmp_path / "link" / "a.py")


def test_codes_from_the_command_line_are_checked_alike() -> None:
    assert parse_codes([" vjp001", "VJP2", "all"], "--select") == ("VJP001", "VJP2", "ALL")
    with pytest.raises(VjpfixError, match="'VJP0011' in --select is not a rule code"):
        parse_codes(["VJP0011"], "--select")
