"""Code that belongs to a rule and to something else as well."""

from __future__ import annotations

SHARED = {
    "a helper called by a rule and at module level": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def value(x):
            return f(x)  # here

        f.defvjp(lambda x: (value(x), None), lambda _, g: (g,))
        f = jax.vmap(f)
        y = value(batch)
        """,
    "a helper called by a rule and by another function": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def value(x):
            return f(x)  # here

        f.defvjp(lambda x: (value(x), None), lambda _, g: (g,))
        f = jax.vmap(f)

        def report(batch):
            return value(batch).mean()
        """,
    "a helper called by a rule and by a method": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def value(x):
            return f(x)  # here

        f.defvjp(lambda x: (value(x), None), lambda _, g: (g,))
        f = jax.vmap(f)

        class Model:
            def __call__(self, batch):
                return value(batch)
        """,
    "a helper that is a lambda": """
        import jax

        f = jax.custom_vjp(lambda x: x.sum())
        value = lambda x: f(x)  # here
        f.defvjp(lambda x: (value(x), None), lambda _, g: (g,))
        f = jax.vmap(f)
        y = value(batch)
        """,
    "a helper of a helper": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def value(x):
            return f(x)  # here

        def with_residuals(x):
            return value(x), None

        f.defvjp(with_residuals, lambda _, g: (g,))
        f = jax.vmap(f)
        y = value(batch)
        """,
    "a helper that is kept in a table": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def value(x):
            return f(x)  # here

        OPERATIONS = {"value": value}
        f.defvjp(lambda x: (value(x), None), lambda _, g: (g,))
        f = jax.vmap(f)
        y = OPERATIONS["value"](batch)
        """,
    "a rule that other code calls": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            return f(x), None  # here

        f.defvjp(f_fwd, lambda _, g: (g,))
        f = jax.vmap(f)
        y, residuals = f_fwd(batch)
        """,
    "a rule that another primal has as well": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        @jax.custom_vjp
        def h(x):
            return x.sum(axis=1)

        def fwd(x):
            return f(x), None  # here

        f.defvjp(fwd, lambda _, g: (g,))
        h.defvjp(fwd, lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "the rules are called by the function that makes the primal": """
        import jax

        def make():
            @jax.custom_vjp
            def f(x):  # here
                return x.sum()

            def fwd(x):
                if x.ndim > 1:
                    return make()(x), None
                return f(x), None

            f.defvjp(fwd, lambda _, g: (g,))
            f = jax.vmap(f)
            return f
        """,
    "a helper inside a function": """
        import jax

        def run(batch):
            f = jax.custom_vjp(lambda x: x.sum())

            def value(x):
                return f(x)  # here

            f.defvjp(lambda x: (value(x), None), lambda _, g: (g,))
            f = jax.vmap(f)
            return value(batch)
        """,
}
