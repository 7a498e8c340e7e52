"""Which bindings a point of the flow sees (reaching definitions), asked backwards."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from vjpfix.semantic.data import Binding, BindingKind, FlowNode, Module, Place, Reference, ScopeKind

Seen = frozenset[Binding | None]
_UNBOUND: Seen = frozenset({None})


@dataclass(frozen=True, slots=True)
class Inserted:
    """A pretended ``place = …`` before a statement, to see which references it would serve."""

    binding: Binding
    statement: ast.stmt


def inserted(place: Place, statement: ast.stmt) -> Inserted:
    """A binding of a place that is pretended to stand before a statement of the same unit."""
    return Inserted(Binding(place, BindingKind.ALIAS, statement, place.scope.unit), statement)


class Flow:
    """What is seen in a module. ``swallows``: whether a context manager may end its body without an error.

    In what is seen None stands for "no binding". Each answer is kept for the points on the way to it.
    """

    def __init__(self, module: Module, swallows: Callable[[ast.expr], bool]) -> None:
        self.module = module
        self.swallows = swallows
        self._known: dict[tuple[Place, Inserted | None], dict[FlowNode, Seen]] = {}

    def at(self, place: Place, flows: Iterable[FlowNode], extra: Inserted | None = None) -> Seen:
        """The bindings of a place that points of its unit may see; nothing where they are never reached.

        What other code binds (``global``, ``nonlocal``) may be seen anywhere.
        """
        known = self._known.setdefault((place, extra), {})
        found = frozenset[Binding | None]().union(*(self._seen(place, flow, extra, known) for flow in flows))
        return found.union(place.remote) if found else found

    def _seen(self, place: Place, at: FlowNode, extra: Inserted | None, known: dict[FlowNode, Seen]) -> Seen:
        """What one point sees: that of the point before it, as long as there is one such point."""
        passed: list[FlowNode] = []
        while (found := known.get(at)) is None and (found := self._made(place, at, extra)) is None:
            passed.append(at)
            if len(at.before) > 1:
                found = self._searched(place, at, extra, known)
                break
            at = at.before[0]
        for each in passed:
            known[each] = found
        return found

    def _searched(
        self, place: Place, start: FlowNode, extra: Inserted | None, known: dict[FlowNode, Seen]
    ) -> Seen:
        found: set[Binding | None] = set()
        todo, seen = list(start.before), {start}
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                if (told := known.get(at)) is None and (told := self._made(place, at, extra)) is None:
                    todo += at.before
                else:
                    found |= told
        return frozenset(found)

    def _made(self, place: Place, at: FlowNode, extra: Inserted | None) -> Seen | None:
        """What a point itself makes of a place; None where it leaves it alone."""
        binding = at.binding
        if binding is not None and binding.place is place:
            return frozenset({binding})
        if extra and at.statement is extra.statement and extra.binding.place is place:
            return frozenset({extra.binding})
        if at.unbinds is place or at.enters is place.scope or not at.before:
            return _UNBOUND
        if at.after_error is not None and not self.swallows(at.after_error):
            return frozenset()
        return None

    def reaching(self, reference: Reference, extra: Inserted | None = None) -> Seen:
        """The bindings that a reference may see, as far as the flow of its unit tells.

        Code of another unit may see any binding of the place. Nothing for builtins, unknown names, and code
        that never runs.
        """
        place = reference.scope.place(reference.node.id)
        if place is None:
            return frozenset()
        is_here = place.scope.unit is reference.scope.unit
        found = self.at(place, reference.flows, extra) if is_here else frozenset(place.bindings)
        outer = self.module.scope.places.get(place.name)
        if outer and place.scope.kind is ScopeKind.CLASS and (None in found or not is_here):
            # The code of a class looks its unbound names up in the module (LOAD_NAME).
            if outer.scope.unit is reference.scope.unit:
                return (found - {None}) | self.at(outer, reference.flows, extra)
            return found | frozenset(outer.bindings)
        return found

    def before(self, extra: Inserted) -> Seen:
        """The bindings of the place of a pretended binding that there may be where it would stand."""
        starts = self.module.starts.get(extra.statement, ())
        return self.at(extra.binding.place, (flow for start in starts for flow in start.before), extra)
