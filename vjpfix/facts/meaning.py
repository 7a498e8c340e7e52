"""A module with what its names stand for: its primals, their rules, and who can reach whom."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from vjpfix.facts.values import (
    NOTHING,
    Class,
    Context,
    Derived,
    Function,
    Imported,
    Maker,
    Method,
    Node,
    Pending,
    Primal,
    PrimalFact,
    Setter,
    T,
    Value,
    Values,
    apply_value,
    bases,
    evaluate,
    node_of,
    union,
    wrap,
)
from vjpfix.jaxfacts.effects import forgets, gives_function_back, is_of_jax, never_swallows
from vjpfix.jaxfacts.transforms import CustomDerivative, Table
from vjpfix.semantic.binder import module_of
from vjpfix.semantic.data import Binding, BindingKind, FlowNode, Place, Reference, RunEvent, Scope, ScopeKind
from vjpfix.semantic.flow import Flow

Carries = frozenset[Node]
EMPTY: Carries = frozenset()


class Meaning:
    """One module. Nothing stands for anything before ``learn``.

    ``imported``: primals of other modules, by what imports them.
    """

    def __init__(
        self,
        tree: ast.Module,
        table: Table,
        imported: Mapping[ast.alias, Primal] = MappingProxyType({}),
    ) -> None:
        self.table = table
        self.imported = imported
        self.module = module_of(tree)
        self.flow = Flow(self.module, self._may_swallow)
        self.units = tuple(self.module.units)
        self.setters = table.setters
        self.makers = _makers(table)
        self.star_modules = [
            "." * statement.level + (statement.module or "")
            for statement in self.module.imports
            if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"
        ]
        self._stands_for: dict[Binding, Values] = {}
        self._carried: dict[Binding, Carries] = {}
        self.scope_of_load = {each.node: each.scope for unit in self.units for each in unit.loads}
        self.primals: dict[Primal, PrimalFact] = {}
        self.attach_loads: set[ast.Name] = set()
        self.applied: dict[Scope, dict[ast.Call, Values]] = {}
        self.asked: dict[ast.Attribute, Values] = {}
        self.decorators: dict[ast.expr, Values] = {}
        self._statements = {alias: each for each in self.module.imports for alias in each.names}
        self._seen: dict[ast.Name, Sequence[Binding]] = {}
        self._readers: dict[Place, dict[Scope, list[ast.Name]]] = {}
        self._closures: dict[Node, frozenset[Scope]] = {}
        self._values: dict[ast.expr, Values] = {}
        self._asking: _Asking | None = None
        self._is_settled = False
        self._methods: dict[str, list[Scope]] = {}
        for scope in self.units:
            if scope.parent and scope.parent.kind is ScopeKind.CLASS:
                self._methods.setdefault(scope.name, []).append(scope)

    def learn(self) -> Meaning:
        """Find out what everything stands for, and which rules are attached to what."""
        _Asking(self).settle(self._bound_to, self._stands_for)
        for scope in self.module.scopes.values():
            node = scope.node
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node in self.module.starts:
                self._decorated(node)
        for event in self.module.events:
            if isinstance(event.node, ast.Call) and not event.escapes:
                self._called(event.node, event.scope.unit)
        for unit in self.units:
            for attribute in unit.attributes:
                if attribute.attr in self.setters:
                    self.asked[attribute] = self.value(attribute.value)
        return self

    # What evaluation asks (values.Context).

    def name(self, node: ast.Name) -> Values:
        reference = self.module.references.get(node)
        if reference is None:
            return NOTHING
        if (owner := reference.scope.owner(node.id)) is None:
            return self.values_of(None, node.id)
        if owner.unit is not reference.scope.unit:
            return self.values_of(owner, node.id)
        return self._values_of(self.seen(reference))

    def class_attribute(self, scope: Scope, attribute: str) -> Values:
        return self.values_of(scope, attribute)

    def function(self, node: ast.Lambda) -> Function:
        return Function(self.module.scopes[node])

    def make_primal(self, node: ast.AST, maker: CustomDerivative, body: Values) -> Primal:
        primal = Primal(node)
        fact = self.primals.setdefault(primal, PrimalFact(maker, NOTHING))
        fact.body |= body
        return primal

    def within(self, function: Function, arguments: dict[str, Values]) -> Context | None:
        return _CallContext(self, function.scope, arguments)

    # Values.

    def value(self, node: ast.expr) -> Values:
        """What an expression stands for where it stands."""
        if self._asking:
            return evaluate(node, self)
        if node not in self._values:
            self._values[node] = evaluate(node, self)
        return self._values[node]

    def values_of(self, scope: Scope | None, name: str) -> Values:
        """Every value a name may have, at any time; an unbound one may come from a star import."""
        if scope is None:
            return frozenset(Imported(f"{module}.{name}") for module in self.star_modules) | {
                Imported(f"builtins.{name}")
            }
        place = scope.places.get(name)
        return self._values_of(place.bindings if place else ())

    def stands_for(self, binding: Binding) -> Values:
        """Every value that a binding may give its place."""
        return self._stands_for.get(binding, NOTHING)

    def seen(self, reference: Reference) -> Sequence[Binding]:
        """The bindings that a read of its own unit's code sees."""
        node = reference.node
        if node not in self._seen:
            place = reference.scope.place(node.id)
            if place and len(place.bindings) == 1 and place.scope.kind is not ScopeKind.CLASS:
                found = place.bindings if reference.flows else []  # or it is an error
            else:
                reaching = self.flow.reaching(reference)
                found = [each for each in reaching if each]
            self._seen[node] = found
        return self._seen[node]

    def _values_of(self, bindings: Iterable[Binding]) -> Values:
        if self._asking:
            self._asking.note(bindings)
        found = [self.stands_for(each) for each in bindings]
        return found[0] if len(found) == 1 else union(found)

    def carries_of(self, bindings: Iterable[Binding]) -> Carries:
        """The nodes that the values of bindings may call, which are found out for all when first asked."""
        if self._asking:
            self._asking.note(bindings)
        elif not self._is_settled:
            self._is_settled = True
            _Asking(self).settle(self._carried_by, self._carried)
        return union(self._carried.get(each, EMPTY) for each in bindings)

    def _bound_to(self, binding: Binding) -> Values:
        node, value = binding.node, binding.value
        match node:
            case ast.alias():
                return frozenset({self.imported.get(node) or Imported(self._imported(node))})
            case ast.ClassDef():
                return frozenset({Class(self.module.scopes[node])})
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                values: Values = frozenset({Function(self.module.scopes[node])})
                for decorator in reversed(node.decorator_list):
                    values = self._decorate(decorator, values)
                return values
        return evaluate(value, self) if value else NOTHING

    def _imported(self, alias: ast.alias) -> str:
        """The qualified name of what an import binds."""
        statement = self._statements[alias]
        if isinstance(statement, ast.Import):
            return alias.name if alias.asname else alias.name.split(".")[0]
        return f"{'.' * statement.level}{statement.module or ''}.{alias.name}"

    def _decorate(self, decorator: ast.expr, values: Values) -> Values:
        found = self.value(decorator)
        return union(apply_value(value, decorator, values, self) for value in found)

    def _may_swallow(self, manager: ast.expr) -> bool:
        """Whether a context manager could end its body early without an error."""
        name = self._outside(manager.func if isinstance(manager, ast.Call) else manager)
        return not name or not never_swallows(name)

    def _outside(self, node: ast.expr) -> str:
        """The qualified name of something that nothing but imports binds; empty for anything else."""
        if isinstance(node, ast.Attribute):
            base = self._outside(node.value)
            return f"{base}.{node.attr}" if base else ""
        reference = self.module.references.get(node) if isinstance(node, ast.Name) else None
        if reference is None:
            return ""
        place = reference.scope.place(reference.node.id)
        if place is None:
            return "" if self.star_modules else f"builtins.{reference.node.id}"
        names = {self._imported(b.node) if isinstance(b.node, ast.alias) else "" for b in place.bindings}
        return names.pop() if len(names) == 1 else ""

    # Rules.

    def _decorated(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Attach what ``@f.defjvp`` stands above."""
        values: Values = frozenset({Function(self.module.scopes[node])})
        for decorator in reversed(node.decorator_list):
            found = self.value(decorator)
            if len(node.decorator_list) > 1:
                self.decorators[decorator] = found
            for value in found:
                if isinstance(value, Setter) and self._attaches(value):
                    role = self.primals[value.primal].maker.setters[value.attribute][0]
                    self.primals[value.primal].attach(decorator, role, values)
            values = self._decorate(decorator, values)

    def _called(self, node: ast.Call, unit: Scope) -> None:
        """Attach rules, and remember what a call runs, for functions that wrap a primal."""
        callee = self.value(node.func)
        setters = [value for value in callee if self._attaches(value)]
        if setters or self._makes(callee):
            self._mark_attach_loads(node)
        for setter in setters:
            assert isinstance(setter, Setter)  # noqa: S101  # nothing else attaches
            self._attach(setter, node)
        found: set[Value] = {v for v in callee if isinstance(v, Primal | Function | Derived)}
        for value in callee:
            transform = self.table.transform(value.name) if isinstance(value, Imported) else None
            if transform and transform.applies and node.args:
                found |= wrap(self.value(node.args[0]), (transform.names[0],))
        if found:
            self.applied.setdefault(unit, {})[node] = frozenset(found)

    def _attach(self, setter: Setter, node: ast.Call) -> None:
        """``f.defvjp(fwd, bwd)``: the rules are the arguments, whatever they are called."""
        fact = self.primals[setter.primal]
        roles = fact.maker.setters[setter.attribute]
        for index, argument in enumerate(node.args):
            fact.attach(argument, roles[min(index, len(roles) - 1)], self.value(argument))
        for keyword in node.keywords:
            if named := fact.maker.keywords.get(keyword.arg or ""):
                fact.attach(keyword.value, named, self.value(keyword.value))

    def _mark_attach_loads(self, node: ast.Call) -> None:
        """The names in the arguments are no uses that can call the rules; lambdas have code of their own."""
        todo: list[ast.AST] = [*node.args, *(k.value for k in node.keywords)]
        while todo:
            part = todo.pop()
            if isinstance(part, ast.Name):
                self.attach_loads.add(part)
            elif not isinstance(part, ast.Lambda):
                todo.extend(ast.iter_child_nodes(part))

    def _attaches(self, value: Value) -> bool:
        return isinstance(value, Setter) and value.attribute in self.primals[value.primal].maker.setters

    def _makes(self, callee: Values) -> bool:
        return any(
            isinstance(value, Maker) or (isinstance(value, Imported) and self.table.derivative(value.name))
            for value in callee
        )

    def _is_inert(self, value: Value) -> bool:
        return isinstance(value, Pending | Maker) or (
            isinstance(value, Imported) and gives_function_back(value.name, self.table)
        )

    def _keeps_nothing(self, value: Value) -> bool:
        """Whether calling a value may run its arguments but cannot keep them for later."""
        match value:
            case Imported(name=name):
                return forgets(name)
            case Derived(steps=steps):
                return all(is_of_jax(step) and self.table.transform(step) for step in steps)
        return isinstance(value, Primal | Pending)

    # What values may call.

    def carries(self, node: ast.expr | None) -> Carries:
        """The nodes of the reach graph that the value of an expression may call."""
        match node:
            case None | ast.Constant():
                return EMPTY
            case ast.Name():
                return self._read(node)
            case ast.Call():
                return self.call(node)[2]
            case ast.Attribute():
                return self.carries(node.value) | self.method_nodes(node.attr)
            case ast.Lambda():
                return frozenset({self.module.scopes[node]}) | self._defaults(node.args)
            case ast.GeneratorExp():
                return frozenset({self.module.scopes[node]}) | self.carries(node.generators[0].iter)
            case ast.NamedExpr():
                return _as_bound(self.value(node.value), self.carries(node.value))
            case ast.ListComp() | ast.SetComp() | ast.DictComp():
                parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
                parts += [part for each in node.generators for part in (each.iter, *each.ifs)]
                return union(map(self.carries, parts))
        return union(map(self.carries, _parts(node)))

    def _read(self, node: ast.Name) -> Carries:
        reference = self.module.references.get(node)
        owner = reference.scope.owner(node.id) if reference else None
        if reference is None or owner is None:
            return EMPTY
        if owner.unit is not reference.scope.unit:
            return frozenset({owner.places[node.id]} if node.id in owner.places else ())
        return self.carries_of(self.seen(reference))

    def call(self, node: ast.Call) -> tuple[Carries, Carries, Carries]:
        """What a call may run, what it may keep for later, and what its value may call."""
        callee, function = self.value(node.func), self.carries(node.func)
        passed = union(map(self.carries, [*node.args, *(k.value for k in node.keywords)]))
        attaches = any(map(self._attaches, callee)) or self._makes(callee)
        if attaches or (callee and all(map(self._is_inert, callee))):
            return EMPTY, EMPTY, _as_bound(self.value(node), function | passed)
        if callee and all(map(self._keeps_nothing, callee)):
            return function | passed, EMPTY, self._given_back(function)
        return function | passed, passed, self._given_back(function) | passed

    def _given_back(self, function: Carries) -> Carries:
        """What the result of a call may call: no array is a function, and a lambda called at once is gone."""
        nodes: set[Node] = set()
        for node in function:
            if isinstance(node, Scope) and isinstance(node.node, ast.Lambda | ast.GeneratorExp):
                nodes.update(self.neighbours(node))
            elif not isinstance(node, Primal):
                nodes.add(node)
        return frozenset(nodes)

    def kept(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> tuple[Carries, Carries]:
        """What the decorators of a function or class may run, and what they may keep for later."""
        runs, keeps = EMPTY, EMPTY
        carries: Carries = frozenset({self.module.scopes[node]})
        if not isinstance(node, ast.ClassDef):
            carries |= self._defaults(node.args)
        is_class = isinstance(node, ast.ClassDef)
        for decorator in reversed(node.decorator_list):
            found, nodes = self.value(decorator), self.carries(decorator)
            carries |= EMPTY if is_class else nodes
            inert = all(self._is_inert(v) or (not is_class and self._attaches(v)) for v in found)
            if not found or not inert:
                runs |= EMPTY if is_class else nodes
                keeps |= carries
        return runs | keeps, keeps

    def _defaults(self, args: ast.arguments) -> Carries:
        return union(map(self.carries, [*args.defaults, *args.kw_defaults]))

    def _carried_by(self, binding: Binding) -> Carries:
        """What the value of a binding may call."""
        node = binding.node
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                own: Carries = frozenset({self.module.scopes[node]})
                own |= self._defaults(node.args) | union(map(self.carries, node.decorator_list))
                return _as_bound(self.stands_for(binding), own)
            case ast.ClassDef():
                parts = [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
                return frozenset({self.module.scopes[node]}) | union(map(self.carries, parts))
        found = union(map(self.carries, binding.sources))
        return found if binding.kind is BindingKind.OTHER else _as_bound(self.stands_for(binding), found)

    # Who can reach whom.

    def closure(self, nodes: Iterable[Node]) -> frozenset[Scope]:
        """The functions that may run when any of these nodes is called."""
        return union(self._closure(node) for node in nodes)

    def _closure(self, start: Node) -> frozenset[Scope]:
        if start not in self._closures:
            nodes = self.reach((start,))
            while classes := {n for n in nodes if isinstance(n, Scope) and n.kind is ScopeKind.CLASS}:
                # Whoever has a class, or an object of it, may call any of its methods.
                methods = {unit for scope in classes for unit in scope.descendants()} - nodes
                if not methods:
                    break
                nodes |= self.reach(methods, frozenset(nodes))
            self._closures[start] = frozenset(n for n in nodes if isinstance(n, Scope))
        return self._closures[start]

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
            case Place():
                return self.carries_of(node.bindings)
            case Method():
                return self._methods.get(node.name, [])
            case Primal():
                return self.region_roots(node)
        return []

    def references(self, unit: Scope) -> list[Node]:
        """The nodes that a unit's code mentions, other than to attach rules or to give another name."""
        found: list[Node] = [Method(a.attr) for a in unit.attributes if a.attr in self._methods]
        looked_into = {attribute.value for attribute in unit.attributes}
        for each in unit.loads:
            load = each.node
            if load in self.attach_loads or load in self.module.aliases:
                continue
            if load in looked_into and self._is_class(load):
                continue  # what is got from it is an attribute of its own
            if each.flows:
                found.extend(self.carries(load))
            elif place := each.scope.place(load.id):
                found.append(place)
        return found

    def region_roots(self, primal: Primal) -> list[Node]:
        fact = self.primals[primal]
        roots: list[Node] = list(bases(fact.body))
        for expression, (_, values) in fact.rules.items():
            roots.extend(bases(values) or self.mentions(expression))
        return roots

    def mentions(self, expression: ast.expr) -> list[Node]:
        """The nodes named anywhere in an expression whose value is not known."""
        names = (node for node in ast.walk(expression) if isinstance(node, ast.Name))
        owned = ((self.owner_of(name), name.id) for name in names)
        return [owner.places[name] for owner, name in owned if owner and name in owner.places]

    def _is_class(self, load: ast.Name) -> bool:
        values = self.values_of(self.owner_of(load), load.id)
        return bool(values) and all(isinstance(value, Class) for value in values)

    def owner_of(self, load: ast.Name) -> Scope | None:
        """The scope that owns a name where it is read."""
        scope = self.scope_of_load.get(load)
        return scope.owner(load.id) if scope else None

    def method_nodes(self, attribute: str) -> frozenset[Node]:
        return frozenset({Method(attribute)} if attribute in self._methods else ())

    # Names.

    @cached_property
    def names_makers(self) -> bool:
        """Whether the module names anything that makes primals."""
        return (
            any(name in self.makers for _, name, _ in self.module.names)
            or any(attribute.attr in self.makers for unit in self.units for attribute in unit.attributes)
            or any(alias.name.rpartition(".")[2] in self.makers for alias in self._statements)
        )

    def primal_names(self) -> frozenset[str]:
        """The names of the module that hold primals."""
        module = self.module.scope
        return frozenset(
            name
            for name in module.bound
            if any(isinstance(value, Primal) for value in self.values_of(module, name))
        )

    def readers(self, place: Place) -> dict[Scope, list[ast.Name]]:
        """The reads of a place, by the unit whose code they are in."""
        if place not in self._readers:
            found: dict[Scope, list[ast.Name]] = {}
            for load, scope in self.scope_of_load.items():
                owner = scope.owner(load.id) if load.id == place.name else None
                if owner is place.scope or (owner and self.may_fall_back(owner, place)):
                    found.setdefault(scope.unit, []).append(load)
            self._readers[place] = found
        return self._readers[place]

    def may_fall_back(self, owner: Scope, place: Place) -> bool:
        """A class body looks its own unbound names up in the module (LOAD_NAME)."""
        return owner.kind is ScopeKind.CLASS and place.scope is self.module.scope

    # Where functions run.

    @cached_property
    def run_events(self) -> dict[Scope, list[tuple[FlowNode, int, Carries, Carries]]]:
        """By unit, where functions may run, and which of them go on to be called later."""
        found: dict[Scope, list[tuple[FlowNode, int, Carries, Carries]]] = {}
        for event in self.module.events:
            runs, keeps = self._run_at(event)
            if runs:
                line = getattr(event.node, "lineno", 0)
                found.setdefault(event.scope.unit, []).append((event.flow, line, runs, keeps))
        return found

    def _run_at(self, event: RunEvent) -> tuple[Carries, Carries]:
        match event.node:
            case ast.Call() if not event.escapes:
                return self.call(event.node)[:2]
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return self.kept(event.node)
            case ast.expr():
                carries = self.carries(event.node)
                return carries, carries
        return EMPTY, EMPTY


class _Asking:
    """Bindings of which something is asked until no answer changes any more.

    Nothing is told by a binding that was not asked yet: who sees only such ones waits for them.
    """

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.users: dict[Binding, dict[Binding, None]] = {}
        self.known: set[Binding] = set()
        self.asked: Binding | None = None
        self.waits = False

    def note(self, bindings: Iterable[Binding]) -> None:
        """The binding that is asked looks at these."""
        found = list(bindings)
        for each in found:
            if self.asked:
                self.users.setdefault(each, {})[self.asked] = None
        self.waits |= bool(found) and self.known.isdisjoint(found)

    def settle(self, tell: Callable[[Binding], frozenset[T]], told: dict[Binding, frozenset[T]]) -> None:
        self.meaning._asking = self
        todo = dict.fromkeys(self.meaning.module.bindings)  # in order, each once
        waiting: dict[Binding, None] = {}
        while todo or waiting:
            forced = not todo
            if forced:
                todo[next(iter(waiting))] = None
            del todo[binding := next(iter(todo))]
            self.asked, self.waits = binding, False
            found = tell(binding)
            if self.waits and not forced and binding not in self.known:
                waiting[binding] = None
                continue
            waiting.pop(binding, None)
            old = told.get(binding, frozenset())
            if binding not in self.known or not found <= old:
                self.known.add(binding)
                told[binding] = old | found
                todo.update(dict.fromkeys(self.users.get(binding, ())))
        self.meaning._asking = None


class _CallContext:
    """A local function's body, seen from one call: parameters first, then what names may mean at all."""

    def __init__(self, meaning: Meaning, scope: Scope, arguments: dict[str, Values]) -> None:
        self.meaning = meaning
        self.scope = scope
        self.arguments = arguments
        self.table = meaning.table

    def name(self, node: ast.Name) -> Values:
        owner = self.scope.owner(node.id)
        if owner is self.scope:
            return self.arguments.get(node.id, NOTHING)
        return self.meaning.values_of(owner, node.id)

    def class_attribute(self, scope: Scope, attribute: str) -> Values:
        return self.meaning.class_attribute(scope, attribute)

    def function(self, node: ast.Lambda) -> Function:
        return self.meaning.function(node)

    def make_primal(self, node: ast.AST, maker: CustomDerivative, body: Values) -> Primal:
        return self.meaning.make_primal(node, maker, body)

    def within(self, function: Function, arguments: dict[str, Values]) -> Context | None:
        return _CallContext(self.meaning, function.scope, arguments)


def _as_bound(values: Values, carries: Carries) -> Carries:
    """A primal is one node; what it is made of is reached through it."""
    nodes = [node_of(value) for value in values]
    if nodes and all(isinstance(node, Primal) for node in nodes):
        return frozenset(node for node in nodes if node is not None)
    return carries


def _is_implicit(scope: Scope) -> bool:
    """Methods that run without being named; the others are reached by their attribute."""
    return scope.kind is ScopeKind.FUNCTION and scope.name.startswith("__") and scope.name.endswith("__")


def _makers(table: Table) -> frozenset[str]:
    """The words with which code makes primals."""
    rows = table.derivatives.values()
    return frozenset(name.rpartition(".")[2] for row in rows for name in row.names)


def _parts(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions directly inside a node, through what only groups them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.keyword | ast.Slice | ast.withitem):
            yield from _parts(child)
