"""The byte filter must drop no file, and no function, in which the contract of a rule is broken."""

from __future__ import annotations

import random
import textwrap
from pathlib import Path

import pytest
from contract_suite import BAD, GOOD
from contract_suite.spellings import SPELLINGS

from vjpfix.analyse.contract import contract_facts
from vjpfix.analyse.parsing import parse
from vjpfix.analyse.suspects import part_for
from vjpfix.analyse.transforms import table
from vjpfix.config import Config, ExtraDerivative
from vjpfix.model import VjpfixError
from vjpfix.pipeline import run, run_data
from vjpfix.prefilter import Contracts
from vjpfix.rules import RULES
from vjpfix.settings import settings

TABLE = table()
LOOK = Contracts.of(TABLE, reverse=True)
CLOSURES = Contracts.of(TABLE, reverse=True, closures=True)
CHECKED = tuple(rule for rule in RULES if rule.contract)
BROKEN = [case.code for rule in CHECKED for case in BAD[rule.code].values()]
BROKEN += [example.code for rule in CHECKED for example in rule.bad]
KEPT = [text for rule in CHECKED for text in GOOD[rule.code].values()]


def found_in(text: str, look: Contracts = LOOK) -> list[tuple[str, str]]:
    facts = contract_facts(text, Path("m.py"), TABLE, closures=look.closures)
    return sorted((f.rule, f.subject) for rule in CHECKED for f in rule.find(facts, TABLE))


def is_kept(text: str, look: Contracts = LOOK) -> bool:
    """Whether the filter keeps what is found: the file, and enough of it."""
    homes = look.homes(text.encode())
    if homes is None:
        return True
    try:
        return bool(homes) and bool(found_in(part_for(homes, text), look))
    except VjpfixError:
        return True  # then all of the file is looked at


def lost(texts: list[str]) -> list[str]:
    return [
        text
        for text in filter(is_python, texts)
        if any(found_in(text, look) and not is_kept(text, look) for look in (LOOK, CLOSURES))
    ]


def is_python(text: str) -> bool:
    try:
        parse(text, Path("m.py"))
    except VjpfixError:
        return False
    return True


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_broken_contract_is_lost_in_another_spelling(spelling):
    texts = [SPELLINGS[spelling](text) for text in BROKEN]
    assert sum(map(is_python, texts)) > len(texts) / 2
    assert lost(texts) == []
    assert lost([SPELLINGS[spelling](text) for text in KEPT]) == []


@pytest.mark.parametrize("seed", range(8))
def test_no_broken_contract_is_lost_in_several_spellings_at_once(seed):
    chance = random.Random(seed)
    texts = []
    for text in BROKEN:
        for name in chance.sample(sorted(SPELLINGS), 3):
            text = SPELLINGS[name](text)
        texts.append(text)
    assert lost(texts) == []


@pytest.mark.parametrize(
    "text",
    [
        "@jax.custom_vjp\ndef f(x): return x\nf.defvjp(lambda x: (x, x), lambda r, g: (g,))\nf(1.0)\n",
        "@jax.custom_jvp\ndef f(x): return x\n@f.defjvp\ndef f_jvp(p, t): return f(*p), t[0]\nf(1.0)\n",
        "@jax.custom_jvp\ndef f(x): return x\n@partial(f.defjvp, symbolic_zeros=True)\n"
        "def f_jvp(p, t): return f(*p), t[0]\nf(1.0)\n",
    ],
)
@pytest.mark.parametrize("place", ["", "def test():\n", "class Test:\n  def test(self):\n"])
def test_rules_that_keep_to_the_contract_need_no_parser_wherever_they_are_attached(text, place):
    indent = "    " if place else ""
    code = "import jax\nfrom functools import partial\n\n" + place + textwrap.indent(text, indent)
    assert is_python(code)
    assert LOOK.homes(code.encode()) == frozenset()


def test_what_functions_close_over_is_only_looked_for_where_that_is_asked_for(tmp_path):
    case = next(iter(BAD["VJP301"].values())).code
    assert "VJP301" in {rule for rule, _ in found_in(case, CLOSURES)}
    assert "VJP301" not in {rule for rule, _ in found_in(case, LOOK)}
    (tmp_path / "m.py").write_text(case)
    for select in (None, ("VJP301",)):
        report = run([tmp_path], settings(Config(root=tmp_path, select=select)))
        assert [finding.rule for finding in report.findings] == list(select or ())


def test_most_of_what_keeps_to_the_contract_is_not_parsed():
    dropped = [text for text in KEPT if LOOK.homes(text.encode()) == frozenset()]
    assert len(dropped) > len(KEPT) / 3


UNUSUAL = {
    "a maker that a function gives back": "def make(g):\n    return jax.custom_vjp(g)\nf = make(lambda x: x)\ny = f(2.0)\n",
    "a transform that a function gives back": "@jax.custom_vjp\ndef f(x): return x\n"
    "f.defvjp(lambda x: (x, x), lambda r, g: (g,))\ndef get():\n    return jax.jacfwd\nh = get()\ny = h(f)(2.0)\n",
    "rules attached in a function": "@jax.custom_vjp\ndef f(x): return x\ndef setup():\n"
    "    f.defvjp(lambda x: (x, x), lambda r, g: (g, g))\nsetup()\n",
    "a list comprehension as an element": "@jax.custom_vjp\ndef f(x): return x\n"
    "def bwd(r, g): return [sum(x for x in g)] + []\n"
    "f.defvjp(lambda x: (x, x), lambda r, g: [sum(x for x in g), 1])\n",
    "a bound walrus": "@jax.custom_vjp\ndef f(x): return x\n(h := f)\nh.defvjp(lambda x: (x,), lambda r, g: (g,))\n",
    "rules of what a walrus names": "def g(x): return x\n(h := jax.custom_vjp(g)).defvjp(lambda x: (x,), lambda r, c: (c,))\n",
    "a transform in an f-string": "@jax.custom_vjp\ndef f(x): return x\n"
    "f.defvjp(lambda x: (x, x), lambda r, g: (g,))\nprint(f'{jax.jacfwd(f)(2.0)}')\n",
    "rules attached by a partial application": "from functools import partial\n@jax.custom_jvp\ndef f(x): return x\n"
    "@partial(f.defjvp, symbolic_zeros=True)\ndef f_jvp(primals):\n    return primals[0], primals[0]\n",
    "used only in a function": "@jax.custom_vjp\ndef f(x): return x\ndef use():\n    return f(2.0)\n",
}


@pytest.mark.parametrize("case", UNUSUAL)
def test_what_is_written_in_an_unusual_way_is_kept(case):
    text = "import jax\n" + UNUSUAL[case]
    assert found_in(text), "the case must have a finding"
    assert is_kept(text)


def test_a_file_that_is_no_text_is_kept_so_that_reading_it_says_so():
    assert LOOK.homes(b"jax.custom_vjp\x00") is None


def test_a_name_that_is_not_ascii_makes_all_of_the_file_matter():
    text = "import jax\n\ndef größe():\n    @jax.custom_vjp\n    def f(x): return x\n    return f(2.0)\n"
    assert found_in(text)
    assert LOOK.homes(text.encode()) is None


def test_syntax_of_a_newer_python_is_no_problem_where_no_contract_can_be_broken(tmp_path):
    newer = "import jax\n\n\ndef of[T](x: T) -> T:\n    return x\n\n\n"
    right = (
        "@jax.custom_jvp\ndef f(x):\n    return x\n\n\n@f.defjvp\ndef f_jvp(p, t):\n    return f(*p), t[0]\n"
    )
    (tmp_path / "right.py").write_text(newer + right)
    assert run([tmp_path], settings(Config(root=tmp_path))).problems == ()
    (tmp_path / "bare.py").write_text(newer + "@jax.custom_jvp\ndef g(x):\n    return x\n\n\ng(1.0)\n")
    (problem,) = run([tmp_path], settings(Config(root=tmp_path))).problems
    assert problem.path.name == "bare.py"


@pytest.mark.parametrize("select", [None, ("VJP",)])
def test_a_run_over_files_finds_what_a_look_at_each_file_finds(tmp_path, select):
    chosen = settings(Config(root=tmp_path, select=select), importers=False)
    for number, text in enumerate(BROKEN):
        (tmp_path / f"case_{number}.py").write_text(text)
    found = {(f.path.name, f.rule, f.span.line) for f in run([tmp_path], chosen).findings}
    alone = set()
    for path in tmp_path.glob("*.py"):
        alone |= {
            (path.name, f.rule, f.span.line) for f in run_data(path, path.read_bytes(), chosen).findings
        }
    assert found == alone
    assert len({rule for _, rule, _ in found}) >= 5


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
            (tmp_path / f"case_{number}.py").write_text(text.replace("jax.custom_vjp", "rules"))
    own = Config(root=tmp_path, custom_derivatives=(ExtraDerivative("mine.rules", like),))
    found = {finding.rule for finding in run([tmp_path], settings(own, importers=False)).findings}
    assert found == codes


def test_a_decorator_that_is_not_known_is_held_to_no_contract(tmp_path):
    for number, text in enumerate(BROKEN):
        text = text.replace("import jax\n", "import jax\nimport mine\n", 1)
        (tmp_path / f"case_{number}.py").write_text(text.replace("jax.custom_", "mine.custom_"))
    assert run([tmp_path], settings(Config(root=tmp_path), importers=False)).findings == ()
