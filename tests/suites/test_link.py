"""Which uses in another module a fix follows, which it does not mistake for one, and where it stops."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from vjpfix.config import load
from vjpfix.model import Change, Refusal
from vjpfix.pipeline import combine, run
from vjpfix.settings import settings

OPS = """
import jax

@jax.custom_vjp
def f(x):
    return x * x

def helper(x):
    return f(x)

f.defvjp(lambda x: (helper(x), x), lambda x, g: (2 * x * g,))
f = jax.vmap(f)
"""
CLASS_OPS = """
import jax

class Ops:
    @jax.custom_vjp
    def f(x):
        return x * x

    f.defvjp(lambda x: (Ops.f(x), x), lambda x, g: (2 * x * g,))
    f = jax.vmap(f)
"""
USES = {
    "from package.ops import f": "from package.ops import f\n",
    "from package.ops import f as g": "from package.ops import f as g\n",
    "from package.ops import *": "from package.ops import *\nprint(f)\n",
    "from package import ops": "from package import ops\nprint(ops.f)\n",
    "from package import ops as o": "from package import ops as o\nprint(o.f)\n",
    "from . import ops": "from . import ops\nprint(ops.f)\n",
    "from .ops import f": "from .ops import f\n",
    "import package.ops": "import package.ops\nprint(package.ops.f)\n",
    "import package.ops as o": "import package.ops as o\nprint(o.f)\n",
    "a package that imported it": "import package\nprint(package.ops.f)\n",
    "import in a function": "def late():\n    from package.ops import f\n    return f\n",
    "import under a condition": "try:\n    from package.ops import f\nexcept ImportError:\n    f = None\n",
    "importlib": "import importlib\nprint(importlib.import_module('package.ops').f)\n",
    "mock.patch": "from unittest import mock\nmock.patch('package.ops.f')\n",
}
STUCK = {
    "a helper of the rules": "from package.ops import helper\nprint(helper, 'f')\n",
    "a module that cannot be read": "from package.ops import f\nprint f\n",
    "the module passed on": "from package import ops\nprint(vars(ops), 'f')\n",
}
NO_USES = {
    "another name of the module": "from package.ops import g\nprint(f)\n",
    "another module's name": "from package.other import f\nprint('ops')\n",
    "the words alone": "# ops.f and f of ops\nops = f = 1\n",
    "an attribute of something else": "import package.things\nprint(package.things.f)\n",
}


def outcome(folder: Path, module: str, ops: str, other: str) -> Change | Refusal:
    package = folder / "package"
    package.mkdir()
    (folder / "pyproject.toml").write_text("")
    (package / "__init__.py").write_text("")
    (package / module).write_text(textwrap.dedent(ops))
    (package / "user.py").write_text(other)
    path = package / module
    (found,) = run([path], settings(load(path))).outcomes
    return found


@pytest.mark.parametrize("use", USES)
def test_a_use_in_another_module_is_part_of_the_change(tmp_path, use):
    found = outcome(tmp_path, "ops.py", OPS, USES[use])
    assert isinstance(found, Change)
    assert {path.name for path in found.paths} == {"ops.py", "user.py"}


@pytest.mark.parametrize("use", STUCK)
def test_a_use_that_cannot_be_followed_is_a_reason_to_refuse(tmp_path, use):
    found = outcome(tmp_path, "ops.py", OPS, STUCK[use])
    assert isinstance(found, Refusal)
    assert {reason.path.name for reason in found.reasons} == {"user.py"}


@pytest.mark.parametrize("use", NO_USES)
def test_what_only_looks_like_a_use_is_none(tmp_path, use):
    found = outcome(tmp_path, "ops.py", OPS, NO_USES[use])
    assert isinstance(found, Change)
    assert {path.name for path in found.paths} == {"ops.py"}


@pytest.mark.parametrize(
    "use", ["from package import f\n", "from . import f\n", "import package\nprint(package.f)\n"]
)
def test_names_of_a_package_are_found_through_the_package(tmp_path, use):
    found = outcome(tmp_path, "__init__.py", OPS, use)
    assert isinstance(found, Change)
    assert {path.name for path in found.paths} == {"__init__.py", "user.py"}


def test_a_name_of_a_class_is_found_through_the_class(tmp_path):
    found = outcome(tmp_path, "ops.py", CLASS_OPS, "from package.ops import Ops\nprint(Ops.f)\n")
    assert isinstance(found, Change)
    assert {path.name for path in found.paths} == {"ops.py", "user.py"}


def test_a_name_of_a_function_is_nobody_elses(tmp_path):
    ops = "def make():\n" + textwrap.indent(OPS, "    ") + "    return f\n"
    assert isinstance(outcome(tmp_path, "ops.py", ops, "from package.ops import f\n"), Change)


def test_an_importer_that_is_excluded_from_changes_is_a_reason_to_refuse(tmp_path):
    outcome(tmp_path, "ops.py", OPS, USES["from package.ops import f"])
    (tmp_path / "pyproject.toml").write_text("[tool.vjpfix]\nexclude = ['user.py']\n")
    path = tmp_path / "package" / "ops.py"
    (found,) = run([path], settings(load(path))).outcomes
    assert isinstance(found, Refusal)
    assert "excluded" in found.reasons[0].message


def test_code_that_does_not_spell_the_name_but_looks_all_names_up_is_a_reason_to_refuse(tmp_path):
    use = "from package import ops\nfor name in dir(ops):\n    print(getattr(ops, name))\n"
    assert isinstance(outcome(tmp_path, "ops.py", OPS, use), Refusal)


def test_a_module_passed_on_is_a_reason_where_something_unknown_is_asked_for_the_name(tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "run.py").write_text("def run(module):\n    return module.f(1)\n")
    (tmp_path / "package" / "go.py").write_text("from . import ops, run\nrun.run(ops)\n")
    (tmp_path / "package" / "ops.py").write_text(OPS)
    (tmp_path / "pyproject.toml").write_text("")
    (found,) = run([tmp_path], settings(load(tmp_path))).outcomes
    assert isinstance(found, Refusal)
    assert {reason.path.name for reason in found.reasons} == {"go.py"}


def test_importers_in_other_projects_of_the_repository_are_part_of_the_change(tmp_path):
    (tmp_path / ".git").mkdir()
    for name in ("one", "two"):
        (tmp_path / name / name).mkdir(parents=True)
        (tmp_path / name / "pyproject.toml").write_text("")
        (tmp_path / name / name / "__init__.py").write_text("")
    (tmp_path / "one" / "one" / "ops.py").write_text(OPS)
    (tmp_path / "two" / "two" / "user.py").write_text("from one.ops import f\n")
    (found,) = run([tmp_path / "one"], settings(load(tmp_path / "one"))).outcomes
    assert isinstance(found, Change)
    assert {path.name for path in found.paths} == {"ops.py", "user.py"}


def test_without_importers_a_name_that_others_could_import_is_refused(tmp_path):
    for helper in ("helper", "_helper"):  # which a fix changes as well, whatever gets the new name
        (tmp_path / "ops.py").write_text(OPS.replace("helper", helper))
        for original in (False, True):
            chosen = settings(load(tmp_path), importers=False, original=original)
            (found,) = run([tmp_path], chosen).outcomes
            assert isinstance(found, Change) is (original and helper == "_helper")


def test_documentation_that_refers_to_the_name_is_told_and_left(tmp_path):
    use = '"""See :func:`f`, :func:`package.ops.f` and :func:`other.f`."""\nfrom package.ops import f\n'
    found = outcome(tmp_path, "ops.py", OPS, use)
    assert isinstance(found, Change)
    assert "documentation refers to `f` and is left as it is" in found.reason
    assert found.reason.count("user.py:1") == 2


def test_references_in_docstrings_change_on_request_and_those_in_comments_do_not(tmp_path):
    use = (
        "# :func:`~package.ops.f`\r\nfrom package.ops import f\r\n\r\n\r\n"
        'def g(x):\r\n    r"""Calls :func:`f`,\r\n    that is :py:func:`package.ops.f` (not :func:`other.f`)."""\r\n'
        "    return f(x)  # :func:`f`\r\n"
    )
    ops = OPS.replace("return f(x)", '"""What the rule of :func:`f` calls."""\n    return f(x)')
    for name, text in (("__init__.py", ""), ("ops.py", ops), ("user.py", use)):
        (tmp_path / "package").mkdir(exist_ok=True)
        (tmp_path / "package" / name).write_bytes(text.encode())
    chosen = settings(load(tmp_path), docstrings=True)
    report = run([tmp_path], chosen)
    (found,) = report.outcomes
    assert isinstance(found, Change)
    assert "user.py:1, " in found.reason
    assert "user.py:8)" in found.reason
    assert "ops.py" not in found.reason
    files = {file.source.path.name: file.text for file in combine([found], report, chosen)}
    assert files["user.py"] == (
        use.replace("import f\r", "import f_mapped\r")
        .replace("Calls :func:`f`", "Calls :func:`f_mapped`")
        .replace(":py:func:`package.ops.f`", ":py:func:`package.ops.f_mapped`")
        .replace("return f(x)", "return f_mapped(x)")
    )
    assert "What the rule of :func:`f` calls." in files["ops.py"]
