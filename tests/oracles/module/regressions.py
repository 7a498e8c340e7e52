"""Programs that once went wrong, small and by hand. Call sites 100 and up are inside the primal's region.

To add one: a spoken name, the text before, and the text the fix must give (REFUSED where there is none,
LEFT_ALONE where nothing is wrong). ``probing`` and ``jax`` are the stand-ins.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from .program import Program
from .scene import Scene, Verdict
from .text import Resolved

REFUSED = "refused"
LEFT_ALONE = "left alone"
FIRST_INSIDE = 100


@dataclass(frozen=True, slots=True)
class Regression:
    """``fixed`` is the expected text, or REFUSED, or LEFT_ALONE."""

    before: str
    fixed: str

    def program(self) -> Program:
        verdict = {REFUSED: Verdict.REFUSE, LEFT_ALONE: Verdict.LEAVE}.get(self.fixed, Verdict.FIX)
        before = textwrap.dedent(self.before).lstrip("\n")
        after = textwrap.dedent(self.fixed).lstrip("\n") if verdict is Verdict.FIX else before
        sites = frozenset(int(number) for number in re.findall(r"\b\d+\b", before))
        inside = frozenset(site for site in sites if site >= FIRST_INSIDE)
        scene = Scene(verdict, Resolved((), inside, sites - inside))
        return Program(-1, before, after, (scene,), frozenset())


REGRESSIONS: dict[str, Regression] = {
    "the program of the question": Regression(
        """
        from functools import partial
        from jax import custom_vjp, vjp, vmap

        @partial(custom_vjp, nondiff_argnums=(0,))
        def test_func(f, R):
            return f(R)

        def test_func_fwd(f, R):
            primal_out = test_func(f, 100)
            return primal_out, 2. * R * primal_out

        def test_func_bwd(f, res, g):
            return (res * g,)

        test_func.defvjp(test_func_fwd, test_func_bwd)
        test_func = vmap(test_func, in_axes=(None, 0))
        vjp(partial(test_func, None), 1)
        """,
        """
        from functools import partial
        from jax import custom_vjp, vjp, vmap

        @partial(custom_vjp, nondiff_argnums=(0,))
        def test_func(f, R):
            return f(R)

        def test_func_fwd(f, R):
            primal_out = test_func(f, 100)
            return primal_out, 2. * R * primal_out

        def test_func_bwd(f, res, g):
            return (res * g,)

        test_func.defvjp(test_func_fwd, test_func_bwd)
        test_func_mapped = vmap(test_func, in_axes=(None, 0))
        vjp(partial(test_func_mapped, None), 1)
        """,
    ),
    "the body of a custom_gradient function reads the name through a local alias": Regression(
        """
        from jax import custom_gradient, vmap

        def f(x):
            alias = f
            def pull(ct):
                return (alias(100),)
            return alias(101), pull

        f = custom_gradient(f)
        f = vmap(f)
        f(1)
        """,
        """
        from jax import custom_gradient, vmap

        def f(x):
            alias = f
            def pull(ct):
                return (alias(100),)
            return alias(101), pull

        f = custom_gradient(f)
        f_mapped = vmap(f)
        f_mapped(1)
        """,
    ),
    "a wrapper over an alias of the transformed version belongs to the chain": Regression(
        """
        from jax import custom_jvp, jit, vmap

        @custom_jvp
        def f(x):
            return x

        @f.defjvp
        def f_jvp(primals, tangents):
            return f(100), None

        f = vmap(f)
        alias = f
        def f(x):
            return jit(alias)(x)
        f(1)
        """,
        """
        from jax import custom_jvp, jit, vmap

        @custom_jvp
        def f(x):
            return x

        @f.defjvp
        def f_jvp(primals, tangents):
            return f(100), None

        f_mapped = vmap(f)
        alias = f_mapped
        def f_mapped(x):
            return jit(alias)(x)
        f_mapped(1)
        """,
    ),
}
