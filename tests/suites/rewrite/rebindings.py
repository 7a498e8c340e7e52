"""Every way to write the rebinding itself."""

from __future__ import annotations

from .case import Case

REBINDINGS: dict[str, str | Case] = {
    "an annotated assignment": """
        from typing import Callable
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧: Callable = jax.vmap(f)
        y = f⟦_mapped⟧(batch)
        """,
    "a chained assignment": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = batched = jax.vmap(f)
        y = f⟦_mapped⟧(batch) + batched(batch)
        """,
    "a tuple on both sides": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧, size = jax.vmap(f), 4
        y = f⟦_mapped⟧(batch[:size])
        """,
    "a walrus": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        y = (f⟦_mapped⟧ := jax.vmap(f))(batch) + f⟦_mapped⟧(batch)
        """,
    "the function is the keyword fun": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(in_axes=0, fun=f)
        y = f⟦_mapped⟧(batch)
        """,
    "a mapped function that is compiled": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
        f⟦_mapped⟧ = jax.jit(jax.vmap(f))

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "a compiled function that is mapped": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(jax.jit(f))
        y = f⟦_mapped⟧(batch)
        """,
    "mapped twice": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(jax.vmap(f))
        y = f⟦_mapped⟧(batch)
        """,
    "a partial application that is mapped": """
        from functools import partial
        import jax

        @partial(jax.custom_vjp, nondiff_argnums=(0,))
        def f(scale, x):
            return scale * x.sum()

        f.defvjp(lambda scale, x: (f(scale, x), None), lambda scale, _, g: (scale * g,))
        f⟦_mapped⟧ = jax.vmap(partial(f, 2.0))
        y = f⟦_mapped⟧(batch)
        """,
    "a partial of the transform, called at once": """
        from functools import partial
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = partial(jax.vmap, in_axes=1)(f)
        y = f⟦_mapped⟧(batch)
        """,
    "a transform with a name of its own": """
        from functools import partial
        import jax

        batch_last = partial(jax.vmap, in_axes=-1)

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = batch_last(f)
        y = f⟦_mapped⟧(batch)
        """,
    "a local function that maps what it is given": """
        import jax

        def over_rows(fn):
            return jax.vmap(fn, in_axes=0)

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = over_rows(f)
        y = f⟦_mapped⟧(batch)
        """,
    "repeated: mapped, then compiled": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)
        f⟦_mapped⟧ = jax.jit(f⟦_mapped⟧)
        y = f⟦_mapped⟧(batch)
        """,
    "repeated, with a use in between": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
        f⟦_mapped⟧ = jax.vmap(f)
        first = f⟦_mapped⟧(jnp.ones((2, 3)))
        f⟦_mapped⟧ = jax.vmap(f⟦_mapped⟧)

        x = jnp.linspace(0.5, 1.5, 12).reshape(2, 2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "through another name": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        batched = jax.vmap(f)
        f⟦_mapped⟧ = batched
        y = f⟦_mapped⟧(batch)
        """,
    "another name of the original is mapped": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        single = f
        f⟦_mapped⟧ = jax.vmap(single)
        y = single(row), f⟦_mapped⟧(batch)
        """,
    "a later def over another name of the primal": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
        _f = f

        def f⟦_mapped⟧(x):
            return jax.vmap(_f)(x)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "a lambda over another name of the primal": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        _f = f
        f⟦_mapped⟧ = lambda rows: jax.vmap(_f)(rows)
        y = f⟦_mapped⟧(batch)
        """,
    "a decorated def over another name of the primal": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        _f = f

        @jax.vmap
        def f⟦_mapped⟧(x):
            return _f(x)

        y = f⟦_mapped⟧(batch)
        """,
    "the original is used before it is rebound": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def fwd(x):
            return f(x), None

        def bwd(_, g):
            return (g,)

        f.defvjp(fwd, bwd)
        y = f(row)
        f⟦_mapped⟧ = jax.vmap(f)
        z = f⟦_mapped⟧(batch)
        """,
    "a tuple with a star": Case(
        """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧, *sizes = jax.vmap(f), 4, 3
        y = f⟦_mapped⟧(batch)
        """,
    ),
}
