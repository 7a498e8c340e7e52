"""What the rules of the original read, and how they are attached."""

from __future__ import annotations

from tests.suites.rewrite import Case

RULES: dict[str, str | Case] = {
    "defjvp as a call": """
        import jax

        @jax.custom_jvp
        def f⟦_unmapped⟧(x):
            return x.sum()

        def f_jvp(primals, tangents):
            return f⟦_unmapped⟧(*primals), tangents[0].sum()

        f⟦_unmapped⟧.defjvp(f_jvp)
        f = jax.vmap(f⟦_unmapped⟧)
        y = f(batch)
        """,
    "defjvp as a decorator": """
        import jax
        import jax.numpy as jnp

        @jax.custom_jvp
        def f⟦_unmapped⟧(x):
            return jnp.sum(x ** 2)

        @f⟦_unmapped⟧.defjvp
        def f_jvp(primals, tangents):
            (x,), (t,) = primals, tangents
            return f⟦_unmapped⟧(x), jnp.sum(2 * x * t)

        f = jax.vmap(f⟦_unmapped⟧)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f(x) ** 2).sum()
        """,
    "defjvps with lambdas": """
        import jax

        @jax.custom_jvp
        def f⟦_unmapped⟧(x, y):
            return x @ y

        f⟦_unmapped⟧.defjvps(lambda t, out, x, y: f⟦_unmapped⟧(t, y), lambda t, out, x, y: f⟦_unmapped⟧(x, t))
        f = jax.vmap(f⟦_unmapped⟧)
        """,
    "custom_gradient": """
        import jax
        import jax.numpy as jnp

        @jax.custom_gradient
        def f⟦_unmapped⟧(x):
            def pull(g):
                return (2 * x * g * f⟦_unmapped⟧(x) / jnp.sum(x ** 2),)

            return jnp.sum(x ** 2), pull

        f = jax.vmap(f⟦_unmapped⟧)
        """,
    "rules by keyword, attached through another name": """
        from jax import custom_vjp, vmap

        @custom_vjp
        def f⟦_unmapped⟧(x):
            return x.sum()

        primal = f⟦_unmapped⟧
        primal.defvjp(bwd=lambda _, g: (g,), fwd=lambda x: (f⟦_unmapped⟧(x), None))
        f = vmap(primal)
        y = f(batch), primal(row)
        """,
    "a rule that reads another name of the original": """
        from jax import custom_vjp, vmap

        @custom_vjp
        def f⟦_unmapped⟧(x):
            return x.sum()

        single = f⟦_unmapped⟧
        f⟦_unmapped⟧.defvjp(lambda x: (single(x), None), lambda _, g: (g * f⟦_unmapped⟧(g),))
        f = vmap(f⟦_unmapped⟧)
        """,
    "a helper that only the rules reach": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f⟦_unmapped⟧(x):
            return jnp.sum(x ** 2)

        f_and_residuals = lambda x: (f⟦_unmapped⟧(x), x)

        def fwd(x):
            return f_and_residuals(x)

        f⟦_unmapped⟧.defvjp(fwd, lambda x, g: (2 * x * g,))
        f = jax.vmap(f⟦_unmapped⟧)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f(x) ** 2).sum()
        """,
    "a rule that says global": """
        import jax

        f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())

        def fwd(x):
            global f⟦_unmapped⟧
            return f⟦_unmapped⟧(x), None

        f⟦_unmapped⟧.defvjp(fwd, lambda _, g: (g,))
        f = jax.vmap(f⟦_unmapped⟧)

        def run(rows):
            global f
            return f(rows)
        """,
    "a rule that says nonlocal": """
        import jax

        def make():
            f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())

            def fwd(x):
                def inner():
                    nonlocal f⟦_unmapped⟧
                    return f⟦_unmapped⟧(x)

                return inner(), None

            f⟦_unmapped⟧.defvjp(fwd, lambda _, g: (g,))
            f = jax.vmap(f⟦_unmapped⟧)
            return f
        """,
    "rules above the primal": """
        import jax

        def fwd(x):
            return [f⟦_unmapped⟧(row) for row in x], f"{f⟦_unmapped⟧(x)} of f"

        def bwd(f, g):
            return (g * f,)

        @jax.custom_vjp
        def f⟦_unmapped⟧(x):
            return x.sum()

        f⟦_unmapped⟧.defvjp(fwd, bwd)
        f = jax.vmap(f⟦_unmapped⟧)
        """,
    "a rule that runs at once, too": """
        import jax

        @jax.custom_vjp
        def f⟦_unmapped⟧(x):
            return x.sum()

        def fwd(x):
            return f⟦_unmapped⟧(x), None

        f⟦_unmapped⟧.defvjp(fwd, lambda _, g: (g,))
        y, pull = jax.vjp(f⟦_unmapped⟧, row)
        f = jax.vmap(f⟦_unmapped⟧)
        """,
    "rules of another primal mean the mapped version": """
        import jax

        f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
        f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))

        @jax.custom_vjp
        def g(x):
            return f(x)

        g.defvjp(lambda x: (f(x), None), lambda _, ct: (f(ct),))
        f = jax.vmap(f⟦_unmapped⟧)
        """,
}
