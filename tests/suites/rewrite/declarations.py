"""Every way to make a primal with ``jax.custom_vjp`` and to attach its rules."""

from __future__ import annotations

from .case import Case

DECLARATIONS: dict[str, str | Case] = {
    "a bare decorator": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def energy(r):
            return jnp.sum(r ** 2)

        def energy_fwd(r):
            return energy(r), r

        def energy_bwd(r, g):
            return (2.0 * r * g,)

        energy.defvjp(energy_fwd, energy_bwd)
        energy⟦_mapped⟧ = jax.vmap(energy)

        x = jnp.linspace(0.1, 1.2, 12).reshape(4, 3)

        def loss(x):
            return (energy⟦_mapped⟧(x) ** 2).sum()
        """,
    "a partial decorator with arguments that are not differentiated": """
        from functools import partial

        import jax.numpy as jnp
        from jax import custom_vjp, vmap

        @partial(custom_vjp, nondiff_argnums=(0,))
        def apply(fn, r):
            return fn(jnp.dot(r, r))

        def apply_fwd(fn, r):
            out = apply(fn, r)
            return out, 2.0 * r * out

        def apply_bwd(fn, res, g):
            return (res * g,)

        apply.defvjp(apply_fwd, apply_bwd)
        apply⟦_mapped⟧ = vmap(apply, in_axes=(None, 0))

        x = jnp.linspace(0.1, 0.9, 12).reshape(4, 3)

        def loss(x):
            return apply⟦_mapped⟧(jnp.exp, x).sum()
        """,
    "the primal is made from a function of another name": """
        import jax
        import jax.numpy as jnp

        def _norm(v):
            return jnp.sqrt(jnp.sum(v ** 2))

        norm = jax.custom_vjp(_norm)

        def norm_fwd(v):
            n = norm(v)
            return n, (v, n)

        def norm_bwd(res, g):
            v, n = res
            return (g * v / n,)

        norm.defvjp(norm_fwd, norm_bwd)
        norm⟦_mapped⟧ = jax.vmap(norm)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (norm⟦_mapped⟧(x) ** 3).sum()
        """,
    "the primal takes the name of the function it is made from": """
        import jax

        def f(x):
            return (x ** 3).sum()

        f = jax.custom_vjp(f)

        def fwd(x):
            return f(x), x

        def bwd(x, g):
            return (3 * x ** 2 * g,)

        f.defvjp(fwd, bwd)
        f⟦_mapped⟧ = jax.vmap(f)

        x = jax.numpy.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "the primal is made from a lambda": """
        import jax

        f = jax.custom_vjp(lambda x: (x ** 2).sum())
        f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
        f⟦_mapped⟧ = jax.vmap(f)

        x = jax.numpy.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "the function is passed by keyword": """
        import jax

        def _f(x):
            return (x ** 2).sum()

        f = jax.custom_vjp(fun=_f)
        f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
        f⟦_mapped⟧ = jax.vmap(f)
        print(f⟦_mapped⟧(jax.numpy.ones((2, 3))))
        """,
    "rules by keyword, in the other order": """
        from jax import custom_vjp, vmap

        @custom_vjp
        def scale(x):
            return 2.0 * x.sum()

        def backward(_, g):
            return (2.0 * g,)

        def forward(x):
            return scale(x), None

        scale.defvjp(bwd=backward, fwd=forward)
        scale⟦_mapped⟧ = vmap(scale)
        """,
    "rules whose names do not end in fwd and bwd": """
        from jax import custom_vjp, vmap

        @custom_vjp
        def clip(x):
            return x.clip(0, 1).sum()

        def remember(x):
            return clip(x), x

        def straight_through(x, g):
            return (g * x,)

        clip.defvjp(remember, straight_through)
        clip⟦_mapped⟧ = vmap(clip)
        y = clip⟦_mapped⟧(batch)
        """,
    "rules attached through another name of the primal": """
        from jax import custom_vjp, vmap

        @custom_vjp
        def f(x):
            return x.sum()

        primal = f
        primal.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = vmap(f)
        y = f⟦_mapped⟧(batch)
        """,
    "the backward rule is the one that reads the name": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f(x):
            return jnp.sum(jnp.exp(x))

        def fwd(x):
            return jnp.sum(jnp.exp(x)), x

        def bwd(x, g):
            return (g * jnp.exp(x) * f(x) / jnp.sum(jnp.exp(x)),)

        f.defvjp(fwd, bwd)
        f⟦_mapped⟧ = jax.vmap(f)

        x = jnp.linspace(0.0, 1.0, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "a primal that calls itself": """
        import jax

        @jax.custom_vjp
        def total(x):
            return x[0] if x.shape[0] == 1 else x[0] + total(x[1:])

        def fwd(x):
            return x.sum(), x

        def bwd(x, g):
            return (g * jax.numpy.ones_like(x),)

        total.defvjp(fwd, bwd)
        total⟦_mapped⟧ = jax.vmap(total)
        print(total⟦_mapped⟧(jax.numpy.ones((2, 3))))
        """,
}
