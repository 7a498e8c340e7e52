"""VJP301: functions with rules that close over what is differentiated by, and over what is not."""

from __future__ import annotations

from tests.suites.contract.case import HEAD, Bad

_LEAKS = "UnexpectedTracerError"
_MAKE = (
    "def make(w):\n    @jax.custom_vjp\n    def f(x):\n        return w * jnp.sin(x)\n"
    "    def f_fwd(x):\n        return f(x), x\n    def f_bwd(x, g):\n        return (g * w * jnp.cos(x),)\n"
    "    f.defvjp(f_fwd, f_bwd)\n    return f\n"
)
_MAKE_JVP = (
    "def make(w):\n    @jax.custom_jvp\n    def f(x):\n        return w * jnp.sin(x)\n    @f.defjvp\n"
    "    def f_jvp(primals, tangents):\n        (x,), (t,) = primals, tangents\n"
    "        return f(x), w * jnp.cos(x) * t\n    return f\n"
)
_BY_W = "right = float(jnp.sin(2.0))\n"
_BY_X = "right = float(3.0 * jnp.cos(2.0))\n"
_NONE = "right = 0.0\n"


def _made(use: str, right: str = _BY_W, make: str = _MAKE) -> str:
    return HEAD + make + use + right


def _body(read: str, more: str = "") -> str:
    """A loss whose function with rules computes its value in another way."""
    return (
        f"def loss(w, x):\n{more}    @jax.custom_vjp\n    def f(x):\n{read}"
        "    f.defvjp(lambda x: (f(x), x), lambda x, g: (g * w * jnp.cos(x),))\n    return f(x)\n"
    )


def _loss(read: str, more: str = "", right: str = _BY_W, at: str = "3.0") -> str:
    return HEAD + _body(read, more) + f"y = jax.grad(loss)({at}, 2.0)\n" + right


BAD = {
    "a factory, called in a lambda": Bad(
        _made("y = jax.grad(lambda w: make(w)(2.0))(3.0)\n"), (7,), raises=_LEAKS
    ),
    "with a jvp rule": Bad(
        _made("y = jax.grad(lambda w: make(w)(2.0))(3.0)\n", make=_MAKE_JVP), (7,), raises=_LEAKS
    ),
    "made and called in the function that is differentiated": Bad(
        _loss("        return w * jnp.sin(x)\n"), (7,), raises=_LEAKS
    ),
    "by forward mode": Bad(
        _made("y = jax.jvp(lambda w: make(w)(2.0), (3.0,), (1.0,))[1]\n"), (7,), raises=_LEAKS
    ),
    "by vjp": Bad(_made("y = jax.vjp(lambda w: make(w)(2.0), 3.0)[1](1.0)[0]\n"), (7,), raises=_LEAKS),
    "by the second argument": Bad(
        _made("y = jax.value_and_grad(lambda x, w: make(w)(x), argnums=1)(2.0, 3.0)[1]\n"),
        (7,),
        raises=_LEAKS,
    ),
    "by both arguments": Bad(
        _made("y = jax.grad(lambda x, w: make(w)(x), (0, 1))(2.0, 3.0)[1]\n"), (7,), raises=_LEAKS
    ),
    "by a decorator": Bad(
        _made(
            "@functools.partial(jax.value_and_grad, argnums=0)\ndef slope(w):\n    return make(w)(2.0)\n"
            "y = slope(3.0)[1]\n"
        ),
        (7,),
        raises=_LEAKS,
    ),
    "within a compiled function": Bad(
        _made("@jax.jit\ndef loss(w):\n    return make(w)(2.0)\ny = jax.grad(loss)(3.0)\n"),
        (7,),
        raises="CustomVJPException",
    ),
    "in a compiled derivative": Bad(
        _made("y = jax.jit(jax.grad(lambda w: make(w)(2.0)))(3.0)\n"), (7,), raises=_LEAKS
    ),
    "mapped within the derivative": Bad(
        _made("xs = jnp.full(3, 2.0)\ny = jax.grad(lambda w: jnp.mean(jax.vmap(make(w))(xs)))(3.0)\n"),
        (7,),
        raises=_LEAKS,
    ),
    "a value that is computed from the one differentiated by": Bad(
        _made(
            "def loss(params):\n    scale = 1.0 * params['w']\n    f = make(scale)\n    return f(2.0)\n"
            "y = jax.grad(loss)({'w': 3.0})['w']\n"
        ),
        (7,),
        raises=_LEAKS,
    ),
    "through a function between the two": Bad(
        _made("def layer(x, w):\n    return make(w=w)(x)\ny = jax.grad(lambda w: layer(2.0, w) ** 1)(3.0)\n"),
        (7,),
        raises=_LEAKS,
    ),
    "read by a function that the body calls": Bad(
        _loss("        return scaled(x)\n", "    def scaled(x):\n        return w * jnp.sin(x)\n"),
        (6,),
        raises=_LEAKS,
    ),
    "given to another function by the body": Bad(
        HEAD
        + "def scaled(v, x):\n    return v * jnp.sin(x)\n"
        + _body("        return scaled(w, x)\n")
        + "y = jax.grad(loss)(3.0, 2.0)\n"
        + _BY_W,
        (9,),
        raises=_LEAKS,
    ),
    "under another name in the body": Bad(
        _loss("        v, _ = w, None\n        u = w\n        return u * jnp.sin(x)\n"), (8,), raises=_LEAKS
    ),
    "compared": Bad(
        _loss("        return jnp.where(w > 0, jnp.sin(x), x)\n", right=_NONE), (7,), raises=_LEAKS
    ),
    "its sum": Bad(
        _loss("        return w.sum() * jnp.sin(x)\n", at="jnp.full(1, 3.0)"), (7,), raises=_LEAKS
    ),
    "in a function of jax.numpy": Bad(
        _loss("        return jnp.multiply(w, jnp.sin(x))\n"), (7,), raises=_LEAKS
    ),
    "only by bwd, where the argument has a tangent": Bad(
        _made(
            "y = jax.grad(lambda w: make(w)(2.0 * w))(3.0)\n",
            "right = 18.0\n",
            "def make(w):\n    @jax.custom_vjp\n    def scaled(x):\n        return x\n"
            "    scaled.defvjp(lambda x: (x, None), lambda _, g: (g * w,))\n    return scaled\n",
        ),
        (8,),
        raises=_LEAKS,
        warning=True,
    ),
    "only by the body, where the argument has a tangent": Bad(
        _made(
            "y = jax.grad(lambda w: make(w)(2.0 * w))(3.0)\n",
            "right = 12.0\n",
            "def make(w):\n    @jax.custom_vjp\n    def f(x):\n        return w * x\n"
            "    f.defvjp(lambda x: (3.0 * x, x), lambda x, g: (3.0 * g,))\n    return f\n",
        ),
        (7,),
        raises="",
        warning=True,
    ),
}

GOOD = {
    "the value is an argument": HEAD + "@jax.custom_vjp\ndef f(w, x):\n    return w * jnp.sin(x)\n"
    "f.defvjp(lambda w, x: (f(w, x), (w, x)), lambda r, g: (g * jnp.sin(r[1]), g * r[0] * jnp.cos(r[1])))\n"
    "y = jax.grad(f)(3.0, 2.0)\n" + _BY_W,
    "by the argument of the function": _made("y = jax.grad(make(3.0))(2.0)\n", _BY_X),
    "by another argument": _made("y = jax.grad(lambda w, x: make(w)(x), argnums=1)(3.0, 2.0)\n", _BY_X),
    "a value that jit traces": _made("y = jax.jit(lambda w: make(w)(2.0))(3.0) / 3.0\n"),
    "a value that vmap maps over": _made("y = jax.vmap(lambda w: make(w)(2.0))(jnp.full(2, 3.0))[0] / 3.0\n"),
    "the function is differentiated, and that compiled": _made(
        "y = jax.jit(lambda w, x: jax.grad(make(w))(x))(3.0, 2.0)\n", _BY_X
    ),
    "a value whose derivative is stopped": _made(
        "y = jax.grad(lambda w: make(jax.lax.stop_gradient(w))(2.0))(3.0)\n", _NONE
    ),
    "the sign of the value": _made("y = jax.grad(lambda w: make(jnp.sign(w))(2.0))(3.0)\n", _NONE),
    "an index that is computed from it": _made(
        "y = jax.grad(lambda w: make(jnp.argmax(w) + 1.0)(2.0))(jnp.ones(1))[0]\n", _NONE
    ),
    "its shape": _loss(
        "        return w.shape[0] * jnp.sin(x) * len(w)\n", right=_NONE, at="jnp.full(1, 3.0)"
    ),
    "zeros of its shape": _loss("        return jnp.sin(x) + jnp.zeros_like(w)\n", right=_NONE),
    "whether there is one": _loss("        return jnp.sin(x) if w is not None else x\n", right=_NONE),
    "an argument of that name": _made(
        "y = jax.grad(lambda w: make(w))(2.0)\n",
        "right = float(jnp.cos(2.0))\n",
        "def make(w):\n    @jax.custom_jvp\n    def f(w):\n        return jnp.sin(w)\n    @f.defjvp\n"
        "    def f_jvp(primals, tangents):\n        (w,), (t,) = primals, tangents\n"
        "        return f(w), jnp.cos(w) * t\n    return f(w)\n",
    ),
    "a name that has another value by then": _made(
        "def loss(w):\n    v = 1.0 * w\n    w = 3.0\n    return v * make(w)(2.0)\ny = jax.grad(loss)(3.0) / 3.0\n"
    ),
    "a function, which it calls with its argument": _made(
        "y = jax.grad(lambda x: make(jnp.sin)(x))(2.0)\n",
        "right = float(jnp.cos(2.0))\n",
        "def make(w):\n    @jax.custom_jvp\n    def f(x):\n        return w(x)\n"
        "    f.defjvps(lambda t, ans, x: jnp.cos(x) * t)\n    return f\n",
    ),
    "made and never called": _made("y = jax.grad(lambda w: (make(w), 2.0 * w)[1])(3.0)\n", "right = 2.0\n"),
    "called under a condition that does not hold": _made(
        "def loss(w, on):\n    if on:\n        return make(w)(2.0)\n    return 2.0 * w\n"
        "y = jax.grad(loss)(3.0, False)\n",
        "right = 2.0\n",
    ),
    "called after the function has returned": _made(
        "def loss(w):\n    return 2.0 * w\n    return make(w)(2.0)\ny = jax.grad(loss)(3.0)\n",
        "right = 2.0\n",
    ),
    "read under a condition that does not hold": _loss(
        "        if x is None:\n            x = w * x\n        return jnp.sin(x)\n", right=_NONE
    ),
    "only by bwd, where the argument has no tangent": _made(
        "y = jax.grad(lambda w: w * make(w)(2.0))(3.0)\n",
        "right = 2.0\n",
        "def make(w):\n    @jax.custom_vjp\n    def scaled(x):\n        return x\n"
        "    scaled.defvjp(lambda x: (x, None), lambda _, g: (g * w,))\n    return scaled\n",
    ),
    "where nothing is computed": _made(
        "y = jax.eval_shape(jax.grad(lambda w: make(w)(2.0)), 3.0).ndim\n", _NONE
    ),
    "integers": _made(
        "y = jax.grad(lambda w: 0.0 * make(w)(2.0), allow_int=True)(3).shape\n", "right = ()\n"
    ),
    "another library's function": HEAD + "import equinox as eqx\ndef loss(w, x):\n"
    "    @eqx.filter_custom_jvp\n    def f(x):\n        return w * jnp.sin(x)\n"
    "    @f.def_jvp\n    def f_jvp(primals, tangents):\n        (x,), (t,) = primals, tangents\n"
    "        return f(x), w * jnp.cos(x) * t\n    return f(x)\ny = jax.grad(loss, 1)(3.0, 2.0)\n" + _BY_X,
    "a function without rules": HEAD + "def make(w):\n    return lambda x: w * jnp.sin(x)\n"
    "y = jax.grad(lambda w: make(w)(2.0))(3.0)\n" + _BY_W,
}
