"""The one object that is asked about a module."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from vjpfix.semantic.binder import bind
from vjpfix.semantic.data import Binding, FlowNode, Place, Reference, RunEvent, Scope, ScopeKind


@dataclass(frozen=True, slots=True)
class Module:
    """A module as data. ``scopes``: by the nodes that make them; ``references``: by the names that are read.

    ``names``: all names that are read, bound or unbound, and the functions, with the scope whose code does
    it. ``imports``: the statements that import, each in its scope. ``bindings``: those of all places, in the
    order of the walk. ``aliases``: the names that an assignment does nothing with but to give them another.
    ``events``: where functions may run, in the order of the walk. ``starts``: the points at which each
    statement begins.
    """

    tree: ast.Module
    scope: Scope
    scopes: Mapping[ast.AST, Scope]
    names: Sequence[tuple[ast.AST, str, Scope]]
    imports: Mapping[ast.Import | ast.ImportFrom, Scope]
    bindings: Sequence[Binding]
    aliases: Set[ast.Name]
    references: Mapping[ast.Name, Reference]
    events: Sequence[RunEvent]
    starts: Mapping[ast.stmt, Sequence[FlowNode]]

    @property
    def units(self) -> Iterator[Scope]:
        """The module and its functions, lambdas and generator expressions: what runs as one."""
        yield self.scope
        yield from (each for each in self.scope.descendants() if each.kind is ScopeKind.FUNCTION)

    def places(self) -> Iterator[Place]:
        """Every place of the module, scope by scope."""
        for scope in self.scopes.values():
            yield from scope.places.values()


def module_of(tree: ast.Module, *, annotations: bool = False) -> Module:
    """The data of a module. ``annotations``: names in those that are never evaluated are read as well.

    Errors: ``RecursionError`` where it is nested too deeply.
    """
    bound = bind(tree, annotations=annotations)
    return Module(
        tree,
        bound.module,
        bound.scopes,
        bound.names,
        bound.imports,
        bound.bindings,
        bound.aliases,
        bound.references,
        bound.events,
        bound.starts,
    )
