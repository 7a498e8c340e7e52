"""One text without its project, and --no-importers: nobody looks at the modules that could import a name."""

from __future__ import annotations

import json
import textwrap

import pytest

from tests.cli_runs import fixed, program, vjpfix

WHY = "other modules could import `f`, and importers are not looked for"
BODY = textwrap.indent(program().removeprefix("import jax\n"), "    ")
IN_FUNCTION = f"import jax\n\n\ndef run(xs):{BODY}"
IN_CLASS = f"import jax\n\n\nclass Ops:{BODY}".replace("return f(x)", "return Ops.f(x)").replace(
    "    y = f(", "y = Ops.f("
)
HELPER = """\
import jax


@jax.custom_vjp
def _f(x):
    return x * x


def twice(x):
    return 2 * _f(x)


def _fwd(x):
    return twice(x) / 2, x


def _bwd(x, g):
    return (2 * x * g,)


_f.defvjp(_fwd, _bwd)
_f = jax.vmap(_f)
y = _f(xs)
"""
CONTRACT = program(rebinding="jax.jit({})").replace("(2 * x * g,)", "jax.numpy.cos(x)")


def filtered(text, *options):
    """Exit code, output and messages of ``vjpfix fix -``."""
    result = vjpfix(".", "fix", *options, "-", stdin=text.encode())
    return result.returncode, result.stdout, result.stderr


@pytest.mark.parametrize("command", ["fix", "diff", "check"])
def test_a_name_that_others_could_import_is_not_changed_in_a_text_that_comes_alone(tmp_path, command):
    result = vjpfix(tmp_path, command, "-", stdin=program().encode())
    assert result.returncode == 1
    assert result.stdout == (program() if command == "fix" else "") or command == "check"
    assert f"{WHY}; `--rename original` keeps `f` for them" in result.stdout + result.stderr
    assert "--unsafe-fixes" in result.stdout + result.stderr


def test_it_is_changed_where_unsafe_fixes_are_asked_for():
    assert filtered(program(), "--unsafe-fixes")[:2] == (0, fixed())


def test_it_is_the_original_that_gets_the_new_name_where_that_is_asked_for():
    code, out, _ = filtered(program(), "--rename", "original")
    assert (code, "f = jax.vmap(f_unmapped)\ny = f(xs)\n" in out) == (0, True)


def test_a_name_that_starts_with_an_underscore_is_changed():
    code, out, _ = filtered(program("_f"))
    assert (code, out) == (0, fixed("_f", "_f_mapped"))


def test_a_name_of_a_function_is_changed():
    code, out, _ = filtered(IN_FUNCTION)
    assert (code, "    f_mapped = jax.vmap(f)\n" in out) == (0, True)


def test_a_name_of_a_class_is_not_changed():
    code, out, said = filtered(IN_CLASS)
    assert (code, out) == (1, IN_CLASS)
    assert WHY in said
    assert filtered(IN_CLASS, "--unsafe-fixes")[0] == 0


def test_a_function_that_a_rule_calls_and_others_could_import_is_a_reason_as_well():
    for option in ("transformed", "original"):
        code, out, said = filtered(HELPER, "--rename", option)
        assert (code, out) == (1, HELPER)
        assert "other modules could import `twice`" in said
        assert "keeps" not in said
    assert filtered(HELPER.replace("twice", "_twice"))[0] == 0


def test_a_rule_that_would_return_something_else_is_a_reason_as_well():
    code, out, said = filtered(CONTRACT)
    assert (code, out) == (1, CONTRACT)
    assert "other modules could import `f_bwd`" in said
    assert filtered(CONTRACT.replace("f_bwd", "_f_bwd"))[0] == 0


def test_programs_are_told_that_such_a_fix_is_unsafe(tmp_path):
    result = vjpfix(tmp_path, "check", "--output-format", "json", "-", stdin=program().encode())
    (finding,) = json.loads(result.stdout)["findings"]
    assert finding["fix"]["safety"] == "unsafe"
    assert finding["fix"]["reason"].startswith(WHY)


ELSEWHERE = "import jax\nimport ops\n\nops.g = jax.vmap(ops.g)\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "taken.py").write_text(program())
    (tmp_path / "ops.py").write_text(program("g", "jax.jit({})"))
    (tmp_path / "elsewhere.py").write_text(ELSEWHERE)
    (tmp_path / "user.py").write_text("from taken import f\n\nprint(f(1))\n")
    return tmp_path


@pytest.mark.parametrize(
    "paths",
    [["taken.py"], ["taken.py", "elsewhere.py"], ["elsewhere.py", "taken.py"], ["."]],
    ids=" ".join,
)
def test_no_importers_holds_whatever_other_files_do(project, paths):
    before = {path.name: path.read_text() for path in project.glob("*.py")}
    result = vjpfix(project, "fix", "--yes", "--unsafe-fixes", "--no-importers", "--select", "VJP001", *paths)
    assert result.returncode == 1
    assert WHY in " ".join(result.stdout.split())
    assert {path.name: path.read_text() for path in project.glob("*.py")} == before
    assert vjpfix(project, "fix", "--yes", "--select", "VJP001", *paths).returncode == 0
    assert "f_mapped(1)" in (project / "user.py").read_text()
