"""What is found however it is spelled, and what only part of the rules or of the files is looked at for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.oracles.spliced.promises import dumped
from tests.oracles.spliced.spelled import SPELLED
from tests.suites.reading import cases
from tests.suites.suite import broken
from vjpfix.config import Config, ExtraDerivative, ExtraTransform
from vjpfix.model import Finding, Report
from vjpfix.pipeline import run
from vjpfix.rules import RULES
from vjpfix.rules.base import Rule
from vjpfix.settings import settings

CONTRACT = [rule for rule in RULES if rule.code.startswith(("VJP2", "VJP3"))]
BROKEN = [text for rule in CONTRACT for text in broken(rule.code).values()]
BROKEN += [example.code for rule in CONTRACT for example in rule.bad]

SPELLINGS = tuple(cases(Path(__file__).with_name("spelled.txt"), "spelled", {}))
ELSEWHERE = [case for case in SPELLINGS if case.words("select") == ("VJP005",)]
HERE = [case for case in SPELLINGS if case not in ELSEWHERE]

PRELUDE = "import jax\n@jax.custom_vjp\ndef f(x): return x\ndef fwd(x): return f(x), x\ndef bwd(r, g): return (g,)\n"
RULED = PRELUDE + "f.defvjp(fwd, bwd)\n"
RIGHT = "@jax.custom_vjp\ndef f(x): return x\nf.defvjp(lambda x: (x, x), lambda r, g: (g,))\n"


def written(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def checked(folder: Path, *paths: str, **options: object) -> Report:
    config = Config(**{"root": folder, **options})  # type: ignore[arg-type]
    return run([folder / path for path in paths or ("",)], settings(config))


def found(folder: Path, text: str | bytes, codes: Sequence[str]) -> list[Finding]:
    written(folder, {"m.py": text})
    report = checked(folder, select=tuple(codes))
    assert not report.problems
    return list(report.findings)


def in_a_function(text: str) -> str:
    """The same program in a function, below another one."""
    inner = "".join(f"    {line}" for line in text.splitlines(keepends=True))
    return f"import jax\ndef first():\n    f = 1\n    return f\ndef second():\n{inner}"


@pytest.mark.parametrize("case", HERE, ids=str)
def test_what_is_wrong_is_found_however_it_is_written(case, tmp_path):
    codes = case.words("select")
    nested = [in_a_function(case.text)] if {"VJP004", "VJP101"}.intersection(codes) else []
    for text in (case.text, *nested):
        seen = found(tmp_path, text, codes)
        assert seen
        if "VJP001" in codes:
            assert [each.subject for each in seen] == ["f"]
        assert len(seen) == 1 or "VJP004" not in codes


def test_a_name_of_any_length_is_found(tmp_path):
    name = "function" * 80
    text = (
        f"import jax\n@jax.custom_vjp\ndef {name}(x): return x\n"
        f"{name}.defvjp(lambda x: ({name}(x), x), lambda r, g: (g,))\n{name} = jax.vmap({name})\n"
    )
    (finding,) = found(tmp_path, text, ("VJP001",))
    assert finding.subject == name


OPS = RULED + "def helper(g): return g\n"


@pytest.mark.parametrize("spelling", SPELLED)
def test_a_name_that_another_module_takes_over_is_found_however_that_is_spelled(spelling, tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    written(package, {"__init__.py": "", "ops.py": OPS})
    names = {}
    for number, case in enumerate(ELSEWHERE):
        data = SPELLED[spelling](case.text)
        if dumped(data.encode() if isinstance(data, str) else data) == dumped(case.text.encode()):
            names[f"use_{number}.py"] = case.name
            written(tmp_path, {f"use_{number}.py": data})
    seen = {finding.path.name for finding in checked(tmp_path, select=("VJP005",)).findings}
    assert {names[name] for name in seen} == {*names.values()}
    alone = {name for name in names if checked(tmp_path, name, select=("VJP005",)).findings}
    assert alone == seen


@pytest.mark.parametrize("text", ["ops.f = helper(ops.f)\n", "setattr(ops, 'f', jax.jit(ops.f))\n"])
def test_a_wrapper_that_another_module_puts_over_a_name_is_found_on_request(text, tmp_path):
    written(tmp_path, {"ops.py": OPS, "use.py": "import jax\nimport ops\nfrom ops import helper\n" + text})
    assert checked(tmp_path).findings == ()
    (finding,) = checked(tmp_path, extend_select=("VJP003",)).findings
    assert (finding.rule, finding.path.name) == ("VJP003", "use.py")


def test_a_file_that_cannot_be_read_and_may_take_a_name_over_is_a_problem(tmp_path):
    written(tmp_path, {"ops.py": OPS, "use.py": "import jax\nimport ops\nops.f = jax.vmap(ops.f\n"})
    (problem,) = checked(tmp_path).problems
    assert problem.path == tmp_path / "use.py"


@pytest.mark.parametrize("data", [b"import jax\njax.custom_vjp\x00", b"# coding: nosuch\njax.custom_vjp\n"])
def test_a_file_that_is_no_text_is_a_problem(data, tmp_path):
    written(tmp_path, {"m.py": data})
    assert len(checked(tmp_path).problems) == 1


def test_a_file_with_rules_in_a_newer_syntax_is_a_problem_for_it_was_not_read(tmp_path):
    newer = "def of[T](x: T) -> T:\n    return x\n"
    if dumped(newer.encode()):
        newer = "match match match:\n"  # of no Python
    written(tmp_path, {"with_rules.py": "import jax\n" + RIGHT + newer, "other.py": "import jax\n" + newer})
    (problem,) = checked(tmp_path).problems
    assert problem.path == tmp_path / "with_rules.py"


@pytest.mark.parametrize(
    ("like", "codes"),
    [
        ("jax.custom_vjp", {"VJP201", "VJP202", "VJP203", "VJP204", "VJP301", "VJP303"}),
        ("jax.custom_gradient", set()),
    ],
)
def test_a_decorator_of_ones_own_is_held_to_the_contract_of_what_it_is_like(tmp_path, like, codes):
    for number, text in enumerate(BROKEN):
        if "jax.custom_vjp" in text and "jax.custom_jvp" not in text:
            text = text.replace("import jax\n", "import jax\nfrom mine import rules\n", 1)
            written(tmp_path, {f"case_{number}.py": text.replace("jax.custom_vjp", "rules")})
    own = Config(root=tmp_path, custom_derivatives=(ExtraDerivative("mine.rules", like),))
    assert {f.rule for f in run([tmp_path], settings(own, importers=False)).findings} == codes


def test_a_decorator_that_is_not_known_is_held_to_no_contract(tmp_path):
    for number, text in enumerate(BROKEN):
        text = text.replace("import jax\n", "import jax\nimport mine\n", 1)
        written(tmp_path, {f"case_{number}.py": text.replace("jax.custom_", "mine.custom_")})
    assert run([tmp_path], settings(Config(root=tmp_path), importers=False)).findings == ()


def test_a_transform_of_ones_own_is_found_where_another_module_uses_it(tmp_path):
    text = "import ops\nfrom mine.lib import rows\nops.f = rows(ops.f)\n"
    written(tmp_path, {"ops.py": OPS, "use.py": text})
    own = ExtraTransform("mine.lib.rows", "maps", "rows")
    assert [f.rule for f in checked(tmp_path, transforms=(own,)).findings] == ["VJP005"]
    assert checked(tmp_path).findings == ()


def test_an_unused_suppression_of_a_plug_in_is_found(tmp_path):
    written(tmp_path, {"m.py": "x = 1  # noqa: LAB001\n"})
    chosen = settings(Config(root=tmp_path), rules=(*RULES, _Lab()), report_unused=True)
    assert [finding.rule for finding in run([tmp_path], chosen).findings] == ["VJP900"]


class _Lab(Rule):
    """Finds nothing."""

    code = "LAB001"
    name = "lab"

    def find(self, *_: object) -> Iterator[Finding]:
        return iter(())
