"""Which class an attribute is found in: the order of bases, and what subclasses put before them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from vjpfix.semantic.data import Scope
from vjpfix.semantic.receivers import Kind, Receiver, Receivers

# Bases from outside that bring nothing a class of the project could be asked for.
_BARE = frozenset(("object", "ABC", "Generic", "Protocol"))
_METACLASSES = ("type", "Meta", "Type")
_LOOKS_UP, _MAKES = "__getattribute__", "__new__"


class Verdict(Enum):
    """Whose attribute is meant."""

    IT = "that of the class that is asked about"
    OTHER = "surely another one's"
    UNSURE = "perhaps that of the class"


@dataclass(eq=False, slots=True)
class _Leaf:
    """A base that is no class of the project. ``known``: that much is sure."""

    name: str
    known: bool


_Order = tuple["Scope | _Leaf", ...]


class Lineage:
    """The classes of a project (or of one module), and how they derive from each other.

    ``home``: the receivers of the module that a class is in.
    """

    def __init__(self, classes: Iterable[Scope], home: Callable[[Scope], Receivers]) -> None:
        self.classes = tuple(classes)
        self._home = home
        self._orders: dict[Scope, _Order | None] = {}

    def order(self, scope: Scope) -> _Order | None:
        """A class and its bases in the order in which attributes are looked up; None: nobody knows."""
        if scope not in self._orders:
            self._orders[scope] = None  # a class that derives from itself has no order
            bases = [*self._bases(scope)]
            above = [self.order(base) if isinstance(base, Scope) else (base,) for base in bases]
            known = [each for each in above if each is not None]
            if len(known) == len(above):
                self._orders[scope] = _merged(scope, [*map(list, known), list(bases)])
        return self._orders[scope]

    def _bases(self, scope: Scope) -> Iterator[Scope | _Leaf]:
        assert isinstance(scope.node, ast.ClassDef)  # noqa: S101  # of the kind CLASS
        home = self._home(scope)
        for base in scope.node.bases:
            node = base.value if isinstance(base, ast.Subscript) else base
            found = home.of(node)
            name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
            if found.kind is Kind.CLASS and found.exact and found.scope:
                yield found.scope
            elif name != "object":
                yield _Leaf(name, found.kind in (Kind.ELSEWHERE, Kind.UNRELATED))

    def below(self, scope: Scope) -> list[Scope]:
        """A class and all that derive from it."""
        return [each for each in self.classes if each is scope or scope in (self.order(each) or ())]

    def family(self, target: Scope) -> list[Scope]:
        """The class and all that derive from it, those first that may."""
        return [each for each in self.classes if target in (self.order(each) or (target,))]

    def verdict(self, receiver: Receiver, target: Scope, name: str) -> Verdict:
        """Whether ``name`` of a receiver is the attribute of the class ``target``."""
        if receiver.kind in (Kind.UNRELATED, Kind.ELSEWHERE):
            return Verdict.OTHER
        if receiver.kind is Kind.UNKNOWN or receiver.scope is None:
            return Verdict.UNSURE
        below = [receiver.scope] if receiver.exact else self.below(receiver.scope)
        if receiver.kind is not Kind.CLASS and any(self._has(each, _LOOKS_UP) for each in below):
            return Verdict.UNSURE
        if receiver.kind is Kind.OBJECT and receiver.exact and self._has(receiver.scope, _MAKES):
            return Verdict.UNSURE
        if receiver.exact and receiver.kind is not Kind.SUPER:
            return self._found(receiver.scope, None, target, name)
        if self._is_metaclass(receiver.scope):
            return Verdict.UNSURE
        after = receiver.scope if receiver.kind is Kind.SUPER else None
        found = {self._found(each, after, target, name) for each in self.below(receiver.scope)}
        return found.pop() if len(found) == 1 else Verdict.UNSURE

    def overriding(self, receiver: Receiver, target: Scope, name: str) -> list[Scope]:
        """The subclasses because of which a receiver may have another attribute than the class's."""
        if receiver.scope is None or receiver.exact:
            return []
        below = self.below(receiver.scope)
        return [each for each in below if name in each.bound and each is not target]

    def may_override(self, target: Scope, name: str) -> list[Scope]:
        """The classes with that attribute which nobody can tell not to be subclasses."""
        return [
            each
            for each in self.classes
            if each is not target and name in each.bound and self._is_anyones(self.order(each))
        ]

    def _is_anyones(self, order: _Order | None) -> bool:
        return order is None or any(isinstance(each, _Leaf) and not each.known for each in order)

    def _has(self, scope: Scope, name: str) -> bool:
        return any(isinstance(each, Scope) and name in each.bound for each in self.order(scope) or ())

    def _is_metaclass(self, scope: Scope) -> bool:
        order = self.order(scope) or ()
        return any(isinstance(each, _Leaf) and each.name.endswith(_METACLASSES) for each in order)

    def _found(self, scope: Scope, after: Scope | None, target: Scope, name: str) -> Verdict:
        """Where an object of just this class finds the name (``after`` a class of its order)."""
        order = self.order(scope)
        if order is None:
            return Verdict.UNSURE
        if after:
            order = order[order.index(after) + 1 :]
        may_be_before = False
        for each in order:
            if each is target:
                return Verdict.UNSURE if may_be_before else Verdict.IT
            if isinstance(each, _Leaf):
                may_be_before |= each.name not in _BARE
                if not each.known:
                    return Verdict.UNSURE
            elif name in each.bound:
                is_own = each is scope or target in (self.order(each) or ()) or target not in order
                return Verdict.OTHER if is_own else Verdict.UNSURE
        return Verdict.OTHER


def _merged(scope: Scope, rows: list[list[Scope | _Leaf]]) -> _Order | None:
    """The C3 order (Python 2.3 Method Resolution Order); None where there is none."""
    order: list[Scope | _Leaf] = [scope]
    rows = [row for row in rows if row]
    while rows:
        first = next((row[0] for row in rows if not any(row[0] in other[1:] for other in rows)), None)
        if first is None:
            return None
        order.append(first)
        rows = [rest for row in rows if (rest := [each for each in row if each is not first])]
    return tuple(order)
