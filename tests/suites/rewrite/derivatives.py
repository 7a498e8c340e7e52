"""Primals other than those of ``jax.custom_vjp``, and other names for what makes them."""

from __future__ import annotations

from vjpfix.config import ExtraDerivative

from .case import Case

DERIVATIVES: dict[str, str | Case] = {
    "defjvp as a call": """
        import jax
        import jax.numpy as jnp

        @jax.custom_jvp
        def f(x):
            return jnp.sum(x ** 2)

        def f_jvp(primals, tangents):
            (x,), (t,) = primals, tangents
            y = f(x)
            return y, jnp.sum(2 * x * t)

        f.defjvp(f_jvp)
        f⟦_mapped⟧ = jax.vmap(f)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "defjvp as a decorator": """
        import jax
        import jax.numpy as jnp

        @jax.custom_jvp
        def f(x):
            return jnp.sum(x ** 2)

        @f.defjvp
        def f_jvp(primals, tangents):
            (x,), (t,) = primals, tangents
            return f(x), jnp.sum(2 * x * t)

        f⟦_mapped⟧ = jax.vmap(f)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "a partial of defjvp as a decorator": """
        import functools

        import jax
        import jax.numpy as jnp

        @jax.custom_jvp
        def f(x):
            return jnp.sum(x ** 2)

        @functools.partial(f.defjvp, symbolic_zeros=False)
        def f_jvp(primals, tangents):
            (x,), (t,) = primals, tangents
            return f(x), jnp.sum(2 * x * t)

        f⟦_mapped⟧ = jax.vmap(f)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "a decorated rule that has the name of nothing": """
        import jax

        @jax.custom_jvp
        def f(x):
            return x.sum()

        @f.defjvp
        def _(primals, tangents):
            return f(*primals), tangents[0].sum()

        f⟦_mapped⟧ = jax.vmap(f)
        y = f⟦_mapped⟧(batch)
        """,
    "defjvps with one lambda for each argument": """
        import jax

        @jax.custom_jvp
        def f(x, y):
            return (x * y).sum()

        f.defjvps(lambda t, out, x, y: f(t, y), lambda t, out, x, y: f(x, t))
        f⟦_mapped⟧ = jax.vmap(f)
        z = f⟦_mapped⟧(a, b)
        """,
    "custom_gradient, whose pullback reads the name": """
        import jax
        import jax.numpy as jnp

        @jax.custom_gradient
        def f(x):
            def pull(g):
                return (2 * x * g * f(x) / jnp.sum(x ** 2),)

            return jnp.sum(x ** 2), pull

        f⟦_mapped⟧ = jax.vmap(f)
        y = f⟦_mapped⟧(jnp.ones((2, 3)))
        """,
    "equinox with def_fwd and def_bwd": """
        import equinox as eqx
        import jax
        import jax.numpy as jnp

        @eqx.filter_custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        @f.def_fwd
        def f_fwd(perturbed, x):
            return f(x), None

        @f.def_bwd
        def f_bwd(residuals, g, perturbed, x):
            return 2 * x * g

        f⟦_mapped⟧ = jax.vmap(f)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "equinox with filter_custom_jvp": """
        import equinox as eqx
        import jax.numpy as jnp

        @eqx.filter_custom_jvp
        def f(x):
            return jnp.sum(x ** 2)

        @f.def_jvp
        def f_jvp(primals, tangents):
            (x,), (t,) = primals, tangents
            return f(x), jnp.sum(2 * x * t)

        f⟦_mapped⟧ = eqx.filter_vmap(f)
        y = f⟦_mapped⟧(jnp.ones((2, 3)))
        """,
    "flax.nnx.custom_vjp": """
        import jax.numpy as jnp
        from flax import nnx

        @nnx.custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        def f_fwd(x):
            return f(x), x

        def f_bwd(x, g):
            _, out_g = g
            return (2 * x * out_g,)

        f.defvjp(f_fwd, f_bwd)
        f⟦_mapped⟧ = nnx.vmap(f)
        y = f⟦_mapped⟧(jnp.ones((2, 3)))
        """,
    "a decorator that the configuration names": Case(
        """
        from jax import vmap
        from mylib.grads import with_rules

        @with_rules
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = vmap(f)
        y = f⟦_mapped⟧(batch)
        """,
        options={"custom_derivatives": (ExtraDerivative("mylib.grads.with_rules", "jax.custom_vjp"),)},
    ),
    "jax under another name": """
        import jax as J

        @J.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = J.vmap(f)
        y = f⟦_mapped⟧(batch)
        """,
    "functions of jax under other names": """
        from jax import custom_vjp as rules_by_hand, vmap as v

        @rules_by_hand
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = v(f)
        y = f⟦_mapped⟧(batch)
        """,
    "the decorator has a name of its own": """
        from functools import partial
        import jax

        custom = partial(jax.custom_vjp, nondiff_argnums=(1,))

        @custom
        def power(x, n):
            return (x ** n).sum()

        def fwd(x, n):
            return power(x, n), x

        def bwd(n, x, g):
            return (n * x ** (n - 1) * g,)

        power.defvjp(fwd, bwd)
        power⟦_mapped⟧ = jax.vmap(power, in_axes=(0, None))
        y = power⟦_mapped⟧(batch, 3)
        """,
}
