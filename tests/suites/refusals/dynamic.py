"""Uses of the name that cannot be resolved or rewritten."""

from __future__ import annotations

from tests.suites.rewrite import Case

PRIMAL = """
import jax

@jax.custom_vjp
def f(x):
    return x.sum()

f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
"""

DYNAMIC: dict[str, str | Case] = {
    "globals is written by a function": PRIMAL
    + 'def setup():\n    globals()["f"] = jax.vmap(f)  # here\n\n\nsetup()\ny = f(batch)\n',
    "globals is read": PRIMAL + 'f = jax.vmap(f)\ny = globals()["f"](batch)  # here\n',
    "globals is asked": PRIMAL + 'f = jax.vmap(f)\ny = globals().get("f")(batch)  # here\n',
    "vars is read": PRIMAL + 'f = jax.vmap(f)\ny = vars()["f"](batch)  # here\n',
    "locals is read": PRIMAL + "f = jax.vmap(f)\nshow(locals())  # here\n",
    "exec of a text that names it": PRIMAL + 'f = jax.vmap(f)\nexec("y = f(batch)")  # here\n',
    "eval of a text that names it": PRIMAL + 'f = jax.vmap(f)\ny = eval("f(batch)")  # here\n',
    "getattr of this module": PRIMAL
    + 'import sys\nf = jax.vmap(f)\ny = getattr(sys.modules[__name__], "f")(batch)  # here\n',
    "del": PRIMAL + "f = jax.vmap(f)\ny = f(batch)\ndel f  # here\n",
    "an export that is put together": PRIMAL + '__all__ = ["f" ""]  # here\nf = jax.vmap(f)\n',
    "a wide letter that Python takes for the same name": PRIMAL
    + "f = jax.vmap(f)\ny = \uff46(batch)  # here\n",
    "a patch of this module by name": PRIMAL
    + 'from unittest import mock\nf = jax.vmap(f)\nwith mock.patch("program.f", print):  # here\n    pass\n',
    "a class attribute that is read through something unknown": """
        import jax

        class Ops:
            f = jax.custom_vjp(lambda x: x.sum())
            f.defvjp(lambda x: (Ops.f(x), None), lambda _, g: (g,))
            f = jax.vmap(f)

        def run(ops, batch):
            return ops.f(batch)  # here
        """,
    "a star import after the rebinding": Case(
        PRIMAL + "f = jax.vmap(f)\nfrom extras import *  # here\ny = f(batch)\n",
    ),
    "an f-string that prints the name with its value": Case(
        PRIMAL + 'f = jax.vmap(f)\nprint(f"{f=}")  # here\n',
    ),
    "line ends of old Macs": Case(PRIMAL + "f = jax.vmap(f)  # here\ny = f(batch)\n", newline="\r"),
    "the module imports itself": Case(
        PRIMAL + "import program\nf = jax.vmap(f)\n\ndef run(batch):\n    return program.f(batch)  # here\n",
    ),
}
