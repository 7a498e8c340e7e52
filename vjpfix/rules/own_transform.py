"""What the rules about a transformed version inside a rule share: their words and their fix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.facts.data import SelfUse
from vjpfix.jaxfacts.transforms import Kind, Role
from vjpfix.model import Certainty, Edit, EditKind, Finding, Note, Remedy, Safety
from vjpfix.rules.contract import no_fix

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule


def own_transforms(code: str, module: JaxModule, *, by_alias: bool) -> Iterator[Finding]:
    """The findings of the rule ``code``; ``by_alias``: about versions that have a name outside the rule."""
    for use in module.self_uses:
        if bool(use.alias) is by_alias:
            yield Finding(
                rule=code,
                path=module.path,
                span=use.span,
                message=_message(use),
                certainty=_certainty(use),
                subject=use.name,
                related=_related(use, module),
                remedy=_remedy(use, module),
            )


def _message(use: SelfUse) -> str:
    role = "jvp" if use.role is Role.JVP else use.role.value
    name = "" if use.function == "<lambda>" else f" `{use.function}`"
    rule = f"the {role} rule{name} of `{use.name}`"
    if use.kind is Kind.MAPS:
        return f"{rule} gives {_version(use)} as its output, where JAX expects `{use.name}` itself"
    runs = "may run" if _certainty(use) is Certainty.WARNING else "runs"
    return f"{rule} calls {_version(use)}, which {runs} this rule again, without end"


def _version(use: SelfUse) -> str:
    made = f"`{use.step.rpartition('.')[2]}` of `{use.name}`"
    return f"`{use.alias}`, which is {made}" if use.alias else made


def _certainty(use: SelfUse) -> Certainty:
    """As measured on JAX 0.10.2: a mapped version gives the same where shapes happen to allow it.

    ``jax.vjp(f, x)`` in a bwd rule runs only the fwd rule, and the bwd rule where its result is called.
    """
    harmless = use.kind is Kind.MAPS or (use.role is Role.BWD and use.is_applied)
    return Certainty.WARNING if harmless else Certainty.ERROR


def _related(use: SelfUse, module: JaxModule) -> tuple[Note, ...]:
    if use.alias_at is None:
        return ()
    made = f"`{use.alias}` is `{use.step.rpartition('.')[2]}` of `{use.name}`"
    return (Note(made, module.path, use.alias_at),)


def _remedy(use: SelfUse, module: JaxModule) -> Remedy:
    if use.kind is Kind.DIFFERENTIATES and not use.is_output:
        return no_fix(
            "write the derivative out, or take that of another function: the rule is what defines it"
        )
    if not use.alias:
        return no_fix(f"write `{use.name}` for the whole transform; a fix only changes names")
    if not use.repair:
        return no_fix(f"no name that the rule can see surely means the original `{use.name}`")
    if not use.is_spelled_out:
        return no_fix(f"`{use.alias}` is written in other letters here, which Python takes for the same")
    edit = Edit(EditKind.RENAME, module.path, use.span, use.alias, use.repair)
    return Remedy((edit,), Safety.SAFE, "", use.changes)
