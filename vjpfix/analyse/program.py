"""What the walk over a module has learnt so far: definitions, primals, and who can reach whom."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from vjpfix.analyse.definitions import (
    Binding,
    Definition,
    DefinitionKind,
    Method,
    Node,
    PrimalFact,
    bases,
    union,
)
from vjpfix.analyse.transforms import CustomDerivative, Role, Table
from vjpfix.analyse.values import NOTHING, Class, Function, Imported, Primal, Value, Values
from vjpfix.semantic.binder import from_future
from vjpfix.semantic.data import Scope, ScopeKind
from vjpfix.semantic.module import module_of


class Program:
    """The growing picture of one module. It only grows, so that loops reach a fixed point."""

    def __init__(
        self,
        tree: ast.Module,
        table: Table,
        imported: Mapping[ast.alias, Primal] = MappingProxyType({}),
    ) -> None:
        self.module = module_of(tree)
        self.future_annotations = from_future(tree)
        self.table = table
        self.definitions: dict[tuple[Scope, str, ast.AST], Definition] = {}
        self.by_binding: dict[Binding, list[Definition]] = {}
        self.primals: dict[Primal, PrimalFact] = {}
        self.imported = imported
        self.star_modules: list[str] = []
        self.attach_loads: set[ast.Name] = set()
        self.alias_loads: set[ast.Name] = set()
        self.load_carries: dict[ast.Name, frozenset[Node]] = {}
        self.applied: dict[Scope, dict[ast.Call, Values]] = {}
        self.unfollowed: dict[Binding, dict[ast.AST, str]] = {}
        self.setters = _setters(table)
        self.makers = _makers(table)
        self.asked: dict[ast.Attribute, Values] = {}
        self.decorators: dict[ast.expr, Values] = {}
        self.version = 0
        self.units = tuple(self.module.units)
        self.scope_of_load = {each.node: each.scope for unit in self.units for each in unit.loads}
        self._mattering: set[Scope] = set()
        self._read: dict[Scope, frozenset[tuple[Scope | None, str]]] = {}
        self._readers: dict[Binding, dict[Scope, list[ast.Name]]] = {}
        self._closures: dict[Node, tuple[int, frozenset[Scope]]] = {}
        self._methods: dict[str, list[Scope]] = {}
        for scope in self.units:
            if scope.parent and scope.parent.kind is ScopeKind.CLASS:
                self._methods.setdefault(scope.name, []).append(scope)

    def define(self, scope: Scope, name: str, kind: DefinitionKind, node: ast.AST, unit: Scope) -> Definition:
        """The definition that ``node`` makes; ``unit`` is the code that runs it (``global``)."""
        key = (scope, name, node)
        if key not in self.definitions:
            definition = Definition(scope, name, kind, node, unit)
            self.definitions[key] = definition
            self.by_binding.setdefault(Binding(scope, name), []).append(definition)
            self.version += 1
        return self.definitions[key]

    def learn(self, definition: Definition, values: Values, carries: frozenset[Node]) -> None:
        if not (values <= definition.values and carries <= definition.carries):
            definition.values |= values
            definition.carries |= carries
            self.version += 1

    def note_applied(self, unit: Scope, call: ast.Call, values: Values) -> None:
        """Remember what a unit calls, to see what a function that wraps a primal does with it."""
        calls = self.applied.setdefault(unit, {})
        if not values <= calls.get(call, NOTHING):
            calls[call] = calls.get(call, NOTHING) | values
            self.version += 1

    def note_asked(self, node: ast.Attribute, values: Values) -> None:
        """Remember what an attribute with which rules are attached is asked of (see ``stacked``)."""
        self.asked[node] = self.asked.get(node, NOTHING) | values

    def note_decorator(self, node: ast.expr, values: Values) -> None:
        """Remember what one of several decorators is."""
        self.decorators[node] = self.decorators.get(node, NOTHING) | values

    def values_of(self, scope: Scope | None, name: str) -> Values:
        """Every value a name may have, at any time; an unbound one may come from a star import."""
        if scope is None:
            return frozenset(Imported(f"{module}.{name}") for module in self.star_modules) | {
                Imported(f"builtins.{name}")
            }
        return union(d.values for d in self.by_binding.get(Binding(scope, name), ()))

    def make_primal(self, node: ast.AST, maker: CustomDerivative, body: Values) -> Primal:
        primal = Primal(node)
        fact = self.primals.setdefault(primal, PrimalFact(maker, NOTHING))
        if not body <= fact.body:
            fact.body |= body
            self.version += 1
        return primal

    def attach(self, primal: Primal, expression: ast.expr, role: Role, values: Values) -> None:
        rules = self.primals[primal].rules
        known = rules.get(expression, (role, NOTHING))[1]
        if expression not in rules or not values <= known:
            rules[expression] = (role, known | values)
            self.version += 1

    def closure(self, nodes: Iterable[Node]) -> frozenset[Scope]:
        """The functions that may run when any of these nodes is called."""
        return union(self._closure(node) for node in nodes)

    def _closure(self, start: Node) -> frozenset[Scope]:
        cached = self._closures.get(start)
        if cached and cached[0] == self.version:
            return cached[1]
        nodes = self.reach((start,))
        while classes := {n for n in nodes if isinstance(n, Scope) and n.kind is ScopeKind.CLASS}:
            # Whoever has a class, or an object of it, may call any of its methods.
            methods = {unit for scope in classes for unit in scope.descendants()} - nodes
            if not methods:
                break
            nodes |= self.reach(methods, frozenset(nodes))
        found = frozenset(n for n in nodes if isinstance(n, Scope))
        self._closures[start] = (self.version, found)
        return found

    def reach(self, starts: Iterable[Node], skip: frozenset[Node] = frozenset()) -> set[Node]:
        """All nodes reachable from ``starts``, without going through those of ``skip``."""
        seen: set[Node] = set()
        todo = list(starts)
        while todo:
            node = todo.pop()
            if node in seen or node in skip:
                continue
            seen.add(node)
            todo.extend(self.neighbours(node))
        return seen

    def neighbours(self, node: Node) -> Iterable[Node]:
        """The nodes that running or using ``node`` may lead to in one step."""
        match node:
            case Scope(kind=ScopeKind.CLASS):
                return [child for child in node.children if _is_implicit(child)]
            case Scope():
                return [*node.descendants(), *self.references(node)]
            case Binding():
                return [c for d in self.by_binding.get(node, ()) for c in d.carries]
            case Method():
                return self._methods.get(node.name, [])
            case Primal():
                return self.region_roots(node)
        return []

    def references(self, unit: Scope) -> list[Node]:
        """The nodes that a unit's code mentions, other than to attach rules or to give another name."""
        found: list[Node] = [Method(a.attr) for a in unit.attributes if a.attr in self._methods]
        looked_into = {attribute.value for attribute in unit.attributes}
        for load, scope in ((each.node, each.scope) for each in unit.loads):
            if load in self.attach_loads or load in self.alias_loads:
                continue
            if load in looked_into and self._is_class(load):
                continue  # what is got from it is an attribute of its own
            if load in self.load_carries:
                found.extend(self.load_carries[load])
            elif owner := scope.owner(load.id):
                found.append(Binding(owner, load.id))
        return found

    def region_roots(self, primal: Primal) -> list[Node]:
        fact = self.primals[primal]
        roots: list[Node] = list(bases(fact.body))
        for expression, (_, values) in fact.rules.items():
            roots.extend(bases(values) or self.mentions(expression))
        return roots

    def mentions(self, expression: ast.expr) -> list[Node]:
        """The nodes named anywhere in an expression whose value is not known."""
        found: list[Node] = []
        for node in ast.walk(expression):
            owner = self.owner_of(node) if isinstance(node, ast.Name) else None
            if owner and isinstance(node, ast.Name):
                found.append(Binding(owner, node.id))
        return found

    def _is_class(self, load: ast.Name) -> bool:
        values = self.values_of(self.owner_of(load), load.id)
        return bool(values) and all(isinstance(value, Class) for value in values)

    def owner_of(self, load: ast.Name) -> Scope | None:
        """The scope that owns a name where it is read."""
        scope = self.scope_of_load.get(load)
        return scope.owner(load.id) if scope else None

    @property
    def names_makers(self) -> bool:
        """Whether the module names anything that makes primals."""
        return (
            any(name in self.makers for _, name, _ in self.module.names)
            or any(attribute.attr in self.makers for unit in self.units for attribute in unit.attributes)
            or any(
                alias.name.rpartition(".")[2] in self.makers
                for statement, _ in self.module.imports.items()
                for alias in statement.names
            )
        )

    def primal_names(self) -> frozenset[str]:
        """The names of the module that hold primals."""
        module = self.module.scope
        return frozenset(
            name
            for name in module.bound
            if any(isinstance(value, Primal) for value in self.values_of(module, name))
        )

    def can_matter(self, unit: Scope) -> bool:
        """Whether a unit's code can make a primal, attach rules or use one: it, or code in it, names one."""
        if unit not in self._mattering and (
            self._spells_out(unit) or any(self._is_interesting(*each) for each in self._named(unit))
        ):
            self._mattering.add(unit)
            self.version += 1
        return unit in self._mattering

    def _spells_out(self, unit: Scope) -> bool:
        words = self.makers | self.setters
        return any(attribute.attr in words for attribute in unit.attributes) or any(
            each.node.id in words for each in unit.loads
        )

    def _named(self, unit: Scope) -> frozenset[tuple[Scope | None, str]]:
        """The names that a unit's code reads, each with the scope that owns it."""
        if unit not in self._read:
            self._read[unit] = frozenset(
                (each.scope.owner(each.node.id), each.node.id) for each in unit.loads
            )
        return self._read[unit]

    def _is_interesting(self, owner: Scope | None, name: str) -> bool:
        if owner is None:
            return bool(self.star_modules)
        return any(
            self._leads_to_primals(value)
            for definition in self.by_binding.get(Binding(owner, name), ())
            for value in definition.values
        )

    def _leads_to_primals(self, value: Value) -> bool:
        match value:
            case Imported(name=name):
                return self.table.derivative(name) is not None
            case Function(scope=scope):
                return scope in self._mattering
        return not isinstance(value, Class)

    def readers(self, binding: Binding) -> dict[Scope, list[ast.Name]]:
        """The reads of a binding, by the unit whose code they are in."""
        if binding not in self._readers:
            found: dict[Scope, list[ast.Name]] = {}
            for load, scope in self.scope_of_load.items():
                owner = scope.owner(load.id) if load.id == binding.name else None
                if owner is binding.scope or (owner and self.may_fall_back(owner, binding)):
                    found.setdefault(scope.unit, []).append(load)
            self._readers[binding] = found
        return self._readers[binding]

    def may_fall_back(self, owner: Scope, binding: Binding) -> bool:
        """A class body looks its own unbound names up in the module (LOAD_NAME)."""
        return owner.kind is ScopeKind.CLASS and binding.scope is self.module.scope

    def method_nodes(self, attribute: str) -> frozenset[Node]:
        return frozenset({Method(attribute)} if attribute in self._methods else ())


def _is_implicit(scope: Scope) -> bool:
    """Methods that run without being named; the others are reached by their attribute."""
    return scope.kind is ScopeKind.FUNCTION and scope.name.startswith("__") and scope.name.endswith("__")


def _makers(table: Table) -> frozenset[str]:
    """The words with which code makes primals."""
    rows = table.derivatives.values()
    return frozenset(name.rpartition(".")[2] for row in rows for name in row.names)


def _setters(table: Table) -> frozenset[str]:
    """The words with which code attaches rules."""
    return frozenset(setter for row in table.derivatives.values() for setter in row.setters)
