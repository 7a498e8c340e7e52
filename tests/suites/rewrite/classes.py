"""Primals in class bodies, read through the class."""

from __future__ import annotations

from .case import Case

CLASSES: dict[str, str | Case] = {
    "a class attribute that is read through the class": """
        import jax
        import jax.numpy as jnp

        class Ops:
            @jax.custom_vjp
            def f(x):
                return jnp.sum(x ** 2)

            f.defvjp(lambda x: (Ops.f(x), x), lambda x, g: (2 * x * g,))
            f⟦_mapped⟧ = jax.vmap(f)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (Ops.f⟦_mapped⟧(x) ** 2).sum()
        """,
    "rules in the class body that read through the class": Case(
        """
        import jax

        class Ops:
            @jax.custom_vjp
            def norm(x):
                return (x * x).sum() ** 0.5

            def norm_fwd(x):
                n = Ops.norm(x)
                return n, x / n

            def norm_bwd(direction, g):
                return (direction * g,)

            norm.defvjp(norm_fwd, norm_bwd)
            norm⟦_mapped⟧ = jax.vmap(norm)
            default = norm⟦_mapped⟧

            def run(self, batch):
                return Ops.norm⟦_mapped⟧(batch)
        """,
    ),
    "a class inside a function": """
        import jax

        def make():
            class Ops:
                f = jax.custom_vjp(lambda x: x.sum())
                f.defvjp(lambda x: (Ops.f(x), None), lambda _, g: (g,))
                f⟦_mapped⟧ = jax.vmap(f)

            return Ops.f⟦_mapped⟧
        """,
    "a class body reads the module's name at once": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))

        class Before:
            op = f

        f⟦_mapped⟧ = jax.vmap(f)

        class After:
            op = f⟦_mapped⟧

            def run(self, batch):
                return f⟦_mapped⟧(batch)
        """,
    "a rule that only asks for the type of its argument": Case(
        """
        import jax

        class Trajectory:
            def energies(self, rows):
                return energy⟦_mapped⟧(rows)

        @jax.custom_vjp
        def energy(x):
            return x.sum()

        def energy_fwd(x):
            assert not isinstance(x, Trajectory)
            return energy(x), None

        energy.defvjp(energy_fwd, lambda _, g: (g,))
        energy⟦_mapped⟧ = jax.vmap(energy)
        """,
    ),
    "a rule that reads a number of a class": Case(
        """
        import jax

        class Model:
            scale = 2.0

            def __call__(self, rows):
                return energy⟦_mapped⟧(rows)

        @jax.custom_vjp
        def energy(x):
            return Model.scale * x.sum()

        energy.defvjp(lambda x: (energy(x), None), lambda _, g: (Model.scale * g,))
        energy⟦_mapped⟧ = jax.vmap(energy)
        y = Model()(batch)
        """,
    ),
}
