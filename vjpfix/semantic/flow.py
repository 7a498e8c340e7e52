"""Which bindings a point of the flow sees (reaching definitions), asked backwards."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vjpfix.semantic.data import Binding, BindingKind, FlowNode, Place, Reference, ScopeKind
from vjpfix.semantic.module import Module

Seen = frozenset[Binding | None]


@dataclass(frozen=True, slots=True)
class Inserted:
    """A pretended ``place = …`` before a statement, to see which references it would serve."""

    binding: Binding
    statement: ast.stmt


def inserted(place: Place, statement: ast.stmt) -> Inserted:
    """A binding of a place that is pretended to stand before a statement of the same unit."""
    return Inserted(Binding(place, BindingKind.ALIAS, statement, place.scope.unit), statement)


@dataclass(frozen=True, slots=True)
class Flow:
    """What is seen in a module. ``swallows``: whether a context manager may end its body without an error.

    In what is seen None stands for "no binding".
    """

    module: Module
    swallows: Callable[[ast.expr], bool]

    def at(self, place: Place, flows: Iterable[FlowNode], extra: Inserted | None = None) -> Seen:
        """The bindings of a place that points of its unit may see; nothing where they are never reached.

        What other code binds (``global``, ``nonlocal``) may be seen anywhere.
        """
        found: set[Binding | None] = set()
        todo = list(flows)
        seen = set(todo)
        while todo:
            at = todo.pop()
            binding = at.binding
            if binding is not None and binding.place is place:
                found.add(binding)
            elif extra and at.statement is extra.statement and extra.binding.place is place:
                found.add(extra.binding)
            elif at.unbinds is place or at.enters is place.scope or not at.before:
                found.add(None)
            elif at.after_error is None or self.swallows(at.after_error):
                for each in at.before:
                    if each not in seen:
                        seen.add(each)
                        todo.append(each)
        return frozenset(found.union(place.remote) if found else found)

    def reaching(self, reference: Reference, extra: Inserted | None = None) -> Seen:
        """The bindings that a reference may see, as far as the flow of its unit tells.

        Code of another unit may see any binding of the place. Nothing for builtins, unknown names, and code
        that never runs.
        """
        place = reference.scope.place(reference.node.id)
        if place is None:
            return frozenset()
        if place.scope.unit is not reference.scope.unit:
            return frozenset(place.bindings)
        found = self.at(place, reference.flows, extra)
        outer = self.module.scope.places.get(place.name)
        if None in found and place.scope.kind is ScopeKind.CLASS and outer:
            # A class body looks its unbound names up in the module (LOAD_NAME).
            if outer.scope.unit is reference.scope.unit:
                return (found - {None}) | self.at(outer, reference.flows, extra)
            return found | frozenset(outer.bindings)
        return found

    def before(self, extra: Inserted) -> Seen:
        """The bindings of the place of a pretended binding that there may be where it would stand."""
        starts = self.module.starts.get(extra.statement, ())
        return self.at(extra.binding.place, (flow for start in starts for flow in start.before), extra)
