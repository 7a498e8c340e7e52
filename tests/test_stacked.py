"""The fix of VJP004 where only bytes tell: line ends, the end of the file, comments, other modules."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runs import vjpfix

from vjpfix.config import Config
from vjpfix.model import Change, Refusal
from vjpfix.pipeline import combine, run_data
from vjpfix.settings import settings

PATH = Path("m.py")
SETTINGS = settings(Config(root=Path("/nowhere"), select=("VJP004",)))
HEAD = "import functools, jax\n"
RULES = "f.defvjp(lambda x: (f(x), x), lambda x, g: (g,))"
DEF = "@jax.custom_vjp\ndef f(x): return x\n"

SAME_BUT_MOVED = {
    "carriage returns": (
        f"{HEAD}@jax.vmap\n{DEF}{RULES}\nf(1)\n".replace("\n", "\r\n"),
        f"{HEAD}{DEF}{RULES}\nf_mapped = jax.vmap(f)\nf_mapped(1)\n".replace("\n", "\r\n"),
    ),
    "no end of the last line": (
        f"{HEAD}@jax.vmap\n{DEF}{RULES}",
        f"{HEAD}{DEF}{RULES}\nf_mapped = jax.vmap(f)",
    ),
    "comments between and behind": (
        f"{HEAD}# one\n@jax.jit  # two\n# three\n@jax.vmap\n{DEF}{RULES}  # four\n# five\n",
        f"{HEAD}# one\n# three\n{DEF}{RULES}  # four\nf_mapped = jax.jit(jax.vmap(f))  # two\n# five\n",
    ),
    "tabs, and a comment at the end of the rule": (
        "import jax\ndef m():\n\t@jax.vmap\n\t@jax.custom_jvp\n\tdef f(x): return x\n\t@f.defjvp\n"
        "\tdef j(p, t):\n\t\treturn p, t\n\t\t# end\n\t# next\n\treturn f\n",
        "import jax\ndef m():\n\t@jax.custom_jvp\n\tdef f(x): return x\n\t@f.defjvp\n"
        "\tdef j(p, t):\n\t\treturn p, t\n\t\t# end\n\n\tf_mapped = jax.vmap(f)\n\t# next\n\treturn f_mapped\n",
    ),
    "two functions, of which one calls the other": (
        f"{HEAD}@jax.vmap\n{DEF}{RULES}\n@jax.vmap\n@jax.custom_vjp\ndef g(x): return f(x)\n"
        "g.defvjp(lambda x: (g(x), f(x)), lambda r, c: (c,))\nf(g(1))\n",
        f"{HEAD}{DEF}{RULES}\nf_mapped = jax.vmap(f)\n@jax.custom_vjp\ndef g(x): return f_mapped(x)\n"
        "g.defvjp(lambda x: (g(x), f_mapped(x)), lambda r, c: (c,))\ng_mapped = jax.vmap(g)\n"
        "f_mapped(g_mapped(1))\n",
    ),
    "in a loop": (
        f"{HEAD}for n in (0, 1):\n    @functools.partial(jax.vmap, in_axes=n)\n    @jax.custom_vjp\n"
        f"    def f(x): return x\n    {RULES}\n    print(f)\n",
        f"{HEAD}for n in (0, 1):\n    @jax.custom_vjp\n"
        f"    def f(x): return x\n    {RULES}\n    f_mapped = jax.vmap(f, in_axes=n)\n    print(f_mapped)\n",
    ),
    "an entry of __all__": (
        f"{HEAD}__all__ = ['f']\n@jax.vmap\n{DEF}{RULES}\n",
        f"{HEAD}__all__ = ['f_mapped']\n{DEF}{RULES}\nf_mapped = jax.vmap(f)\n",
    ),
}
REFUSED = {
    "another statement stands on this line": f"{HEAD}@jax.vmap\n{DEF}{RULES}; y = f(1)\n",
    "not spelled in a way": f"{HEAD}@(jax.vmap)\n{DEF}{RULES}\n",
    "would be lost": f"{HEAD}@functools.partial(\n    jax.vmap,  # rows\n    in_axes=0,\n)\n{DEF}{RULES}\n",
    "is deleted": f"{HEAD}@jax.vmap\n{DEF}{RULES}\ndel f\n",
    "named by a string": f"{HEAD}@jax.vmap\n{DEF}{RULES}\nglobals()['f'](1)\n",
    "bound from inside": HEAD
    + f"def s():\n    global f\n    @jax.vmap\n    @jax.custom_vjp\n    def f(x): return x\n    {RULES}\n",
    "called by a rule and by other code": f"{HEAD}@jax.vmap\n{DEF}def h(x): return f(x)\n"
    "f.defvjp(lambda x: (h(x), x), lambda x, g: (g,))\nh(1)\n",
    "another block": f"{HEAD}class A:\n    @jax.vmap\n    @jax.custom_vjp\n    def f(x): return x\nA.{RULES}\n",
    "would be called later": f"{HEAD}@functools.partial(jax.jit, donate_argnums=(lambda: ())())\n{DEF}{RULES}\n",
    "would be looked up later": f"{HEAD}o = {{}}\n@functools.partial(jax.vmap, in_axes=o['a'])\n{DEF}{RULES}\n",
    "may change there": f"{HEAD}o = [0]\n@functools.partial(jax.vmap, in_axes=o)\n{DEF}o.append(1)\n{RULES}\n",
}


@pytest.mark.parametrize("name", SAME_BUT_MOVED)
def test_all_other_bytes_stay_and_a_second_run_changes_nothing(name):
    before, after = SAME_BUT_MOVED[name]
    report = run_data(PATH, before.encode(), SETTINGS)
    changes = [each for each in report.outcomes if isinstance(each, Change)]
    (file,) = combine(changes, report, SETTINGS)
    assert file.data == after.encode()
    assert run_data(PATH, file.data, SETTINGS).outcomes == ()


@pytest.mark.parametrize("why", REFUSED)
def test_what_may_not_be_right_is_refused_with_the_reason(why):
    (outcome,) = run_data(PATH, REFUSED[why].encode(), SETTINGS).outcomes
    assert isinstance(outcome, Refusal)
    assert any(why in reason.message for reason in outcome.reasons)


def test_other_modules_and_standard_input_get_the_same_fix(tmp_path):
    (tmp_path / "ops.py").write_text(f"{HEAD}@jax.vmap\n{DEF}{RULES}\n")
    (tmp_path / "main.py").write_text("import ops\nfrom ops import f\nprint(f, ops.f)\n")
    told = vjpfix(tmp_path, "diff", "-", stdin=f"{HEAD}@jax.vmap\n{DEF}{RULES}\n".encode())
    assert "+f_mapped = jax.vmap(f)" in told.stdout
    assert vjpfix(tmp_path, "fix", "--yes", ".").returncode == 0
    assert (
        tmp_path / "main.py"
    ).read_text() == "import ops\nfrom ops import f_mapped\nprint(f_mapped, ops.f_mapped)\n"
    assert (tmp_path / "ops.py").read_text() == f"{HEAD}{DEF}{RULES}\nf_mapped = jax.vmap(f)\n"


def test_on_request_the_transformed_version_keeps_the_name(tmp_path):
    (tmp_path / "m.py").write_text(f"{HEAD}@jax.vmap\n{DEF}{RULES}\nf(1)\n")
    assert vjpfix(tmp_path, "fix", "--yes", "--rename", "original", ".").returncode == 0
    named = f"{DEF}{RULES}\n".replace("f(x)", "f_unmapped(x)").replace("f.defvjp", "f_unmapped.defvjp")
    assert (tmp_path / "m.py").read_text() == f"{HEAD}{named}f = jax.vmap(f_unmapped)\nf(1)\n"
