"""VJP004: transforms stand above the custom-derivative decorator, so that no rules can be attached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.model import Certainty, Finding, Note
from vjpfix.rules.base import Demo, Example, Rule

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule
    from vjpfix.facts.stacked import Stack

_RULES = (
    "\n\ndef f_fwd(x):\n    return f(x), x\n\n\ndef f_bwd(x, g):\n    return (2 * x * g,)\n\n\n"
    "f.defvjp(f_fwd, f_bwd)\n"
)
_VJP = (
    "import jax\nimport jax.numpy as jnp\n\n\n%s@jax.custom_vjp\ndef f(x):\n    return jnp.sum(x**2)\n"
    + _RULES
)
_JVP = (
    "from functools import partial\n\nimport jax\nimport jax.numpy as jnp\n\n\n"
    "%s@jax.custom_jvp\ndef f(x, y):\n    return x * jnp.sin(y)\n\n\n"
    "@f.defjvp\ndef f_jvp(primals, tangents):\n    (x, y), (s, t) = primals, tangents\n"
    "    return f(x, y), s * jnp.sin(y) + t * x * jnp.cos(y)\n\n\n%s"
)
_USE = "xs = jnp.ones((4, 3))\ny = jax.grad(lambda xs: %s(xs).sum())(xs)\n"
_USE_OF_TWO = "\n\ndef loss(xs):\n    return %s(xs, 1.0).sum()\n\n\ny = jax.grad(loss)(jnp.ones(3))\n"
_LOSS = "\n\ndef loss(x):\n    return %s(x.reshape(2, 2)).sum()\n"


class StackedTransform(Rule):
    """A transform such as ``vmap`` or ``jit`` is a decorator above the one that gives a function its rules.

    The name is then the transformed version from the start, and rules can only be attached to the function
    itself: ``f.defvjp(...)`` raises an ``AttributeError``, where the module is imported. Whoever writes a
    function with rules meets it, and the text (`'function' object has no attribute 'defvjp'`) does not say
    that the order of the decorators is wrong.

    Do not follow it where the error is what is wanted, as in a test. It is not reported where the code that
    attaches rules is ready for it (by ``try``, ``pytest.raises``, a condition about the function), nor where
    the result does have ``defvjp`` (``functools.wraps``, ``sequential_vmap``, decorators that are not known).

    The fix makes the transforms a statement of their own below the rules, ``f_mapped = jax.vmap(f)``, and
    names that version wherever the function is used outside its rules. It is safe: a program that attaches
    rules so cannot run, the order of the decorators says what each was meant for, and rules that are written
    for a whole batch would need the other order anyway. It is refused where the function is used before
    it has its rules, where rules are attached in another block, and where something that a decorator is made
    of may change in between.
    """

    code = "VJP004"
    name = "stacked-transform"
    bad = (
        Example(
            _VJP % "@jax.vmap\n" + _USE % "f",
            _VJP % "" + "f_mapped = jax.vmap(f)\n" + _USE % "f_mapped",
        ),
        Example(
            _JVP % ("@jax.jit\n@partial(jax.vmap, in_axes=(0, None))\n", _USE_OF_TWO.lstrip() % "f"),
            _JVP % ("", "f_mapped = jax.jit(jax.vmap(f, in_axes=(0, None)))\n" + _USE_OF_TWO % "f_mapped"),
        ),
    )
    good = (
        Example(_VJP % "" + "f_mapped = jax.vmap(f)\n" + _USE % "f_mapped"),
        Example(
            "import jax\nimport jax.numpy as jnp\n\n\n@jax.custom_vjp\n@jax.jit\ndef f(x):\n"
            "    return jnp.sum(x**2)\n" + _RULES + "y = jax.grad(f)(jnp.ones(3))\n"
        ),
    )

    demo = Demo(
        _VJP % "@jax.vmap\n" + _LOSS % "f",
        _VJP % "" + "f_mapped = jax.vmap(f)\n" + _LOSS % "f_mapped",
        (1.0, 0.5, 0.2, 0.8),
    )

    def find(self, module: JaxModule) -> Iterator[Finding]:
        for stack in module.stacks:
            yield _finding(stack, module)


def _finding(stack: Stack, module: JaxModule) -> Finding:
    name, span = stack.binding.name, module.positions.span
    (step, first) = stack.steps[0]
    more = "".join(f", `{each}`" for each, _ in stack.steps[1:])
    verb = "stand" if more else "stands"
    setter = stack.attached[0].attr
    return Finding(
        rule=StackedTransform.code,
        path=module.path,
        span=first,
        message=f"`{step}`{more} {verb} above `{stack.maker}`, so `{name}` has no `{setter}`",
        certainty=Certainty.ERROR,
        subject=name,
        related=tuple(
            Note(
                f"rules are attached to the transformed version: no attribute `{each.attr}`",
                module.path,
                span(each),
            )
            for each in stack.attached
        ),
        cause=stack,
    )
