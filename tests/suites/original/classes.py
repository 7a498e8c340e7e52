"""Primals in class bodies: the original becomes another attribute of the class."""

from __future__ import annotations

from tests.suites.rewrite import Case

CLASSES: dict[str, str | Case] = {
    "read through the class": """
        import jax
        import jax.numpy as jnp

        class Ops:
            @jax.custom_vjp
            def f⟦_unmapped⟧(x):
                return jnp.sum(x ** 2)

            f⟦_unmapped⟧.defvjp(lambda x: (Ops.f⟦_unmapped⟧(x), x), lambda x, g: (2 * x * g,))
            f = jax.vmap(f⟦_unmapped⟧)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (Ops.f(x) ** 2).sum()
        """,
    "rules in the class body": """
        import jax

        class Ops:
            @jax.custom_vjp
            def norm⟦_unmapped⟧(x):
                return (x * x).sum() ** 0.5

            def norm_fwd(x):
                n = Ops.norm⟦_unmapped⟧(x)
                return n, x / n

            norm⟦_unmapped⟧.defvjp(norm_fwd, lambda direction, g: (direction * g,))
            single = norm⟦_unmapped⟧
            norm = jax.vmap(norm⟦_unmapped⟧)
            default = norm

            def run(self, batch):
                return Ops.norm(batch)
        """,
    "read through an instance, outside": """
        import jax

        class Ops:
            f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
            f⟦_unmapped⟧.defvjp(lambda x: (Ops.f⟦_unmapped⟧(x), None), lambda _, g: (g,))
            f = staticmethod(jax.vmap(f⟦_unmapped⟧))

            def run(self, batch):
                return self.f(batch)

        y = Ops().f(batch)
        """,
    "read through something unknown, outside": """
        import jax

        class Ops:
            f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
            f⟦_unmapped⟧.defvjp(lambda x: (Ops.f⟦_unmapped⟧(x), None), lambda _, g: (g,))
            f = jax.vmap(f⟦_unmapped⟧)

        def run(anything, batch):
            return anything.f(batch)
        """,
    "on one path, for those who read the class": """
        import jax

        class Ops:
            f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
            f⟦_unmapped⟧.defvjp(lambda x: (Ops.f⟦_unmapped⟧(x), None), lambda _, g: (g,))
            ⟦f = f_unmapped
            ⟧if batched:
                f = jax.vmap(f)
        """,
    "in a function": """
        import jax

        def make():
            class Ops:
                f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
                f⟦_unmapped⟧.defvjp(lambda x: (Ops.f⟦_unmapped⟧(x), None), lambda _, g: (g,))
                f = jax.vmap(f⟦_unmapped⟧)

            return Ops.f
        """,
}
