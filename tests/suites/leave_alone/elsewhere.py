"""The transformed version already has a name of its own, or none at all."""

from __future__ import annotations

PRIMAL = """
import jax
from functools import partial

@jax.custom_vjp
def f(x):
    return x.sum()

def f_fwd(x):
    return f(x), None

f.defvjp(f_fwd, lambda _, g: (g,))
"""

ELSEWHERE = {
    "the usual right way": PRIMAL + "f_mapped = jax.vmap(f)\ny = f_mapped(batch)\n",
    "mapped where it is called": PRIMAL + "y = jax.vmap(f)(batch)\nz = f(row)\n",
    "mapped in a function": PRIMAL + "\ndef over(batch):\n    return jax.vmap(f)(batch)\n",
    "mapped by a decorator of another function": PRIMAL + "\n@jax.vmap\ndef over(x):\n    return 2 * f(x)\n",
    "mapped by a partial decorator of another function": PRIMAL
    + "\n@partial(jax.vmap, in_axes=1)\ndef over(x):\n    return f(x)\n",
    "differentiated under another name": PRIMAL + "df = jax.grad(f)\nslope = df(row)\n",
    "differentiated where it is called": PRIMAL + "slope = jax.grad(lambda x: f(x) ** 2)(row)\n",
    "the result of a map, not a function": PRIMAL + "ys = jax.lax.map(f, batch)\n",
    "the result of a vjp": PRIMAL + "y, pull = jax.vjp(f, row)\n(dx,) = pull(y)\n",
    "an annotation without a value": PRIMAL + "from typing import Callable\nf: Callable\n",
    "the name is listed for export": PRIMAL + '__all__ = ["f", "f_fwd"]\n',
    "the name is deleted and never made again": PRIMAL + "keep = f\ndel f_fwd\n",
    "a global statement that binds nothing": PRIMAL
    + "\ndef over(batch):\n    global f\n    return jax.vmap(f)(batch)\n",
    "the rule maps the primal itself, which is another mistake": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        def f_fwd(x):
            return jax.vmap(f)(x[None])[0], None

        f.defvjp(f_fwd, lambda _, g: (g,))
        """,
    "a mapped function becomes a primal": """
        import jax

        @jax.vmap
        def step(x):
            return x.sum()

        f = jax.custom_vjp(step)

        def f_fwd(x):
            return f(x), x

        f.defvjp(f_fwd, lambda x, g: (g[:, None] * x,))
        """,
    "a primal over a mapped function of the same name": """
        import jax

        def f(x):
            return x.sum()

        f = jax.vmap(f)
        f = jax.custom_vjp(f)

        def f_fwd(x):
            return f(x), x

        f.defvjp(f_fwd, lambda x, g: (g[:, None] * x,))
        """,
    "a primal that is made under the transform's decorator": """
        import jax

        @jax.custom_vjp
        @jax.vmap
        def f(x):
            return x.sum()

        f.defvjp(lambda x: (f(x), x), lambda x, g: (g[:, None] * x,))
        y = f(batch)
        """,
    "the primal of a factory is given back as it is": """
        import jax

        def make(power):
            @jax.custom_vjp
            def f(x):
                return (x ** power).sum()

            f.defvjp(lambda x: (f(x), x), lambda x, g: (power * x ** (power - 1) * g,))
            return f

        f = jax.vmap(make(3))
        """,
}
