"""No rule raises on generated modules, and no fix does harm where pieces of them stand in programs with rules.

For each generated module a program is changed.
"""

from __future__ import annotations

import random

import pytest

from tests.oracles.spliced.generated import USUAL, blocks, generated, modules, pieces
from tests.oracles.spliced.programs import programs
from tests.oracles.spliced.promises import PATH, complaints, everything
from tests.oracles.spliced.splicing import spliced
from tests.share import seeds
from vjpfix.model import Change
from vjpfix.pipeline import run_data

CHUNK = 50
NUMBERS = seeds(10)  # of 50 modules
BLOCKS_EACH = 4
PROGRAMS = list(programs())
random.Random(0).shuffle(PROGRAMS)


@pytest.mark.parametrize("number", NUMBERS)
def test_generated_code_alone_and_in_programs_breaks_no_promise(number):
    texts = generated(modules(), number, CHUNK)
    for text in texts:
        found = [*complaints(text.encode())]
        assert not found, f"{text!r}\n" + "\n".join(found[:3])
    parts = pieces([*texts, *generated(blocks(), number, BLOCKS_EACH), *USUAL])
    rng = random.Random(number)
    changed = fixed = 0
    for index in range(CHUNK):
        program = PROGRAMS[(number * CHUNK + index) % len(PROGRAMS)]
        data = spliced(rng, program.text, parts)
        found = [*complaints(data, **program.options)]
        assert not found, f"{program.name}:\n{data.decode()}\n" + "\n".join(found[:3])
        outcomes = run_data(PATH, data, everything(**program.options)).outcomes
        changed += data != program.text.encode()
        fixed += any(isinstance(each, Change) for each in outcomes)
    assert changed > CHUNK * 0.8
    assert fixed > CHUNK * 0.1


PROGRAM = (
    "import jax\n\n@jax.custom_vjp\ndef f(x):\n    return x.sum()\n\n"
    "f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))\nf = jax.vmap(f)\n"
)


@pytest.mark.parametrize("word", ["break", "continue"])
def test_a_jump_outside_any_loop_which_only_the_compiler_refuses_raises_nothing(word):
    assert list(complaints(f"{PROGRAM}if f:\n    {word}\n".encode())) == []


def test_a_line_added_below_rules_stands_above_decorators_that_are_removed():
    stacked = PROGRAM.replace("@jax", "@jax.vmap\n@jax").replace("f = jax.vmap(f)\n", "")
    second = stacked.removeprefix("import jax\n\n").replace("f(", "g(").replace("f.defvjp", "g.defvjp")
    assert list(complaints((stacked + second).encode())) == []


def test_a_line_added_above_a_statement_behind_a_form_feed_stands_above_the_form_feed():
    batched = PROGRAM.replace("f = jax.vmap(f)\n", "\n\n\fif batched:\n    f = jax.vmap(f)\ny = f(batch)\n")
    assert list(complaints(batched.encode())) == []
