"""The fix of VJP004 where only bytes tell: line ends, the end of the file, comments, other modules."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import children
import pytest
from cli_runs import vjpfix
from test_cli_terminal import QUESTION, Terminal

from vjpfix.config import Config
from vjpfix.model import Change, Refusal
from vjpfix.pipeline import combine, run_data
from vjpfix.settings import settings

PATH = Path("m.py")
SETTINGS = settings(Config(root=Path("/nowhere"), select=("VJP004",)))
HEAD = "import functools, jax\n"
G = "@jax.custom_vjp\ndef g(x): return x\n"
G_RULES = "g.defvjp(lambda x: (g(x), x), lambda x, g: (g,))"
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
        f"{HEAD}# one\n@jax.jit  # two\n@jax.vmap\n# three\n{DEF}{RULES}  # four\n# five\n",
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
    "two whose rules are attached in one block": (
        f"{HEAD}@jax.vmap\n{DEF}@jax.jit\n{G}with jax.named_scope('x'):\n    {RULES}\n    {G_RULES}\nf(g(1))\n",
        f"{HEAD}{DEF}{G}with jax.named_scope('x'):\n    {RULES}\n    {G_RULES}\n"
        "f_mapped = jax.vmap(f)\ng_jitted = jax.jit(g)\nf_mapped(g_jitted(1))\n",
    ),
    "a plain function on the other path": (
        f"import jax\nif q:\n    @jax.vmap\n    @jax.custom_vjp\n    def f(x): return x\n    {RULES}\n"
        "else:\n    def f(x): return x\nf(1)\n",
        f"import jax\nif q:\n    @jax.custom_vjp\n    def f(x): return x\n    {RULES}\n"
        "    f_mapped = jax.vmap(f)\nelse:\n    def f_mapped(x): return x\nf_mapped(1)\n",
    ),
    "a literal by name, whatever is called on the way": (
        f"import jax, functools\nAXIS = (0, -1)\n@functools.partial(jax.vmap, in_axes=AXIS)\n{DEF}setup()\n{RULES}\n",
        f"import jax, functools\nAXIS = (0, -1)\n{DEF}setup()\n{RULES}\nf_mapped = jax.vmap(f, in_axes=AXIS)\n",
    ),
    "an imported setting, where nothing is called on the way": (
        f"import jax, functools\nimport config\n@functools.partial(jax.vmap, in_axes=config.AXIS)\n{DEF}"
        f"@jax.jit\ndef h(x): return go(x)\nn = h\n{RULES}\n",
        f"import jax, functools\nimport config\n{DEF}@jax.jit\ndef h(x): return go(x)\nn = h\n{RULES}\n"
        "f_mapped = jax.vmap(f, in_axes=config.AXIS)\n",
    ),
}
_PART = "@functools.partial(jax.vmap, in_axes={})\n"
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
    "`o` may change before rules are attached": f"{HEAD}o = [0]\n@functools.partial(jax.vmap, in_axes=o)\n{DEF}o.append(1)\n{RULES}\n",
    "`p` may change before rules are attached": f"{HEAD}p = [0]\ndef c(): p.append(1)\n{_PART.format('p')}{DEF}c()\n{RULES}\n",
    "`config.AXIS` may change before": f"{HEAD}import config\n{_PART.format('config.AXIS')}{DEF}config.setup()\n{RULES}\n",
    "`config.N` may change before": f"{HEAD}import config\n{_PART.format('config.N')}{DEF}config.N = 1\n{RULES}\n",
    "`n` may change before": f"{HEAD}from config import n\n{_PART.format('n')}{DEF}@c\ndef h(): pass\n{RULES}\n",
    "`m` may change before": f"{HEAD}def make(m):\n    {_PART.format('m')}    @jax.custom_vjp\n"
    f"    def f(x): return x\n    import late\n    {RULES}\n    return f\n",
    "would not go with it": f"{HEAD}@jax.jit\n# for each row\n@jax.vmap\n{DEF}{RULES}\n",
    "is called elsewhere": f"{HEAD}@jax.vmap\n{DEF}d = f.defvjp\nd(lambda x: (f(x), x), lambda x, g: (g,))\n",
    "becomes something else here": f"{HEAD}@jax.vmap\n{DEF}{RULES}\nfor f in (f, jax.jit(f)): f(1)\n",
    "is used before its rules": f"{HEAD}@jax.vmap\n{DEF}h = f\nh.{RULES[2:]}\nh(1)\n",
    "what `property` does": f"{HEAD}class A:\n    @jax.vmap\n    @property\n    @jax.custom_vjp\n"
    f"    def f(x): return x\n    {RULES}\n",
}
BY_NAME = ("__name__ + '.f'", "f'{__name__}.f'", "'%s.f' % __name__", "'{}.f'.format(__name__)")


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
    told = vjpfix(tmp_path, "diff", "--unsafe-fixes", "-", stdin=f"{HEAD}@jax.vmap\n{DEF}{RULES}\n".encode())
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


@pytest.mark.parametrize("path", BY_NAME)
def test_a_string_that_is_put_together_with_the_name_is_a_reason_against_it(path):
    text = f"{HEAD}from unittest import mock\n@jax.vmap\n{DEF}{RULES}\nwith mock.patch({path}): f(1)\n"
    (outcome,) = run_data(PATH, text.encode(), SETTINGS).outcomes
    assert isinstance(outcome, Refusal)
    assert any("named by a string" in reason.message for reason in outcome.reasons)


def test_rules_that_another_module_attaches_as_well_are_a_reason_against_it(tmp_path):
    (tmp_path / "ops.py").write_text(f"{HEAD}@jax.vmap\n{DEF}{RULES}\n")
    for use in (f"import ops\nops.{RULES}\n", f"from ops import f as h\nh.{RULES[2:]}\n"):
        (tmp_path / "main.py").write_text(use)
        told = vjpfix(tmp_path, "fix", "--yes", ".")
        assert told.returncode == 1
        assert "rules are attached to it here as well" in told.stdout + told.stderr
        assert (tmp_path / "main.py").read_text() == use


def test_rules_that_only_another_module_attaches_are_not_reported(tmp_path):
    (tmp_path / "ops.py").write_text(f"{HEAD}@jax.vmap\n{DEF}")
    (tmp_path / "main.py").write_text(f"import ops\nops.{RULES}\n")
    assert vjpfix(tmp_path, "check", ".").returncode == 0


BEFORE_RULES = {
    "by calls": "def g(x): return x\nf = jax.vmap(jax.custom_vjp(g))\n",
    "by a call that takes the name over": f"{DEF}f = jax.vmap(f)\n",
    "where the function calls itself": DEF.replace("return x", "return f(x)") + "f = jax.vmap(f)\n",
}


@pytest.mark.parametrize("original", [False, True])
@pytest.mark.parametrize("name", BEFORE_RULES)
def test_a_transform_that_is_called_before_rules_are_attached_is_never_edited(name, original):
    """Its mend is another order of statements, which the rule about names taken over does not know."""
    text = f"{HEAD}{BEFORE_RULES[name]}{RULES}\nf(1)\n"
    made = settings(Config(root=Path("/nowhere")), original=original)
    for outcome in run_data(PATH, text.encode(), made).outcomes:
        assert isinstance(outcome, Refusal)
        assert any("which has no `defvjp`" in reason.message for reason in outcome.reasons)


@pytest.fixture
def stacked(tmp_path):
    """A folder with a module that cannot be imported, and what is left when it is mended."""
    text = f"import jax, jax.numpy as jnp\n{{}}{DEF}{RULES}\n{{}}y = {{}}(jnp.ones(3))\n"
    (tmp_path / "m.py").write_text(text.format("@jax.vmap\n", "", "f"))
    return tmp_path, text.format("", "f_mapped = jax.vmap(f)\n", "f_mapped")


def _ran(folder):
    command = [sys.executable, "m.py"]
    return children.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_diagnose_names_it_with_its_fix_from_a_real_traceback(stacked):
    folder, mended = stacked
    (folder / "error.txt").write_text(_ran(folder).stderr)
    told = vjpfix(folder, "diagnose", "error.txt")
    assert (told.returncode, told.stderr) == (0, "")
    for part in ("certain: VJP004 stacked-transform", "m.py:2:2: VJP004 error", "+ f_mapped = jax.vmap(f)"):
        assert part in told.stdout
    command = re.search(r"to apply this: vjpfix (fix .*)", told.stdout)[1].split()
    assert vjpfix(folder, *command, "--yes").returncode == 0
    assert (folder / "m.py").read_text() == mended
    assert (result := _ran(folder)).returncode == 0, result.stderr


def test_it_is_shown_and_written_after_yes_at_a_terminal(stacked):
    folder, mended = stacked
    run = Terminal(folder, "fix")
    shown = run.wait_for(QUESTION)
    assert "VJP004" in shown
    assert "f_mapped" in shown
    run.type("y\n")
    assert run.end()[0] == 0
    assert (folder / "m.py").read_text() == mended


def test_it_is_left_after_no_at_a_terminal(stacked):
    folder, _ = stacked
    before = (folder / "m.py").read_text()
    run = Terminal(folder, "fix")
    run.wait_for(QUESTION)
    run.type("n\n")
    assert run.end()[0] == 1
    assert (folder / "m.py").read_text() == before
