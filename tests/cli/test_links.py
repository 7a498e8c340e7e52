"""A module with a second name, by a link: who imports it by that name is not left behind."""

from __future__ import annotations

import pytest

from tests.cli_runs import program, vjpfix

LINKS = {
    "to the file": ("package/ops.py", "../shared/ops.py", "package.ops"),
    "to its folder": ("package", "shared", "package.ops"),
    "to a folder above it": ("package", ".", "package.shared.ops"),
}


@pytest.fixture(params=LINKS)
def project(request, tmp_path):
    link, target, name = LINKS[request.param]
    (tmp_path / ".git").mkdir()
    for path, text in (("shared/ops.py", program()), ("use.py", f"from {name} import f\n\nprint(f(1))\n")):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(target)
    return tmp_path


def test_a_name_that_others_import_by_way_of_a_link_is_not_renamed(project):
    result = vjpfix(project, "diff")
    assert (result.returncode, result.stdout) == (1, "")
    assert "is a link that gives the module a second name" in result.stderr


def test_nor_one_that_is_given_on_by_a_module_with_a_link(project):
    (project / "core.py").write_text(program())
    (project / "shared" / "ops.py").write_text("from core import f\n")
    result = vjpfix(project, "diff")
    assert (result.returncode, result.stdout) == (1, "")
    assert "is a link that gives the module a second name" in result.stderr


def test_the_refusal_names_the_direction_that_works(project):
    assert "`--rename original` keeps the name" in vjpfix(project, "diff").stderr
    assert vjpfix(project, "fix", "--yes", "--rename", "original").returncode == 0
    assert "f = jax.vmap(f_unmapped)" in (project / "shared" / "ops.py").read_text()


def test_a_link_matters_only_where_another_module_has_the_word(project):
    (project / "use.py").unlink()
    assert vjpfix(project, "fix", "--yes").returncode == 0
    assert "f_mapped = jax.vmap(f)" in (project / "shared" / "ops.py").read_text()
