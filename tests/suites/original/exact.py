"""Every other byte stays."""

from __future__ import annotations

from tests.suites.rewrite import Case

from .flow import ALIAS
from .reads import REBOUND
from .rebindings import PRIMAL

PLAIN = PRIMAL + REBOUND

EXACT: dict[str, str | Case] = {
    "line ends of Windows around an alias": Case(
        PRIMAL + f"{ALIAS}if batched:\n    f = jax.vmap(f)\n", newline="\r\n"
    ),
    "a byte order mark": Case(PLAIN, bom=True),
    "a latin-1 file with its cookie": Case(
        "# -*- coding: latin-1 -*-\n# größer\n" + PLAIN, encoding="latin-1"
    ),
    "no final newline": PLAIN.removesuffix("\n"),
    "wide letters before the name on its line": PRIMAL + "z = 'ä€😀', f⟦_unmapped⟧(row)\n" + REBOUND,
    "a wide letter that Python takes for the same name stays": PLAIN + "y = ｆ(batch)\n",
    "tabs": "import jax\ndef make(batched):\n\tf⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())\n"
    "\tf⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))\n"
    "\t⟦f = f_unmapped\n\t⟧if batched:\n\t\tf = jax.vmap(f)\n\treturn f\n",
    "semicolons and odd spaces": "import jax; f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())\n"
    "f⟦_unmapped⟧ . defvjp(lambda x: (f⟦_unmapped⟧ (x), None), lambda _, g: (g,)); f  =  jax.vmap( f⟦_unmapped⟧ ); f(b);\n",
    "comments above the statement that needs an alias": PRIMAL
    + f"# Many at once.\n{ALIAS}if batched:  # f\n    f = jax.vmap(f)\n",
}
