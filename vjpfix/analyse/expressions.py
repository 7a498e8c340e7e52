"""The walk over expressions: what is read, what may run now, what may be called later."""

from __future__ import annotations

import ast

from vjpfix.analyse.definitions import Binding, Definition, DefinitionKind, Node, node_of, union
from vjpfix.analyse.program import Program
from vjpfix.analyse.state import UNBOUND, Sightings, Split, State, join
from vjpfix.analyse.transforms import CustomDerivative
from vjpfix.analyse.values import (
    NOTHING,
    Context,
    Function,
    Primal,
    Values,
    evaluate,
)
from vjpfix.semantic.binder import Comprehension
from vjpfix.semantic.data import Scope, ScopeKind

Carries = frozenset[Node]
EMPTY: Carries = frozenset()
MAX_PASSES = 12


class ExpressionWalk:
    """Follows the immediate code of one unit (a module or a function) in the order it runs.

    ``scope`` is the scope being walked, which is the unit's or that of a class body or comprehension in it.
    """

    def __init__(
        self, program: Program, unit: Scope, watched: Binding | None = None, split: Split | None = None
    ) -> None:
        self.program = program
        self.watched = watched
        self.table = program.table
        self.unit = unit
        self.scope = unit
        self.sightings = Sightings()
        self.split = split
        self.state: State | None = State()
        self.line = 0

    # What evaluation asks (values.Context).

    def name(self, node: ast.Name) -> Values:
        owner = self.scope.owner(node.id)
        if owner is None or not self._walks(owner):
            return self.program.values_of(owner, node.id)
        return union(definition.values for definition in self._visible(node, owner))

    def class_attribute(self, scope: Scope, attribute: str) -> Values:
        return self.program.values_of(scope, attribute)

    def function(self, node: ast.Lambda) -> Function:
        return Function(self.program.module.scopes[node])

    def make_primal(self, node: ast.AST, maker: CustomDerivative, body: Values) -> Primal:
        return self.program.make_primal(node, maker, body)

    def within(self, function: Function, arguments: dict[str, Values]) -> Context | None:
        raise NotImplementedError

    # Reads, runs and escapes.

    def _walks(self, scope: Scope) -> bool:
        return scope.unit is self.unit

    def _visible(self, node: ast.Name, owner: Scope) -> frozenset[Definition]:
        """The definitions a read sees; a class body falls back to the module (LOAD_NAME)."""
        assert self.state is not None  # noqa: S101  # walked code is reachable
        found = self.state.get(Binding(owner, node.id))
        if UNBOUND in found and owner.kind is ScopeKind.CLASS and node.id in owner.module.bound:
            outer = Binding(owner.module, node.id)
            if self._walks(owner.module):
                found = (found - {UNBOUND}) | self.state.get(outer)
            else:
                found |= frozenset(self.program.by_binding.get(outer, ()))
        return found

    def read(self, node: ast.Name) -> Carries:
        owner = self.scope.owner(node.id)
        if owner is None:
            return EMPTY
        if not self._walks(owner):
            return frozenset({Binding(owner, node.id)})
        seen = self._visible(node, owner)
        if self._is_watched(owner, node.id) or self._falls_back(owner, node.id, seen):
            self.sightings.add(node, seen, node.lineno)
        carries = union(definition.carries for definition in seen)
        self.program.load_carries[node] = self.program.load_carries.get(node, EMPTY) | carries
        return carries

    def _is_watched(self, scope: Scope, name: str) -> bool:
        watched = self.watched
        return watched is not None and name == watched.name and scope is watched.scope

    def _falls_back(self, owner: Scope, name: str, seen: frozenset[Definition]) -> bool:
        """Whether a class body reads the watched name of its module under a name of its own."""
        return (
            owner.kind is ScopeKind.CLASS
            and self._is_watched(owner.module, name)
            and any(definition.scope is owner.module for definition in seen)
        )

    def run(self, nodes: Carries) -> None:
        """Functions that may run here see what the watched name holds here."""
        if self.watched and nodes and self.state:
            held = self.state.get(self.watched)
            for unit in self.program.closure(nodes):
                if unit is not self.unit:
                    for load in self.program.readers(self.watched).get(unit, ()):
                        self.sightings.add(load, held, self.line)

    def escape(self, nodes: Carries) -> None:
        """Functions that got away may run here and any time later."""
        if self.watched and nodes and self.state:
            self.run(nodes)
            self.state.escaped |= nodes

    def define(
        self,
        scope: Scope,
        name: str,
        kind: DefinitionKind,
        node: ast.AST,
        values: Values = NOTHING,
        carries: Carries = EMPTY,
    ) -> None:
        if self.state is None:
            return
        if name in scope.globals or name in scope.nonlocals:
            scope = scope.owner(name) or scope
        definition = self.program.define(scope, name, kind, node, self.unit)
        self.program.learn(definition, values, carries)
        if not self._walks(scope):
            return
        self.state.env[Binding(scope, name)] = frozenset({definition})
        self.after_change()
        if self._is_watched(scope, name):
            self.run(self.state.escaped)

    def after_change(self) -> None:
        """Called when the environment changed; statements that can be cut short remember it."""

    # Expressions.

    def expr(self, node: ast.expr | None) -> Carries:
        """Walk an expression; gives the nodes that its value may call."""
        if node is None or self.state is None:
            return EMPTY
        self.line = node.lineno
        match node:
            case ast.Name():
                return self.read(node)
            case ast.Call():
                return self.call(node)
            case ast.Attribute():
                if node.attr in self.program.setters:
                    self.program.note_asked(node, evaluate(node.value, self))
                return self.expr(node.value) | self.program.method_nodes(node.attr)
            case ast.Lambda() | ast.GeneratorExp():
                return self.deferred(node)
            case ast.NamedExpr():
                return self.walrus(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp():
                return self.comprehension(node)
        return self.other_expr(node)

    def other_expr(self, node: ast.expr) -> Carries:
        match node:
            case ast.IfExp():
                return self.expr(node.test) | self.either(node.body, node.orelse)
            case ast.BoolOp(values=values):
                return self.cut_short(values)
            case ast.Compare(left=left, comparators=comparators):
                return self.expr(left) | self.cut_short(comparators)
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                return union([self.expr(part) for pair in pairs for part in pair])
            case ast.Yield() | ast.YieldFrom() | ast.Await():
                carries = self.expr(node.value)
                self.escape(carries)
                return carries
        return union([self.expr(child) for child in _parts(node)])

    def deferred(self, node: ast.Lambda | ast.GeneratorExp) -> Carries:
        """Code that runs later; its defaults, or what it goes through first, are evaluated here."""
        if isinstance(node, ast.Lambda):
            first = self.arguments(node.args, annotations=False)
        else:
            first = self.expr(node.generators[0].iter)
        return frozenset({self.program.module.scopes[node]}) | first

    def copied(self) -> State | None:
        """The state as it is now, to be kept while the walk goes on."""
        return self.state.copy() if self.state else None

    def either(self, *nodes: ast.expr) -> Carries:
        """Expressions of which one is evaluated."""
        before = self.state
        after: list[State | None] = []
        carries = EMPTY
        for node in nodes:
            self.state = before.copy() if before else None
            carries |= self.expr(node)
            after.append(self.state)
        self.state = join(*after)
        return carries

    def cut_short(self, nodes: list[ast.expr]) -> Carries:
        """Expressions that are evaluated in turn, of which any but the first may not be reached."""
        *others, last = nodes
        carries = EMPTY
        ends: list[State | None] = []
        for node in others:
            carries |= self.expr(node)
            ends.append(self.copied())
        carries |= self.expr(last)
        self.state = join(*ends, self.state) if ends else self.state
        return carries

    def walrus(self, node: ast.NamedExpr) -> Carries:
        carries = self.expr(node.value)
        scope = self.scope
        while scope.parent and isinstance(scope.node, Comprehension):
            scope = scope.parent
        values = evaluate(node.value, self)
        carries = self.bound_carries(values, carries)
        self.define(scope, node.target.id, DefinitionKind.NAME, node.target, values, carries)
        return carries

    def bound_carries(self, values: Values, carries: Carries) -> Carries:
        """A primal is one node; what it is made of is reached through it."""
        nodes = [node_of(value) for value in values]
        if nodes and all(isinstance(node, Primal) for node in nodes):
            return frozenset(node for node in nodes if node is not None)
        return carries

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp) -> Carries:
        carries = self.expr(node.generators[0].iter)
        outer, self.scope = self.scope, self.program.module.scopes[node]
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        carries |= self.turns(node.generators, parts, carries)
        self.scope = outer
        return carries

    def turns(self, generators: list[ast.comprehension], parts: list[ast.expr], carries: Carries) -> Carries:
        """One ``for`` of a comprehension and what is in it, until nothing new is learnt.

        There may be no turn at all, and each filter may end one early.
        """
        generator, *inner = generators
        for _ in range(MAX_PASSES):
            before, known = self.copied(), self.program.version
            ends = [before]
            self.bind_unknown(generator.target, carries)
            for test in generator.ifs:
                carries |= self.expr(test)
                ends.append(self.copied())
            if inner:
                carries |= self.expr(inner[0].iter)
                carries |= self.turns(inner, parts, carries)
            else:
                carries |= union([self.expr(part) for part in parts])
            self.state = join(*ends, self.state)
            if self.state == before and known == self.program.version:
                break
        return carries

    def bind_unknown(self, target: ast.expr, carries: Carries) -> None:
        """Bind every name of a target to something that evaluation does not know."""
        match target:
            case ast.Name():
                self.define(self.scope, target.id, DefinitionKind.OTHER, target, carries=carries)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self.bind_unknown(part, carries)
            case ast.Starred(value=part):
                self.bind_unknown(part, carries)
            case _:
                self.expr(target)
                self.escape(carries)  # kept in an attribute or a container

    def arguments(self, args: ast.arguments, annotations: bool) -> Carries:
        carries = union([self.expr(d) for d in [*args.defaults, *args.kw_defaults]])
        if annotations and not self.program.future_annotations:
            rest = [arg for arg in (args.vararg, args.kwarg) if arg]
            for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs, *rest]:
                self.expr(arg.annotation)
        return carries

    def call(self, node: ast.Call) -> Carries:
        """Walk a call (see ``calls``)."""
        raise NotImplementedError


def _parts(node: ast.AST) -> list[ast.expr]:
    """The expressions directly inside a node, through what only groups them."""
    found: list[ast.expr] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            found.append(child)
        elif isinstance(child, ast.keyword | ast.Slice | ast.withitem):
            found.extend(_parts(child))
    return found
