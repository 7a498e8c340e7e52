"""Programs without the mistake, each with the reason why somebody could think otherwise."""

from __future__ import annotations

import jax

SQUARE = """
@jax.custom_vjp
def f(x):
    return jnp.sum(x ** 2)

def f_fwd(x):
    return f(x), x

def f_bwd(x, g):
    return (2. * x * g,)

f.defvjp(f_fwd, f_bwd)
"""

SINE = """
@jax.custom_jvp
def f(x):
    return jnp.sin(x)

@f.defjvp
def f_jvp(primals, tangents):
    (x,), (t,) = primals, tangents
    return f(x), jnp.cos(x) * t
"""

RIGHT = {
    "a plain call": SQUARE + "f(x3)",
    "grad": SQUARE + "jax.grad(f)(x3)",
    "value and grad, twice": SQUARE + "jax.value_and_grad(f)(x3); jax.value_and_grad(f)(2 * x3)",
    "vjp": SQUARE + "y, pull = jax.vjp(f, x3); pull(jnp.ones(()))",
    "jit of grad": SQUARE + "jax.jit(jax.grad(f))(x3)",
    "grad of jit": SQUARE + "jax.grad(jax.jit(f))(x3)",
    "vmap of grad": SQUARE + "jax.vmap(jax.grad(f))(x23)",
    "the mapped version under its own name": SQUARE
    + "f_mapped = jax.vmap(f)\njax.grad(lambda x: f_mapped(x).sum())(x23)",
    "vmap of vmap under another name": SQUARE
    + "g = jax.vmap(jax.vmap(f))\njax.grad(lambda x: g(x).sum())(jnp.ones((2, 2, 3)))",
    "grad of grad, with a bwd that calls the function": """
@jax.custom_vjp
def f(x):
    return jnp.exp(x)

def f_fwd(x):
    return f(x), x

def f_bwd(x, g):
    return (f(x) * g,)

f.defvjp(f_fwd, f_bwd)
jax.grad(jax.grad(jax.grad(f)))(0.5)
jax.jit(jax.grad(jax.grad(f)))(0.5)
""",
    "the name given to its compiled version": SQUARE + "f = jax.jit(f)\njax.grad(f)(x3)",
    "the name given to its checkpointed version": SQUARE + "f = jax.checkpoint(f)\njax.grad(f)(x3)",
    "remat of a caller": SQUARE + "jax.grad(jax.remat(lambda x: jnp.sin(f(x))))(x3)",
    "jacrev": SQUARE + "jax.jacrev(f)(x3)",
    "scan over calls": SQUARE
    + "jax.grad(lambda x: lax.scan(lambda c, _: (c + f(x * c), None), 1., None, length=3)[0])(x3)",
    "a rule that runs in a scan": """
@jax.custom_vjp
def f(x):
    return lax.fori_loop(0, 3, lambda i, c: jnp.sin(c), x)

def f_fwd(x):
    def step(c, _):
        return jnp.sin(c), jnp.cos(c)
    y, slopes = lax.scan(step, x, None, length=3)
    return f(x), slopes

def f_bwd(slopes, g):
    return (g * jnp.prod(slopes, 0),)

f.defvjp(f_fwd, f_bwd)
jax.grad(lambda x: f(x).sum())(x3)
""",
    "cond and while loop around": SQUARE
    + """
def loss(x):
    y = lax.cond(x[0] > 0, f, lambda x: 2 * f(x), x)
    return lax.while_loop(lambda c: c < 10, lambda c: 2 * c, lax.stop_gradient(y)) + y

jax.jit(jax.grad(loss))(x3)
""",
    "custom_jvp": SINE + "jax.grad(f)(0.3); jax.jvp(f, (0.3,), (1.,)); jax.jit(jax.grad(f))(0.3)",
    "custom_jvp under jacfwd and hessian": SINE + "jax.jacfwd(f)(x3); jax.hessian(lambda x: f(x).sum())(x3)",
    "custom_jvp under vmap of jvp": SINE + "jax.vmap(lambda x: jax.jvp(f, (x,), (x,)))(x3)",
    "custom_jvp linearized and transposed": SINE
    + "y, lin = jax.linearize(f, x3); jax.linear_transpose(lin, x3)(x3)",
    "defjvps": """
@jax.custom_jvp
def f(x, y):
    return x * y

f.defjvps(lambda t, ans, x, y: t * y, lambda t, ans, x, y: x * t)
jax.grad(f, (0, 1))(2., 3.)
jax.vmap(jax.grad(f))(x3, x3)
""",
    "custom rules in custom rules": """
@jax.custom_jvp
def inner(x):
    return jnp.tanh(x)

@inner.defjvp
def inner_jvp(primals, tangents):
    (x,), (t,) = primals, tangents
    y = inner(x)
    return y, (1 - y ** 2) * t

@jax.custom_vjp
def middle(x):
    return inner(x) * 2

def middle_fwd(x):
    return jax.vjp(lambda x: inner(x) * 2, x)

def middle_bwd(pull, g):
    return pull(g)

middle.defvjp(middle_fwd, middle_bwd)

@jax.custom_vjp
def outer(x):
    return jnp.sum(middle(x))

def outer_fwd(x):
    return outer(x), x

def outer_bwd(x, g):
    return (g * jax.grad(lambda x: jnp.sum(middle(x)))(x),)

outer.defvjp(outer_fwd, outer_bwd)
jax.grad(outer)(x3)
jax.jit(jax.grad(outer))(x3)
jax.vmap(jax.grad(outer))(x23)
""",
    "nondiff_argnums": """
@partial(jax.custom_vjp, nondiff_argnums=(0, 2))
def f(g, x, n):
    return g(x) ** n

def f_fwd(g, x, n):
    return f(g, x, n), x

def f_bwd(g, n, x, ct):
    return (jax.grad(lambda x: g(x) ** n)(x) * ct,)

f.defvjp(f_fwd, f_bwd)
jax.grad(lambda x: f(jnp.sin, x, 2))(0.4)
jax.grad(lambda x: f(lambda y: y * x3.sum(), x, 3))(0.4)
jax.jit(jax.grad(lambda x: f(jnp.sin, x, n=2)))(0.4)
""",
    "nondiff_argnums that are traced": """
@partial(jax.custom_jvp, nondiff_argnums=(1,))
def f(x, n):
    return x * n

@f.defjvp
def f_jvp(n, primals, tangents):
    return f(primals[0], n), tangents[0] * n

jax.vmap(lambda n: jax.grad(f)(2., n))(x3)
jax.jit(lambda n: jax.grad(f)(2., n))(3.)
""",
    "nondiff_argnums of a jvp rule": """
@partial(jax.custom_jvp, nondiff_argnums=(1,))
def f(x, g):
    return g(x)

@f.defjvp
def f_jvp(g, primals, tangents):
    return jax.jvp(lambda x: f(x, g), primals, tangents) if False else (f(primals[0], g), tangents[0])

jax.grad(lambda x: f(x, lambda y: y))(0.4)
""",
    "arguments by keyword and by default": """
@jax.custom_vjp
def f(x, scale=2.0):
    return x * scale

def f_fwd(x, scale=2.0):
    return f(x, scale=scale), (x, scale)

def f_bwd(res, g):
    x, scale = res
    return g * scale, g * x

f.defvjp(f_fwd, f_bwd)
jax.grad(f)(3.0)
jax.grad(lambda x: f(scale=x, x=2.0))(3.0)
""",
    "pytrees in and out": """
@jax.custom_vjp
def f(p, xs):
    return {"a": p["w"] * xs[0], "b": [xs[1], None]}

def f_fwd(p, xs):
    return f(p, xs), (p, xs)

def f_bwd(res, g):
    p, xs = res
    return {"w": jnp.sum(g["a"] * xs[0])}, (g["a"] * p["w"], g["b"][0])

f.defvjp(f_fwd, f_bwd)
jax.grad(lambda p, xs: sum(jnp.sum(l) for l in jax.tree_util.tree_leaves(f(p, xs))))({"w": 2.}, (x3, x3))
""",
    "symbolic zeros of a vjp": """
@jax.custom_vjp
def f(x, y):
    return x * y

def f_fwd(x, y):
    return f(x.value, y.value), (x.value if y.perturbed else None, y.value if x.perturbed else None)

def f_bwd(res, g):
    x, y = res
    return (None if y is None else g * y, None if x is None else g * x)

f.defvjp(f_fwd, f_bwd, symbolic_zeros=True)
jax.grad(f)(2., 3.)
jax.grad(f, (0, 1))(2., 3.)
jax.vmap(jax.grad(f))(x3, x3)
""",
    "symbolic zeros of a vjp that gives a symbolic zero back": """
from jax.custom_derivatives import SymbolicZero

@jax.custom_vjp
def f(x, y):
    return x * 2, y * 3

def f_fwd(x, y):
    return f(x.value, y.value), None

def f_bwd(_, g):
    a, b = g
    return (a if isinstance(a, SymbolicZero) else 2 * a), (b if isinstance(b, SymbolicZero) else 3 * b)

f.defvjp(f_fwd, f_bwd, symbolic_zeros=True)
jax.grad(lambda x: f(x, 2.)[0])(1.)
""",
    "symbolic zeros of a jvp": """
from jax.custom_derivatives import SymbolicZero

@jax.custom_jvp
def f(x, y):
    return x * y

def f_jvp(primals, tangents):
    (x, y), (s, t) = primals, tangents
    out = 0. if isinstance(s, SymbolicZero) else s * y
    out = out if isinstance(t, SymbolicZero) else out + x * t
    return f(x, y), out

f.defjvp(f_jvp, symbolic_zeros=True)
jax.grad(f)(2., 3.)
jax.jvp(f, (2., 3.), (1., 1.))
""",
    "optimize_remat": """
@jax.custom_vjp
def f(x):
    return jnp.sin(x)

def f_fwd(x):
    return jnp.sin(x), (x,)

def f_bwd(res, g):
    return (jnp.cos(res[0]) * g,)

f.defvjp(f_fwd, f_bwd, optimize_remat=True)
jax.grad(lambda x: f(x).sum())(x3)
jax.jit(jax.grad(jax.checkpoint(lambda x: f(f(x)).sum())))(x3)
""",
    "integer arguments with float0": """
@jax.custom_vjp
def f(i, x):
    return x[i]

def f_fwd(i, x):
    return f(i, x), (i, x)

def f_bwd(res, g):
    i, x = res
    return np.zeros(i.shape, jax.dtypes.float0), jnp.zeros_like(x).at[i].set(g)

f.defvjp(f_fwd, f_bwd)
jax.grad(f, 1)(jnp.array(1), x3)
""",
    "integer arguments with None, and an integer output": """
@jax.custom_vjp
def f(i, x):
    return i + 1, x * 2

def f_fwd(i, x):
    return f(i, x), None

def f_bwd(_, g):
    return None, 2 * g[1]

f.defvjp(f_fwd, f_bwd)
jax.grad(lambda x: f(jnp.array(1), x)[1])(2.)
""",
    "integer arguments of a jvp rule": """
@jax.custom_jvp
def f(i, x):
    return x * i

@f.defjvp
def f_jvp(primals, tangents):
    (i, x), (_, t) = primals, tangents
    return f(i, x), t * i

jax.grad(f, 1)(3, 2.)
""",
    "JAX's own functions": """
def loss(x):
    y = jax.nn.relu(x) + jax.nn.silu(x) + jax.nn.softplus(x)
    return jax.nn.logsumexp(y) + jnp.sum(jax.nn.softmax(y)) + jnp.linalg.norm(y)

jax.grad(loss)(x3)
jax.jit(jax.grad(loss))(x3)
jax.nn.relu(x3)
""",
    "JAX's functions that take functions": """
def loss(a):
    root = lax.custom_root(lambda x: x ** 2 - a, 1., lambda f, x: lax.fori_loop(0, 30, lambda _, x: (x + a / x) / 2, x),
                           lambda g, y: y / g(1.0))
    solved, _ = jax.scipy.sparse.linalg.cg(lambda x: a * x, x3)
    return root + solved.sum() + lax.associative_scan(jnp.add, x3 * a).sum()

jax.grad(loss)(2.)
""",
    "a function of a class": """
class Layer:
    def __init__(self, scale):
        self.scale = scale

    @partial(jax.custom_vjp, nondiff_argnums=(0,))
    def apply(self, x):
        return self.scale * x

    def apply_fwd(self, x):
        return Layer.apply(self, x), None

    def apply_bwd(self, _, g):
        return (self.scale * g,)

    apply.defvjp(apply_fwd, apply_bwd)

    @staticmethod
    @jax.custom_vjp
    def square(x):
        return x ** 2

Layer.square.defvjp(lambda x: (Layer.square(x), x), lambda x, g: (2 * x * g,))
layer = Layer(3.)
jax.grad(lambda x: Layer.apply(layer, x))(2.)
jax.grad(Layer.square)(2.)
""",
    "a generator": SQUARE
    + """
def steps(x):
    for _ in range(3):
        x = x - 0.1 * jax.grad(f)(x)
        yield x

list(steps(x3))
""",
    "threads": SQUARE
    + """
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda s: jax.grad(f)(s * x3), range(8)))
""",
    "custom_gradient": """
@jax.custom_gradient
def f(x):
    return x ** 2, lambda g: (2 * x * g,)

jax.grad(f)(3.)
jax.vmap(jax.grad(f))(x3)
jax.jit(jax.grad(f))(3.)
""",
    "closure_convert": """
@partial(jax.custom_vjp, nondiff_argnums=(0,))
def f(g, x, *consts):
    return g(x, *consts)

def f_fwd(g, x, *consts):
    return f(g, x, *consts), (x, consts)

def f_bwd(g, res, ct):
    x, consts = res
    return jax.vjp(g, x, *consts)[1](ct)

f.defvjp(f_fwd, f_bwd)

def use(x, y):
    g, consts = jax.closure_convert(lambda x: jnp.sin(x) * y, x)
    return f(g, x, *consts)

jax.grad(use, (0, 1))(1., 2.)
""",
    "functions that are made and thrown away": """
def make(scale):
    @jax.custom_vjp
    def f(x):
        return x * scale
    def fwd(x):
        return f(x), None
    def bwd(_, g):
        return (g * scale,)
    f.defvjp(fwd, bwd)
    return f

for scale in range(20):
    jax.grad(make(float(scale)))(2.)
""",
    "a factory whose mapped result has another name": """
def make(scale):
    @jax.custom_vjp
    def f(x):
        return jnp.sum(x) * scale
    f.defvjp(lambda x: (f(x), x), lambda x, g: (jnp.full_like(x, g * scale),))
    mapped = jax.vmap(f)
    return mapped

jax.grad(lambda x: make(2.)(x).sum())(x23)
""",
    "implicit differentiation, whose bwd calls the function with other arguments": """
@partial(jax.custom_vjp, nondiff_argnums=(0,))
def fixed_point(f, a, x):
    return lax.fori_loop(0, 50, lambda _, x: f(a, x), x)

def fixed_point_fwd(f, a, x):
    x_star = fixed_point(f, a, x)
    return x_star, (a, x_star)

def fixed_point_bwd(f, res, g):
    a, x_star = res
    _, pull_a = jax.vjp(lambda a: f(a, x_star), a)
    step = lambda packed, u: packed[1] + jax.vjp(lambda x: f(packed[0], x), x_star)[1](u)[0]
    u = fixed_point(step, (a, g), jnp.zeros_like(x_star))
    return *pull_a(u), jnp.zeros_like(x_star)

fixed_point.defvjp(fixed_point_fwd, fixed_point_bwd)
jax.grad(lambda a: fixed_point(lambda a, x: (x + a / x) / 2, a, 1.))(2.)
jax.jit(jax.grad(lambda a: fixed_point(lambda a, x: (x + a / x) / 2, a, 1.)))(2.)
jax.vmap(jax.grad(lambda a: fixed_point(lambda a, x: (x + a / x) / 2, a, 1.)))(jnp.array([2., 3.]))
""",
    "a straight-through estimator": """
@jax.custom_vjp
def quantize(x):
    return jnp.round(x)

quantize.defvjp(lambda x: (quantize(x), None), lambda _, g: (g,))
jax.grad(lambda x: quantize(x).sum())(x3)
""",
    "gradient reversal and clipping": """
@jax.custom_vjp
def reverse(x):
    return x

reverse.defvjp(lambda x: (x, None), lambda _, g: (-g,))

@jax.custom_vjp
def clip(lo, hi, x):
    return x

clip.defvjp(lambda lo, hi, x: (x, (lo, hi)), lambda r, g: (None, None, jnp.clip(g, r[0], r[1])))
jax.grad(lambda x: (reverse(x) * clip(-1., 1., 5 * x)).sum())(x3)
""",
    "rules that are lambdas and partials": """
@jax.custom_vjp
def f(x):
    return x * 3

def fwd(flag, x):
    return f(x), flag

f.defvjp(partial(fwd, None), partial(lambda k, _, g: (k * g,), 3.))
jax.grad(f)(1.)
""",
    "rules that are objects": """
class Rule:
    def __init__(self, function):
        self.function = function
    def __call__(self, *args):
        return self.function(*args)

@jax.custom_vjp
def f(x):
    return x * 3

f.defvjp(Rule(lambda x: (f(x), None)), Rule(lambda _, g: (3. * g,)))
jax.grad(f)(1.)
""",
    "plain numbers in and out": """
@jax.custom_vjp
def f(x, n):
    return x * n

def f_fwd(x, n):
    return x * n, n

def f_bwd(n, g):
    return g * n, 0.0

f.defvjp(f_fwd, f_bwd)
jax.grad(f)(2.0, 3.0)

@jax.custom_jvp
def one(x):
    return 1.0

one.defjvp(lambda p, t: (1.0, 0.0))
jax.grad(one)(2.0)
""",
    "half precision": SQUARE.replace("2. * x * g", "(2. * x * g).astype(x.dtype)")
    + "jax.grad(f)(x3.astype(jnp.bfloat16)); jax.grad(f)(x3.astype(jnp.float16))",
    "complex numbers": """
@jax.custom_vjp
def f(z):
    return jnp.real(z) ** 2 + jnp.imag(z) ** 2

def f_fwd(z):
    return f(z), z

def f_bwd(z, g):
    return (g * 2 * jnp.conj(z),)

f.defvjp(f_fwd, f_bwd)
jax.grad(f)(1. + 2.j)
""",
    "no arguments that matter and empty trees": """
@jax.custom_vjp
def f(empty, x):
    return x * 2, ()

def f_fwd(empty, x):
    return f(empty, x), None

def f_bwd(_, g):
    return {}, 2 * g[0]

f.defvjp(f_fwd, f_bwd)
jax.grad(lambda x: f({}, x)[0])(1.)
""",
    "rules over a compiled function": """
f = jax.custom_vjp(jax.jit(lambda x: x ** 2))
f.defvjp(jax.jit(lambda x: (f(x), x)), jax.jit(lambda x, g: (2 * x * g,)))
jax.grad(f)(3.)
""",
    "decorated by jit above": "@jax.jit"
    + SQUARE.replace("f.defvjp(f_fwd, f_bwd)", "f.__wrapped__.defvjp(f_fwd, f_bwd)")
    + "jax.grad(f)(x3)",
    "a key of random numbers": """
@jax.custom_vjp
def f(key, x):
    return x * jax.random.uniform(key, x.shape)

def f_fwd(key, x):
    return f(key, x), key

def f_bwd(key, g):
    return None, g * jax.random.uniform(key, g.shape)

f.defvjp(f_fwd, f_bwd)
jax.grad(lambda x: f(jax.random.PRNGKey(0), x).sum())(x3)
jax.grad(lambda x: f(jax.random.key(0), x).sum())(x3)
""",
    "vectorize with a signature that fits": SQUARE
    + "f = jnp.vectorize(f, signature='(n)->()')\njax.grad(lambda x: f(x).sum())(x23)",
    "a callback to the host": """
@jax.custom_vjp
def f(x):
    return jax.pure_callback(lambda x: np.sin(x), jax.ShapeDtypeStruct((), jnp.float32), x)

def f_fwd(x):
    return f(x), x

def f_bwd(x, g):
    return (jnp.cos(x) * g,)

f.defvjp(f_fwd, f_bwd)
jax.grad(f)(jnp.float32(1.))
jax.jit(jax.grad(f))(jnp.float32(1.))
""",
    "without jit": SQUARE + "with jax.disable_jit():\n    jax.grad(jax.jit(f))(x3)",
    "a list of cotangents": SQUARE.replace("return (2. * x * g,)", "return [2. * x * g]") + "jax.grad(f)(x3)",
    "a cotangent for all leaves of an argument": """
@jax.custom_vjp
def f(p, q):
    return p["a"] * q[0] + p["b"]

def f_fwd(p, q):
    return f(p, q), (p, q)

def f_bwd(res, g):
    p, q = res
    return g, p["a"] * g

f.defvjp(f_fwd, f_bwd)
jax.grad(f, (0, 1))({"a": 2., "b": 3.}, [1.])
jax.jit(jax.grad(f, (0, 1)))({"a": 2., "b": 3.}, [1.])
""",
    "a function that decides by values": """
@jax.custom_vjp
def f(x):
    return jnp.sin(x) if x > 0 else jnp.cos(x)

def f_fwd(x):
    return f(x), x

def f_bwd(x, g):
    return (g * (jnp.cos(x) if x > 0 else -jnp.sin(x)),)

f.defvjp(f_fwd, f_bwd)
jax.grad(f)(1.)
jax.grad(f)(-1.)
jax.grad(f)(jnp.float32(1.))
""",
    "a primal that maps itself, by its own name": """
@jax.custom_vjp
def f(x):
    return jnp.sum(x) if x.ndim == 1 else jnp.sum(jax.vmap(f)(x))

def f_fwd(x):
    return jnp.sum(x), x

def f_bwd(x, g):
    return (jnp.full_like(x, g),)

f.defvjp(f_fwd, f_bwd)
f(x23)
jax.grad(f)(x23)
""",
    "shard_map": SQUARE
    + """
from jax.sharding import Mesh, PartitionSpec as P
try:
    from jax import shard_map
except ImportError:
    from jax.experimental.shard_map import shard_map

mesh = Mesh(np.array(jax.devices()[:1]), ("i",))
g = shard_map(lambda x: jax.grad(f)(x), mesh=mesh, in_specs=P("i"), out_specs=P("i"))
g(x3)
jax.jit(g)(x3)
""",
    "pmap": SQUARE + "jax.pmap(jax.grad(f))(x23[:1])",
    "a helper that gets the function as an argument": SQUARE.replace("return f(x), x", "return call(f, x), x")
    + "def call(g, x):\n    return jax.jit(g)(x)\njax.grad(f)(x3)",
    "the rule of one function that maps another": """
@jax.custom_vjp
def row(x):
    return jnp.sum(x ** 2)

row.defvjp(lambda x: (row(x), x), lambda x, g: (2 * x * g,))
rows = jax.vmap(row)

@jax.custom_vjp
def f(x):
    return rows(x).sum()

f.defvjp(lambda x: (rows(x).sum(), x), lambda x, g: (2 * x * g,))
jax.grad(f)(x23)
""",
    "an attribute that happens to have the name of a mapped global": """
ops = SimpleNamespace()

@jax.custom_vjp
def f_impl(x):
    return jnp.sum(x ** 2)

f_impl.defvjp(lambda x: (ops.g(x), x), lambda x, g: (2 * x * g,))
ops.g = f_impl
g = jax.vmap(f_impl)
jax.grad(lambda x: g(x).sum())(x23)
""",
    "a name that another function has in another place": SQUARE
    + """
def elsewhere():
    def f(x):
        return x
    return jax.vmap(f)

elsewhere()(x3)
jax.grad(f)(x3)
""",
    "ragged dtypes that agree": """
@jax.custom_vjp
def f(x):
    return np.float64(2.0) * x

f.defvjp(lambda x: (2.0 * x, None), lambda _, g: (2.0 * g,))
jax.grad(f)(jnp.float32(1.))
""",
    "a function that is not smooth": """
@jax.custom_jvp
def f(x):
    return jnp.abs(x)

f.defjvp(lambda p, t: (f(*p), jnp.sign(p[0]) * t[0]))
jax.grad(f)(0.)
jax.grad(f)(1e-9)
""",
    "residuals that are functions": """
@jax.custom_vjp
def f(x):
    return jnp.sin(x)

def f_fwd(x):
    return jax.vjp(jnp.sin, x)

def f_bwd(pull, g):
    return pull(g)

f.defvjp(f_fwd, f_bwd)
jax.grad(lambda x: f(x).sum())(x3)
jax.jit(jax.grad(lambda x: f(x).sum()))(x3)
""",
    "a rule that reads only the name of what took the name": SQUARE.replace(
        "return f(x), x", "return jax.named_call(lambda x: jnp.sum(x ** 2), name=f.__name__)(x), x"
    )
    + "f = jax.vmap(f)\njax.grad(lambda x: f(x).sum())(x23)",
    "a rule that kept the function as a default argument, and reads it in a lambda": SQUARE.replace(
        "def f_fwd(x):\n    return f(x), x", "def f_fwd(x, f=f):\n    return (lambda: f(x))(), x"
    )
    + "f = jax.vmap(f)\njax.grad(lambda x: f(x).sum())(x23)",
    "nondiff_argnames": """
import inspect

by_name = "nondiff_argnames" in inspect.signature(jax.custom_vjp).parameters
fixed = {"nondiff_argnames": ("g",)} if by_name else {"nondiff_argnums": (0,)}

@partial(jax.custom_vjp, **fixed)
def f(g, x):
    return g(x)

f.defvjp(lambda g, x: (f(g, x), x), lambda g, x, ct: (jax.grad(g)(x) * ct,))
jax.grad(lambda x: f(jnp.sin, x))(0.4)
""",
    "a while loop in rules": """
@jax.custom_vjp
def f(x):
    return lax.while_loop(lambda c: c < 10., lambda c: 2. * c, x)

f.defvjp(lambda x: (f(x), x), lambda x, g: (lax.while_loop(lambda c: c < 5., lambda c: 2. * c, g),))
jax.grad(f)(1.)
jax.vmap(jax.grad(f))(jnp.ones(3))
""",
    "a primal that calls itself": """
@jax.custom_vjp
def f(x):
    return x[0] if len(x) == 1 else x[0] + f(x[1:])

f.defvjp(lambda x: (f(x), x), lambda x, g: (jnp.full_like(x, g),))
f(x3)
jax.grad(f)(x3)
jax.vmap(jax.grad(f))(x23)
jax.vmap(f)(x23)
""",
    "a primal that differentiates itself": """
@partial(jax.custom_jvp, nondiff_argnums=(0,))
def power(n, x):
    return x if n == 1 else x * power(n - 1, x) + 0. * jax.grad(partial(power, n - 1))(x)

power.defjvp(lambda n, p, t: (p[0] ** n, n * p[0] ** (n - 1) * t[0]))
power(3, 2.)
jax.grad(partial(power, 3))(2.)
""",
    "a primal that closes over an outer batch": SQUARE
    + """
def outer(w):
    @jax.custom_jvp
    def g(x):
        return x * 2.
    g.defjvp(lambda p, t: (g(*p), 2. * t[0]))
    return jax.grad(lambda x: g(x) * f(jnp.ones(2) * w))(w)

jax.vmap(outer)(x3)
""",
}

# Programs in which JAX finds a leaked tracer without the guard, too (measured on JAX 0.10.2 and 0.4.30).
LEAKS_ITSELF = {
    "implicit differentiation, whose bwd calls the function with other arguments",
    "nondiff_argnums that are traced",
}
if jax.__version_info__ < (0, 5):
    LEAKS_ITSELF.add("shard_map")

# The first release of JAX that has what a program is about, where that is not as old as the guard needs.
SINCE = {"optimize_remat": (0, 4, 33)}

# With the custom rules of other libraries.
LIBRARIES = {
    "equinox": """
import equinox as eqx

@eqx.filter_custom_vjp
def f(x, flag):
    return jnp.sum(x ** 2) if flag else 0.

@f.def_fwd
def f_fwd(perturbed, x, flag):
    return f(x, flag), x

@f.def_bwd
def f_bwd(x, g, perturbed, _, flag):
    return 2 * x * g

eqx.filter_grad(f)(x3, True)
eqx.filter_jit(eqx.filter_grad(f))(x3, True)
f_mapped = eqx.filter_vmap(lambda x: f(x, True))
eqx.filter_grad(lambda x: f_mapped(x).sum())(x23)

@eqx.filter_custom_jvp
def h(x):
    return jnp.sin(x)

@h.def_jvp
def h_jvp(primals, tangents):
    (x,), (t,) = primals, tangents
    return h(x), jnp.cos(x) * t

jax.grad(h)(1.)

@eqx.filter_custom_vjp
def twice(pair, *, n):
    x, y = pair
    return 2 * x, y, n

@twice.def_fwd
def twice_fwd(perturbed, pair, *, n):
    return twice(pair, n=n), None

@twice.def_bwd
def twice_bwd(_, g, perturbed, pair, *, n):
    return 2 * g[0], None

jax.grad(lambda x: twice((x, 3.), n=2)[0])(1.)
jax.grad(lambda x: twice((x, x3), n=2)[0])(jnp.array(1.))
eqx.filter_grad(lambda m: m(x3).sum())(eqx.nn.MLP(3, 2, 4, 1, key=jax.random.PRNGKey(0)))
""",
    "flax": """
from flax import nnx

class Foo(nnx.Module):
    def __init__(self, x, y):
        self.x = nnx.Param(x)
        self.y = nnx.Param(y)

@nnx.custom_vjp
def f(m: Foo):
    return jnp.sin(m.x[...]) * m.y[...]

def f_fwd(m: Foo):
    return f(m), (jnp.cos(m.x[...]), jnp.sin(m.x[...]), m)

def f_bwd(res, g):
    inputs_g, out_g = g
    cos_x, sin_x, m = res
    (m_g,) = inputs_g
    tangent = nnx.State({"x": nnx.Param(cos_x * out_g * m.y[...]), "y": nnx.Param(sin_x * out_g)})
    return (tangent,)

f.defvjp(f_fwd, f_bwd)
nnx.grad(f)(Foo(jnp.array(1.), jnp.array(2.)))

def f_bwd_short(res, g):
    cos_x, sin_x, m = res
    return (nnx.State({"x": cos_x * g[1] * m.y[...], "y": sin_x * g[1]}),)

f.defvjp(f_fwd, f_bwd_short)
nnx.grad(f)(Foo(jnp.array(1.), jnp.array(2.)))
""",
}

# Right, and the guard says in a note what they do.
ON_PURPOSE = {
    "a rule that maps its own primal": """
@jax.custom_vjp
def f(x):
    return jnp.sum(x, -1)

def f_fwd(x):
    return jax.vmap(f)(x), x

def f_bwd(x, g):
    return (jnp.broadcast_to(g[..., None], x.shape),)

f.defvjp(f_fwd, f_bwd)
jax.grad(lambda x: f(x).sum())(x23)
""",
    "a rule that differentiates its own primal's lower case": """
@partial(jax.custom_jvp, nondiff_argnums=(0,))
def power(n, x):
    return x ** n

@power.defjvp
def power_jvp(n, primals, tangents):
    (x,), (t,) = primals, tangents
    slope = jax.grad(partial(power, n - 1))(x) if n > 2 else 1.
    return power(n, x), n * x ** (n - 1) * t + 0 * slope

jax.grad(partial(power, 3))(2.)
""",
}
