"""No primal of this module, not the transform it seems to be, or hidden on purpose."""

from __future__ import annotations

from tests.suites.rewrite import Case

OTHERWISE: dict[str, str | Case] = {
    "a plain function": """
        import jax

        def f(x):
            return x.sum()

        f = jax.vmap(f)
        y = f(batch)
        """,
    "a plain function beside a primal": """
        import jax

        @jax.custom_vjp
        def energy(x):
            return x.sum()

        energy.defvjp(lambda x: (energy(x), None), lambda _, g: (g,))

        def f(x):
            return energy(x)

        f = jax.vmap(f)
        """,
    "a function becomes a primal of its own name": """
        import jax

        def func(x):
            return x.sum()

        func = jax.custom_vjp(func)
        func.defvjp(lambda x: (func(x), None), lambda _, g: (g,))
        """,
    "an imported function is rebound here": """
        import jax
        from energies import f

        f = jax.vmap(f)
        y = f(batch)
        """,
    "an imported function is given rules here": """
        import jax
        from energies import f, f_fwd, f_bwd

        f.defvjp(f_fwd, f_bwd)
        f = jax.vmap(f)
        """,
    "a decorator of that name from another library": """
        import jax
        from tangent import custom_vjp

        @custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "a local function called vmap": """
        import jax

        def vmap(fn):
            return fn

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f = vmap(f)
        """,
    "a vmap of another library": """
        import jax
        from torch.func import vmap

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f = vmap(f)
        """,
    "redefined before any rule can read it": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))

        def f(x):
            return 2 * x

        f = jax.vmap(f)
        """,
    "two test functions that each define their own": """
        import jax

        def test_custom_rules():
            @jax.custom_vjp
            def f(x):
                return x.sum()

            f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
            assert f(row) == row.sum()

        def test_batching():
            def f(x):
                return x.sum()

            f = jax.vmap(f)
            assert f(batch).shape == (4,)
        """,
    "the module and a function each have their own": """
        import jax

        def f(x):
            return x.sum()

        def make():
            @jax.custom_vjp
            def f(x):
                return x.sum()

            f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
            return f

        f = jax.vmap(f)
        """,
    "a primal in a class and a function beside it": """
        import jax

        class Ops:
            @jax.custom_vjp
            def f(x):
                return x.sum()

            f.defvjp(lambda x: (Ops.f(x), None), lambda _, g: (g,))

        def f(x):
            return Ops.f(x)

        f = jax.vmap(f)
        """,
    "two versions of a primal in the arms of an if": """
        import jax

        if fast:
            @jax.custom_vjp
            def f(x):
                return x.sum()
        else:
            @jax.custom_vjp
            def f(x):
                return x.sum() + 0.0

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        y = jax.vmap(f)(batch)
        """,
    "only text about it": '''
        """After f.defvjp(f_fwd, f_bwd), never write

            f = jax.vmap(f)

        because custom_vjp rules call f.
        """
        EXAMPLE = """
        @jax.custom_vjp
        def f(x): ...
        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f = jax.vmap(f)
        """
        # f = jax.vmap(f)
        ''',
    "custom_vmap is no custom derivative": """
        import jax
        from jax.custom_batching import custom_vmap

        @custom_vmap
        def f(x):
            return x.sum()

        @f.def_vmap
        def f_rule(size, batched, x):
            return f(x.ravel()), False

        f = jax.vmap(f)
        """,
    "an empty file": "",
    "hidden by noqa": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f = jax.vmap(f)  # noqa: VJP001
        """,
    "hidden by a comment above": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        # vjpfix: ignore[VJP001] the rules are never differentiated here
        f = jax.vmap(f)
        """,
    "hidden for the file": """
        # vjpfix: ignore-file
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f = jax.vmap(f)
        """,
    "hidden by the configuration": Case(
        """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), None), lambda _, g: (g,))
        f = jax.vmap(f)
        """,
        options={"ignore": ("VJP001",)},
    ),
    "the name is bound again before the code ends": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (x.sum(), None), lambda _, g: (g,))
        f = original = f
        """,
}
