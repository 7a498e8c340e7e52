"""What code outside does with a function, and which of its rules that runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.jax.measured.uses import Function, uses
from vjpfix.jaxfacts.transforms import Role

_RULES = frozenset({Role.FWD, Role.BWD, Role.JVP})


@dataclass(frozen=True, slots=True)
class Use:
    """One of ``uses``. ``roles``: whose code it runs. ``concrete``: whether that code sees known values.
    ``forward``: whether it needs a jvp rule."""

    name: str
    roles: frozenset[Role] = _RULES
    concrete: bool = True
    forward: bool = False

    def apply(self, function: Function, x: Any) -> Any:
        return uses()[self.name](function, x)


GRAD = Use("grad of a sum")
CALL = Use("call", frozenset({Role.PRIMAL}))
USES = (
    GRAD,
    Use("value_and_grad of a sum"),
    Use("vjp"),
    Use("jit of grad of a sum", concrete=False),
    Use("vmap of grad of a sum", concrete=False),
    CALL,
    Use("jit", frozenset({Role.PRIMAL}), concrete=False),
    Use("jvp", frozenset({Role.JVP}), forward=True),
)
