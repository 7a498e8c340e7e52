"""Transforms other than a plain vmap, and the names that their results get."""

from __future__ import annotations

from vjpfix.config import ExtraTransform

from .case import Case

TRANSFORMS: dict[str, str | Case] = {
    "pmap": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.pmap(f)
        y = f⟦_mapped⟧(batch)
        """,
    "shard_map from where it used to be": """
        import jax
        from jax.experimental.shard_map import shard_map

        @jax.custom_vjp
        def f(x):
            return 2.0 * x

        f.defvjp(lambda x: (f(x), None), lambda _, g: (2.0 * g,))
        f⟦_mapped⟧ = shard_map(f, mesh=mesh, in_specs=spec, out_specs=spec)
        y = f⟦_mapped⟧(batch)
        """,
    "lax.map of a partial application": """
        from functools import partial
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
        f⟦_mapped⟧ = partial(jax.lax.map, f)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "filter_vmap of equinox": """
        import equinox as eqx
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = eqx.filter_vmap(in_axes=0)(f)
        y = f⟦_mapped⟧(batch)
        """,
    "vmap of flax.nnx": """
        import jax
        from flax import nnx

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = nnx.vmap(f, in_axes=0)
        y = f⟦_mapped⟧(batch)
        """,
    "grad": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f(x):
            return jnp.sum(x ** 3)

        f.defvjp(lambda x: (f(x), x), lambda x, g: (3 * x ** 2 * g,))
        f⟦_grad⟧ = jax.grad(f)
        slope = f⟦_grad⟧(jnp.ones(3))
        """,
    "jacfwd of a custom_jvp function": """
        import jax

        @jax.custom_jvp
        def f(x):
            return x ** 2

        @f.defjvp
        def f_jvp(primals, tangents):
            (x,), (t,) = primals, tangents
            return f(x), 2 * x * t

        f⟦_jacfwd⟧ = jax.jacfwd(f)
        slope = f⟦_jacfwd⟧(3.0)
        """,
    "a mapped gradient is named for the mapping": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x ** 2

        f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
        f⟦_mapped⟧ = jax.vmap(jax.grad(f))
        slopes = f⟦_mapped⟧(batch)
        """,
    "a transform that the configuration names": Case(
        """
        import jax
        from mylib import batch_rows

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_rows⟧ = batch_rows(f)
        y = f⟦_rows⟧(batch)
        """,
        options={"transforms": (ExtraTransform("mylib.batch_rows", "maps", "rows"),)},
    ),
    "a suffix that the configuration names": Case(
        """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_batched⟧ = jax.vmap(f)
        y = f⟦_batched⟧(batch)
        """,
        options={"suffixes": {"maps": "batched"}},
    ),
    "a new name that the configuration gives": Case(
        """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_over_particles⟧ = jax.vmap(f)
        y = f⟦_over_particles⟧(batch)
        """,
        options={"names": {"f": "f_over_particles"}},
    ),
    "a wrapper without a row in the table, when it is asked for": Case(
        """
        import jax
        from mylib import logged

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_wrapped⟧ = logged(f)
        y = f⟦_wrapped⟧(batch)
        """,
        options={"extend_select": ("VJP003",)},
    ),
    "jit, when it is asked for": Case(
        """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_jitted⟧ = jax.jit(f)
        y = f⟦_jitted⟧(row)
        """,
        options={"extend_select": ("VJP003",)},
    ),
}
