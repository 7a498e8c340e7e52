"""The programs of all suites, with noise in their layout: the same fix, and no promise broken.

``VJPFIX_FACTOR`` is how often each program is disturbed, each time in another way.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.oracles.spliced.noise import LAYOUT, ODD, dressed, noisy
from tests.oracles.spliced.programs import Program, programs
from tests.oracles.spliced.promises import PATH, complaints, dumped, everything, fixed
from tests.share import FACTOR, chunks, some_of
from vjpfix.model import Refusal
from vjpfix.pipeline import run_data
from vjpfix.suppress import directives

PROGRAMS = tuple(programs())
CHUNKS = chunks(some_of(PROGRAMS), 16)
AT_LEAST = 600
OF_LAYOUT = (
    "not to be seen from here",
    "another statement stands on this line",
    "would differ in more than the planned names",
    "the tuple is written in a way that is not put together again",
)
"""Why a fix is refused that moves what stands on several lines, or shares one, or that adds a line below a
block with an indented comment at its end, which LibCST takes for a part of the block; or one that writes a
tuple anew, and would lose breaks and comments in it."""


def disturbed(program: Program, turn: int) -> tuple[bytes, bool]:
    """The program with noise, and whether it may change nothing about the fix."""
    rng = random.Random(f"{program.name} {turn}")
    odd = rng.random() < 0.3
    by_line = bool(directives(program.text))  # what a comment hides is told by its line
    return dressed(rng, noisy(rng, program.text, ODD if odd else LAYOUT)), not odd and not by_line


def other_fixes(program: Program, data: bytes) -> Iterator[str]:
    for original in (False, True):
        chosen = everything(original=original, **program.options)
        if dumped(fixed(data, chosen)) == dumped(fixed(program.text.encode(), chosen)):
            continue
        outcomes = run_data(PATH, data, chosen).outcomes
        said = [note.message for each in outcomes if isinstance(each, Refusal) for note in each.reasons]
        if not any(why in each for each in said for why in OF_LAYOUT):
            yield f"another fix ({original=}); {said}"


@pytest.mark.parametrize("some", CHUNKS, ids=lambda some: f"{some[0].name} to {some[-1].name}")
def test_no_layout_of_a_program_changes_its_fix_or_breaks_a_promise(some):
    for program in some:
        for turn in range(FACTOR):
            data, is_same = disturbed(program, turn)
            found = [*complaints(data, **program.options), *(other_fixes(program, data) if is_same else ())]
            assert not found, f"{program.name}, turn {turn}:\n{data!r}\n" + "\n".join(found[:3])


def test_there_are_programs_enough_and_each_has_a_name_of_its_own():
    assert len(PROGRAMS) >= AT_LEAST
    assert len({dumped(program.text.encode()) for program in PROGRAMS}) >= AT_LEAST


DECORATORS = {
    "an at sign on a line of its own": "@ \\\njax.custom_vjp",
    "a decorator in brackets": "@(\n    jax.custom_vjp\n)",
}


@pytest.mark.parametrize("decorators", DECORATORS.values(), ids=DECORATORS)
def test_a_function_below_a_decorator_over_several_lines_gets_the_new_name(decorators):
    program = (
        f"import jax\n\n{decorators}\ndef f(x):\n    return x.sum()\n\n"
        "f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))\nf = jax.vmap(f)\ny = f(batch)\n"
    )
    expected = program.replace("def f(", "def f_unmapped(").replace("\nf.", "\nf_unmapped.")
    expected = expected.replace("(f(x), ", "(f_unmapped(x), ").replace("vmap(f)", "vmap(f_unmapped)")
    assert fixed(program.encode(), everything(original=True)).decode() == expected


def test_a_name_in_other_letters_than_the_plain_ones_is_never_half_renamed():
    program = (
        "import jax\n\n@jax.custom_vjp\ndef f(x):\n    return x.sum()\n\n"
        "f.defvjp(lambda x: (𝐟(x), None), lambda _, g: (g,))\nf = jax.vmap(𝐟)\ny = 𝐟(batch)\n"
    )
    for original in (False, True):
        chosen = everything(original=original)
        assert fixed(program.encode(), chosen) == program.encode()
        assert run_data(PATH, program.encode(), chosen).outcomes


def test_an_alias_in_other_letters_is_refused_in_plain_words():
    program = (
        "import jax\n\n@jax.custom_vjp\ndef f(x):\n    return x.sum()\n\nf_mapped = jax.vmap(f)\n\n"
        "def fwd(x):\n    return 𝐟_𝐦𝐚𝐩𝐩𝐞𝐝(x), None\n\nf.defvjp(fwd, lambda _, g: (g,))\n"
    )
    (refusal,) = run_data(PATH, program.encode(), everything()).outcomes
    assert isinstance(refusal, Refusal)
    (note,) = refusal.reasons
    assert note.message == "`f_mapped` is written in other letters here, which Python takes for the same"
