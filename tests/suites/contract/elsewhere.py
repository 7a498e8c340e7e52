"""VJP005, VJP006: names that are taken over from elsewhere, and imported names. ``⟦…⟧`` is what the fix adds."""

from __future__ import annotations

from tests.suites.contract.case import HEAD, Bad, taken

_OPS = (
    "import jax\nimport jax.numpy as jnp\n@jax.custom_vjp\ndef f(x):\n    return jnp.sum(x**2)\n"
    "def f_fwd(x):\n    return f(x), x\ndef f_bwd(x, g):\n    return (2 * x * g,)\nf.defvjp(f_fwd, f_bwd)\n"
)
_UNREAD = _OPS.replace("return f(x), x", "return jnp.sum(x**2), x")
_XS = HEAD + "xs = jnp.arange(6.0).reshape(2, 3)\n"
_ROWS = "y = jax.grad(lambda xs: ({0}(xs) ** 2).sum())(xs)\nright = 4 * jnp.sum(xs**2, 1)[:, None] * xs\n"
_ROW = "y = {0}(xs[0])\nright = 2 * xs[0]\n"


def _by_attribute(text: str, use: str = "ops.f⟦_mapped⟧", how: str = _ROWS, raises: str = "") -> Bad:
    return taken(_XS + "import ops\n" + text + how.format(use), raises, ops=_OPS)


def _by_name(text: str, use: str = "f⟦_mapped⟧", how: str = _ROWS, raises: str = "") -> Bad:
    return taken(_XS + _OPS + text + how.format(use), raises)


BAD_ELSEWHERE = {
    "an attribute": _by_attribute("ops.f⟦_mapped⟧ = jax.vmap(ops.f)\n"),
    "an attribute, compiled": _by_attribute(
        "ops.f⟦_mapped⟧ = jax.jit(jax.vmap(ops.f))\n", raises="TypeError"
    ),
    "an attribute, by way of a name": _by_attribute("rows = jax.vmap(ops.f)\nops.f⟦_mapped⟧ = rows\n"),
    "setattr": _by_attribute('setattr(ops, "f⟦_mapped⟧", jax.vmap(ops.f))\n'),
    "the module under another name": taken(
        _XS + "import ops as o\no.f⟦_mapped⟧ = jax.vmap(o.f)\n" + _ROWS.format("o.f⟦_mapped⟧"),
        raises="",
        ops=_OPS,
    ),
    "an attribute, differentiated": _by_attribute(
        "ops.f⟦_grad⟧ = jax.grad(ops.f)\n", "ops.f⟦_grad⟧", _ROW, "RecursionError"
    ),
    "globals": _by_name('globals()["f⟦_mapped⟧"] = jax.vmap(f)\n'),
    "globals, differentiated": _by_name(
        'globals()["f⟦_grad⟧"] = jax.grad(f)\n', "f⟦_grad⟧", _ROW, "RecursionError"
    ),
    "globals, by way of a name": _by_name('rows = jax.vmap(f)\nglobals()["f⟦_mapped⟧"] = rows\n'),
}
GOOD_ELSEWHERE = {
    "another attribute": (_XS + "import ops\nops.rows = jax.vmap(ops.f)\n" + _ROWS.format("ops.rows"), _OPS),
    "another attribute, by setattr": (
        _XS + 'import ops\nsetattr(ops, "rows", jax.vmap(ops.f))\n' + _ROWS.format("ops.rows"),
        _OPS,
    ),
    "another name in globals": (_XS + _OPS + 'globals()["rows"] = jax.vmap(f)\n' + _ROWS.format("rows"), ""),
    "no name": (_XS + "import ops\n" + _ROWS.format("jax.vmap(ops.f)"), _OPS),
    "an attribute of something else": (
        _XS
        + "import ops\nclass Kept:\n    pass\nKept.f = staticmethod(jax.vmap(ops.f))\n"
        + _ROWS.format("Kept.f"),
        _OPS,
    ),
    "compiled": (_XS + "import ops\nops.f = jax.jit(ops.f)\n" + _ROWS.format("jax.vmap(ops.f)"), _OPS),
    "rules that do not read the name": (
        _XS + "import ops\nops.f = jax.vmap(ops.f)\n" + _ROWS.format("ops.f"),
        _UNREAD,
    ),
    "an imported name": (_XS + "from ops import f\nf = jax.vmap(f)\n" + _ROWS.format("f"), _OPS),
}


def _imported(text: str, use: str = "f⟦_mapped⟧", how: str = _ROWS) -> Bad:
    return taken(_XS + text + how.format(use), "right", ops=_OPS, warning=True)


BAD_IMPORT = {
    "mapped": _imported("from ops import f\nf⟦_mapped⟧ = jax.vmap(f)\n"),
    "with axes": _imported("from ops import f\nf⟦_mapped⟧ = jax.vmap(f, in_axes=(0,))\n"),
    "under another name": _imported("from ops import f as g\ng⟦_mapped⟧ = jax.vmap(g)\n", "g⟦_mapped⟧"),
    "compiled": _imported("from ops import f\nf⟦_mapped⟧ = jax.jit(jax.vmap(f))\n"),
    "by way of another name": _imported("from ops import f\nrows = jax.vmap(f)\nf⟦_mapped⟧ = rows\n"),
    "differentiated": _imported("from ops import f\nf⟦_grad⟧ = jax.grad(f)\n", "f⟦_grad⟧", _ROW),
    "jacrev": _imported("from ops import f\nf⟦_jacrev⟧ = jax.jacrev(f)\n", "f⟦_jacrev⟧", _ROW),
    "the value as well": _imported(
        "from ops import f\nf⟦_value_and_grad⟧ = jax.value_and_grad(f)\n",
        "f⟦_value_and_grad⟧",
        "y = {0}(xs[0])[1]\nright = 2 * xs[0]\n",
    ),
}
GOOD_IMPORT = {
    "a name of its own": (_XS + "from ops import f\nrows = jax.vmap(f)\n" + _ROWS.format("rows"), _OPS),
    "no name": (_XS + "from ops import f\n" + _ROWS.format("jax.vmap(f)"), _OPS),
    "compiled": (_XS + "from ops import f\nf = jax.jit(f)\n" + _ROWS.format("jax.vmap(f)"), _OPS),
    "with checkpoints": (
        _XS + "from ops import f\nf = jax.checkpoint(f)\n" + _ROWS.format("jax.vmap(f)"),
        _OPS,
    ),
    "imported under another name": (
        _XS + "from ops import f as g\nf = jax.vmap(g)\n" + _ROWS.format("f"),
        _OPS,
    ),
    "the module is imported": (_XS + "import ops\nf = jax.vmap(ops.f)\n" + _ROWS.format("f"), _OPS),
    "a function without rules": (
        _XS + "from ops import f\nf = jax.vmap(f)\n" + _ROWS.format("f"),
        "import jax.numpy as jnp\ndef f(x):\n    return jnp.sum(x**2)\n",
    ),
    "a parameter of that name": (
        _XS
        + "from ops import f\ndef rows(f):\n    f = jax.vmap(f)\n    return f\n"
        + _ROWS.format("rows(f)"),
        _OPS,
    ),
}
