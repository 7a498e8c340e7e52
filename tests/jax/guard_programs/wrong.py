"""Programs with a mistake, each with what the guard should say of it.

The line at fault ends in ``# call``, the line that gave the name away in ``# rebinding``.
"""

from __future__ import annotations

from dataclasses import dataclass

from vjpfix.runtime.report import Check, Level

TAKEN = (Check.NAME, Check.SELF)


@dataclass(frozen=True)
class Wrong:
    """``checks``: the checks of which one reports it. ``transform``: the last word of the transform's name.
    ``needs``: the library that the program is written with."""

    text: str
    checks: tuple[Check, ...] = TAKEN
    transform: str = ""
    levels: tuple[Level, ...] = (Level.ERROR,)
    code: str = ""
    needs: str = ""


FWD = """
@jax.custom_vjp
def f(x):
    return jnp.sum(x ** 2)

def f_fwd(x):
    return f(x), x  # call

def f_bwd(x, g):
    return (2. * x * g,)

f.defvjp(f_fwd, f_bwd)
"""

BWD = """
@jax.custom_vjp
def f(x):
    return jnp.sum(jnp.exp(x))

def f_fwd(x):
    return jnp.sum(jnp.exp(x)), x

def f_bwd(x, g):
    y = f(x)  # call
    return (jnp.exp(x) * g + 0. * jnp.sum(y),)

f.defvjp(f_fwd, f_bwd)
"""

JVP = """
@jax.custom_jvp
def f(x):
    return jnp.sum(x ** 2)

@f.defjvp
def f_jvp(primals, tangents):
    (x,), (t,) = primals, tangents
    return f(x), jnp.sum(2. * x * t)  # call
"""

OPS = """
ops = SimpleNamespace()

@jax.custom_vjp
def f(x):
    return jnp.sum(x ** 2)

def f_fwd(x):
    return ops.f(x), x  # call

def f_bwd(x, g):
    return (2. * x * g,)

f.defvjp(f_fwd, f_bwd)
ops.f = f
"""

ROWS = "jax.grad(lambda x: f(x).sum())(x23)\n"
ONE = "f(x3)\n"


def rebound(expression: str, use: str = ROWS) -> str:
    return f"f = {expression}  # rebinding\n{use}"


WRONG = {
    "vmap, read by fwd": Wrong(FWD + rebound("jax.vmap(f)"), transform="vmap", code="VJP001"),
    "vmap, and nothing is differentiated": Wrong(
        FWD + rebound("jax.vmap(f)", "f(x23)"), (Check.NAME,), "vmap"
    ),
    "jit of vmap": Wrong(FWD + rebound("jax.jit(jax.vmap(f))"), transform="vmap"),
    "vmap of jit": Wrong(FWD + rebound("jax.vmap(jax.jit(f))"), transform="vmap"),
    "vmap of vmap": Wrong(
        FWD + rebound("jax.vmap(jax.vmap(f))", "jax.grad(lambda x: f(x).sum())(jnp.ones((2, 2, 3)))"),
        transform="vmap",
    ),
    "vmap of checkpoint": Wrong(FWD + rebound("jax.vmap(jax.checkpoint(f))"), transform="vmap"),
    "checkpoint of vmap": Wrong(FWD + rebound("jax.checkpoint(jax.vmap(f))"), transform="vmap"),
    "pmap": Wrong(FWD + rebound("jax.pmap(f)", "jax.grad(lambda x: f(x).sum())(x23[:1])"), transform="pmap"),
    "lax.map": Wrong(FWD + rebound("partial(lax.map, f)"), transform="map"),
    "shard_map": Wrong(
        FWD
        + """
from jax.sharding import Mesh, PartitionSpec as P
try:
    from jax import shard_map
except ImportError:
    from jax.experimental.shard_map import shard_map

mesh = Mesh(np.array(jax.devices()[:1]), ("i",))
"""
        + rebound("shard_map(f, mesh=mesh, in_specs=P('i'), out_specs=P())", "jax.grad(f)(x3)"),
        transform="shard_map",
    ),
    "grad": Wrong(FWD + rebound("jax.grad(f)", ONE), transform="grad", code="VJP002"),
    "value_and_grad": Wrong(FWD + rebound("jax.value_and_grad(f)", ONE), transform="value_and_grad"),
    "jacrev": Wrong(FWD + rebound("jax.jacrev(f)", ONE), transform="jacrev"),
    "jit of grad": Wrong(FWD + rebound("jax.jit(jax.grad(f))", ONE), transform="grad"),
    "vmap of grad": Wrong(FWD + rebound("jax.vmap(jax.grad(f))", "f(x23)"), transform="vmap"),
    "vmap, read by bwd": Wrong(BWD + rebound("jax.vmap(f, in_axes=0)"), transform="vmap"),
    # Only called: run backwards, it calls itself until there is no memory left.
    "grad, read by bwd": Wrong(
        BWD + "original = f\n" + rebound("jax.grad(f)", "original(x3)"), (Check.NAME,), "grad"
    ),
    "vmap, read by a jvp rule": Wrong(JVP + rebound("jax.vmap(f)"), transform="vmap", code="VJP001"),
    "jit of vmap, read by a jvp rule": Wrong(JVP + rebound("jax.jit(jax.vmap(f))"), transform="vmap"),
    "jacfwd, read by a jvp rule": Wrong(JVP + rebound("jax.jacfwd(f)", ONE), transform="jacfwd"),
    "hessian, read by a jvp rule": Wrong(JVP + rebound("jax.hessian(f)", ONE), transform="jacfwd"),
    "grad, read by a jvp rule": Wrong(JVP + rebound("jax.grad(f)", ONE), transform="grad"),
    "lax.map, read by a jvp rule": Wrong(JVP + rebound("partial(lax.map, f)"), transform="map"),
    "vmap, read by a helper of fwd": Wrong(
        FWD.replace("return f(x), x  # call", "return helper(x), x")
        + "def helper(x):\n    return 1. * f(x)  # call\n"
        + rebound("jax.vmap(f)"),
        transform="vmap",
    ),
    "vmap, read by a helper of a helper": Wrong(
        FWD.replace("return f(x), x  # call", "return outer(x), x")
        + "def outer(x):\n    return helper(x)\n\ndef helper(x):\n    return 1. * f(x)  # call\n"
        + rebound("jax.vmap(f)"),
        transform="vmap",
    ),
    "vmap, read by a compiled helper": Wrong(
        FWD.replace("return f(x), x  # call", "return helper(x), x")
        + "@jax.jit\ndef helper(x):\n    return 1. * f(x)  # call\n"
        + rebound("jax.vmap(f)"),
        transform="vmap",
    ),
    "vmap, read by a lambda in the rule": Wrong(
        FWD.replace("return f(x), x  # call", "return (lambda y: f(y))(x), x  # call")
        + rebound("jax.vmap(f)"),
        transform="vmap",
    ),
    "vmap, in a factory": Wrong(
        "def make():\n"
        + "".join(
            f"    {line}\n" if line else "\n" for line in (FWD + "f = jax.vmap(f)  # rebinding").splitlines()
        )
        + "    return f\n\njax.grad(lambda x: make()(x).sum())(x23)\n",
        transform="vmap",
    ),
    "vmap, read by a primal that calls itself": Wrong(
        """
@jax.custom_vjp
def f(x):
    return x[0] if len(x) == 1 else x[0] + f(x[1:])  # call

f.defvjp(lambda x: (jnp.sum(x), x), lambda x, g: (jnp.full_like(x, g),))
"""
        + rebound("jax.vmap(f)", "jax.grad(lambda x: f(x).sum())(x23)"),
        transform="vmap",
    ),
    "vmap, of a function whose own name is another": Wrong(
        """
def impl(x):
    return jnp.sum(x ** 2)

f = jax.custom_vjp(impl)

def f_fwd(x):
    return f(x), x  # call

f.defvjp(f_fwd, lambda x, g: (2. * x * g,))
"""
        + rebound("jax.vmap(f)"),
        transform="vmap",
    ),
    "vmap, with nondiff_argnums": Wrong(
        """
@partial(jax.custom_vjp, nondiff_argnums=(0,))
def f(g, x):
    return g(jnp.dot(x, x))

def f_fwd(g, x):
    y = f(g, x)  # call
    return y, 2. * x * y

f.defvjp(f_fwd, lambda g, r, ct: (r * ct,))
"""
        + rebound("jax.vmap(f, in_axes=(None, 0))", "jax.grad(lambda x: f(jnp.exp, x).sum())(x23)"),
        transform="vmap",
    ),
    "vmap, kept in an attribute": Wrong(
        OPS + "ops.f = jax.vmap(f)  # rebinding\njax.grad(lambda x: ops.f(x).sum())(x23)",
        transform="vmap",
    ),
    "jit of vmap, kept in an attribute": Wrong(
        OPS + "ops.f = jax.jit(jax.vmap(f))  # rebinding\njax.grad(lambda x: ops.f(x).sum())(x23)",
        transform="vmap",
    ),
    "grad, kept in an attribute": Wrong(
        OPS + "ops.f = jax.grad(f)  # rebinding\nops.f(x3)", transform="grad"
    ),
    "lax.map, kept in an attribute": Wrong(
        OPS + "ops.f = partial(lax.map, f)  # rebinding\njax.grad(lambda x: ops.f(x).sum())(x23)",
        transform="map",
    ),
    "pmap, kept in an attribute": Wrong(
        OPS + "ops.f = jax.pmap(f)  # rebinding\njax.grad(lambda x: ops.f(x).sum())(x23[:1])",
        transform="pmap",
        levels=(Level.WARNING, Level.ERROR),  # as JAX fails before it calls the function, or calls it
    ),
    "vmap, set by setattr": Wrong(
        OPS + "setattr(ops, 'f', jax.vmap(f))  # rebinding\njax.grad(lambda x: ops.f(x).sum())(x23)",
        transform="vmap",
    ),
    "vmap, kept in a dictionary": Wrong(
        OPS.replace("ops = SimpleNamespace()", "ops = {}").replace("ops.f", "ops['f']")
        + "ops['f'] = jax.vmap(f)  # rebinding\njax.grad(lambda x: ops['f'](x).sum())(x23)",
        transform="vmap",
    ),
    "vmap, kept in a list": Wrong(
        OPS.replace("ops = SimpleNamespace()", "ops = [None]").replace("ops.f", "ops[0]")
        + "ops[0] = jax.vmap(f)\njax.grad(lambda x: ops[0](x).sum())(x23)",
        transform="vmap",
    ),
    "vmap, in a class": Wrong(
        """
class Ops:
    @staticmethod
    @jax.custom_vjp
    def f(x):
        return jnp.sum(x ** 2)

Ops.f.defvjp(lambda x: (Ops.f(x), x), lambda x, g: (2. * x * g,))  # call
Ops.f = staticmethod(jax.vmap(Ops.f))  # rebinding
jax.grad(lambda x: Ops.f(x).sum())(x23)
""",
        transform="vmap",
    ),
    "vmap, in a function of another name": Wrong(
        FWD.replace("f(x), x  # call", "mapped(x), x  # call")
        + "mapped = jax.vmap(f)  # rebinding\njax.grad(lambda x: f(x).sum())(x3)\n",
        (Check.SELF,),
        "vmap",
        code="VJP102",
    ),
    "vmap, in a lambda that took the name": Wrong(
        FWD
        + "original = f\nf = lambda x: jax.vmap(original)(x)  # rebinding\njax.grad(lambda x: f(x).sum())(x23)",
        (Check.SELF,),
        "vmap",
    ),
    "vmap, in a lambda in an attribute": Wrong(
        OPS + "ops.f = lambda x: jax.vmap(f)(x)  # rebinding\njax.grad(lambda x: ops.f(x).sum())(x23)",
        (Check.SELF,),
        "vmap",
    ),
    "vmap, that keeps the shape": Wrong(
        """
@jax.custom_vjp
def f(x):
    return x / jnp.sum(x)

f.defvjp(lambda x: (ops["f"](x), x), lambda x, g: (g,))  # call
ops = {"f": jax.vmap(f)}
jax.grad(lambda x: ops["f"](x).sum())(x23)
""",
        (Check.SELF,),
        "vmap",
    ),
    "vmap, kept in an attribute and read by the function itself": Wrong(
        """
ops = SimpleNamespace()

@jax.custom_vjp
def f(x):
    return x[0] if len(x) == 1 else x[0] + ops.f(x[1:])  # call

f.defvjp(lambda x: (jnp.sum(x), x), lambda x, g: (jnp.full_like(x, g),))
ops.f = jax.vmap(f)  # rebinding
ops.f(x23)
""",
        (Check.SELF,),
        "vmap",
    ),
    "vmap, in an object that is kept in a list": Wrong(
        OPS.replace("ops = SimpleNamespace()", "ops = [None]").replace("ops.f", "ops[0]")
        + """
class Batched:
    def __init__(self, function):
        self.function = function

    def __call__(self, x):
        return jax.vmap(self.function)(x)

ops[0] = Batched(f)
jax.grad(lambda x: ops[0](x).sum())(x23)
""",
        (Check.SELF,),
        "vmap",
        levels=(Level.WARNING,),
    ),
    "jit of grad, kept in an attribute, which JAX finds to recurse": Wrong(
        OPS + "ops.f = jax.jit(jax.grad(f))  # rebinding\nops.f(x3)",
        (Check.SELF,),
        "grad",
        levels=(Level.WARNING, Level.ERROR),  # as JAX finds it, or comes to the call
    ),
    "pmap, under another name, which fails before it calls the function": Wrong(
        FWD.replace("f(x), x  # call", "other(x), x  # call")
        + "other = jax.pmap(f)  # rebinding\njax.grad(lambda x: f(x).sum())(x3)",
        (Check.SELF,),
        "pmap",
        levels=(Level.WARNING, Level.ERROR),  # as above
    ),
    "a wrapper that changes the value": Wrong(
        FWD + "original = f\nf = lambda x: 2. * original(x)\njax.grad(f)(x3)", (Check.VALUE,)
    ),
    "a wrapper that changes the shape": Wrong(
        FWD + "original = f\nf = lambda x: original(x)[None]\njax.jit(jax.grad(lambda x: f(x)[0]))(x3)",
        (Check.OUTPUT,),
    ),
    "fwd with another value": Wrong(
        FWD.replace("return f(x), x  # call", "return jnp.sum(x), x") + "jax.grad(f)(x3)", (Check.VALUE,)
    ),
    "fwd with another shape": Wrong(
        FWD.replace("return f(x), x  # call", "return x ** 2, x") + "jax.grad(lambda x: f(x).sum())(x3)",
        (Check.OUTPUT,),
    ),
    "fwd with another dtype": Wrong(
        FWD.replace("return f(x), x  # call", "return f(x).astype(jnp.bfloat16), x")
        + "jax.grad(lambda x: f(x).astype(jnp.float32))(x3)",
        (Check.OUTPUT,),
    ),
    "fwd with another structure": Wrong(
        FWD.replace("return f(x), x  # call", "return (f(x),), x") + "jax.grad(lambda x: f(x)[0])(x3)",
        (Check.OUTPUT,),
    ),
    "a jvp rule with another value": Wrong(
        JVP.replace("f(x), jnp.sum(2. * x * t)  # call", "3. * f(x), jnp.sum(2. * x * t)")
        + "jax.jvp(f, (x3,), (x3,))",
        (Check.VALUE,),
    ),
    "a jvp rule with another shape": Wrong(
        JVP.replace("f(x), jnp.sum(2. * x * t)  # call", "x ** 2, 2. * x * t") + "jax.jvp(f, (x3,), (x3,))",
        (Check.OUTPUT,),
    ),
    "bwd with another dtype": Wrong(
        FWD.replace("2. * x * g", "(2. * x * g).astype(jnp.float16)") + "jax.grad(f)(x3)",
        (Check.COTANGENT,),
        levels=(Level.WARNING,),
    ),
    "bwd with another shape": Wrong(
        FWD.replace("2. * x * g", "jnp.sum(2. * x * g)") + "jax.grad(f)(x3)",
        (Check.COTANGENT,),
        code="VJP204",
    ),
    "bwd with one cotangent too many": Wrong(
        FWD.replace("2. * x * g,", "2. * x * g, None") + "jax.grad(f)(x3)", (Check.COTANGENT,)
    ),
    "bwd without a tuple": Wrong(
        FWD.replace("(2. * x * g,)", "2. * x * g") + "jax.grad(f)(x3)", (Check.COTANGENT,)
    ),
    "bwd with an array of another shape for all leaves of an argument": Wrong(
        """
@jax.custom_vjp
def f(p):
    return (p["a"] * p["b"]).sum()

f.defvjp(lambda p: (f(p), None), lambda _, g: (g,))
jax.grad(f)({"a": x3, "b": x3})
""",
        (Check.COTANGENT,),
        code="VJP204",
    ),
    "fwd with another structure, of a function that decides by values": Wrong(
        """
@jax.custom_vjp
def f(x):
    return jnp.sin(x) if x > 0 else jnp.cos(x)

f.defvjp(lambda x: ((f(x),), x), lambda x, g: (g[0] * x,))
jax.grad(lambda x: f(x)[0])(1.)
""",
        (Check.OUTPUT,),
    ),
    "bwd with another structure": Wrong(
        """
@jax.custom_vjp
def f(p):
    return p["a"] * 2.

f.defvjp(lambda p: (f(p), None), lambda _, g: ((2. * g,),))
jax.grad(f)({"a": 1.})
""",
        (Check.COTANGENT,),
    ),
    "filter_vmap of Equinox": Wrong(
        "import equinox as eqx\n" + FWD + rebound("eqx.filter_vmap(f)"),
        transform="filter_vmap",
        needs="equinox",
    ),
    "filter_grad of Equinox": Wrong(
        "import equinox as eqx\n" + FWD + rebound("eqx.filter_grad(f)", ONE),
        transform="filter_grad",
        needs="equinox",
    ),
    "a function with rules of Equinox": Wrong(
        """
import equinox as eqx

@eqx.filter_custom_vjp
def f(x):
    return jnp.sum(x ** 2)

@f.def_fwd
def f_fwd(perturbed, x):
    return f(x), x

@f.def_bwd
def f_bwd(x, g, perturbed, _):
    return 2 * x * g

f = jax.vmap(f)  # rebinding
eqx.filter_grad(lambda x: f(x).sum())(x23)
""",
        transform="vmap",
        needs="equinox",
    ),
    "vmap of Flax": Wrong(
        "from flax import nnx\n" + FWD + rebound("nnx.vmap(f)"), transform="vmap", needs="flax"
    ),
}
