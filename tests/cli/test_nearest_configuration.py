"""Each file has the settings of its nearest configuration, whatever else is given, in whatever order, from where."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cli_runs import concise, fixed, program, vjpfix
from vjpfix.cli.commands import cli
from vjpfix.config import Config, Configs
from vjpfix.settings import Settings, settings, settings_by_file

GRAD = program(rebinding="jax.grad({})")
OURS = program().replace("import jax", "import jax\nimport lib").replace("jax.vmap", "lib.batch")
USE = "from lib.ops import f\nf(1)\n"
BATCH = '[[tool.vjpfix.transforms]]\nname = "lib.batch"\nkind = "maps"\nsuffix = "batched"\n'


def put(folder: Path, **texts: str) -> None:
    """Files by their paths, with ``__`` for a slash and a suffix of ``.toml`` for ``pyproject``."""
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + (".toml" if name.endswith("pyproject") else ".py"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def table(text: str = "") -> str:
    return f"[tool.vjpfix]\n{text}\n"


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Two projects side by side, of which the first does not want to hear of the finding."""
    put(tmp_path, a__prog=program(), b__prog=program())
    put(tmp_path, a__pyproject=table("ignore = ['VJP001']"), b__pyproject=table("suffixes = {maps = 'rows'}"))
    return tmp_path


@pytest.mark.parametrize("command", ["check", "diff", "fix"])
def test_the_order_of_the_paths_changes_nothing(two, command):
    one, other = (
        vjpfix(two, command, *order) for order in (("a/prog.py", "b/prog.py"), ("b/prog.py", "a/prog.py"))
    )
    assert (one.returncode, one.stdout, one.stderr) == (other.returncode, other.stdout, other.stderr)
    assert one.returncode == 1
    assert "f_rows" in one.stdout
    assert "a/prog.py" not in one.stdout


def test_each_file_is_fixed_as_its_own_configuration_says(two):
    put(two, c__prog=program(), c__pyproject=table("rename = 'original'"))
    put(two, d__prog=program(), d__pyproject=table("names = {f = 'many'}"), e__prog=program())
    assert vjpfix(two, "fix", "--yes", "e", "d", "c", "b", "a").returncode == 0
    assert (two / "a" / "prog.py").read_text() == program()
    assert (two / "b" / "prog.py").read_text() == fixed(new="f_rows")
    assert (
        "f_unmapped.defvjp(f_fwd, f_bwd)\nf = jax.vmap(f_unmapped)\n" in (two / "c" / "prog.py").read_text()
    )
    assert (two / "d" / "prog.py").read_text() == fixed(new="many")
    assert (two / "e" / "prog.py").read_text() == fixed()


def test_transforms_of_one_project_are_not_those_of_another(tmp_path):
    put(tmp_path, a__prog=OURS, b__prog=OURS, a__pyproject=BATCH)
    for order in (("a", "b"), ("b", "a")):
        code, lines = concise(tmp_path, *order)
        assert (code, [line.split(":")[0] for line in lines]) == (1, ["a/prog.py"])


def test_a_table_inside_replaces_the_one_outside_wholly(tmp_path):
    put(tmp_path, pyproject=table("ignore = ['VJP001']"), prog=program(), a__prog=program(), a__grad=GRAD)
    put(tmp_path, a__pyproject=table("ignore = ['VJP002']"), grad=GRAD)
    _, lines = concise(tmp_path)
    assert [(line.split(":")[0], line.split()[1]) for line in lines] == [
        ("grad.py", "VJP002"),
        ("a/prog.py", "VJP001"),
    ]


def test_options_of_the_command_line_are_for_all(two):
    code, lines = concise(two, "--select", "VJP002", "a", "b")
    assert (code, lines) == (0, [])
    _, lines = concise(two, "--select", "VJP001", "--ignore", "VJP002", "a", "b")
    assert [line.split(":")[0] for line in lines] == ["b/prog.py"], "but ignore of a table stays"
    result = vjpfix(two, "diff", "--name", "f=many", "--select", "VJP001", "b")
    assert "+many = jax.vmap(f)" in result.stdout
    assert "a/prog.py" in concise(two, "--config", "b/pyproject.toml", "a")[1][0]


@pytest.mark.parametrize("order", [("b", "c"), ("c", "b")])
def test_fixes_in_several_projects_are_not_verified_at_once(two, order):
    put(two, c__prog=program(), c__pyproject="")
    result = vjpfix(two, "verify", *order, "--", "true")
    said = f"vjpfix: the fixes lie in 2 projects, and one is copied at a time: {two}/b, {two}/c\n"
    assert (result.returncode, result.stdout, result.stderr) == (2, "", said)
    result = vjpfix(two, "fix", "--yes", "--verify", "true", *order)
    assert (result.returncode, result.stderr) == (2, said)
    assert (two / "b" / "prog.py").read_text() == program()


# --- changes in other files -------------------------------------------------------------------------------


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    """A repository in which a project imports the function of another one."""
    (tmp_path / ".git").mkdir()
    put(tmp_path, a__lib____init__="", a__lib__ops=program(), b__use=USE)
    return tmp_path


@pytest.mark.parametrize("given", [["."], ["a"], ["b", "a"], ["a/lib/ops.py", "b/use.py"]], ids=" ".join)
def test_a_change_in_another_file_is_made_as_the_configuration_of_the_finding_says(imported, given):
    put(imported, a__pyproject=table("suffixes = {maps = 'rows'}"))
    put(imported, b__pyproject=table("rename = 'original'\nsuffixes = {maps = 'batched'}\nignore = ['ALL']"))
    assert vjpfix(imported, "fix", "--yes", *given).returncode == 0
    assert (imported / "b" / "use.py").read_text() == "from lib.ops import f_rows\nf_rows(1)\n"


@pytest.mark.parametrize("pattern", ["use.py", "/use.py", "b/", "*"])
@pytest.mark.parametrize("given", ["a", "."])
def test_a_file_that_its_own_configuration_excludes_is_not_changed(imported, given, pattern):
    whose = "pyproject" if pattern == "b/" else "b__pyproject"
    put(imported, a__pyproject=table(), **{whose: table(f"exclude = ['{pattern}']")})
    result = vjpfix(imported, "fix", "--yes", given)
    assert (result.returncode, "this file uses the name, and is excluded" in result.stdout) == (1, True)
    assert (imported / "b" / "use.py").read_text() == USE
    assert (imported / "a" / "lib" / "ops.py").read_text() == program()


def test_what_the_configuration_of_the_finding_excludes_is_no_file_of_another_one(imported):
    put(imported, a__pyproject=table("exclude = ['use.py']"), b__pyproject=table())
    assert vjpfix(imported, "fix", "--yes", "a").returncode == 0
    assert "f_mapped" in (imported / "b" / "use.py").read_text()


def test_a_pattern_of_the_command_line_holds_for_other_files_too(imported):
    result = vjpfix(imported, "fix", "--yes", "--exclude", "use.py")
    assert (result.returncode, "is excluded from changes" in result.stdout) == (1, True)
    assert (imported / "b" / "use.py").read_text() == USE


def test_a_file_that_is_excluded_and_was_given_by_name_may_be_changed(imported):
    put(imported, b__pyproject=table("exclude = ['use.py']"))
    assert vjpfix(imported, "fix", "--yes", "a", "b/use.py").returncode == 0
    assert "f_mapped" in (imported / "b" / "use.py").read_text()


def test_a_file_with_a_broken_configuration_is_not_changed(imported):
    put(imported, b__pyproject=table("selct = []"))
    result = vjpfix(imported, "fix", "--yes", "a")
    assert result.returncode == 1
    assert f"{imported}/b/pyproject.toml: unknown key 'selct'" in "".join(result.stdout.split("\n"))
    assert (imported / "a" / "lib" / "ops.py").read_text() == program()


# --- what is excluded -------------------------------------------------------------------------------------


def test_patterns_count_from_the_folder_of_their_own_table(tmp_path):
    put(tmp_path, pyproject=table("exclude = ['/gen']"), gen__x=program(), a__gen__x=program())
    put(tmp_path, b__pyproject=table("exclude = ['/gen']"), b__gen__x=program(), b__out__x=program())
    _, lines = concise(tmp_path)
    assert [line.split(":")[0] for line in lines] == ["a/gen/x.py", "b/out/x.py"]


def test_a_folder_that_is_excluded_stays_so_whatever_is_configured_inside(tmp_path):
    put(tmp_path, pyproject=table("exclude = ['vendor/']"), vendor__x__prog=program())
    put(tmp_path, vendor__x__pyproject=table())
    assert concise(tmp_path) == (0, [])
    assert concise(tmp_path, "--force-exclude", "vendor/x/prog.py") == (0, [])
    assert concise(tmp_path, "vendor/x/prog.py")[0] == 1


@pytest.mark.parametrize(("folder", "given"), [(".", "."), ("a", ".."), ("a", "../b"), (".", "b")])
def test_a_pattern_of_the_command_line_counts_from_the_configuration_of_the_paths(tmp_path, folder, given):
    put(tmp_path, pyproject=table(), a__prog=program(), b__prog=program(), b__deep__prog=program())
    _, lines = concise(tmp_path / folder, "--exclude", "b/prog.py", "--exclude", "/a", given)
    assert [line.split(":")[0].rpartition("b/")[2] for line in lines] == ["deep/prog.py"]


# --- broken ones ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.vjpfix]\nselct = []", "unknown key 'selct' in [tool.vjpfix]; did you mean 'select'?"),
        ("[tool.vjpfix]\nselect = ['VJP7']", "'VJP7' in 'select' of [tool.vjpfix] is not a rule"),
        ("[tool.vjpfix\n", "is not valid TOML"),
        (table("suffixes = {nosuch = 'x'}"), "nosuch"),
    ],
)
@pytest.mark.parametrize("order", [("a", "b"), ("b", "a"), (".",)])
def test_one_broken_file_is_told_once_and_the_files_of_others_are_done(two, order, text, said):
    (two / "a" / "pyproject.toml").write_text(text)
    put(two, a__deep__more=program(), a__deep__x__y=program())
    result = vjpfix(two, "fix", "--yes", *order)
    assert result.returncode == 2
    assert said in " ".join(result.stdout.split())
    assert result.stdout.count("pyproject.toml") == 1
    assert (two / "b" / "prog.py").read_text() == fixed(new="f_rows")
    assert (two / "a" / "deep" / "more.py").read_text() == program()


def test_below_a_broken_file_those_with_a_table_of_their_own_are_done(two):
    put(two, pyproject="[tool.vjpfix", prog=program())
    code, lines = concise(two)
    assert (code, len(lines)) == (2, 2)
    assert lines[0].startswith("b/prog.py:18:1: VJP001")
    assert lines[1].startswith(f"{two}/pyproject.toml:1: is not valid TOML")


def test_a_broken_file_of_nobody_is_nobodys_business(two):
    put(two, b__pyproject="[tool.vjpfix", b__prog="")
    (two / "b" / "prog.py").unlink()
    assert concise(two, ".") == (0, [])


# --- the same from everywhere -----------------------------------------------------------------------------


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A repository with a configuration of every sort, and a file outside of it."""
    (tmp_path / "top" / ".git").mkdir(parents=True)
    top = tmp_path / "top"
    put(top, pyproject=table("ignore = ['VJP002']\nexclude = ['out/']"), prog=program(), grad=GRAD)
    put(top, out__prog=program("excluded"), ours=OURS)
    put(top, a__pyproject=table("select = ['VJP002']"), a__prog=program("p"), a__grad=GRAD)
    put(top, b__pyproject=table("suffixes = {maps = 'rows'}"), b__lib____init__="", b__lib__ops=program())
    put(
        top, c__pyproject=table("rename = 'original'\nexclude = ['frozen.py']"), c__use=USE, c__prog=program()
    )
    put(top, d__pyproject=table("selct = []"), d__prog=program())
    put(top, e__pyproject=BATCH, e__ours=OURS, e__two__pyproject=table("exclude = ['ours.py']"))
    put(top, e__two__ours=OURS, e__two__prog=program())
    put(tmp_path, alone=program("g"))
    (top / "link.py").symlink_to("a/grad.py")
    return tmp_path


def seen(folder: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What ``check`` says in a folder, with whole paths and in no order; who starts it is not told."""
    monkeypatch.chdir(folder)
    found = CliRunner().invoke(cli, ["check", "--output-format", "json", *arguments], standalone_mode=False)
    said = json.loads(found.stdout)

    def whole(record: object) -> object:
        if isinstance(record, dict):
            return {
                k: str(folder.joinpath(v).resolve()) if k == "path" else whole(v) for k, v in record.items()
            }
        return [whole(each) for each in record] if isinstance(record, list) else record

    findings = {json.dumps(whole(each), sort_keys=True) for each in said["findings"]}
    problems = {json.dumps(whole(each), sort_keys=True) for each in said["problems"]}
    return {"code": found.return_value, "findings": findings, "problems": problems, "sum": said["summary"]}


@pytest.mark.parametrize("seed", range(12))
def test_neither_the_order_of_paths_nor_the_current_folder_changes_what_is_found(many, seed, monkeypatch):
    choose = random.Random(seed)
    everything = [
        "top",
        "top/a",
        "top/b/lib/ops.py",
        "top/c",
        "top/d/prog.py",
        "top/e",
        "top/link.py",
        "alone.py",
    ]
    given = choose.sample(everything, choose.randint(2, 5))
    folders = [many, many / "top", many / "top" / "a", many / "top" / "b" / "lib", Path("/")]
    results = []
    for folder in choose.sample(folders, 3):
        choose.shuffle(given)
        spelled = [
            str(many / path)
            if folder == Path("/") or choose.random() < 0.3
            else relative(many / path, folder)
            for path in given
        ]
        results.append(seen(folder, spelled, monkeypatch))
    assert results[0] == results[1] == results[2]


def relative(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder, walk_up=True)) if hasattr(path, "walk_up") else walked(path, folder)


def walked(path: Path, folder: Path) -> str:
    up = next(above for above in (folder, *folder.parents) if path.is_relative_to(above))
    steps = [".."] * len(folder.relative_to(up).parts)
    return "/".join([*steps, *path.relative_to(up).parts]) or "."


def test_what_is_found_in_a_file_does_not_depend_on_which_others_are_given(many, monkeypatch):
    every = seen(many, ["top", "alone.py"], monkeypatch)["findings"]
    assert len(every) == 7
    for one in map(json.loads, every):
        alone = seen(many, [one["path"]], monkeypatch)["findings"]
        assert json.dumps(one, sort_keys=True) in alone
    names = {one["fix"]["new_name"] for one in map(json.loads, every)}
    assert names == {"f_mapped", "f_grad", "f_rows", "f_unmapped", "f_batched", "g_mapped"}


def test_settings_are_made_once_for_each_configuration(tmp_path):
    folders = [f"{letter}/{number}" for letter in "abc" for number in range(20)]
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    put(tmp_path, a__pyproject=table(), b__pyproject=table())
    made: list[Config] = []

    def counted(config: Config) -> Settings:
        made.append(config)
        return settings(config)

    chosen = settings_by_file(Configs(), counted)
    found = {id(chosen.of(tmp_path / folder / f"{name}.py")) for folder in folders for name in "xyz"}
    assert len(found) == 3
    assert len(made) == 4  # one for no file at all
