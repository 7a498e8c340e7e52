"""Programs in which giving the original another name is not right."""

from __future__ import annotations

from tests.suites.rewrite import Case

PRIMAL = """
import jax

@jax.custom_vjp
def f(x):
    return x.sum()

f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
"""

BY_BOTH: dict[str, str | Case] = {
    "a function that runs before and after": PRIMAL
    + "def run(x):\n    return f(x)  # here\n\nfirst = run(row)\nf = jax.vmap(f)\nsecond = run(batch)\n",
    "a name that is deleted": PRIMAL + "f = jax.vmap(f)\ny = f(batch)\ndel f  # here\n",
    "a def below it that calls itself and runs before it has rules": """
        import jax

        def total(x):
            return x[0] if x.shape[0] == 1 else x[0] + total(x[1:])  # here

        print(total(row))
        total = jax.custom_vjp(total)
        total.defvjp(lambda x: (x.sum(), x), lambda x, g: (g * jax.numpy.ones_like(x),))
        total = jax.vmap(total)
        """,
    "a def below it that another function runs before it has rules": """
        import jax

        def total(x):
            return x[0] if x.shape[0] == 1 else x[0] + total(x[1:])

        def show(x):
            print(total(x))  # here

        show(row)
        total = jax.custom_vjp(total)
        total.defvjp(lambda x: (x.sum(), x), lambda x, g: (g * jax.numpy.ones_like(x),))
        total = jax.vmap(total)
        show(batch)
        """,
    "a helper that is called by a rule and outside": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def helper(x):
            return f(x)  # here

        f.defvjp(lambda x: (helper(x), None), lambda _, g: (g,))
        f = jax.vmap(f)
        y = helper(batch)
        """,
    "a function that rebinds the module's name": PRIMAL
    + "def enable():\n    global f\n    f = jax.vmap(f)  # here\n\nenable()\n",
    "the original is bound by its name": """
        import jax

        globals()["f"] = jax.custom_vjp(lambda x: x.sum())  # here
        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "a rule that looks the name up": """
        import jax

        f = jax.custom_vjp(lambda x: x.sum())
        f.defvjp(lambda x: (f(x) + globals()["f"](x), None), lambda _, g: (g,))  # here
        f = jax.vmap(f)
        """,
    "a rule that reads an attribute of something unknown": """
        import jax

        class Ops:
            f = jax.custom_vjp(lambda x: x.sum())
            f.defvjp(lambda x: (Ops.f(x), None), lambda _, g: (other.f(g),))  # here
            f = jax.vmap(f)
        """,
    "a class attribute that is set from outside": """
        import jax

        class Ops:
            f = jax.custom_vjp(lambda x: x.sum())
            f.defvjp(lambda x: (Ops.f(x), None), lambda _, g: (g,))
            f = jax.vmap(f)

        Ops.f = jax.jit(Ops.f)  # here
        """,
    "an alias is needed where no line begins": PRIMAL
    + "ready = True; batched and (f := jax.vmap(f))  # here\ny = f(batch)\n",
    "another function with rules may have the name": """
        import jax

        if fast:
            f = jax.custom_vjp(lambda x: x.sum())
            f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))  # here
        else:
            f = jax.custom_vjp(lambda x: x.mean())
            f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f = jax.vmap(f)
        y = f(batch)
        """,
    "the new name is taken": Case(
        PRIMAL + "core_f = 1\nf = jax.vmap(f)  # here\n", options={"names": {"f": "core_f"}}
    ),
}

BY_THIS_ONLY: dict[str, str | Case] = {
    "an annotation that makes it a field of the class": """
        import dataclasses
        from typing import Callable
        import jax

        @dataclasses.dataclass
        class Ops:
            f: Callable = jax.custom_vjp(lambda x: x.sum())  # here
            f.defvjp(lambda x: (Ops.f(x), None), lambda _, g: (g,))
            f = jax.vmap(f)
        """,
    "an f-string in a rule that prints a call": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            print(f"{f(x)=}")  # here
            return f(x), None

        f.defvjp(f_fwd, lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "somebody asks for the name of the function": PRIMAL + "f = jax.vmap(f)\nprint(f.__name__)  # here\n",
    "the original may be an import": """
        import jax

        try:
            from fast import f  # here
        except ImportError:
            f = jax.custom_vjp(lambda x: x.sum())
            f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f = jax.vmap(f)
        y = f(batch)
        """,
    "the module may end with the original": """
        import jax

        try:
            f = jax.custom_vjp(lambda x: x.sum())  # here
            f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
            import accelerator
            f = jax.vmap(f)
            y = f(batch)
        except ImportError:
            pass
        """,
    "the class may end with the original": """
        import contextlib
        import jax

        class Ops:
            with contextlib.suppress(ImportError):
                f = jax.custom_vjp(lambda x: x.sum())  # here
                f.defvjp(lambda x: (Ops.f(x), None), lambda _, g: (g,))
                import accelerator
                f = jax.vmap(f)
        """,
}
