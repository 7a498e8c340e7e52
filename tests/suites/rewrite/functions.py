"""Primals that are made inside functions."""

from __future__ import annotations

from .case import Case

FUNCTIONS: dict[str, str | Case] = {
    "a factory that gives the mapped function back": """
        import jax
        import jax.numpy as jnp

        def make_energy(power):
            @jax.custom_vjp
            def energy(x):
                return jnp.sum(x ** power)

            def fwd(x):
                return energy(x), x

            def bwd(x, g):
                return (power * x ** (power - 1) * g,)

            energy.defvjp(fwd, bwd)
            energy⟦_mapped⟧ = jax.vmap(energy)
            return energy⟦_mapped⟧

        energy = make_energy(3)
        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (energy(x) ** 2).sum()
        """,
    "an alias inside a function keeps its indentation": """
        import jax
        import jax.numpy as jnp

        def make(batched):
            @jax.custom_vjp
            def f(x):
                return jnp.sum(x ** 2)

            f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
            ⟦f_mapped = f
            ⟧if batched:
                f⟦_mapped⟧ = jax.vmap(f)
            return f⟦_mapped⟧

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (make(batched=True)(x) ** 2).sum()
        """,
    "a closure reads what the function holds when it ends": """
        import jax

        def solver(rows):
            @jax.custom_vjp
            def step(x):
                return x.sum()

            def fwd(x):
                return step(x), None

            def bwd(_, g):
                return (g,)

            step.defvjp(fwd, bwd)

            def run():
                return step⟦_mapped⟧(rows)

            step⟦_mapped⟧ = jax.vmap(step)
            return run
        """,
    "the same name in two functions, one of them wrong": """
        import jax

        def right():
            @jax.custom_vjp
            def f(x):
                return x.sum()

            f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
            return jax.vmap(f)

        def wrong():
            @jax.custom_vjp
            def f(x):
                return x.sum()

            f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
            f⟦_mapped⟧ = jax.vmap(f)
            return f⟦_mapped⟧
        """,
    "two primals of one module, each with a name of its own": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))

        @jax.custom_vjp
        def h(x):
            return x.prod()

        h.defvjp(lambda x: (h(x), x), lambda x, g: (g * h(x) / x,))
        f⟦_mapped⟧, h⟦_mapped⟧ = jax.vmap(f), jax.vmap(h)
        y = f⟦_mapped⟧(batch) * h⟦_mapped⟧(batch)
        """,
    "a helper that only the rules reach keeps the original": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        def value_and_residuals(x):
            return f(x), x

        def fwd(x):
            return value_and_residuals(x)

        def bwd(x, g):
            return (2 * x * g,)

        f.defvjp(fwd, bwd)
        f⟦_mapped⟧ = jax.vmap(f)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "a function above the primal is called only later": """
        import jax
        import jax.numpy as jnp

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()

        @jax.custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
        f⟦_mapped⟧ = jax.vmap(f)
        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)
        """,
}
