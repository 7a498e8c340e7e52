"""What a case is: a program about the contract of rules, run on real JAX as it is and as it is mended."""

from __future__ import annotations

from dataclasses import dataclass

from tests.suites.rewrite.case import ADDED

HEAD = "import functools\nimport jax\nimport jax.numpy as jnp\n"
RIGHT = "right = float(jax.grad(jnp.sin)(2.0))\n"


@dataclass(frozen=True, slots=True)
class Bad:
    """A program with findings of one rule.

    ``fixed``: what the fixes make of it. ``raises``: the name of the error that JAX answers with; "" where it
    is silent, and ``y`` is not ``right``. ``lines``: where the findings are. ``unsafe``: the fix has to be
    asked for. ``warning``: it is only likely to break.
    ``ops``: a module of that name beside it.
    """

    code: str
    lines: tuple[int, ...]
    fixed: str | None = None
    raises: str = "TypeError"
    unsafe: bool = False
    warning: bool = False
    ops: str = ""


def taken(marked: str, raises: str = "TypeError", *, ops: str = "", warning: bool = False) -> Bad:
    """A program in which a name is taken over, at the first ``⟦…⟧``."""
    line = marked[: marked.index("⟦")].count("\n") + 1
    return Bad(
        ADDED.sub("", marked), (line,), ADDED.sub(r"\1", marked), raises=raises, warning=warning, ops=ops
    )


def vjp(
    primal: str = "def f(x):\n    return jnp.sin(x)\n",
    fwd: str = "def f_fwd(x):\n    return f(x), x\n",
    bwd: str = "def f_bwd(x, g):\n    return (g * jnp.cos(x),)\n",
    attach: str = "f.defvjp(f_fwd, f_bwd)\n",
    use: str = "y = jax.grad(f)(2.0)\n" + RIGHT,
    maker: str = "@jax.custom_vjp\n",
) -> str:
    """A function with a reverse rule, of which parts are other than usual."""
    return HEAD + maker + primal + fwd + bwd + attach + use


def jvp(
    primal: str = "def f(x):\n    return jnp.sin(x)\n",
    rule: str = "@f.defjvp\ndef f_jvp(primals, tangents):\n    (x,), (t,) = primals, tangents\n"
    "    return f(x), jnp.cos(x) * t\n",
    use: str = "y = jax.grad(f)(2.0)\n" + RIGHT,
    maker: str = "@jax.custom_jvp\n",
) -> str:
    """A function with a forward rule, of which parts are other than usual."""
    return HEAD + maker + primal + rule + use
