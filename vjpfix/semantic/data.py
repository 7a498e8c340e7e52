"""What a module is made of. Made by ``binder`` and not changed after it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, KeysView
from dataclasses import dataclass, field
from enum import Enum


class ScopeKind(Enum):
    """Functions, lambdas and generator expressions are FUNCTION: their code is deferred."""

    MODULE = "module"
    FUNCTION = "function"
    CLASS = "class"
    COMPREHENSION = "comprehension"
    TYPES = "type parameters"


class BindingKind(Enum):
    """How a place is bound."""

    NAME = "assignment"
    FUNCTION = "def"
    CLASS = "class"
    IMPORT = "import"
    STRING = "assignment by name"
    OTHER = "binding"
    ALIAS = "alias"  # one that is pretended (see ``flow``)


@dataclass(eq=False, slots=True)
class Scope:
    """One scope. ``unit``: the nearest module or function around it, whose code runs its own.

    ``node``: what makes it. What is evaluated when it is asked for (a bound, the value of a ``type``
    statement) is a lambda that no text has.
    ``types``: the scope of its type parameters, which is between it and ``parent``. ``sees_class``: where the
    scope is directly in a class, its code sees the names of the class too (Python reference, 4.2.3).
    ``declarations``: the ``global`` and ``nonlocal`` statements by the names they declare. ``loads``: of a
    unit, the names that its code reads; ``attributes``: those it looks up. ``end``: the point at which its
    unit's code ends; for a class, its body's. None where the end is never reached.
    """

    kind: ScopeKind
    node: ast.AST
    parent: Scope | None
    name: str
    types: Scope | None = field(default=None, repr=False)
    sees_class: bool = False
    unit: Scope = field(init=False, repr=False)
    places: dict[str, Place] = field(default_factory=dict, repr=False)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    declarations: dict[str, list[ast.stmt]] = field(default_factory=dict, repr=False)
    children: list[Scope] = field(default_factory=list, repr=False)
    loads: list[Reference] = field(default_factory=list, repr=False)
    attributes: list[ast.Attribute] = field(default_factory=list, repr=False)
    end: FlowNode | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.unit = self if not self.parent or self.kind is ScopeKind.FUNCTION else self.parent.unit

    @property
    def module(self) -> Scope:
        scope = self
        while scope.parent:
            scope = scope.parent
        return scope

    @property
    def bound(self) -> KeysView[str]:
        """The names that belong to it."""
        return self.places.keys()

    def times(self, name: str) -> int:
        """At how many places of the text a name of it is bound."""
        return self.places[name].sites if name in self.places else 0

    def ancestors(self) -> Iterator[Scope]:
        """The scope itself and those around it."""
        scope: Scope | None = self
        while scope:
            yield scope
            if scope.types:
                yield scope.types
            scope = scope.parent

    def descendants(self) -> Iterator[Scope]:
        for child in self.children:
            yield child
            yield from child.descendants()

    def owner(self, name: str) -> Scope | None:
        """The scope that ``name`` belongs to here (Python reference, 4.2.2); None for a builtin."""
        sees_class = True
        for scope in self.ancestors():
            if sees_class or scope.kind is not ScopeKind.CLASS:
                if name in scope.globals:
                    return scope.module
                if name in scope.places:
                    return scope
            sees_class = sees_class and scope.sees_class
        return None

    def place(self, name: str) -> Place | None:
        """The place that ``name`` means here; None where no code of the module binds it."""
        owner = self.owner(name)
        return owner.places.get(name) if owner else None


@dataclass(eq=False, slots=True)
class Place:
    """A name in a scope. ``bindings``: in the order of the text, those made by other units' code included,
    which (``global``, ``nonlocal``) are the ``remote`` ones.

    ``sites``: at how many places of the text it is bound or unbound, code that never runs included.
    ``changes``: where it is deleted, or what it is bound to is changed in place. ``flows``: the points at
    which code of its own unit binds it.
    """

    scope: Scope
    name: str
    sites: int = 0
    changes: dict[ast.Name, str] = field(default_factory=dict, repr=False)
    flows: list[FlowNode] = field(default_factory=list, repr=False)
    bindings: list[Binding] = field(default_factory=list, repr=False)
    remote: list[Binding] = field(default_factory=list, repr=False)


@dataclass(eq=False, slots=True)
class Binding:
    """One binding of a place: the node that makes it, in the code of ``unit``.

    ``value``: the expression that it is bound to, where it is one. ``sources``: the expressions that what it
    is bound to is made of.
    """

    place: Place
    kind: BindingKind
    node: ast.AST
    unit: Scope = field(repr=False)
    value: ast.expr | None = field(default=None, repr=False)
    sources: tuple[ast.expr, ...] = field(default=(), repr=False)

    @property
    def scope(self) -> Scope:
        return self.place.scope

    @property
    def name(self) -> str:
        return self.place.name


@dataclass(eq=False, slots=True)
class FlowNode:
    """A point of the control flow. ``before``: the points that it may come from.

    It may bind a place, unbind one (``del``), start the body of a class, or come ``after_error``: it is only
    reached where this context manager swallows an error. ``statement``: the statement that starts here.
    """

    before: list[FlowNode]
    binding: Binding | None = None
    unbinds: Place | None = None
    enters: Scope | None = None
    after_error: ast.expr | None = None
    statement: ast.stmt | None = None


@dataclass(eq=False, slots=True)
class Reference:
    """A name that is read, in its scope. ``flows``: the points it is read at; none where that never runs.

    There are several where a ``finally`` is reached in several ways.
    """

    node: ast.Name
    scope: Scope
    flows: list[FlowNode]


@dataclass(eq=False, slots=True)
class RunEvent:
    """Where code may run functions: a call, or (``escapes``) what other code may call from now on."""

    node: ast.AST
    scope: Scope = field(repr=False)
    flow: FlowNode = field(repr=False)
    escapes: bool


@dataclass(slots=True)
class Module:
    """A module as data. ``scopes``: by the nodes that make them; ``references``: by the names that are read.

    ``names``: all names that are read, bound or unbound, and the functions, with the scope whose code does
    it. ``imports``: the statements that import, each in its scope. ``bindings``: those of all places, in the
    order of the walk. ``aliases``: the names that an assignment does nothing with but to give them another.
    ``events``: where functions may run, in the order of the walk. ``starts``: the points at which each
    statement begins, one for each way that leads to it. ``fstrings``: those that stand in no other one.
    """

    tree: ast.Module
    scope: Scope
    scopes: dict[ast.AST, Scope]
    names: list[tuple[ast.AST, str, Scope]] = field(default_factory=list)
    imports: dict[ast.Import | ast.ImportFrom, Scope] = field(default_factory=dict)
    bindings: list[Binding] = field(default_factory=list)
    aliases: set[ast.Name] = field(default_factory=set)
    references: dict[ast.Name, Reference] = field(default_factory=dict)
    events: list[RunEvent] = field(default_factory=list)
    starts: dict[ast.stmt, list[FlowNode]] = field(default_factory=dict)
    fstrings: dict[ast.JoinedStr, None] = field(default_factory=dict)

    @property
    def units(self) -> Iterator[Scope]:
        """The module and its functions, lambdas and generator expressions: what runs as one."""
        yield self.scope
        yield from (each for each in self.scope.descendants() if each.kind is ScopeKind.FUNCTION)

    def places(self) -> Iterator[Place]:
        """Every place of the module, scope by scope."""
        for scope in self.scopes.values():
            yield from scope.places.values()
