"""Uses of the name that cannot be resolved or rewritten."""

from __future__ import annotations

import sys

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
    "an f-string that prints a call of it": Case(
        PRIMAL + 'f = jax.vmap(f)\nprint(f"a {f(batch) = !r:>9}")  # here\n',
    ),
    "an f-string that prints it in brackets": Case(
        PRIMAL + "f = jax.vmap(f)\nprint(f'{(f)(batch)=}', f'{( f )=}')  # here\n",
    ),
    "an f-string that prints it in a width": Case(
        PRIMAL + 'f = jax.vmap(f)\nprint(f"{n:{f(batch)=}}")  # here\n',
    ),
    "an f-string that prints a lambda": Case(
        PRIMAL + 'f = jax.vmap(f)\nprint(f"{(lambda: f(batch))()=}")  # here\n',
    ),
    "an f-string that prints another one": Case(
        PRIMAL + """f = jax.vmap(f)\nprint(f"{show(f'{f(batch)}')=}")  # here\n""",
    ),
    "an f-string within another that prints it": Case(
        PRIMAL + """f = jax.vmap(f)\nprint(f"{show(f'{f(batch)=}')}")  # here\n""",
    ),
    "an f-string over lines that prints it": Case(
        PRIMAL + 'f = jax.vmap(f)\nprint(f"""\n{\n  f(batch)=}  # here\n""")\n',
    ),
    "an f-string that rebinds and prints it": Case(
        PRIMAL + 'print(f"{(f := jax.vmap(f))=}")  # here\n',
    ),
    "line ends of old Macs": Case(PRIMAL + "f = jax.vmap(f)  # here\ny = f(batch)\n", newline="\r"),
    "the module imports itself": Case(
        PRIMAL + "import program\nf = jax.vmap(f)\n\ndef run(batch):\n    return program.f(batch)  # here\n",
    ),
    "a magic that times it, as nbconvert writes it": PRIMAL
    + 'f = jax.vmap(f)\nget_ipython().run_line_magic("timeit", "f(batch)")  # here\n',
    "a cell magic": PRIMAL
    + 'f = jax.vmap(f)\nget_ipython().run_cell_magic("time", "", "y = f(batch)\\n")  # here\n',
    "a magic of old": PRIMAL + 'f = jax.vmap(f)\nget_ipython().magic("timeit f(batch)")  # here\n',
    "a magic in a function": PRIMAL
    + 'f = jax.vmap(f)\n\ndef show():\n    get_ipython().ev("f(batch)")  # here\n',
    "a cell that a shell runs": PRIMAL
    + 'f = jax.vmap(f)\nshell = get_ipython()\nshell.run_cell("y = f(batch)")  # here\n',
    "a magic of an unknown text": PRIMAL
    + 'f = jax.vmap(f)\nget_ipython().run_line_magic("timeit", what)  # here\n',
    "a profiler": PRIMAL + 'import cProfile\nf = jax.vmap(f)\ncProfile.run("f(batch)")  # here\n',
    "a profiler that is imported by name": PRIMAL
    + 'from cProfile import run as profiled\nf = jax.vmap(f)\nprofiled(statement="f(batch)")  # here\n',
    "a timer of a text that imports it": PRIMAL
    + "import timeit\nf = jax.vmap(f)\n"
    + 'timeit.timeit("f(x)", "from __main__ import f, batch as x")  # here\n',
}
if sys.version_info >= (3, 12):
    DYNAMIC |= {
        "an f-string over lines, with comments, that prints it": PRIMAL
        + """f = jax.vmap(f)\nprint(f'{f(  # here\n    batch)  # the batch\n=}')\n""",
        "an f-string in the same quotes that prints it": PRIMAL
        + """f = jax.vmap(f)\nprint(f"{show(f"{f(batch)=}")}")  # here\n""",
    }
if sys.version_info >= (3, 14):
    DYNAMIC["a template, whose text the program can ask for"] = (
        PRIMAL + """f = jax.vmap(f)\nprint(t"{f(batch)}")  # here\n"""
    )
