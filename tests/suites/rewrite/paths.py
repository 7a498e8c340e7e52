"""Code that may be cut short: what comes after it may see either version, and gets one alias above."""

from __future__ import annotations

from .case import Case

_START = """
import jax

@jax.custom_vjp
def f(x):
    return x.sum()

f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
rows = jax.vmap(f)
"""
_ALIAS = "⟦f_mapped = f\n⟧"
_END = "print(f⟦_mapped⟧(batch))\n"


def _cut_short(code: str) -> str:
    return _START + _ALIAS + code + _END


PATHS: dict[str, str | Case] = {
    "a walrus in a comprehension that may have no turn": _cut_short(
        "versions = [(f⟦_mapped⟧ := rows) for _ in range(turns)]\n"
    ),
    "a walrus in a comprehension behind a filter that may be false": _cut_short(
        "versions = [(f⟦_mapped⟧ := rows) for n in ns if n > 9]\n"
    ),
    "a walrus in a filter, overwritten where another one is true": _cut_short(
        "done = [0 for n in ns if (f⟦_mapped⟧ := rows) and n if (f⟦_mapped⟧ := jax.jit(rows))]\n"
    ),
    "a walrus in the inner loop of a comprehension": _cut_short(
        "versions = {n: (f⟦_mapped⟧ := rows) for n in (1, 2) for _ in range(turns)}\n"
    ),
    "a walrus at the end of a chain of comparisons": _cut_short("0 < n < size(f⟦_mapped⟧ := rows)\n"),
    "a walrus at the end of a chain of ands, used right behind it": _cut_short(
        "y = big and (f⟦_mapped⟧ := rows) and f⟦_mapped⟧(batch)\n"
    ),
    "a walrus in an assertion, which `python -O` leaves out": _cut_short("assert (f⟦_mapped⟧ := rows)\n"),
    "a walrus in a default argument that may not be evaluated": _cut_short(
        "run = lambda x, g=big and (f⟦_mapped⟧ := rows): g(x)\n"
    ),
    "a loop that is left through a finally that rebinds": _cut_short(
        "while busy:\n    try:\n        break\n    finally:\n        f⟦_mapped⟧ = rows\n"
    ),
    "a second context that an error may not let open": _cut_short(
        "from contextlib import suppress\nwith suppress(OSError), open(path), keep(f⟦_mapped⟧ := rows):\n    pass\n"
    ).replace(_ALIAS + "from contextlib import suppress\n", "from contextlib import suppress\n" + _ALIAS),
    "handlers of a group of errors, which run one after another": _cut_short(
        "try:\n    run()\nexcept* OSError:\n    f⟦_mapped⟧ = rows\n"
        "except* ValueError:\n    print(f⟦_mapped⟧(batch))\n"
    ),
    "a guard that is false after it rebinds": _cut_short(
        "match n:\n    case 1 if (f⟦_mapped⟧ := rows) and big:\n        print(f⟦_mapped⟧(batch))\n"
    ),
    "the pairs of a dictionary, evaluated one after another": _START
    + "table = {f: 1, 'rows': (f⟦_mapped⟧ := rows), f⟦_mapped⟧: 2}\n"
    + _END,
    "an annotation, evaluated after the value is bound": _START
    + "f⟦_mapped⟧: kind(f⟦_mapped⟧) = rows\n"
    + _END,
    "what is changed in place is looked up before the value": _START
    + "table[f] += (f⟦_mapped⟧ := rows)(batch)\n"
    + _END,
    "a pattern that compares with an attribute of it": _START
    + "f⟦_mapped⟧ = rows\nmatch n:\n    case {f⟦_mapped⟧.name: 1}:\n        pass\n"
    + _END,
}
