"""Rules that read the name, and a rebinding that does no harm."""

from __future__ import annotations

PRIMAL = """
import functools
import equinox as eqx
import jax
import jax.numpy as jnp
from flax import nnx

@jax.custom_vjp
def f(x):
    return jnp.sum(x ** 2)

def f_fwd(x):
    return f(x), x

def f_bwd(x, g):
    return (2 * x * g * f(x) / jnp.sum(x ** 2),)

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
    return f(x), jnp.sum(2 * x * t)

"""

RECURSIVE = """
import jax

@jax.custom_vjp
def total(x):
    return x[0] if x.shape[0] == 1 else x[0] + total(x[1:])

total.defvjp(lambda x: (x.sum(), x.shape), lambda shape, g: (g * jax.numpy.ones(shape),))
"""

HARMLESS = {
    "jit": PRIMAL + "f = jax.jit(f)\ny = f(row)\n",
    "jit of a jvp function": PUSHED + "f = jax.jit(f)\ny = f(row)\n",
    "jit with options": PRIMAL + "f = jax.jit(f, static_argnames=(), donate_argnums=())\ny = f(row)\n",
    "jit by keyword": PRIMAL + "f = jax.jit(fun=f)\ny = f(row)\n",
    "jit through partial": PRIMAL + "f = functools.partial(jax.jit, inline=True)(f)\ny = f(row)\n",
    "jit with a name of its own": PRIMAL
    + "compiled = functools.partial(jax.jit, inline=True)\nf = compiled(f)\n",
    "jit under a condition": PRIMAL + "if not debug:\n    f = jax.jit(f)\ny = f(row)\n",
    "jit in a loop": PRIMAL + "for _ in range(2):\n    f = jax.jit(f)\n",
    "jit, then jit": PRIMAL + "f = jax.jit(f)\nf = jax.jit(f)\ny = f(row)\n",
    "jit by a later def": PRIMAL + "_f = f\n\n@jax.jit\ndef f(x):\n    return _f(x)\n",
    "jit through another name": PRIMAL + "fast = jax.jit(f)\nf = fast\n",
    "checkpoint": PRIMAL + "f = jax.checkpoint(f)\ny = f(row)\n",
    "checkpoint with a policy": PRIMAL
    + "f = jax.checkpoint(f, policy=jax.checkpoint_policies.dots_saveable)\n",
    "remat": PRIMAL + "f = jax.remat(f)\ny = f(row)\n",
    "jit of checkpoint": PRIMAL + "f = jax.jit(jax.checkpoint(f))\ny = f(row)\n",
    "checkpoint of a jvp function": PUSHED + "f = jax.checkpoint(f)\ny = f(row)\n",
    "named_call": PRIMAL + "f = jax.named_call(f, name='f')\ny = f(row)\n",
    "named_scope": PRIMAL + "f = jax.named_scope('f')(f)\ny = f(row)\n",
    "ensure_compile_time_eval": PRIMAL + "f = jax.ensure_compile_time_eval()(f)\ny = f(row)\n",
    "a profiler's annotation": PRIMAL + "f = jax.profiler.annotate_function(f, name='f')\ny = f(row)\n",
    "pjit from where it used to be": PRIMAL
    + "from jax.experimental.pjit import pjit\nf = pjit(f)\ny = f(row)\n",
    "a partial that binds nothing": PRIMAL + "f = functools.partial(f)\ny = f(row)\n",
    "a partial that is a pytree": PRIMAL + "f = jax.tree_util.Partial(f)\ny = f(row)\n",
    "equinox's jit": PRIMAL + "f = eqx.filter_jit(f)\ny = f(row)\n",
    "equinox's checkpoint": PRIMAL + "f = eqx.filter_checkpoint(f)\ny = f(row)\n",
    "the jit of nnx": PRIMAL + "f = nnx.jit(f)\ny = f(row)\n",
    "the remat of nnx": PRIMAL + "f = nnx.remat(f)\ny = f(row)\n",
    "vectorize of a function of vectors, with its signature": PRIMAL
    + "f = jnp.vectorize(f, signature='(n)->()')\n",
    "itself": PRIMAL + "f = f\ny = f(row)\n",
    "itself through another name": PRIMAL + "g = f\nf = g\ny = f(row)\n",
    "a wrapper that the table does not know": PRIMAL
    + "from mylib import logged\nf = logged(f)\ny = f(row)\n",
    "a local wrapper that calls it": PRIMAL
    + "def timed(fn):\n    def run(*args):\n        start = now()\n        out = fn(*args)\n"
    + "        print(now() - start)\n        return out\n    return run\n\nf = timed(f)\ny = f(row)\n",
    "grad of a primal that calls itself": RECURSIVE + "total = jax.grad(total)\ny = total(row)\n",
    "value_and_grad of a primal that calls itself": RECURSIVE + "total = jax.value_and_grad(total)\n",
    "jit of a primal that calls itself": RECURSIVE + "total = jax.jit(total)\n",
}
