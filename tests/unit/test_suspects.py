"""What of a module is parsed for the sake of a suspect, and that nothing needed is left out."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.oracles.module.program import generate
from vjpfix.analyse.module import analyse
from vjpfix.analyse.suspects import part_for
from vjpfix.analyse.transforms import table
from vjpfix.prefilter import Prefilter

TABLE = table()

MODULE = '''\
import jax

def near(g):
    return jax.vmap(g)

def far(g):
    """Nobody calls this."""
    return jax.grad(g)

class Tests:
    size = 3

    @jax.jit
    def test_far(self):
        return far(self)

    def helper(self):
        return near

    def test_home(self):
        return self.helper()
'''


def functions(text: str) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_what_the_home_leads_to_stays_and_the_rest_goes(newline):
    part = part_for(frozenset({"test_home"}), MODULE.replace("\n", newline))
    assert functions(part) == {"near", "helper", "test_home", "_left_out"}
    assert "size = 3" in part
    assert "jax.grad" not in part


def test_functions_inside_a_home_stay_whether_they_are_named_or_not():
    text = "def home(f):\n    @f.defjvp\n    def _(p, t): ...\n    f = vmap(f)\n\ndef other():\n    pass\n"
    part = part_for(frozenset({"home"}), text)
    assert "def _(p, t)" in part
    assert "other" not in part


def test_a_nested_function_is_no_reason_to_keep_the_one_around_it():
    text = "def home():\n    f = 1\n\ndef other():\n    def f(): ...\n    return f\n"
    assert functions(part_for(frozenset({"home"}), text)) == {"home", "_left_out"}


STRANGE = {
    "a string to the left of its block": 'def g():\n    x = """\ntext\n    """\n    f = 1\n\ndef home():\n    f = 2\n',
    "a header in a string": 'def home():\n    """\n    def g():\n        text"""\n    f = home()\n',
    "brackets to the left of their block": "def g():\n    x = (\n1,\n)\n    return x\n\ndef home():\n    f = 1\n",
    "a comment to the left of its block": "def g():\n    x = 1\n# text\n    return x\n\ndef home():\n    f = 1\n",
    "a form feed before a function": "def g():\n    x = 1\n\fdef home():\n    f = 1\n",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_a_home_stays_whole_beside_strange_lines(text):
    part = part_for(frozenset({"home"}), text)
    body = ast.unparse(next(node for node in ast.parse(text).body if getattr(node, "name", "") == "home"))
    try:
        kept = [ast.unparse(node) for node in ast.parse(part).body]
    except SyntaxError:
        return  # then the whole module is looked at
    assert body in kept


FAR = "\n\ndef far_1(f):\n    '''f = vmap(f)'''\n    return f\n\n\nclass Far:\n    def far_2(self):\n        f = 1\n"


@pytest.mark.parametrize("start", range(0, 300, 100))
def test_a_finding_in_a_function_is_found_beside_functions_that_are_left_out(start):
    prefilter, cut = Prefilter.of(TABLE), 0
    for seed in range(start, start + 100):
        text = generate(seed).before + FAR
        suspects = prefilter.suspects(text.encode())
        whole = analyse(text, Path("m.py"), TABLE)
        assert analyse(text, Path("m.py"), TABLE, suspects=suspects) == whole, f"seed {seed}"
        cut += bool(suspects and suspects.homes and "far_1" not in part_for(suspects.homes, text))
    assert cut > 10, "the programs must have homes"
