"""Rules that spell the name, and read something else."""

from __future__ import annotations

BLIND = {
    "a rule that took the primal as a default argument": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x, f=f):
            return f(x), None

        f.defvjp(f_fwd, lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "a keyword-only default": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x, *, primal=f):
            return primal(x), None

        f.defvjp(f_fwd, lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "a rule that calls another name of the primal": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        _f = f

        def f_fwd(x):
            return _f(x), None

        f.defvjp(f_fwd, lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "a rule whose parameter has the name": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(f):
            return f.sum(), f

        def f_bwd(f, g):
            return (f * g,)

        f.defvjp(f_fwd, f_bwd)
        f = jax.vmap(f)
        """,
    "a rule whose local has the name": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            f = x.sum()
            return f, f

        f.defvjp(f_fwd, lambda f, g: (f * g,))
        f = jax.vmap(f)
        """,
    "a rule that loops with the name": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            return sum(f for f in x), [f for f in x]

        f.defvjp(f_fwd, lambda res, g: (g,))
        f = jax.vmap(f)
        """,
    "a rule with a helper of that name": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            def f(y):
                return y.sum()
            return f(x), None

        f.defvjp(f_fwd, lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "a rule that imports the name": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            from mylib import implementation as f
            return f(x), None

        f.defvjp(f_fwd, lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "a rule that passes a keyword of that name": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            return x.sum(), dict(f=x)

        def f_bwd(res, g):
            return (res["f"] * g,)

        f.defvjp(f_fwd, f_bwd)
        f = jax.vmap(f)
        """,
    "a rule that reads an attribute of that name": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            return numerics.f(x), None

        f.defvjp(f_fwd, lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "a rule that mentions it in strings and comments": '''
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            """As f(x), with residuals."""
            return x.sum(), "f"  # not f(x)

        f.defvjp(f_fwd, lambda _, g: (g,))
        f = jax.vmap(f)
        ''',
    "a rule with the name in the text of an f-string": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            print(f"f of {x} {{f}}")
            return x.sum(), None

        f.defvjp(f_fwd, lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "rules made by a function that is given the primal": """
        import jax

        def rules_of(primal):
            def fwd(x):
                return primal(x), None
            return fwd, lambda _, g: (g,)

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(*rules_of(f))
        f = jax.vmap(f)
        """,
    "another function reads it, and no rule": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (x.sum(), None), lambda _, g: (g,))
        f = jax.vmap(f)

        def report(batch):
            return f(batch).mean()
        """,
    "a function called like a rule that is none": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def forward(x):
            return x.sum(), None

        def f_fwd(batch):
            return f(batch), None

        f.defvjp(forward, lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "another primal's rules read it": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (x.sum(), None), lambda _, g: (g,))
        f = jax.vmap(f)

        @jax.custom_vjp
        def total(batch):
            return f(batch).sum()

        total.defvjp(lambda batch: (f(batch).sum(), None), lambda _, g: (g,))
        """,
    "a method's rule reads the instance": """
        import jax

        class Model:
            def __init__(self):
                f = jax.custom_vjp(lambda x: x.sum())
                self.f = f
                f.defvjp(lambda x: (self.f(x), None), lambda _, g: (g,))
                f = jax.vmap(f)
                self.batched = f
        """,
}
