"""VJP201: a function is made to have custom rules, is used, and gets none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from vjpfix.jaxfacts.transforms import Contract
from vjpfix.model import Finding, Note, Safety
from vjpfix.rules.base import Example, Rule
from vjpfix.rules.contract import finding, no_fix

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_SETTERS = {Contract.VJP: "defvjp", Contract.JVP: "defjvp"}


class NoRulesAttached(Rule):
    """A function is decorated with ``custom_vjp`` or ``custom_jvp``, and no rule is attached to it.

    Without rules it cannot even be called: JAX raises an ``AttributeError`` (`No VJP defined ...`) for
    whoever calls it first, also where nothing is differentiated.

    Do not follow it where something that cannot be seen attaches the rules. Reported is only a function that
    is called or given to a transform of JAX, and that nothing else gets: whoever is given it (by ``return``,
    in a list, as an argument) may attach rules. The same goes for other modules of the project that name it,
    or its module, and ``defvjp``.

    There is no fix: either the rules are missing, or the decorator is too much.
    """

    code = "VJP201"
    name = "no-rules-attached"
    safety = Safety.NONE
    bad = (
        Example("import jax\n\n\n@jax.custom_vjp\ndef f(x):\n    return x * x\n\n\ny = f(2.0)\n"),
        Example(
            "import jax\n\n\ndef loss(x):\n    @jax.custom_jvp\n    def f(x):\n        return x * x\n\n"
            "    return jax.vmap(f)(x).sum()\n\n\ny = loss(jax.numpy.ones(3))\n"
        ),
    )
    good = (
        Example(
            "import jax\n\n\n@jax.custom_jvp\ndef f(x):\n    return x * x\n\n\n"
            "@f.defjvp\ndef f_jvp(primals, tangents):\n    (x,), (t,) = primals, tangents\n"
            "    return f(x), 2 * x * t\n\n\ny = f(2.0)\n"
        ),
    )

    def find(self, module: JaxModule) -> Iterator[Finding]:
        for derivative in module.without_rules:
            setter = _SETTERS[derivative.contract]
            message = f"no rules are attached to `{derivative.name}`, so it raises when it is called"
            why = f"it lacks its rules (`{derivative.name}.{setter}`), or has a decorator too many"
            found = finding(self.code, module.path, derivative, derivative.span, message, remedy=no_fix(why))
            note = Note(f"`{derivative.name}` is used here", module.path, derivative.bare[0])
            yield replace(found, related=(note,))
