"""Options and configuration, end to end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_runs import concise, fixed, program, vjpfix

JITTED = program("g", "jax.jit({})")
GRAD = program("h", "jax.grad({})")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "mapped.py").write_text(program())
    (tmp_path / "jitted.py").write_text(JITTED)
    (tmp_path / "grad.py").write_text(GRAD)
    return tmp_path


def configure(folder, text):
    (folder / "pyproject.toml").write_text(text)


def codes(folder, *arguments):
    _, lines = concise(folder, *arguments)
    return sorted((line.partition(":")[0], line.split()[1]) for line in lines)


MAPPED_FOUND, JITTED_FOUND, GRAD_FOUND = (
    ("mapped.py", "VJP001"),
    ("jitted.py", "VJP003"),
    ("grad.py", "VJP002"),
)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], [GRAD_FOUND, MAPPED_FOUND]),
        (["--select", "VJP001"], [MAPPED_FOUND]),
        (["--select", "vjp001, VJP003"], [JITTED_FOUND, MAPPED_FOUND]),
        (["--select", "ALL"], [GRAD_FOUND, JITTED_FOUND, MAPPED_FOUND]),
        (["--select", "VJP0", "--ignore", "VJP002"], [JITTED_FOUND, MAPPED_FOUND]),
        (["--extend-select", "VJP003"], [GRAD_FOUND, JITTED_FOUND, MAPPED_FOUND]),
        (["--ignore", "VJP001,VJP002"], []),
        (["--exclude", "mapped.py", "--exclude", "gr*"], []),
    ],
    ids=lambda value: " ".join(value) if value and isinstance(value[0], str) else "",
)
def test_rules_and_files_are_chosen_on_the_command_line(folder, options, expected):
    assert codes(folder, *options) == expected


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "No such command 'chek'. Did you mean 'check'?"),
        (["check", "--selct", "VJP001"], "No such option"),
        (["check", "--select", "VJP999"], "'VJP999' in --select is not a rule; did you mean 'VJP900'?"),
        (["check", "--extend-select", "VJP7"], "'VJP7' in --extend-select is not a rule"),
        (["check", "--ignore", "E501"], "'E501' in --ignore is not a rule; the rules are VJP001, "),
        (["check", "--select", " ,"], "--select needs at least one code"),
        (["check", "--output-format", "xml"], "'xml' is not one of 'text', 'concise', 'json', 'github'"),
        (["check", "--rename", "both"], "'both' is not one of 'transformed', 'original'"),
        (["check", "--exclude", ""], "'' is not a gitignore pattern"),
        (["fix", "--name", "f"], "'f' is not of the form OLD=NEW"),
        (["fix", "--name", "f=f"], "two different Python names"),
        (["fix", "--name", "f=class"], "two different Python names"),
        (["fix", "--name", "f=2"], "two different Python names"),
        (["check", "--config", "nowhere.toml"], "'nowhere.toml' does not exist"),
        (["check", "--config", "mapped.py"], "mapped.py: has no [tool.vjpfix] table"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_command_line_is_answered_by_one_sentence_and_exit_code_2(folder, arguments, said):
    result = vjpfix(folder, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.startswith("vjpfix: ")
    assert result.stderr.count("\n") == 1


def test_control_characters_of_a_wrong_command_are_spelled_out(folder):
    result = vjpfix(folder, "\x1b[31mx")
    assert (result.returncode, "\x1b" in result.stderr) == (2, False)


def test_the_new_name_can_be_given(folder):
    assert vjpfix(folder, "fix", "--yes", "--name", "f=batched_f", "mapped.py").returncode == 0
    assert (folder / "mapped.py").read_text() == fixed(new="batched_f")


def original(new="f_unmapped", name="f", rebinding="jax.vmap({})"):
    """What the fix makes of ``program(name, rebinding)`` when the original gets the new name."""
    text = program(name, rebinding).replace(f"{name}(", f"{new}(").replace(f"{name}.defvjp", f"{new}.defvjp")
    text = text.replace(rebinding.format(name), rebinding.format(new))
    return text.replace(f"y = {new}(", f"y = {name}(")


def test_the_original_can_get_the_new_name_instead(folder):
    assert vjpfix(folder, "fix", "--yes", "--rename", "original").returncode == 0
    assert (folder / "mapped.py").read_text() == original()
    assert (folder / "grad.py").read_text() == original("h_original", "h", "jax.grad({})")
    assert codes(folder) == []


def test_the_originals_new_name_can_be_given(folder):
    arguments = ["fix", "--yes", "--rename", "original", "--name", "f=core_f", "mapped.py"]
    assert vjpfix(folder, *arguments).returncode == 0
    assert (folder / "mapped.py").read_text() == original("core_f")


def test_what_gets_the_new_name_is_configured_and_the_command_line_goes_before(folder):
    configure(folder, '[tool.vjpfix]\nrename = "original"\n')
    assert vjpfix(folder, "fix", "--yes", "mapped.py").returncode == 0
    assert (folder / "mapped.py").read_text() == original()
    (folder / "mapped.py").write_text(program())
    assert vjpfix(folder, "fix", "--yes", "--rename", "transformed", "mapped.py").returncode == 0
    assert (folder / "mapped.py").read_text() == fixed()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "names the mapped version `f_mapped` (2 edits)"),
        (["--rename", "original"], "names the original `f_unmapped` (4 edits)"),
    ],
)
def test_check_says_what_would_get_which_name(folder, options, said):
    assert said in vjpfix(folder, "check", *options, "mapped.py").stdout


def test_help_says_when_to_rename_which(folder):
    assert "--rename [transformed|original]" in vjpfix(folder, "fix", "--help").stdout


def test_a_new_name_that_is_taken_is_refused(folder):
    result = vjpfix(folder, "fix", "--yes", "--name", "f=xs", "mapped.py")
    assert result.returncode == 1
    assert (
        "not fixed: line 18: `xs` cannot be the new name: it is already used in this module" in result.stdout
    )
    assert (folder / "mapped.py").read_text() == program()


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ('select = ["VJP001"]', [MAPPED_FOUND]),
        ('extend-select = ["VJP003"]', [GRAD_FOUND, JITTED_FOUND, MAPPED_FOUND]),
        ('ignore = ["VJP002"]', [MAPPED_FOUND]),
        ('exclude = ["map*.py"]', [GRAD_FOUND]),
        ('per-file-ignores = { "grad.py" = ["VJP0"] }', [MAPPED_FOUND]),
        ('per-file-ignores = { "!grad.py" = ["ALL"] }', [GRAD_FOUND]),
    ],
)
def test_rules_and_files_are_chosen_in_pyproject(folder, table, expected):
    configure(folder, f"[tool.vjpfix]\n{table}\n")
    assert codes(folder) == expected


def test_the_command_line_goes_before_the_configuration(folder):
    configure(folder, '[tool.vjpfix]\nselect = ["VJP001"]\n')
    assert codes(folder, "--select", "VJP002") == [GRAD_FOUND]


def test_the_nearest_configuration_above_the_path_counts_wherever_vjpfix_runs(folder):
    configure(folder, '[tool.vjpfix]\nignore = ["VJP001"]\n')
    (folder / "sub").mkdir()
    (folder / "sub" / "a.py").write_text(program())
    assert codes(folder / "sub", "a.py") == []
    configure(folder / "sub", '[tool.vjpfix]\nselect = ["VJP001"]\n')
    assert codes(folder, "sub/a.py") == [("sub/a.py", "VJP001")]
    assert codes(folder, "--config", "pyproject.toml", "sub/a.py") == []


def test_suffixes_and_names_are_configured(folder):
    configure(folder, '[tool.vjpfix]\nsuffixes = { mapped = "batched" }\nnames = { h = "slope" }\n')
    assert vjpfix(folder, "fix", "--yes").returncode == 0
    assert (folder / "mapped.py").read_text() == fixed(new="f_batched")
    assert (folder / "grad.py").read_text() == fixed("h", "slope", "jax.grad({})")


def test_transforms_and_decorators_of_other_libraries_are_configured(folder):
    theirs = program().replace("@jax.custom_vjp", "@lib.rules").replace("jax.vmap", "lib.batch")
    (folder / "theirs.py").write_text(theirs.replace("import jax", "import lib"))
    assert codes(folder, "theirs.py") == []
    configure(
        folder,
        '[[tool.vjpfix.transforms]]\nname = "lib.batch"\nkind = "maps"\nsuffix = "batched"\n'
        '[[tool.vjpfix.custom-derivatives]]\nname = "lib.rules"\nlike = "jax.custom_vjp"\n',
    )
    assert codes(folder, "theirs.py") == [("theirs.py", "VJP001")]
    assert vjpfix(folder, "fix", "--yes", "theirs.py").returncode == 0
    assert "f_batched = lib.batch(f)\ny = f_batched(xs)\n" in (folder / "theirs.py").read_text()


WRONG = Path(__file__).with_name("wrong_settings.txt").read_text().split("\n\n")[1:]


@pytest.mark.parametrize(("line", "said"), [case.strip().split("\n  ") for case in WRONG])
def test_a_wrong_setting_is_answered_by_one_sentence_that_names_the_file(folder, line, said):
    configure(folder, f"[tool.vjpfix]\n{line}\n")
    for command in ("check", "fix", "diff"):
        result = vjpfix(folder, command)
        assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
        assert said in result.stderr
        assert str(folder / "pyproject.toml") in result.stderr


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("f = jax.vmap(f)  # noqa: VJP001", True),
        ("f = jax.vmap(f)  # noqa", True),
        ("f = jax.vmap(f)  # noqa: E501", False),
        ("f = jax.vmap(f)  # vjpfix: ignore[VJP001] on purpose", True),
        ("f = jax.vmap(f)  # vjpfix: ignore[VJP002]", False),
        ("# vjpfix: ignore\nf = jax.vmap(f)", True),
    ],
)
def test_comments_hide_findings_from_every_command(folder, line, hidden):
    text = program().replace("f = jax.vmap(f)", line)
    (folder / "mapped.py").write_text(text)
    assert vjpfix(folder, "check", "mapped.py").returncode == (0 if hidden else 1)
    assert (vjpfix(folder, "diff", "mapped.py").stdout == "") == hidden
    assert vjpfix(folder, "fix", "--yes", "mapped.py").returncode == 0
    assert ((folder / "mapped.py").read_text() == text) == hidden


def test_ignores_that_hide_nothing_are_reported_on_request(folder):
    (folder / "mapped.py").write_text(
        program().replace("y = f(xs)", "y = f(xs)  # vjpfix: ignore[VJP001] was needed once")
    )
    found = [("mapped.py", "VJP001"), ("mapped.py", "VJP900")]
    assert codes(folder, "mapped.py") == found[:1]
    assert codes(folder, "mapped.py", "--report-unused-ignores") == found
    assert codes(folder, "mapped.py", "--extend-select", "VJP900") == found
    configure(folder, '[tool.vjpfix]\nextend-select = ["VJP900"]\n')
    assert codes(folder, "mapped.py") == found
    result = vjpfix(folder, "fix", "--yes", "mapped.py")
    assert (result.returncode, "Fixed 1 of 2 findings" in result.stdout) == (1, True)


def test_unused_ignores_are_found_in_files_without_findings_too(folder):
    (folder / "alone.py").write_text("x = 1  # noqa: VJP001\n")
    assert codes(folder, "alone.py", "--report-unused-ignores") == [("alone.py", "VJP900")]
