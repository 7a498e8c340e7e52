"""Programs in which a filter of bytes could miss what is wrong, written by hand, and what it has to leave out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.oracles.spliced.promises import dumped
from tests.oracles.spliced.spelled import SPELLED
from tests.suites.suite import broken
from vjpfix.config import Config, ExtraDerivative, ExtraTransform
from vjpfix.model import Finding, Refusal, Report
from vjpfix.pipeline import run
from vjpfix.rules import RULES
from vjpfix.rules.base import Rule
from vjpfix.settings import settings

BROKEN = [text for rule in RULES if rule.contract for text in broken(rule.code).values()]
BROKEN += [example.code for rule in RULES if rule.contract for example in rule.bad]

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


TAKEN = {
    "targets over several lines": RULED + "(a,\n f) = 1, jax.vmap(f)\n",
    "a value over several lines": RULED + "f = jax.vmap(\n    f,\n)\n",
    "a continued line": RULED + "f = \\\n    jax.vmap(f)\n",
    "two statements on a line": PRELUDE + "f.defvjp(fwd, bwd); f = jax.vmap(f)\n",
    "an annotation": RULED + "f: object = jax.vmap(f)\n",
    "a chain": RULED + "g = f = jax.vmap(f)\n",
    "a walrus": RULED + "print((f := jax.vmap(f)))\n",
    "a walrus on the second line": RULED + "print(\n    f := jax.vmap(f)\n)\n",
    "a second name": RULED + "g = jax.vmap(f)\nf = g\n",
    "a second name over several lines": RULED + "g = jax.vmap(\n    f\n)\nf = g\n",
    "a compiled mapped version": RULED + "f_rows = jax.vmap(f)\nf = jax.jit(f_rows)\n",
    "a transform whose name contains jit": RULED + "from jax import vmap as my_jit\nf = my_jit(f)\n",
    "a transform that is called jit": RULED + "from jax import vmap as jit\nf = jit(f)\n",
    "a module that is called jit": RULED + "import jax as jit\nf = jit.vmap(f)\n",
    "a later def": RULED + "_f = f\ndef f(x):\n    return jax.vmap(_f)(x)\n",
    "another statement's body": RULED + "if True: f = jax.vmap(f)\n",
    "rules attached by another name": PRELUDE + "g = f\ng.defvjp(fwd, bwd)\nf = jax.vmap(f)\n",
    "rules attached over lines": PRELUDE + "(f\n .defvjp(fwd, bwd))\nf = jax.vmap(f)\n",
    "a comment before the setter": PRELUDE + "(f  # rules\n .defvjp(fwd, bwd))\nf = jax.vmap(f)\n",
    "a comment in a target": RULED + "(a,  # one\n f  # two\n) = 1, jax.vmap(f)\n",
    "form feeds": PRELUDE + "\ff\f.\fdefvjp(fwd, bwd)\nf\f=\fjax.vmap(f)\n",
    "a tuple": RULED + "f, y = jax.vmap(f), 2\n",
    "carriage returns": RULED + "\r\nf = jax.vmap(f)\r\n",
    "a string with brackets before": RULED + "d['('], f = 1, jax.vmap(f)\n",
    "a string with a quote before": RULED + 's = "\\""; f = jax.vmap(f)\n',
    "a string with a quote behind": RULED + 'f = jax.vmap(f); s = "\\""\n',
    "a string with a comment sign before": RULED + 's = "#"; f = jax.vmap(f)\n',
    "from a function": RULED + "def setup():\n    global f\n    f = jax.vmap(f)\nsetup()\n",
    "from a function, behind a tab": RULED + "def setup():\n\tglobal\tf\n\tf = jax.vmap(f)\nsetup()\n",
    "from a function, on a continued line": RULED
    + "def setup():\n    global \\\n        f\n    f = jax.vmap(f)\nsetup()\n",
    "a recursive gradient": RULED + "f = jax.jit(jax.grad(f))\n",
    "letters of full width": RULED + "ｆ = jax.vmap(ｆ)\n",
    "a maker in letters of full width": RULED.replace("custom_vjp", "ｃｕｓｔｏｍ_ｖｊｐ")
    + "f = jax.vmap(f)\n",
    "by the names of the module": RULED + "globals()['f'] = jax.vmap(f)\n",
}
OWN = {
    "grad in a rule": "def bwd(r, g): return (g * jax.grad(f)(r),)\nf.defvjp(fwd, bwd)\n",
    "vjp in a rule": "def fwd(x):\n    return jax.vjp(\n        f,\n        x)\nf.defvjp(fwd, bwd)\n",
    "in a lambda": "f.defvjp(fwd,\n    lambda r, g: (jax.grad(f)(r),))\n",
    "in a helper": "def slope(x): return jax.grad(f)(x)\ndef bwd(r, g): return (slope(r),)\nf.defvjp(fwd, bwd)\n",
    "by a keyword": "def bwd(r, g): return (jax.grad(fun=f)(r),)\nf.defvjp(fwd, bwd)\n",
    "of a partial": "from functools import partial\ndef bwd(r, g): return (jax.grad(partial(f))(r),)\nf.defvjp(fwd, bwd)\n",
    "by a name of the rule's own": "def bwd(r, g):\n    df = jax.grad(f)\n    return (df(r),)\nf.defvjp(fwd, bwd)\n",
    "an alias": "g = jax.vmap(f)\ndef fwd(x): return g(x), x\nf.defvjp(fwd, bwd)\n",
    "an alias over several lines": "g = jax.vmap(\n    f,\n)\ndef fwd(x): return g(x), x\nf.defvjp(fwd, bwd)\n",
    "an alias in a tuple": "g, h = jax.vmap(f), 1\ndef fwd(x): return g(x), x\nf.defvjp(fwd, bwd)\n",
    "an alias below the rules": "def fwd(x): return g(x), x\nf.defvjp(fwd, bwd)\ng = jax.jit(jax.vmap(f))\n",
    "rules attached by another name": "g = f\ng.defvjp(lambda x: (g(x), x), lambda r, c: (jax.grad(g)(r),))\n",
    "carriage returns": "f.defvjp(fwd,\r\n    lambda r, g: (jax.grad(f)(r),))\r\n",
}
STACKED = {
    "a comment between": "@jax.vmap\n# rows\n\n@jax.custom_vjp\n",
    "over several lines": "@partial(\n    jax.vmap,\n    in_axes=(0,),\n)\n@jax.custom_vjp\n",
    "a closing bracket in a string": "@partial(jax.named_call, name=')')\n@jax.custom_vjp\n",
    "a custom-derivative decorator over several lines": "@jax.vmap\n@partial(\n    jax.custom_vjp,\n)\n",
    "a decorator below as well": "@jax.vmap\n@jax.custom_vjp\n@jax.jit\n",
    "several": "@jax.jit\n@jax.vmap\n@jax.custom_vjp\n",
    "another name of the decorator": "from jax import custom_vjp as rules\n@jax.vmap\n@rules\n",
    "a continued line": "@jax.\\\n  vmap\n@jax.custom_vjp\n",
    "carriage returns": "@jax.vmap\r\n@jax.custom_vjp\r\n",
}
UNUSUAL = {
    "a maker that a function gives back": "def make(g):\n    return jax.custom_vjp(g)\nf = make(lambda x: x)\ny = f(2.0)\n",
    "a transform that a function gives back": RIGHT
    + "def get():\n    return jax.jacfwd\nh = get()\ny = h(f)(2.0)\n",
    "rules attached in a function": "@jax.custom_vjp\ndef f(x): return x\ndef setup():\n"
    "    f.defvjp(lambda x: (x, x), lambda r, g: (g, g))\nsetup()\n",
    "a list comprehension as an element": "@jax.custom_vjp\ndef f(x): return x\n"
    "f.defvjp(lambda x: (x, x), lambda r, g: [sum(x for x in g), 1])\n",
    "a bound walrus": "@jax.custom_vjp\ndef f(x): return x\n(h := f)\nh.defvjp(lambda x: (x,), lambda r, g: (g,))\n",
    "rules of what a walrus names": "def g(x): return x\n(h := jax.custom_vjp(g)).defvjp(lambda x: (x,), lambda r, c: (c,))\n",
    "a transform in an f-string": RIGHT + "print(f'{jax.jacfwd(f)(2.0)}')\n",
    "rules attached by a partial application": "from functools import partial\n@jax.custom_jvp\ndef f(x): return x\n"
    "@partial(f.defjvp, symbolic_zeros=True)\ndef f_jvp(primals):\n    return primals[0], primals[0]\n",
    "used only in a function": "@jax.custom_vjp\ndef f(x): return x\ndef use():\n    return f(2.0)\n",
    "a name that is not ASCII": "def größe():\n    @jax.custom_vjp\n    def f(x): return x\n    return f(2.0)\n",
}


def in_a_function(text: str) -> str:
    """The same program in a function, below another one."""
    inner = "".join(f"    {line}" for line in text.splitlines(keepends=True))
    return f"import jax\ndef first():\n    f = 1\n    return f\ndef second():\n{inner}"


@pytest.mark.parametrize("form", TAKEN)
def test_a_name_that_is_taken_over_is_found_however_that_is_written(form, tmp_path):
    (finding,) = found(tmp_path, TAKEN[form], ("VJP001", "VJP002", "VJP005"))
    assert finding.subject == "f"


@pytest.mark.parametrize("form", OWN)
def test_a_rule_that_calls_a_version_of_its_own_function_is_found(form, tmp_path):
    for text in (PRELUDE + OWN[form], in_a_function(PRELUDE + OWN[form])):
        assert found(tmp_path, text, ("VJP101", "VJP102"))


@pytest.mark.parametrize("form", STACKED)
def test_a_transform_above_the_decorator_is_found(form, tmp_path):
    start = "import jax\nfrom functools import partial\n" + STACKED[form] + "def f(x): return x\n"
    for rules in ("f.defvjp(lambda x: (f(x), x), lambda r, g: (g,))\n", "f.defvjp(\n    None, None)\n"):
        for text in (start + rules, in_a_function(start + rules)):
            assert len(found(tmp_path, text, ("VJP004",))) == 1


@pytest.mark.parametrize("form", UNUSUAL)
def test_a_broken_contract_is_found_where_it_is_written_in_an_unusual_way(form, tmp_path):
    assert found(tmp_path, "import jax\n" + UNUSUAL[form], ("VJP2", "VJP303"))


def test_a_name_of_any_length_is_found(tmp_path):
    name = "function" * 80
    text = (
        f"import jax\n@jax.custom_vjp\ndef {name}(x): return x\n"
        f"{name}.defvjp(lambda x: ({name}(x), x), lambda r, g: (g,))\n{name} = jax.vmap({name})\n"
    )
    (finding,) = found(tmp_path, text, ("VJP001",))
    assert finding.subject == name


OPS = RULED + "def helper(g): return g\n"
HEAD = "import jax\nfrom package import ops\n"
ELSEWHERE = {
    "an attribute": HEAD + "ops.f = jax.vmap(ops.f)\n",
    "an attribute of a longer name": "import jax\nimport package.ops\npackage.ops.f = jax.vmap(package.ops.f)\n",
    "an attribute in a function": HEAD + "def setup():\n    ops.f = jax.vmap(ops.f)\nsetup()\n",
    "an attribute after another statement": HEAD + "x = 1; ops.f = jax.vmap(ops.f)\n",
    "an attribute in one line with its condition": HEAD + "if x: ops.f = jax.vmap(ops.f)\n",
    "an attribute over several lines": HEAD + "ops.f = jax.jit(\n    jax.vmap(\n        ops.f\n    )\n)\n",
    "an attribute on a continued line": HEAD + "ops.f = \\\n    jax.vmap(ops.f)\n",
    "an attribute in brackets over lines": HEAD
    + "(ops  # of the package\n .  # its\n f  # function\n ) = jax.vmap(ops.f)\n",
    "an attribute by a chain": HEAD + "g = ops.f = jax.vmap(ops.f)\n",
    "an attribute by a function of the module": HEAD + "def b(g): return jax.vmap(g)\nops.f = b(ops.f)\n",
    "an attribute by another name of the transform": HEAD + "from jax import vmap as v\nops.f = v(ops.f)\n",
    "an attribute by a name for the transform": HEAD + "v = jax.vmap\nops.f = v(ops.f)\n",
    "an attribute by a partial transform": HEAD
    + "from functools import partial\nops.f = partial(jax.vmap)(ops.f)\n",
    "an attribute by a name for the version": HEAD + "g = jax.vmap(\n    ops.f)\nops.f = g\n",
    "an attribute by name": HEAD + "setattr(ops, 'f', jax.vmap(ops.f))\n",
    "an attribute by an escaped name": HEAD + "setattr(ops, '\\x66', jax.vmap(ops.f))\n",
    "an attribute by name over several lines": HEAD
    + 'setattr(\n    ops,\n    "f",\n    jax.vmap(ops.f),\n)\n',
    "a module got by its name": "import importlib\nimport jax\nm = importlib.import_module('package.ops')\n"
    "m.f = jax.vmap(m.f)\n",
    "a module that is called self": "import jax\nfrom package import ops as self\nself.f = jax.vmap(self.f)\n",
    "carriage returns": HEAD + "ops.f = jax.vmap(\r\n    ops.f)\r\n",
}


@pytest.mark.parametrize("spelling", SPELLED)
def test_a_name_that_another_module_takes_over_is_found_however_that_is_spelled(spelling, tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    written(package, {"__init__.py": "", "ops.py": OPS})
    names = {}
    for number, (form, text) in enumerate(ELSEWHERE.items()):
        data = SPELLED[spelling](text)
        if dumped(data.encode() if isinstance(data, str) else data) == dumped(text.encode()):
            names[f"use_{number}.py"] = form
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


@pytest.mark.parametrize(
    "text", ["f = jax.vmap(f)\n", "g = jax.vmap(f)\nf = g\n", "f: object = jax.jit(\n    jax.vmap(f))\n"]
)
def test_an_imported_name_that_is_rebound_is_found_on_request(text, tmp_path):
    written(tmp_path, {"ops.py": OPS, "use.py": "import jax\nfrom ops import f\n" + text})
    assert checked(tmp_path).findings == ()
    (finding,) = checked(tmp_path, "use.py", extend_select=("VJP006",)).findings
    assert finding.rule == "VJP006"


@pytest.mark.parametrize("text", ["ops.g = jax.vmap(ops.f)\n", "class A:\n    f = 1\nA.f = jax.vmap(A.f)\n"])
def test_what_takes_no_name_of_another_module_over_is_left_alone(text, tmp_path):
    written(tmp_path, {"ops.py": OPS, "use.py": "import jax\nimport ops\n" + text})
    assert checked(tmp_path).findings == ()


def test_an_importer_that_spells_a_name_in_other_letters_is_not_left_behind(tmp_path):
    written(tmp_path, {"ops.py": RULED + "f = jax.vmap(f)\n", "use.py": "from ops import ｆ\nprint(ｆ(1))\n"})
    (outcome,) = checked(tmp_path, "ops.py").outcomes
    assert isinstance(outcome, Refusal)
    assert {note.path.name for note in outcome.reasons} == {"use.py"}


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


def test_what_functions_close_over_is_only_looked_for_where_that_is_asked_for(tmp_path):
    written(tmp_path, {"m.py": next(iter(broken("VJP301").values()))})
    for select in ((), ("VJP301",)):
        report = checked(tmp_path, select=select)
        assert [finding.rule for finding in report.findings] == list(select)


@pytest.mark.parametrize(
    ("like", "codes"),
    [
        ("jax.custom_vjp", {"VJP201", "VJP202", "VJP203", "VJP204", "VJP303"}),
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
