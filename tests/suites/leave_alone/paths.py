"""Code that may be cut short and that takes over another name: no rule reads it."""

from __future__ import annotations

from tests.suites.rewrite import Case
from tests.suites.rewrite.case import ADDED
from tests.suites.rewrite.paths import PATHS

_START = "import jax\n\n@jax.custom_vjp\ndef f(x):\n    return x.sum()\n\n"
_READS = "f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))\n"
_READS_NOT = "f.defvjp(lambda x: (x.sum(), None), lambda _, g: (g,))\n"


def _of_another_name(marked: str) -> str:
    return ADDED.sub("", marked.replace("f⟦_mapped⟧", "rows_of_f"))


OTHER_PATHS: dict[str, str | Case] = {
    **{
        f"{name}, under another name": _of_another_name(case)
        for name, case in PATHS.items()
        if isinstance(case, str)
    },
    "an f-string that prints what no rule reads": _START
    + _READS_NOT
    + 'f = jax.vmap(f)\nprint(f"{f(xs)=}")\n',
    "an f-string that prints the original": _START
    + _READS
    + 'rows = jax.vmap(f)\nprint(f"{f(x)=} {rows(xs)=}")\n',
    "an f-string that prints a compiled version": _START + _READS + 'f = jax.jit(f)\nprint(f"{f(x)=}")\n',
    "blank lines and spaces at the end of what is right": _START + _READS + "rows = jax.vmap(f)\n\n    ",
}
