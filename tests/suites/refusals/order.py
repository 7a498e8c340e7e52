"""Code that runs before the rebinding and after it, or nobody knows when."""

from __future__ import annotations

from tests.suites.rewrite import Case

ORDER: dict[str, str | Case] = {
    "a function that runs before and after": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))

        def run(x):
            return f(x)  # here

        first = run(row)
        f = jax.vmap(f)
        second = run(batch)
        """,
    "a lambda that runs before and after": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        run = lambda x: f(x)  # here
        first = run(row)
        f = jax.vmap(f)
        second = run(batch)
        """,
    "a method that runs before and after": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))

        class Model:
            def __call__(self, x):
                return f(x)  # here

        model = Model()
        first = model(row)
        f = jax.vmap(f)
        second = model(batch)
        """,
    "a generator that is begun before and goes on after": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        values = (f(x) for x in inputs)  # here
        first = next(values)
        f = jax.vmap(f)
        second = next(values)
        """,
    "a function that somebody else may call at once": """
        import jax
        import scheduler

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))

        @scheduler.task
        def run(x):
            return f(x)  # here

        f = jax.vmap(f)
        """,
    "a function that rebinds the module's name": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))

        def enable_batching():
            global f
            f = jax.vmap(f)  # here

        enable_batching()
        y = f(batch)
        """,
    "a function that rebinds the enclosing function's name": """
        import jax

        def make():
            f = jax.custom_vjp(lambda x: x.sum())
            f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))

            def enable_batching():
                nonlocal f
                f = jax.vmap(f)  # here

            enable_batching()
            return f
        """,
    "an alias that would not start its line": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        n = 1; batched and (f := jax.vmap(f))  # here
        y = f(batch)
        """,
    "an import in the other arm": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        if fast:
            from fastlib import f  # here
        else:
            f = jax.vmap(f)
        y = f(batch)
        """,
    "a class in the other arm": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        if eager:
            class f:  # here
                pass
        else:
            f = jax.vmap(f)
        y = f(batch)
        """,
    "a new name that is taken": Case(
        """
        import jax

        batched = True

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f = jax.vmap(f)  # here
        y = f(batch)
        """,
        options={"names": {"f": "batched"}},
    ),
}
