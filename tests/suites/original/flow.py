"""Rebindings where paths meet: ``f = f_unmapped`` above the outermost statement, where something needs it."""

from __future__ import annotations

from tests.suites.rewrite import Case

from .rebindings import PRIMAL

ALIAS = "⟦f = f_unmapped\n⟧"

FLOW: dict[str, str | Case] = {
    "in an if": """
        import jax
        import jax.numpy as jnp

        batched = True

        @jax.custom_vjp
        def f⟦_unmapped⟧(x):
            return jnp.sum(x ** 2)

        f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), x), lambda x, g: (2 * x * g,))
        ⟦f = f_unmapped
        ⟧if batched:
            f = jax.vmap(f)

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (f(x) ** 2).sum()
        """,
    "in both arms of an if": PRIMAL
    + "if rows:\n    f = jax.vmap(f⟦_unmapped⟧)\nelse:\n    f = jax.vmap(f⟦_unmapped⟧, in_axes=1)\ny = f(batch)\n",
    "in a conditional expression": PRIMAL
    + "f = jax.vmap(f⟦_unmapped⟧) if batch.ndim > 1 else f⟦_unmapped⟧\ny = f(batch)\n",
    "in a for loop": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f⟦_unmapped⟧(x):
            return jnp.sum(x ** 2)

        f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), x), lambda x, g: (2 * x * g,))

        # One mapped axis for each leading dimension.
        ⟦f = f_unmapped
        ⟧for _ in range(2):
            f = jax.vmap(f)

        x = jnp.linspace(0.5, 1.5, 12).reshape(2, 2, 3)

        def loss(x):
            return (f(x) ** 2).sum()
        """,
    "in a try": PRIMAL
    + f"{ALIAS}try:\n    import accelerator\n    f = jax.vmap(f)\nexcept ImportError:\n    pass\ny = f(batch)\n",
    "in a with": PRIMAL + "with jax.default_device(device):\n    f = jax.vmap(f⟦_unmapped⟧)\ny = f(batch)\n",
    "in a match": PRIMAL
    + f'{ALIAS}match mode:\n    case "rows":\n        f = jax.vmap(f)\n    case "columns":\n        f = jax.vmap(f, in_axes=1)\n',
    "a short circuit": PRIMAL + f"{ALIAS}batched and (f := jax.vmap(f))\ny = f(batch)\n",
    "a walrus in a comprehension": PRIMAL + f"{ALIAS}fs = [(f := jax.vmap(f)) for _ in shape]\n",
    "reads above the statement mean the original": PRIMAL
    + f"z = f⟦_unmapped⟧(row)\n{ALIAS}if batched:\n    print(f(row))\n    f = jax.vmap(f)\ny = f(batch)\n",
    "in the main guard, for those who import it": PRIMAL
    + f'{ALIAS}if __name__ == "__main__":\n    f = jax.vmap(f)\n    print(f(batch))\n',
    "a def under a condition": PRIMAL
    + f"single = f⟦_unmapped⟧\n{ALIAS}if batched:\n    def f(x):\n        return jax.vmap(single)(x)\n",
    "a decorated statement": PRIMAL
    + f"single = f⟦_unmapped⟧\n{ALIAS}@(f := jax.vmap(single)) if batched else (lambda g: g)\ndef h(x):\n    return f(x)\n",
    "an import in the other arm": PRIMAL
    + "if batched:\n    f = jax.vmap(f⟦_unmapped⟧)\nelse:\n    from fast import f\ny = f(batch)\n",
    "an arm that ends the function": """
        import jax

        def make(batched):
            f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
            f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
            if not batched:
                return f⟦_unmapped⟧
            f = jax.vmap(f⟦_unmapped⟧)
            return f
        """,
    "used only in one arm of a function": """
        import jax

        def apply(x, batched):
            f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
            f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
            if batched:
                f = jax.vmap(f⟦_unmapped⟧)
                return f(x)
            return f⟦_unmapped⟧(x)
        """,
    "in a function, with its indentation": """
        import jax

        def make(batched):
            f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
            f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
            ⟦f = f_unmapped
            ⟧if batched:
                f = jax.vmap(f)
            return f
        """,
    "the primal is made where it is rebound": """
        import jax

        if fast:
            f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
            f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
            f = jax.vmap(f⟦_unmapped⟧)
        else:
            from slow import f
        y = f(batch)
        """,
    "a loop that makes a primal each time": """
        import jax

        for axis in axes:
            f⟦_unmapped⟧ = jax.custom_vjp(lambda x: x.sum())
            f⟦_unmapped⟧.defvjp(lambda x: (f⟦_unmapped⟧(x), None), lambda _, g: (g,))
            f = jax.vmap(f⟦_unmapped⟧, in_axes=axis)
            results.append(f(batch))
        """,
}
