"""Ways to write the rebinding, which stays as it is but for what it transforms."""

from __future__ import annotations

from tests.suites.rewrite import Case
from vjpfix.config import ExtraTransform

PRIMAL = """
import jax

@jax.custom_vjp
def f⟦_unmapped⟧(x):
    return x.sum()

f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
"""

REBINDINGS: dict[str, str | Case] = {
    "a tuple on both sides": PRIMAL + "f, size = jax.vmap(f⟦_unmapped⟧), 4\n",
    "a walrus": PRIMAL + "y = (f := jax.vmap(f⟦_unmapped⟧))(batch) + f(batch)\n",
    "a walrus after a call of the original": PRIMAL
    + "y = [f⟦_unmapped⟧(row), (f := jax.vmap(f⟦_unmapped⟧)), f(batch)]\n",
    "a chained assignment": PRIMAL + "f = batched = jax.vmap(f⟦_unmapped⟧)\ny = f(batch) + batched(batch)\n",
    "an annotated rebinding": PRIMAL + "f: object = jax.vmap(fun=f⟦_unmapped⟧)\n",
    "a partial application": PRIMAL
    + "from functools import partial\nf = jax.vmap(partial(f⟦_unmapped⟧, 2.0))\n",
    "a chain: mapped, used, compiled, mapped again": PRIMAL
    + "f = jax.vmap(f⟦_unmapped⟧)\nz = f(batch)\nf = jax.jit(f)\nf = jax.vmap(f)\ny = f(batches)\n",
    "through another name": PRIMAL + "batched = jax.vmap(f⟦_unmapped⟧)\nf = batched\ny = f(batch)\n",
    "another name of the original is mapped": PRIMAL
    + "single = f⟦_unmapped⟧\nf = jax.vmap(single)\ny = single(row), f(batch)\n",
    "a later def over another name": PRIMAL
    + "_f = f⟦_unmapped⟧\n\ndef f(x):\n    return jax.vmap(_f)(x)\n\ny = f(batch)\n",
    "assigned to itself in between": PRIMAL + "f⟦_unmapped⟧ = f⟦_unmapped⟧\nf = jax.vmap(f⟦_unmapped⟧)\n",
    "the original is given back to the name": PRIMAL
    + "single = f⟦_unmapped⟧\nf = jax.vmap(f⟦_unmapped⟧)\ny = f(batch)\nf = single\nz = f(row)\n",
    "something else takes the name in the end": PRIMAL
    + "f = jax.vmap(f⟦_unmapped⟧)\ny = jax.grad(f)(batch)\nf = 3\nprint(f)\n",
    "grad": PRIMAL.replace("unmapped", "original") + "f = jax.grad(f⟦_original⟧)\ny = f(row)\n",
    "a gradient of the mapped function": PRIMAL + "f = jax.grad(jax.vmap(f⟦_unmapped⟧))\n",
    "a transform that the configuration names": Case(
        PRIMAL + "import mylib\nf = mylib.over(f⟦_unmapped⟧)\n",
        options={"transforms": (ExtraTransform("mylib.over", "maps", "over"),)},
    ),
}
