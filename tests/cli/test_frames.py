"""The function that the frame of a finding names is the one that the line is in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli_runs import vjpfix

PRIMAL = "import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x.sum()\n\n\n"
READERS = {
    "the rule itself": ("def f_fwd(x):\n    return f(x), x\n", "`f_fwd` reads"),
    "a function within the rule": (
        "def f_fwd(x):\n    def body(y):\n        return f(y)\n\n    return body(x), x\n",
        "`f_fwd` reads",
    ),
    "a generator within the rule": ("def f_fwd(x):\n    return sum(f(y) for y in [x]), x\n", "`f_fwd` reads"),
    "a helper": (
        "def helper(x):\n    return f(x)\n\n\ndef f_fwd(x):\n    return helper(x), x\n",
        "`helper`, which `f_fwd` calls, reads",
    ),
    "a helper of a helper": (
        "def low(x):\n    return f(x)\n\n\ndef high(x):\n    return low(x)\n\n\n"
        "def f_fwd(x):\n    return high(x), x\n",
        "`low`, which `f_fwd` calls, reads",
    ),
    "a lambda in a helper": (
        "def helper(x):\n    return (lambda: f(x))()\n\n\ndef f_fwd(x):\n    return helper(x), x\n",
        "`helper`, which `f_fwd` calls, reads",
    ),
    "a lambda": (
        "helper = lambda x: f(x)\n\n\ndef f_fwd(x):\n    return helper(x), x\n",
        "a lambda, which `f_fwd` calls, reads",
    ),
    "a rule that a function makes": (
        "def make():\n    def rule(x):\n        return f(x), x\n\n    return rule\n\n\nf_fwd = make()\n",
        "`rule`, which `f_fwd` leads to, reads",
    ),
}


@pytest.mark.parametrize(("rules", "said"), READERS.values(), ids=READERS)
def test_the_function_that_reads_the_name_is(tmp_path: Path, rules: str, said: str) -> None:
    end = "f.defvjp(f_fwd, lambda x, g: (g,))\nf = jax.vmap(f)\n"
    (tmp_path / "f.py").write_text(f"{PRIMAL}{rules}\n\n{end}")
    (finding,) = json.loads(vjpfix(tmp_path, "check", "--output-format", "json", "f.py").stdout)["findings"]
    assert [note["message"] for note in finding["related"]] == [f"{said} `f` here: the mapped version"]
    assert f"{said} `f` here" in vjpfix(tmp_path, "check", "f.py").stdout
