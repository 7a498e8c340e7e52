"""VJP303: forward mode over functions with a reverse rule. VJP302: the vjp of a mapped one."""

from __future__ import annotations

from tests.suites.contract.case import RIGHT, Bad, jvp, vjp
from tests.suites.contract.lookalikes import LOOKALIKES

_PLAIN = "def f_fwd(x):\n    return jnp.sin(x), x\n"
_SECOND = "right = float(-jnp.sin(2.0))\n"


def _using(use: str, fwd: str = "def f_fwd(x):\n    return f(x), x\n") -> str:
    return vjp(use=use, fwd=fwd)


BAD = {
    "jvp": Bad(_using("y = jax.jvp(f, (2.0,), (1.0,))[1]\n"), (12,)),
    "jacfwd": Bad(_using("y = jax.jacfwd(f)(2.0)\n"), (12,)),
    "a compiled version": Bad(_using("y = jax.jacfwd(jax.jit(f))(2.0)\n"), (12,)),
    "a mapped version": Bad(_using("xs = jnp.ones(3)\ny = jax.jvp(jax.vmap(f), (xs,), (xs,))\n"), (13,)),
    "a version with a name": Bad(_using("g = jax.jit(f)\ny = jax.jacfwd(g)(2.0)\n"), (13,)),
    "the hessian, where fwd calls the function": Bad(_using("y = jax.hessian(f)(2.0)\n"), (12,)),
    "forward over reverse, where fwd calls the function": Bad(
        _using("y = jax.jacfwd(jax.grad(f))(2.0)\n"), (12,)
    ),
    "in a function": Bad(_using("def g(x):\n    return jax.jacfwd(f)(x)\ny = g(2.0)\n"), (13,)),
    "by keyword": Bad(_using("y = jax.jacfwd(fun=f)(2.0)\n"), (12,)),
    "under another name of the transform": Bad(
        _using("from jax import jacfwd as forward\ny = forward(f)(2.0)\n"), (13,)
    ),
    "a linear function that is called": Bad(
        _using("y, lin = jax.linearize(f, 2.0)\nz = lin(1.0)\n"), (12,), warning=True
    ),
}

GOOD = {
    **LOOKALIKES,
    "reverse mode": vjp(),
    "jacrev": _using("y = jax.jacrev(f)(2.0)\n" + RIGHT),
    "the hessian, where fwd does not call the function": _using(
        "y = jax.hessian(f)(2.0)\n" + _SECOND, _PLAIN
    ),
    "forward over reverse, where fwd does not call the function": _using(
        "y = jax.jvp(jax.grad(f), (2.0,), (1.0,))[1]\n" + _SECOND, _PLAIN
    ),
    "reverse over reverse": _using("y = jax.jacrev(jax.grad(f))(2.0)\n" + _SECOND, _PLAIN),
    "a function with a forward rule": jvp(use="y = jax.jacfwd(f)(2.0)\n" + RIGHT),
    "the implementation": _using("y = jax.jacfwd(jnp.sin)(2.0)\n" + RIGHT),
    "another function of that name": _using(
        "def g(f):\n    return jax.jacfwd(f)(2.0)\ny = g(jnp.sin)\n" + RIGHT
    ),
    "where nothing is computed": _using(
        "y = right = 1.0\njax.make_jaxpr(lambda x: jax.jvp(f, (x,), (x,)))(2.0)\n"
    ),
    "where the name means something else by then": _using(
        "y = jax.grad(f)(2.0)\n"
        + RIGHT
        + "def h():\n    global f\n    f = jnp.sin\nh()\nz = jax.jacfwd(f)(2.0)\n"
    ),
}

_XS = "xs = jnp.full(3, 2.0)\n"
_PULLED = "y = back(jnp.ones(3))[0][0]\n" + RIGHT

MAPPED = {
    "vmap": Bad(
        _using(_XS + "ys, back = jax.vjp(jax.vmap(f), xs)\n" + _PULLED), (13,), raises="right", warning=True
    ),
    "vmap of what is compiled": Bad(
        _using(_XS + "ys, back = jax.vjp(jax.vmap(jax.jit(f)), xs)\n" + _PULLED),
        (13,),
        raises="right",
        warning=True,
    ),
    "compiled vmap": Bad(
        _using(_XS + "ys, back = jax.vjp(jax.jit(jax.vmap(f)), xs)\n" + _PULLED),
        (13,),
        raises="right",
        warning=True,
    ),
    "with a name": Bad(
        _using(_XS + "g = jax.vmap(f)\nys, back = jax.vjp(g, xs)\n" + _PULLED),
        (14,),
        raises="right",
        warning=True,
    ),
    "by partial": Bad(
        _using(
            _XS + "by = functools.partial(jax.vmap, in_axes=0)\nys, back = jax.vjp(by(f), xs)\n" + _PULLED
        ),
        (14,),
        raises="right",
        warning=True,
    ),
    "by keyword": Bad(
        _using(_XS + "ys, back = jax.vjp(jax.vmap(fun=f), xs)\n" + _PULLED),
        (13,),
        raises="right",
        warning=True,
    ),
    "a function with a forward rule": Bad(
        jvp(use=_XS + "ys, back = jax.vjp(jax.vmap(f), xs)\n" + _PULLED), (12,), raises="right", warning=True
    ),
    "in a function": Bad(
        _using(_XS + "def g(xs):\n    return jax.vjp(jax.vmap(f), xs)\nys, back = g(xs)\n" + _PULLED),
        (14,),
        raises="right",
        warning=True,
    ),
}

PLAIN = {
    "the vjp of the function": _using("z, back = jax.vjp(f, 2.0)\ny = back(1.0)[0]\n" + RIGHT),
    "the mapped vjp": _using(
        _XS
        + "def pull(x):\n    z, back = jax.vjp(f, x)\n    return back(1.0)[0]\ny = jax.vmap(pull)(xs)[0]\n"
        + RIGHT
    ),
    "a function without rules": _using(_XS + "ys, back = jax.vjp(jax.vmap(jnp.sin), xs)\n" + _PULLED),
    "a compiled function": _using("z, back = jax.vjp(jax.jit(f), 2.0)\ny = back(1.0)[0]\n" + RIGHT),
    "a gradient that is mapped": _using(_XS + "y = jax.vmap(jax.grad(f))(xs)[0]\n" + RIGHT),
    "the gradient of a sum": _using(_XS + "y = jax.grad(lambda xs: jax.vmap(f)(xs).sum())(xs)[0]\n" + RIGHT),
    "a lambda": _using(_XS + "ys, back = jax.vjp(lambda xs: jax.vmap(f)(xs), xs)\n" + _PULLED),
    "another function of that name": _using(
        _XS + "def g(f):\n    return jax.vjp(jax.vmap(f), xs)\nys, back = g(jnp.sin)\n" + _PULLED
    ),
}
