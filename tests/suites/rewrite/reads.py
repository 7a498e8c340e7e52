"""Which version a read sees, and what only looks like a read."""

from __future__ import annotations

from .case import Case

READS: dict[str, str | Case] = {
    "a default argument is read when its def runs": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))

        def early(x, op=f):
            return op(x)

        f⟦_mapped⟧ = jax.vmap(f)

        def late(x, op=f⟦_mapped⟧):
            return op(x)
        """,
    "a decorator is read when its def runs": """
        import jax

        def calls(op):
            return lambda fn: lambda x: fn(op(x))

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)

        @calls(f⟦_mapped⟧)
        def doubled(y):
            return 2 * y
        """,
    "parameters and locals of the same name stay": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        f.defvjp(lambda x: (f(x), x), lambda x, g: (2 * x * g,))
        f⟦_mapped⟧ = jax.vmap(f)

        def twice(f, x):
            return f(x) + f(x)

        def halved(x):
            f = 0.5
            return f * x

        x = jnp.linspace(0.5, 1.5, 6).reshape(2, 3)

        def loss(x):
            return (halved(twice(f⟦_mapped⟧, x)) ** 2).sum()
        """,
    "comprehension variables and exception names stay": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)
        names = [f for f in ("a", "b")]
        totals = [f⟦_mapped⟧(rows) for rows in batches]

        def guarded(rows):
            try:
                return f⟦_mapped⟧(rows)
            except ValueError:
                return None

        def read(path):
            try:
                return open(path)
            except OSError as f:
                return f.errno
        """,
    "keywords and attributes of the same spelling stay": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)
        box.f = 1
        result = dict(f=f⟦_mapped⟧(batch), g=box.f)
        """,
    "an f-string holds code, and its text is none": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)
        print(f"f of the batch: {f⟦_mapped⟧(batch)}, {{f}}, {f⟦_mapped⟧.__name__!r:>{len('f')}}")
        """,
    "an f-string with an equals sign in its text": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)
        print(f"f = {f⟦_mapped⟧(batch)}, f(batch)={f⟦_mapped⟧(batch)!r}, {n=}, {n == 1=}")
        """,
    "an f-string that prints code in which the name means the original": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            print(f"{f(x) = }")
            return f(x), None

        f.defvjp(f_fwd, lambda _, g: (g,))
        print(f"{f(row)=}")
        f⟦_mapped⟧ = jax.vmap(f)
        print(f"{n=} of {f⟦_mapped⟧(batch)}")
        """,
    "an f-string that prints code in which the name is a parameter": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)

        def show(f):
            print(f"{f(1)=}")

        show(f⟦_mapped⟧)
        """,
    "strings and comments that mention it stay": '''
        """Energies: f and its batch."""
        import jax

        @jax.custom_vjp
        def f(x):
            """f of one row."""
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))  # f calls f
        # f = jax.vmap(f) would do as well
        f⟦_mapped⟧ = jax.vmap(f)  # f for a batch
        y = f⟦_mapped⟧(batch), "call f here"
        ''',
    "an entry of __all__ is followed": """
        import jax

        __all__ = ["f", "other"]

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)
        other = f⟦_mapped⟧
        """.replace('"f", "other"', '"f⟦_mapped⟧", "other"'),
    "a comprehension reads what is there when it runs": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        singles = [f(row) for row in batch]
        f⟦_mapped⟧ = jax.vmap(f)
        lazily = (f⟦_mapped⟧(rows) for rows in batches)
        """,
    "a lambda reads what is there in the end": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        later = lambda rows: f⟦_mapped⟧(rows)
        f⟦_mapped⟧ = jax.vmap(f)
        y = later(batch)
        """,
    "a function that says global": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)

        def run(rows):
            global f⟦_mapped⟧
            return f⟦_mapped⟧(rows)
        """,
    "the new name is taken by the module": """
        import jax

        f_mapped = "taken"

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped_2⟧ = jax.vmap(f)
        y = f⟦_mapped_2⟧(batch)
        """,
    "the new name is taken where it would be captured": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped_2⟧ = jax.vmap(f)

        def run(f_mapped):
            return f⟦_mapped_2⟧(f_mapped)
        """,
    "an annotation is no call": """
        from __future__ import annotations
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)

        def run(rows: list[float]) -> float:
            return f⟦_mapped⟧(rows)
        """,
    "the mapped function is passed on, not called": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def fwd(x):
            return f(x), None

        f.defvjp(fwd, lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)
        y, pull = jax.vjp(f⟦_mapped⟧, batch)
        dx = pull(y)
        """,
    "the main guard": """
        import jax
        import jax.numpy as jnp

        @jax.custom_vjp
        def f(x):
            return jnp.sum(x ** 2)

        def fwd(x):
            return f(x), x

        def bwd(x, g):
            return (2 * x * g,)

        f.defvjp(fwd, bwd)
        f⟦_mapped⟧ = jax.vmap(f)

        def main():
            print(jax.grad(lambda x: f⟦_mapped⟧(x).sum())(jnp.ones((2, 3))))

        if __name__ == "__main__":
            main()
        """,
    "an async function and its await": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)

        async def run(queue):
            async with queue as rows:
                return [f⟦_mapped⟧(r) async for r in rows], f⟦_mapped⟧(await queue.get())
        """,
    "a star import above the primal": """
        from constants import *
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f⟦_mapped⟧ = jax.vmap(f)
        y = f⟦_mapped⟧(batch)
        """,
}
