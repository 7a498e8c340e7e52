"""Rebindings inside statements, where paths meet: one alias above the outermost statement."""

from __future__ import annotations

from .case import Case

FLOW: dict[str, str | Case] = {
    "in an if": """
        import jax
        import jax.numpy as jnp

        batched = True

        @jax.custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
        ⟦f_mapped = f
        ⟧if batched:
            f⟦_mapped⟧ = jax.vmap(f)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "in both arms of an if": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        if rows:
            f⟦_mapped⟧ = jax.vmap(f)
        else:
            f⟦_mapped⟧ = jax.vmap(f, in_axes=1)
        y = f⟦_mapped⟧(batch)
        """,
    "used only in the arm that rebinds": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        if batch is not None:
            f⟦_mapped⟧ = jax.vmap(f)
            y = f⟦_mapped⟧(batch)
        else:
            y = f(row)
        """,
    "in a conditional expression": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f) if batch.ndim > 1 else f
        y = f⟦_mapped⟧(batch)
        """,
    "in a for loop": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))

        # One mapped axis for each leading dimension.
        ⟦f_mapped = f
        ⟧for _ in range(2):
            f⟦_mapped⟧ = jax.vmap(f⟦_mapped⟧)

        x = jnp.linspace(0.5, 1.5, 12).reshape(2, 2, 3)

        def loss(x):
            return (f⟦_mapped⟧(x) ** 2).sum()
        """,
    "in a while loop": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        depth = batch.ndim
        ⟦f_mapped = f
        ⟧while depth > 1:
            f⟦_mapped⟧ = jax.vmap(f⟦_mapped⟧)
            depth -= 1
        y = f⟦_mapped⟧(batch)
        """,
    "in a try": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        ⟦f_mapped = f
        ⟧try:
            import accelerator
            f⟦_mapped⟧ = jax.vmap(f)
        except ImportError:
            accelerator = None
        y = f⟦_mapped⟧(batch)
        """,
    "in a with": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        with jax.default_device(device):
            f⟦_mapped⟧ = jax.vmap(f)
            y = f⟦_mapped⟧(batch)
        """,
    "in a match": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        ⟦f_mapped = f
        ⟧match mode:
            case "rows":
                f⟦_mapped⟧ = jax.vmap(f)
            case "columns":
                f⟦_mapped⟧ = jax.vmap(f, in_axes=1)
        y = f⟦_mapped⟧(batch)
        """,
    "the alias stands above the outermost statement": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        ⟦f_mapped = f
        ⟧if batch is not None:
            for size in batch.shape[1:]:
                f⟦_mapped⟧ = jax.vmap(f⟦_mapped⟧)
        y = f⟦_mapped⟧(batch)
        """,
    "reads before a merge keep the original": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        z = f(row)
        ⟦f_mapped = f
        ⟧if batched:
            print(f(row))
            f⟦_mapped⟧ = jax.vmap(f)
        y = f⟦_mapped⟧(batch)
        """,
    "a short circuit": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        ⟦f_mapped = f
        ⟧batched and (f⟦_mapped⟧ := jax.vmap(f))
        y = f⟦_mapped⟧(batch)
        """,
    "a def under a condition": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        single = f
        ⟦f_mapped = f
        ⟧if batched:
            def f⟦_mapped⟧(x):
                return jax.vmap(single)(x)
        y = f⟦_mapped⟧(batch)
        """,
    "a use above the rebinding in the same loop": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        ys = []
        ⟦f_mapped = f
        ⟧for rows in nested:
            ys.append(f⟦_mapped⟧(rows))
            f⟦_mapped⟧ = jax.vmap(f⟦_mapped⟧)
        """,
    "in a finally": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        try:
            z = f(row)
        finally:
            f⟦_mapped⟧ = jax.vmap(f)
        y = f⟦_mapped⟧(batch)
        """,
    "in the else of a loop": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        ⟦f_mapped = f
        ⟧for size in batch.shape:
            if size == 0:
                break
        else:
            f⟦_mapped⟧ = jax.vmap(f)
        y = f⟦_mapped⟧(batch)
        """,
    "in a suppressing with": """
        import contextlib
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        ⟦f_mapped = f
        ⟧with contextlib.suppress(ValueError):
            check(batch)
            f⟦_mapped⟧ = jax.vmap(f)
        y = f⟦_mapped⟧(batch)
        """,
    "an arm that ends the function": """
        import jax

        def make(batched):
            f = jax.custom_vjp(lambda x: x.sum())
            f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
            if not batched:
                return f
            f⟦_mapped⟧ = jax.vmap(f)
            return f⟦_mapped⟧
        """,
}
