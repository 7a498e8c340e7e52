"""Rules from other packages: how they are found, and what is said of those that cannot be used."""

from __future__ import annotations

import json
import shutil
import site
import sys
import time
import venv
from pathlib import Path

import pytest

from tests import children
from tests.cli_runs import ENVIRONMENT, ROOT, concise, loaded, program, vjpfix, vjpfix_process
from vjpfix import __file__ as vjpfix_package
from vjpfix.registry import rules
from vjpfix.rules import RULES

GOOD = (Path(__file__).parent / "lab_rules.txt").read_text(encoding="utf-8")


def installed(folder: Path, module: str = GOOD, entry: str = "lab = lab_rules:NoRebinding") -> str:
    """A package beside vjpfix, as an installer leaves both; the value of PYTHONPATH that has them."""
    site = folder / "site"
    metadata = site / "lab_rules-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: lab-rules\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[vjpfix.rules]\n{entry}\n")
    (site / "lab_rules.py").write_text(module)
    (site / "vjpfix").symlink_to(Path(vjpfix_package).parent)
    return str(site)


@pytest.fixture
def folder(tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    (work / "taken.py").write_text(program())
    return work


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a package among those of this process."""

    def put(*package: str) -> None:
        monkeypatch.setattr(sys, "path", [sys.path[0], installed(tmp_path, *package), *sys.path[1:]])

    sys.modules.pop("lab_rules", None)
    yield put
    sys.modules.pop("lab_rules", None)


def test_without_plug_ins_the_rules_are_those_of_vjpfix():
    assert rules() == tuple(sorted(RULES, key=lambda rule: rule.code))


def test_a_rule_of_another_package_is_in_the_table(folder, tmp_path):
    path = installed(tmp_path)
    said = vjpfix_process(folder, "rules", PYTHONPATH=path)
    assert said.returncode == 0
    assert said.stdout.splitlines()[1].split() == ["LAB001", "no-rebinding", "on", "warning", "safe"]
    told = json.loads(vjpfix_process(folder, "rules", "--output-format", "json", PYTHONPATH=path).stdout)
    assert told["rules"][0]["package"] == "lab_rules"
    assert told["rules"][0]["summary"] == "A name of the lab is rebound."


def test_a_rule_of_another_package_finds(folder, install):
    install()
    code, lines = concise(folder, "--select", "LAB")
    assert code == 1
    assert lines == ["taken.py:18:1: LAB001 `f` is rebound"]


def test_a_rule_of_another_package_may_ask_which_bindings_reach_a_read(folder, install):
    install(GOOD, "lab = lab_rules:Reaching")
    text = "x = 1\nif input():\n    x = 2\nprint(x)\n"
    (folder / "taken.py").write_text(program() + text)
    first = program().count("\n")
    found = f"`x` of line {first + 4} comes from lines {first + 1}, {first + 3}"
    assert found in concise(folder, "--select", "LAB")[1][-1]


def test_a_rule_of_another_package_is_chosen_by_the_configuration_and_the_command_line(folder, install):
    (folder / "pyproject.toml").write_text('[tool.vjpfix]\nselect = ["LAB001"]\n')
    assert "'LAB001' in 'select' of [tool.vjpfix] is not a rule" in vjpfix(folder, "check").stderr
    install()
    assert [line.split()[1] for line in concise(folder)[1]] == ["LAB001"]
    assert concise(folder, "--ignore", "LAB001") == (0, [])


@pytest.mark.parametrize("comment", ["# noqa: LAB001", "# vjpfix: ignore[LAB001] why"])
def test_a_comment_hides_what_a_rule_of_another_package_finds(folder, install, comment):
    install()
    text = program().replace("f = jax.vmap(f)", f"f = jax.vmap(f)  {comment}")
    (folder / "taken.py").write_text(text)
    assert concise(folder, "--select", "LAB") == (0, [])


def test_an_entry_point_can_be_a_ready_made_rule(folder, install):
    install(GOOD + "\nRULE = NoRebinding()\n", "lab = lab_rules:RULE")
    assert "LAB001" in vjpfix(folder, "rules").stdout


@pytest.mark.parametrize(
    ("module", "entry", "said"),
    [
        ("", "a = lab_rules:Missing", "cannot be imported: AttributeError: "),
        ("", "a = no_such_module:Rule", "cannot be imported: ModuleNotFoundError: No module named 'no_such"),
        ("1 / 0", "a = lab_rules:Rule", "cannot be imported: ZeroDivisionError: division by zero"),
        ("class A:\n    pass", "a = lab_rules:A", "is no vjpfix.rules.base.Rule"),
        ("A = 3", "a = lab_rules:A", "is no vjpfix.rules.base.Rule"),
        (
            "class A:\n    def __init__(self, x):\n        pass",
            "a = lab_rules:A",
            "cannot be made: TypeError",
        ),
        ("from vjpfix.rules.base import Rule", "a = lab_rules:Rule", "has the code None; a code is"),
        (GOOD.replace("LAB001", "lab-1"), "a = lab_rules:NoRebinding", "has the code 'lab-1'; a code is"),
        (GOOD.replace("LAB001", "VJP900"), "a = lab_rules:NoRebinding", "and there is VJP900 unused"),
        (GOOD.replace('"no-re', '"No re'), "a = lab_rules:NoRebinding", "has the name 'No rebinding'"),
        (
            GOOD.replace("LAB001", "VJP001"),
            "a = lab_rules:NoRebinding",
            "is called VJP001 no-rebinding, and there is VJP001 rebound-by-map already",
        ),
        (
            GOOD.replace("no-rebinding", "rebound-by-map"),
            "a = lab_rules:NoRebinding",
            "is called LAB001 rebound-by-map, and there is VJP001 rebound-by-map already",
        ),
        (
            GOOD.replace("find(self, module)", "find(self, facts, table)", 1),
            "a = lab_rules:NoRebinding",
            "is written for an older vjpfix; its `find` takes one argument now, the module",
        ),
        (GOOD, "a = lab_rules:NoRebinding\nb = lab_rules:NoRebinding", "and there is LAB001 no-rebinding"),
    ],
    ids=lambda value: value[:40].strip() if isinstance(value, str) else "",
)
def test_a_plug_in_that_cannot_be_used_is_one_sentence_and_exit_code_2(folder, install, module, entry, said):
    install(module, entry)
    for command in ("rules", "check"):
        result = vjpfix(folder, command)
        assert (result.returncode, result.stdout) == (2, "")
        assert said in result.stderr
        assert result.stderr.startswith("vjpfix: the plug-in '")
        assert "' of lab-rules " in result.stderr
        assert result.stderr.count("\n") == 1


def test_a_rule_that_fails_while_it_looks_is_one_sentence(folder, install):
    install(GOOD.replace("for each in", "1 / 0\n        for each in", 1))
    result = vjpfix(folder, "check")
    assert result.returncode == 2
    assert (
        "taken.py: the rule LAB001 of the plug-in 'lab_rules' failed: ZeroDivisionError: "
        "division by zero; leave it out with --ignore LAB001"
    ) in " ".join(result.stdout.split())
    assert "VJP001" in result.stdout
    assert vjpfix(folder, "check", "--ignore", "LAB001").returncode == 1


def test_packages_that_add_no_rule_are_not_asked(folder):
    modules = loaded(folder, "check")
    assert "vjpfix.registry" in modules
    assert "importlib.metadata" not in modules
    assert "vjpfix.registry" not in loaded(folder, "--version")


def test_looking_for_plug_ins_takes_no_time_to_speak_of():
    """At most 10 ms on an idle machine; the best of five, and thrice that here."""
    spent = []
    for _ in range(5):
        start = time.process_time()
        rules()
        spent.append(time.process_time() - start)
    assert min(spent) < 0.03


MARKING = (
    "from pathlib import Path\n"
    "with (Path(__file__).parent / 'ran').open('a') as file:\n    file.write(__name__ + '\\n')\n"
)
_NAMES = "__future__ typing ast dataclasses gc click rich pathspec libcst tomllib"
NAMESAKES = _NAMES.split()
STATIC = (("check",), ("fix", "--yes", "."), ("diagnose", "error.txt"), ("--version",))


def planted(folder: Path) -> Path:
    """A checkout that would run something, were anything of it imported."""
    (folder / "taken.py").write_text(program())
    (folder / "error.txt").write_text("ValueError: nothing that is known\n")
    for name in (*NAMESAKES, "evil", "sitecustomize"):
        (folder / f"{name}.py").write_text(MARKING)
    (folder / "rich.py").unlink()
    (folder / "rich").mkdir()
    (folder / "rich" / "__init__.py").write_text(MARKING)
    (folder / "evil.pth").write_text("import evil\n")
    for name in ("evil-1.0.dist-info", "evil.egg-info"):
        (folder / name).mkdir()
        (folder / name / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
        (folder / name / "entry_points.txt").write_text("[vjpfix.rules]\nevil = evil:Rule\n")
    return folder


@pytest.mark.parametrize("command", STATIC, ids=" ".join)
def test_nothing_of_the_project_that_is_looked_at_is_imported(folder, command):
    said = vjpfix_process(planted(folder), *command)
    assert not (folder / "ran").exists(), (folder / "ran").read_text()
    assert "evil" not in said.stderr
    assert said.returncode == (1 if command[0] in ("check", "diff", "diagnose") else 0), said.stderr


@pytest.mark.parametrize("below", ["", "src"])
def test_a_plug_in_in_a_folder_that_only_pythonpath_names_is_none(folder, below):
    (folder / below).mkdir(exist_ok=True)
    planted(folder / below)
    for name in (*NAMESAKES, "sitecustomize"):  # which Python itself would import from there
        (folder / below / f"{name}.py").unlink(missing_ok=True)
    shutil.rmtree(folder / below / "rich")
    for path in (f"{ROOT}:{folder / below}", f"{ROOT}:{below}", f"{below}:{ROOT}"):
        said = vjpfix_process(folder, "check", PYTHONPATH=path)
        assert (said.returncode, said.stderr) == (1, "")
        assert not (folder / below / "ran").exists()


def test_the_current_folder_is_left_out_whoever_starts_the_command(folder):
    planted(folder)
    for name in NAMESAKES:
        (folder / f"{name}.py").unlink(missing_ok=True)
    shutil.rmtree(folder / "rich")
    script = "from vjpfix.cli import main; main()"
    command = [sys.executable, "-c", script, "check"]
    said = children.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (1, "")
    assert not (folder / "ran").exists()


@pytest.fixture
def environment(tmp_path):
    """The folder of packages of a new virtual environment, which has those of this one as well."""
    venv.create(tmp_path / "venv", with_pip=False)
    (packages,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    (packages / "ours.pth").write_text("".join(f"{folder}\n" for folder in site.getsitepackages()))
    return packages


def rules_of(environment: Path, folder: Path) -> str:
    """What ``vjpfix rules`` prints in a virtual environment."""
    python = environment.parents[2] / "bin" / "python"
    command = [python, "-m", "vjpfix", "rules"]
    said = children.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert said.stderr == ""
    return said.stdout


def test_a_plug_in_that_is_installed_in_the_environment_is_found(folder, environment, tmp_path):
    assert "LAB001" not in rules_of(environment, folder)
    installed(tmp_path)
    shutil.copytree(tmp_path / "site", environment, dirs_exist_ok=True, ignore=lambda *_: ["vjpfix"])
    assert "LAB001" in rules_of(environment, folder)


def test_an_editable_plug_in_is_found_also_from_its_own_folder(folder, environment, tmp_path):
    """As ``pip install -e`` leaves it: the metadata among the packages; and as ``setup.py develop`` did."""
    installed(tmp_path)
    (environment / "lab.pth").write_text(f"{tmp_path / 'site'}\n")
    assert "LAB001" in rules_of(environment, folder)
    assert "LAB001" in rules_of(environment, tmp_path / "site")
    metadata = tmp_path / "site" / "lab_rules-1.0.dist-info"
    shutil.move(metadata, environment / metadata.name)
    assert "LAB001" in rules_of(environment, folder)
