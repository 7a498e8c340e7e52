"""VJP202: a rule's parameters do not fit the function and its ``nondiff_argnums``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.facts.data import AttachedRule, Derivative
from vjpfix.jaxfacts.transforms import Role
from vjpfix.model import Certainty, Finding, Safety
from vjpfix.rules.base import Demo, Example, Rule
from vjpfix.rules.contract import attached, count, described, finding, no_fix, swapped

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_START = (
    "import functools\n\nimport jax\n\n\n@functools.partial(jax.custom_vjp, nondiff_argnums=(1,))\n"
    "def f(x, n):\n    return x**n\n\n\ndef f_fwd(x, n):\n    return f(x, n), x\n\n\n"
)
_END = "\n\nf.defvjp(f_fwd, f_bwd)\ny = jax.grad(f)(2.0, 3.0)\n"
_DEMO = (
    "import functools\n\nimport jax\nimport jax.numpy as jnp\n\n\n"
    "@functools.partial(jax.custom_vjp, nondiff_argnums=(1,))\ndef f(x, n):\n    return jnp.sum(x**n)\n\n\n"
    "def f_fwd(x, n):\n    return f(x, n), x\n\n\n"
    "def f_bwd(%s, g):\n    return (g * n * x ** (n - 1),)\n\n\n"
    "f.defvjp(f_fwd, f_bwd)\n\n\ndef loss(x):\n    return f(x, 3.0)\n"
)


class ParametersDoNotFit(Rule):
    """The parameters of a rule do not fit those of its function, in number or in order.

    ``fwd`` is called like the function, with all arguments in their places. ``bwd`` is called with those of
    ``nondiff_argnums`` first, then the residuals, then the cotangent; a ``jvp`` rule with those of
    ``nondiff_argnums`` first, then the primals, then the tangents. Another number is a ``TypeError`` once the
    function is differentiated. Another order may be silent: the gradient is wrong.

    Do not follow it where a rule gives other things the names that the function gives its arguments: the
    order is told by the names, which is a warning.

    Where only the order is wrong, the fix moves the names. It is unsafe: the names are all it goes by. A
    wrong number is left to its reader.
    """

    code = "VJP202"
    name = "parameters-do-not-fit"
    safety = Safety.UNSAFE
    bad = (
        Example(
            _START + "def f_bwd(x, g, n):\n    return (g * n * x ** (n - 1),)\n" + _END,
            _START + "def f_bwd(n, x, g):\n    return (g * n * x ** (n - 1),)\n" + _END,
        ),
        Example(_START + "def f_bwd(x, g):\n    return (g * 3.0 * x**2,)\n" + _END),
    )
    good = (Example(_START + "def f_bwd(n, x, g):\n    return (g * n * x ** (n - 1),)\n" + _END),)

    demo = Demo(_DEMO % "x, n", _DEMO % "n, x", (1.0, 0.5, 2.0))

    def find(self, module: JaxModule) -> Iterator[Finding]:
        for derivative, rule in attached(module, Role.FWD, Role.BWD, Role.JVP):
            if problem := _wrong_number(derivative, rule):
                message = f"{described(derivative, rule)} {problem}"
                remedy = no_fix("which parameter is missing, or too many, is not to be seen from here")
                yield finding(self.code, module.path, derivative, rule.span, message, remedy=remedy)
            elif wanted := _other_order(derivative, rule):
                why = "it goes by the names of the parameters"
                order = ", ".join(wanted)
                yield finding(
                    self.code,
                    module.path,
                    derivative,
                    rule.span,
                    f"{described(derivative, rule)} takes in another order what it is called with: {order}",
                    certainty=Certainty.WARNING,
                    remedy=swapped(module.path, rule, wanted, why),
                )


def _wrong_number(derivative: Derivative, rule: AttachedRule) -> str:
    """What is wrong with the number of a rule's parameters."""
    if rule.setter == "defjvps":
        return _wrong_number_of_defjvps(derivative, rule)
    given = _arguments(derivative, rule)
    if given is None or rule.parameters.takes(given):
        return ""
    if rule.parameters.required:
        name = rule.parameters.required[0]
        return (
            f"needs the keyword argument `{name}`, but is called with {count(given, 'argument')} by position"
        )
    what = _called_with(derivative, rule)
    return f"takes {_number(rule)}, but is called with {given}: {what}"


def _wrong_number_of_defjvps(derivative: Derivative, rule: AttachedRule) -> str:
    size = _size(derivative)
    if size is None:
        return ""
    if rule.index == 0 and rule.count != size:
        each = f"each of the {count(size, 'argument')} of `{derivative.name}`"
        return f"is one of {rule.count}, but {each} needs one"
    if rule.parameters.takes(size + 2):
        return ""
    what = f"the tangent, the output and the {count(size, 'argument')} of `{derivative.name}`"
    return f"takes {_number(rule)}, but is called with {size + 2}: {what}"


def _size(derivative: Derivative) -> int | None:
    """How many arguments the function itself is called with; its defaults are filled in."""
    parameters = derivative.parameters
    return None if parameters is None or parameters.rest else len(parameters.names)


def _arguments(derivative: Derivative, rule: AttachedRule) -> int | None:
    """How many arguments a rule is called with, where that is known."""
    if rule.role is Role.FWD:
        return _size(derivative)
    return None if derivative.nondiff is None else len(derivative.nondiff) + 2


def _called_with(derivative: Derivative, rule: AttachedRule) -> str:
    if rule.role is Role.FWD:
        return f"those of `{derivative.name}`"
    last = "the primals and the tangents" if rule.role is Role.JVP else "the residuals and the cotangent"
    number = len(derivative.nondiff or ())
    first = f"the {count(number, 'argument')} that {'is' if number == 1 else 'are'} not differentiated, "
    return (first if number else "") + last


def _number(rule: AttachedRule) -> str:
    most, least = len(rule.parameters.names), len(rule.parameters.names) - rule.parameters.defaults
    if rule.parameters.rest:
        return f"at least {count(least, 'argument')}"
    return count(most, "argument") if most == least else f"{least} to {most} arguments"


def _other_order(derivative: Derivative, rule: AttachedRule) -> tuple[str, ...]:
    """The right order of the parameters, where their names say that it is another one."""
    names, function = rule.parameters.names, derivative.parameters
    if function is None or rule.setter == "defjvps" or _arguments(derivative, rule) != len(names):
        return ()
    plain = [name.strip("_") for name in names]
    order = range(len(function.names)) if rule.role is Role.FWD else derivative.nondiff or ()
    first = [function.names[index].strip("_") for index in order if index < len(function.names)]
    if len(set(plain)) < len(plain) or not set(first) <= set(plain) or plain[: len(first)] == first:
        return ()
    rest = [name for name, bare in zip(names, plain, strict=True) if bare not in first]
    return (*(names[plain.index(name)] for name in first), *rest)
