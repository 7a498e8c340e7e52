"""The prefilter must never drop a file, or a name, in which the full analysis finds something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from oracle.program import generate

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


def test_a_name_of_any_length_is_found():
    data = re.sub(rb"\bf\b", b"function" * 80, (PRELUDE + FORMS["a walrus"]).encode())
    assert Prefilter.of(TABLE).suspects(data) == Suspects(frozenset({"function" * 80}))
