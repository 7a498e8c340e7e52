"""The prefilter must never drop a file, or a name, in which the full analysis finds something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.oracles.module.program import generate
from tests.suites.contract import BAD, GOOD
from vjpfix.analyse.module import analyse
from vjpfix.analyse.suspects import Suspects
from vjpfix.analyse.transforms import table
from vjpfix.discover import decode
from vjpfix.model import VjpfixError
from vjpfix.prefilter import Prefilter
from vjpfix.rules import RULES

TABLE = table()
PROGRAMS = 400
CHUNK = 100


def findings(data: bytes, codes: tuple[str, ...], suspects: Suspects | None = None) -> list[str]:
    source = decode(Path("m.py"), Path("m.py"), data)
    facts = analyse(source.text, source.path, TABLE, suspects=suspects)
    return [f.message for rule in RULES if rule.code in codes for f in rule.find(facts, TABLE)]


@pytest.mark.parametrize("wrappers", [True, False], ids=["with VJP003", "without VJP003"])
@pytest.mark.parametrize("start", range(0, PROGRAMS, CHUNK))
def test_no_finding_of_a_generated_program_is_lost(start, wrappers):
    prefilter = Prefilter.of(TABLE, wrappers=wrappers)
    codes = ("VJP001", "VJP002", "VJP003") if wrappers else ("VJP001", "VJP002")
    for seed in range(start, start + CHUNK):
        program = generate(seed)
        data = program.before.encode(program.encoding)
        assert findings(data, codes) == findings(data, codes, prefilter.suspects(data)), f"seed {seed}"


def test_a_file_that_is_no_text_is_kept_so_that_reading_it_says_so():
    assert Prefilter.of(TABLE).suspects(b"import jax\njax.custom_vjp\x00") is None
    with pytest.raises(VjpfixError, match="NUL"):
        decode(Path("m.py"), Path("m.py"), b"jax.custom_vjp\x00")


PRELUDE = "import jax\n@jax.custom_vjp\ndef f(x): return x\ndef fwd(x): return f(x), x\ndef bwd(r, g): return (g,)\n"
FORMS = {
    "targets over several lines": "f.defvjp(fwd, bwd)\n(a,\n f) = 1, jax.vmap(f)\n",
    "a value over several lines": "f.defvjp(fwd, bwd)\nf = jax.vmap(\n    f,\n)\n",
    "a continued line": "f.defvjp(fwd, bwd)\nf = \\\n    jax.vmap(f)\n",
    "two statements on a line": "f.defvjp(fwd, bwd); f = jax.vmap(f)\n",
    "an annotation": "f.defvjp(fwd, bwd)\nf: object = jax.vmap(f)\n",
    "a chain": "f.defvjp(fwd, bwd)\ng = f = jax.vmap(f)\n",
    "a walrus": "f.defvjp(fwd, bwd)\nprint((f := jax.vmap(f)))\n",
    "a second name": "f.defvjp(fwd, bwd)\ng = jax.vmap(f)\nf = g\n",
    "a second name over several lines": "f.defvjp(fwd, bwd)\ng = jax.vmap(\n    f\n)\nf = g\n",
    "a later def": "f.defvjp(fwd, bwd)\n_f = f\ndef f(x):\n    return jax.vmap(_f)(x)\n",
    "another statement's body": "f.defvjp(fwd, bwd)\nif True: f = jax.vmap(f)\n",
    "rules attached by another name": "g = f\ng.defvjp(fwd, bwd)\nf = jax.vmap(f)\n",
    "rules attached over lines": "(f\n .defvjp(fwd, bwd))\nf = jax.vmap(f)\n",
    "a tuple": "f.defvjp(fwd, bwd)\nf, y = jax.vmap(f), 2\n",
    "carriage returns": "f.defvjp(fwd, bwd)\r\nf = jax.vmap(f)\r\n",
    "a string with brackets before": "f.defvjp(fwd, bwd)\nd['('], f = 1, jax.vmap(f)\n",
    "from a function": "f.defvjp(fwd, bwd)\ndef setup():\n    global f\n    f = jax.vmap(f)\nsetup()\n",
    "a recursive gradient": "f.defvjp(fwd, bwd)\nf = jax.jit(jax.grad(f))\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_no_finding_of_a_form_is_lost(form):
    data = (PRELUDE + FORMS[form]).encode()
    found = findings(data, ("VJP001", "VJP002"))
    assert found, "the case must have a finding"
    assert found == findings(data, ("VJP001", "VJP002"), Prefilter.of(TABLE, wrappers=False).suspects(data))


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


def in_a_function(text: str) -> str:
    """The same program in a function, below another one."""
    inner = "".join(f"    {line}" for line in text.splitlines(keepends=True))
    return f"import jax\ndef first():\n    f = 1\n    return f\ndef second():\n{inner}"


@pytest.mark.parametrize("form", OWN)
def test_no_rule_that_calls_a_version_of_its_own_function_is_lost(form):
    for text in (PRELUDE + OWN[form], in_a_function(PRELUDE + OWN[form])):
        data = text.encode()
        found = findings(data, ("VJP101", "VJP102"))
        assert found, "the case must have a finding"
        assert found == findings(data, ("VJP101", "VJP102"), Prefilter.of(TABLE).suspects(data))


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


@pytest.mark.parametrize("form", STACKED)
def test_no_transform_above_the_decorator_is_lost(form):
    start = "import jax\nfrom functools import partial\n" + STACKED[form] + "def f(x): return x\n"
    for rules in ("f.defvjp(lambda x: (f(x), x), lambda r, g: (g,))\n", "f.defvjp(\n    None, None)\n"):
        for text in (start + rules, in_a_function(start + rules)):
            data = text.encode()
            found = findings(data, ("VJP004",))
            assert len(found) == 1, "the case must have a finding"
            assert found == findings(data, ("VJP004",), Prefilter.of(TABLE).suspects(data))


def test_what_is_found_in_the_suites_is_found_after_the_byte_filter():
    cases = [case.code for found in BAD.values() for case in found.values()]
    kept = [text for found in GOOD.values() for text in found.values() if isinstance(text, str)]
    for text in [*cases, *kept]:  # but for those of two modules
        data, codes = text.encode(), ("VJP004", "VJP101", "VJP102")
        assert findings(data, codes) == findings(data, codes, Prefilter.of(TABLE).suspects(data)), text


def test_a_name_of_any_length_is_found():
    data = re.sub(rb"\bf\b", b"function" * 80, (PRELUDE + FORMS["a walrus"]).encode())
    assert Prefilter.of(TABLE).suspects(data) == Suspects(frozenset({"function" * 80}))


HEAD = "import jax\nfrom package import ops\n"
TAKEN_ELSEWHERE = {
    "an attribute": "ops.f = jax.vmap(ops.f)\n",
    "an attribute of a longer name": "import package.ops\npackage.ops.f = jax.vmap(package.ops.f)\n",
    "an attribute in a function": "def setup():\n    ops.f = jax.vmap(ops.f)\n",
    "an attribute after another statement": "x = 1; ops.f = jax.vmap(ops.f)\n",
    "an attribute in one line with its condition": "if x: ops.f = jax.vmap(ops.f)\n",
    "an attribute over several lines": "ops.f = jax.jit(\n    jax.vmap(\n        ops.f\n    )\n)\n",
    "an attribute on a continued line": "ops.f = \\\n    jax.vmap(ops.f)\n",
    "an attribute by a chain": "g = ops.f = jax.vmap(ops.f)\n",
    "an attribute by a function of the module": "def b(g): return jax.vmap(g)\nops.f = b(ops.f)\n",
    "an attribute by another name of the transform": "from jax import vmap as v\nops.f = v(ops.f)\n",
    "an attribute by a name for the transform": "v = jax.vmap\nops.f = v(ops.f)\n",
    "an attribute by a partial transform": "from functools import partial\nops.f = partial(jax.vmap)(ops.f)\n",
    "an attribute by name": "setattr(ops, 'f', jax.vmap(ops.f))\n",
    "an attribute by name over several lines": 'setattr(\n    ops,\n    "f",\n    jax.vmap(ops.f),\n)\n',
    "a module got by its name": "import importlib\nm = importlib.import_module('package.ops')\nm.f = jax.vmap(m.f)\n",
    "carriage returns": "ops.f = jax.vmap(\r\n    ops.f)\r\n",
}


@pytest.mark.parametrize("form", TAKEN_ELSEWHERE)
def test_a_file_that_takes_over_an_attribute_is_kept(form):
    look = Prefilter.of(TABLE, attributes=True, imports=False)
    assert look.reaches((HEAD + TAKEN_ELSEWHERE[form]).encode())


@pytest.mark.parametrize(
    "text",
    ["self.f = jax.vmap(self.f)\n", "ops.f = 1\n", "x.f = jax.vmap(x.f)\n", "ops.f(jax.vmap(ops.f))\n"],
)
def test_a_file_that_sets_no_attribute_of_a_module_is_dropped(text):
    assert not Prefilter.of(TABLE, attributes=True, imports=False).reaches((HEAD + text).encode())


@pytest.mark.parametrize(
    "text",
    ["f = jax.vmap(f)\n", "g = jax.vmap(f)\nf = g\n", "f: object = jax.jit(\n    jax.vmap(f))\n"],
)
def test_a_file_that_rebinds_an_import_is_kept_on_request(text):
    data = ("import jax\nfrom package.ops import f\n" + text).encode()
    assert Prefilter.of(TABLE, attributes=True, imports=True).reaches(data)
    assert not Prefilter.of(TABLE, attributes=True, imports=False).reaches(data)
