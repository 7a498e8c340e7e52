"""The name is rebound by transforms that change it, and no rule reads it."""

from __future__ import annotations

PRIMAL = """
import functools
import equinox as eqx
import jax
import jax.numpy as jnp
from flax import nnx

def _f(x):
    return jnp.sum(x ** 2)

@jax.custom_vjp
def f(x):
    return _f(x)

def f_fwd(x):
    return _f(x), x

def f_bwd(x, g):
    return (2 * x * g,)

f.defvjp(f_fwd, f_bwd)
"""

PUSHED = """
import jax
import jax.numpy as jnp

@jax.custom_jvp
def f(x):
    return jnp.sum(x ** 2)

@f.defjvp
def f_jvp(primals, tangents):
    (x,), (t,) = primals, tangents
    return jnp.sum(x ** 2), jnp.sum(2 * x * t)

"""

GRADIENT = """
import jax
import jax.numpy as jnp

@jax.custom_gradient
def f(x):
    return jnp.sum(x ** 2), lambda g: 2 * x * g

"""

UNREAD = {
    "vmap": PRIMAL + "f = jax.vmap(f)\ny = f(batch)\n",
    "vmap of a jvp function": PUSHED + "f = jax.vmap(f)\ny = f(batch)\n",
    "vmap of a custom_gradient function": GRADIENT + "f = jax.vmap(f)\ny = f(batch)\n",
    "vmap with axes": PRIMAL + "f = jax.vmap(f, in_axes=1, out_axes=0, axis_name='rows')\n",
    "vmap twice": PRIMAL + "f = jax.vmap(jax.vmap(f))\ny = f(batch)\n",
    "vmap, then jit": PRIMAL + "f = jax.vmap(f)\nf = jax.jit(f)\ny = f(batch)\n",
    "vmap under a condition": PRIMAL + "if batched:\n    f = jax.vmap(f)\ny = f(batch)\n",
    "vmap in a loop": PRIMAL + "for _ in range(batch.ndim - 1):\n    f = jax.vmap(f)\n",
    "vmap by a later def": PRIMAL + "_g = f\n\ndef f(x):\n    return jax.vmap(_g)(x)\n",
    "pmap": PRIMAL + "f = jax.pmap(f)\ny = f(batch)\n",
    "equinox's filter_vmap": PRIMAL + "f = eqx.filter_vmap(f)\ny = f(batch)\n",
    "the vmap of nnx": PRIMAL + "f = nnx.vmap(f)\ny = f(batch)\n",
    "a partial of lax.map": PRIMAL + "f = functools.partial(jax.lax.map, f)\ny = f(batch)\n",
    "grad of an unread name": PRIMAL + "f = jax.grad(f)\ny = f(row)\n",
    "grad of an unread jvp function": PUSHED + "f = jax.grad(f)\ny = f(row)\n",
    "value_and_grad of an unread name": PRIMAL + "f = jax.value_and_grad(f)\nvalue, slope = f(row)\n",
    "jacrev of an unread name": PRIMAL + "f = jax.jacrev(f)\n",
    "hessian of an unread jvp function": PUSHED + "f = jax.hessian(f)\n",
    "a partial that binds an argument": PRIMAL + "f = functools.partial(f, row)\ny = f()\n",
    "a lambda that doubles the value": PRIMAL + "_g = f\nf = lambda x: 2 * _g(x)\ny = f(row)\n",
    "rules that are lambdas": """
        import jax

        f = jax.custom_vjp(lambda x: (x * x).sum())
        f.defvjp(lambda x: ((x * x).sum(), x), lambda x, g: (2 * x * g,))
        f = jax.vmap(f)
        y = f(batch)
        """,
    "defvjps of expressions": """
        import jax

        @jax.custom_jvp
        def f(x, y):
            return (x * y).sum()

        f.defjvps(lambda t, out, x, y: (t * y).sum(), None)
        f = jax.vmap(f)
        """,
    "equinox rules that do not read it": """
        import equinox as eqx
        import jax

        @eqx.filter_custom_vjp
        def f(x):
            return (x ** 2).sum()

        @f.def_fwd
        def f_fwd(perturbed, x):
            return (x ** 2).sum(), None

        @f.def_bwd
        def f_bwd(residuals, g, perturbed, x):
            return 2 * x * g

        f = jax.vmap(f)
        y = f(batch)
        """,
    "no rules at all": """
        import jax

        @jax.custom_vjp
        def f(x):
            return x.sum()

        f = jax.vmap(f)
        """,
}
