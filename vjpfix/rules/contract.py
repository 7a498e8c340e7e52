"""What the rules about the contract of ``defvjp`` and ``defjvp`` share: their words, and where they point."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vjpfix.facts.data import AttachedRule, Derivative, Returned, Sort
from vjpfix.jaxfacts.transforms import Role
from vjpfix.model import Certainty, Edit, EditKind, Finding, Note, Remedy, Safety, Span

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule


def count(number: int, noun: str) -> str:
    """``1 argument``, ``2 arguments``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def described(derivative: Derivative, rule: AttachedRule) -> str:
    """``the bwd `f_bwd` of `f```, as the messages call a rule."""
    word = "jvp" if rule.role.value == "jvp rule" else rule.role.value
    name = "" if rule.name == "<lambda>" else f" `{rule.name}`"
    return f"the {word} rule{name} of `{derivative.name}`"


def finding(
    code: str,
    path: Path,
    derivative: Derivative,
    span: Span,
    message: str,
    *,
    certainty: Certainty = Certainty.ERROR,
    remedy: Remedy | None = None,
) -> Finding:
    """A finding about a function with rules, which points to where that is defined."""
    here = Note(f"`{derivative.name}` is defined here", path, derivative.span)
    related = (here,) if span != derivative.span else ()
    return Finding(code, path, span, message, certainty, derivative.name, related=related, remedy=remedy)


def attached(module: JaxModule, *roles: Role) -> Iterator[tuple[Derivative, AttachedRule]]:
    """The functions with rules, each with each of its rules that has one of the roles."""
    for derivative in module.derivatives:
        yield from ((derivative, rule) for rule in derivative.rules if rule.role in roles)


def certainty_of(returned: Returned) -> Certainty:
    """How sure it is what an expression is."""
    return Certainty.WARNING if returned.shape.sort is Sort.HARDLY else Certainty.ERROR


def no_fix(reason: str) -> Remedy:
    """Why a finding is left to its reader."""
    return Remedy((), Safety.NONE, reason)


def replacing(
    path: Path, rule: AttachedRule, returned: Returned, new: str, safety: Safety, reason: str = ""
) -> Remedy:
    """Another expression in the place of the returned one."""
    edit = Edit(EditKind.REPLACE, path, returned.span, returned.text, new)
    return _changing(rule, (edit,), safety, reason)


def _changing(rule: AttachedRule, edits: tuple[Edit, ...], safety: Safety, reason: str) -> Remedy:
    """A change of what a rule computes, where nothing but JAX calls it."""
    if rule.shared:
        return no_fix(
            f"`{rule.name}` is used in this module other than as a rule, and would do something else"
        )
    return Remedy(edits, safety, reason, (rule.name,) if rule.public and rule.name.isidentifier() else ())


def what_is_returned(returned: Returned) -> str:
    """``a tuple of 3``, ``one value``."""
    shape = returned.shape
    if shape.length is not None:
        return f"a {shape.sort.value} of {shape.length}"
    return "one value" if returned.text not in ("", "None") else "nothing"


def swapped(path: Path, rule: AttachedRule, wanted: tuple[str, ...], reason: str) -> Remedy:
    """The parameters in another order, where nothing but their names has to change places."""
    parameters = rule.parameters
    if not parameters.plain or parameters.rest:
        return no_fix("its parameters have defaults or annotations, which a change of order would tear apart")
    moved = zip(parameters.spans, parameters.names, wanted, strict=True)
    edits = tuple(Edit(EditKind.RENAME, path, span, old, new) for span, old, new in moved if old != new)
    return _changing(rule, edits, Safety.UNSAFE, reason)
