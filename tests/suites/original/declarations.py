"""Ways to make the primal: what of it takes the new name."""

from __future__ import annotations

from tests.suites.rewrite import Case

DECLARATIONS: dict[str, str | Case] = {
    "a bare decorator": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def energy⟦_unmapped⟧(r):
            return jnp.sum(r ** 2)

        def energy_fwd(r):
            return energy⟦_unmapped⟧(r), r

        def energy_bwd(r, g):
            return (2.0 * r * g,)

        energy⟦_unmapped⟧.defvjp(energy_fwd, energy_bwd)
        energy = jax.vmap(energy⟦_unmapped⟧)

        x = jnp.linspace(0.1, 1.2, 12).reshape(4, 3)

        def loss(x):
            return (energy(x) ** 2).sum()
        """,
    "a partial decorator": """
        from functools import partial

        import jax.numpy as jnp
        from jax import custom_vjp, vmap

        @partial(custom_vjp, nondiff_argnums=(0,))
        def apply⟦_unmapped⟧(fn, r):
            return fn(jnp.dot(r, r))

        def apply_fwd(fn, r):
            out = apply⟦_unmapped⟧(fn, r)
            return out, 2.0 * r * out

        def apply_bwd(fn, res, g):
            return (res * g,)

        apply⟦_unmapped⟧.defvjp(apply_fwd, apply_bwd)
        apply = vmap(apply⟦_unmapped⟧, in_axes=(None, 0))

        x = jnp.linspace(0.1, 0.9, 12).reshape(4, 3)

        def loss(x):
            return apply(jnp.exp, x).sum()
        """,
    "made from a function of another name": """
        import jax
        import jax.numpy as jnp

        def _norm(v):
            return jnp.sqrt(jnp.sum(v ** 2))

        norm⟦_unmapped⟧ = jax.custom_vjp(_norm)

        def norm_fwd(v):
            n = norm⟦_unmapped⟧(v)
            return n, (v, n)

        def norm_bwd(res, g):
            v, n = res
            return (g * v / n,)

        norm⟦_unmapped⟧.defvjp(norm_fwd, norm_bwd)
        norm = jax.vmap(norm⟦_unmapped⟧)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (norm(x) ** 3).sum()
        """,
    "a def below it keeps its name": """
        import jax

        def f(x):
            return (x ** 3).sum()

        f⟦_unmapped⟧ = jax.custom_vjp(f)

        def fwd(x):
            return f⟦_unmapped⟧(x), x

        def bwd(x, g):
            return (3 * x ** 2 * g,)

        f⟦_unmapped⟧.defvjp(fwd, bwd)
        f = jax.vmap(f⟦_unmapped⟧)

        x = jax.numpy.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f(x) ** 2).sum()
        """,
    "a def below it that calls itself": """
        import jax

        def total(x):
            return x[0] if x.shape[0] == 1 else x[0] + total⟦_unmapped⟧(x[1:])

        total⟦_unmapped⟧ = jax.custom_vjp(total)
        total⟦_unmapped⟧.defvjp(lambda x: (x.sum(), x), lambda x, g: (g * jax.numpy.ones_like(x),))
        total = jax.vmap(total⟦_unmapped⟧)
        y = total(batch)
        """,
    "made from a lambda": """
        import jax

        f⟦_unmapped⟧ = jax.custom_vjp(lambda x: (x ** 2).sum())
        f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), x), lambda x, g: (2 * x * g,))
        f = jax.vmap(f⟦_unmapped⟧)

        x = jax.numpy.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f(x) ** 2).sum()
        """,
    "a primal that calls itself": """
        import jax

        @jax.custom_vjp
        def total⟦_unmapped⟧(x):
            return x[0] if x.shape[0] == 1 else x[0] + total⟦_unmapped⟧(x[1:])

        total⟦_unmapped⟧.defvjp(lambda x: (x.sum(), x), lambda x, g: (g * jax.numpy.ones_like(x),))
        total = jax.vmap(total⟦_unmapped⟧)
        y = total(batch)
        """,
    "an annotated assignment": """
        from typing import Callable
        import jax

        f⟦_unmapped⟧: Callable = jax.custom_vjp(lambda x: x.sum())
        f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
        f = jax.vmap(f⟦_unmapped⟧)
        """,
    "a declared type above stays with the name": """
        from typing import Callable
        import jax

        f: Callable
        f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
        f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
        f = jax.vmap(f⟦_unmapped⟧)
        """,
    "overloads go along": """
        from typing import overload
        import jax

        @overload
        def f⟦_unmapped⟧(x: float) -> float: ...
        @overload
        def f⟦_unmapped⟧(x: jax.Array) -> jax.Array: ...
        @jax.custom_vjp
        def f⟦_unmapped⟧(x):
            return x.sum()

        f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
        f = jax.vmap(f⟦_unmapped⟧)
        """,
    "a placeholder above has nothing to do with it": """
        import jax

        f = None
        print(f)

        @jax.custom_vjp
        def f⟦_unmapped⟧(x):
            return x.sum()

        f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
        f = jax.vmap(f⟦_unmapped⟧)
        y = f(batch)
        """,
    "one of two ways to make it": """
        import jax

        def f⟦_unmapped⟧(x):
            return x.sum()

        if with_rules:
            f⟦_unmapped⟧ = jax.custom_vjp(f⟦_unmapped⟧)
            f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
        f = jax.vmap(f⟦_unmapped⟧)
        y = f(batch)
        """,
    "in a factory": """
        import jax
        import jax.numpy as jnp

        def make_energy(power):
            @jax.custom_vjp
            def energy⟦_unmapped⟧(x):
                return jnp.sum(x ** power)

            def fwd(x):
                return energy⟦_unmapped⟧(x), x

            def bwd(x, g):
                return (power * x ** (power - 1) * g,)

            energy⟦_unmapped⟧.defvjp(fwd, bwd)
            energy = jax.vmap(energy⟦_unmapped⟧)
            return energy

        energy = make_energy(3)
        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (energy(x) ** 2).sum()
        """,
    "the same name in two functions, one of them wrong": """
        import jax

        def right():
            f = jax.custom_vjp(lambda x: x.sum())
            f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
            return jax.vmap(f)

        def wrong():
            f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
            f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
            f = jax.vmap(f⟦_unmapped⟧)
            return f
        """,
    "two primals of one module": """
        import jax

        f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
        f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
        h⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.prod())
        h⟦_unmapped⟧.defvjp(lambda x: (h⟦_unmapped⟧(x), x), lambda x, g: (g * f(x) / x,))
        f, h = jax.vmap(f⟦_unmapped⟧), jax.vmap(h⟦_unmapped⟧)
        """,
}
