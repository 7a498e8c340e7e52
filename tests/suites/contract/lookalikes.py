"""Other libraries' functions with rules: what these take and return is not what JAX's do."""

from __future__ import annotations

from tests.suites.contract.case import HEAD, RIGHT

LOOKALIKES = {
    "rules of Equinox, which take what is perturbed": HEAD
    + "import equinox as eqx\n@eqx.filter_custom_vjp\ndef f(x, n):\n    return n * jnp.sin(x)\n"
    "@f.def_fwd\ndef f_fwd(perturbed, x, n):\n    return f(x, n), None\n"
    "@f.def_bwd\ndef f_bwd(res, g, perturbed, x, n):\n    return n * g * jnp.cos(x)\n"
    "y = jax.grad(lambda x: f(x, 1.0))(2.0)\n" + RIGHT,
    "a forward rule of Equinox": HEAD
    + "import equinox as eqx\n@eqx.filter_custom_jvp\ndef f(x, *, n):\n    return n * jnp.sin(x)\n"
    "@f.def_jvp\ndef f_jvp(primals, tangents, *, n):\n    (x,), (t,) = primals, tangents\n"
    "    return f(x, n=n), n * jnp.cos(x) * t\n"
    "y = jax.jvp(lambda x: f(x, n=1.0), (2.0,), (1.0,))[1]\n" + RIGHT,
    "rules of Flax, which give a module's gradient": HEAD
    + "from flax import nnx\nclass Scale(nnx.Module):\n    def __init__(self):\n"
    "        self.x = nnx.Param(jnp.array(2.0))\n"
    "@nnx.custom_vjp\ndef f(m):\n    return jnp.sin(m.x[...])\n"
    "def f_fwd(m):\n    return f(m), m\n"
    "def f_bwd(m, g):\n    (grad,), out = g\n    grad['x'][...] = out * jnp.cos(m.x[...])\n    return (grad,)\n"
    "f.defvjp(f_fwd, f_bwd)\ny = nnx.grad(f)(Scale())['x'][...]\n" + RIGHT,
}
