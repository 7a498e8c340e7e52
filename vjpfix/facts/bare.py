"""Where a function is used to which no rule is attached, if nothing else could attach one to it."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from vjpfix.jaxfacts.effects import is_of_jax
from vjpfix.semantic.data import Binding, ScopeKind

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_NAMESPACES = frozenset(["globals", "locals", "vars", "eval", "exec"])
_ASKS = frozenset(["__name__", "__doc__", "__wrapped__", "__module__", "__qualname__"])


class BareUses:
    """The uses of the functions of one module."""

    def __init__(self, module: JaxModule) -> None:
        self.program = module.program
        self.context = module.anywhere
        self.parents = module.parents

    def of(self, binding: Binding) -> tuple[ast.Name, ...]:
        """Where a function is called or given to a transform of JAX; nothing if it gets away anywhere.

        Who gets it (by returning, keeping, importing, by any call that is not known) may attach rules.
        """
        scope, name = binding.scope, binding.name
        if scope.kind not in (ScopeKind.MODULE, ScopeKind.FUNCTION) or scope.times(name) != 1:
            return ()
        if self.looks_up_names or any(name in inner.nonlocals for inner in scope.descendants()):
            return ()
        found = self.program.scope_of_load
        loads = [load for load in found if load.id == name and found[load].owner(name) is scope]
        if not all(map(self._keeps, loads)):
            return ()
        body = self.program.module.scopes.get(binding.node)
        inside = {body, *body.descendants()} if body else set()
        outside = [load for load in loads if found[load] not in inside]
        return tuple(load for load in outside if not isinstance(self.parents[load], ast.Attribute))

    def is_immediate(self, load: ast.Name) -> bool:
        """Whether code of the module itself uses it, before any other module can have it."""
        return self.program.scope_of_load[load].unit is self.program.module.scope

    @cached_property
    def looks_up_names(self) -> bool:
        """Whether the module may get at a function by a string."""
        return any(load.id in _NAMESPACES for load in self.program.scope_of_load)

    def _keeps(self, load: ast.Name) -> bool:
        """Whether a read cannot attach rules: a call, a transform, a question."""
        parent = self.parents[load]
        match parent:
            case ast.Attribute(attr=attribute):
                return attribute in _ASKS
            case ast.Call(func=function) if function is load:
                return True
            case ast.Call(func=function):
                name = self.context.called(function)
                return is_of_jax(name) and self.program.table.transform(name) is not None
        return False
