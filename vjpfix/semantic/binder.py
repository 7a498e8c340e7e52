"""The walk that makes the data of a module: every unit once, in the order in which it runs."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from vjpfix.semantic.data import (
    Binding,
    BindingKind,
    FlowNode,
    Module,
    Place,
    Reference,
    RunEvent,
    Scope,
    ScopeKind,
)
from vjpfix.semantic.dynamic import bound_by_name, set_by_name

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

# A ``finally`` is bound once for each way that leads into it, but no deeper in one another than this: below
# it all ways are taken together, for their number doubles with each level.
_FINALLY_DEPTH = 2
_ANNOTATIONS_ARE_DEFERRED = sys.version_info >= (3, 14)  # PEP 649


@dataclass(slots=True)
class _Unit:
    """What the walk keeps while it is in one module or function: where its paths leave."""

    flow: FlowNode
    returns: list[FlowNode] = field(default_factory=list)
    loops: list[tuple[list[FlowNode], list[FlowNode]]] = field(default_factory=list)  # breaks, continues
    attempts: list[FlowNode] = field(default_factory=list)  # what may go on after an error, from inside out
    finals: int = 0


def module_of(tree: ast.Module, *, annotations: bool = False) -> Module:
    """The data of a module. ``annotations``: names in those that are never evaluated are read as well.

    Errors: ``RecursionError`` where it is nested too deeply.
    """
    return _Binder(tree, annotations=annotations).module


class _Binder:
    def __init__(self, tree: ast.Module, *, annotations: bool) -> None:
        self.scope = module = Scope(ScopeKind.MODULE, tree, None, "<module>")
        self.module = Module(tree, module, {tree: module})
        self.is_in_fstring = False
        self.dead = FlowNode([])  # where nothing ever comes
        self.bindings: dict[tuple[Place, ast.AST], Binding] = {}
        self.deferred: list[tuple[Scope, Callable[[], None]]] = []
        self.attributes: set[ast.Attribute] = set()
        self.sites: set[tuple[Place, ast.AST]] = set()
        self.lambdas: dict[ast.expr, ast.Lambda] = {}
        self.all_annotations = annotations
        self.reads_annotations = annotations or not from_future(tree)
        self.unit(module, lambda: self.block(tree.body))
        for scope, body in self.deferred:  # which grows
            self.unit(scope, body)

    def unit(self, scope: Scope, body: Callable[[], None]) -> None:
        self.scope = scope
        self.now = _Unit(FlowNode([]))
        body()
        end = self.join(self.now.flow, *self.now.returns)
        scope.end = None if end is self.dead else end

    # The flow.

    def join(self, *flows: FlowNode) -> FlowNode:
        """The point where paths meet; the dead point where none of them arrives."""
        live = list(dict.fromkeys(flow for flow in flows if flow is not self.dead))
        if not live:
            return self.dead
        return live[0] if len(live) == 1 else FlowNode(live)

    def step(self, node: FlowNode) -> None:
        """Go on to a point that changes something, after which an error may leave."""
        if self.now.flow is not self.dead:
            self.now.flow = node
            for attempt in self.now.attempts:
                attempt.before.append(node)

    def leave(self, exits: list[FlowNode]) -> None:
        if self.now.flow is not self.dead:
            exits.append(self.now.flow)
        self.now.flow = self.dead

    def event(self, node: ast.AST | None, *, escapes: bool = True) -> None:
        if node is not None and self.now.flow is not self.dead:
            self.module.events.append(RunEvent(node, self.scope, self.now.flow, escapes))

    def place(self, name: str, scope: Scope) -> Place:
        """The place that code of a scope binds by a name."""
        if name in scope.globals:
            scope = scope.module
        elif name in scope.nonlocals:
            around = [s for s in scope.ancestors() if s is not scope and s.kind is ScopeKind.FUNCTION]
            scope = next((each for each in around if name in each.places), around[0] if around else scope)
        if name not in scope.places:
            scope.places[name] = Place(scope, name)
        return scope.places[name]

    def bind(
        self,
        name: str,
        kind: BindingKind,
        node: ast.AST,
        value: ast.expr | None = None,
        sources: tuple[ast.expr, ...] = (),
        scope: Scope | None = None,
    ) -> None:
        scope = scope or self.scope
        place = self.site(name, node, scope)
        if self.now.flow is self.dead:
            return  # it makes the name a local one all the same
        key = (place, node)
        if key not in self.bindings:
            binding = self.bindings[key] = Binding(place, kind, node, self.scope.unit, value, sources)
            place.bindings.append(binding)
            self.module.bindings.append(binding)
            if place.scope.unit is not self.scope.unit:
                place.remote.append(binding)
        if place.scope.unit is self.scope.unit:
            self.step(FlowNode([self.now.flow], binding=self.bindings[key]))
            place.flows.append(self.now.flow)

    def site(self, name: str, node: ast.AST, scope: Scope) -> Place:
        """The place that a node binds or unbinds."""
        place = self.place(name, scope)
        if (place, node) not in self.sites:
            self.sites.add((place, node))
            place.sites += 1
            if isinstance(node, ast.Name | Function):
                self.module.names.append((node, name, scope))
        return place

    def open(self, kind: ScopeKind, node: ast.AST, name: str) -> Scope | None:
        """A new scope; None where the walk has opened it before, by another way into a ``finally``."""
        if node in self.module.scopes:
            return None
        scope = self.module.scopes[node] = Scope(kind, node, self.scope, name)
        self.scope.children.append(scope)
        if params := getattr(node, "type_params", None):
            scope.types = self.module.scopes[params[0]]
        if isinstance(node, Function | ast.ClassDef):
            for each in _own_statements(node.body):
                if isinstance(each, ast.Global | ast.Nonlocal):
                    (scope.globals if isinstance(each, ast.Global) else scope.nonlocals).update(each.names)
                    for declared in each.names:
                        scope.declarations.setdefault(declared, []).append(each)
        return scope

    def defer(self, node: ast.AST, name: str, body: Callable[[], None]) -> None:
        """Code that runs later, in a scope of its own."""
        if scope := self.open(ScopeKind.FUNCTION, node, name):
            self.deferred.append((scope, body))

    # Statements.

    def block(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            if self.now.flow is not self.dead:
                self.now.flow = FlowNode([self.now.flow], statement=statement)
                self.module.starts.setdefault(statement, []).append(self.now.flow)
            self.visit(statement)

    def visit(self, node: ast.stmt | ast.expr) -> None:
        _METHODS.get(type(node), _Binder.parts)(self, node)

    def Assign(self, node: ast.Assign) -> None:
        self.expr(node.value)
        for target in node.targets:
            self.target(target, node.value, (node.value,))

    def AnnAssign(self, node: ast.AnnAssign) -> None:
        self.expr(node.value)
        if node.value:
            self.target(node.target, node.value, (node.value,))
        elif isinstance(node.target, ast.Name):
            self.site(node.target.id, node.target, self.scope)
        else:
            self.expr(node.target)
        if self.all_annotations or self.scope.kind is not ScopeKind.FUNCTION:
            self.annotations([node.annotation])

    def AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.refer(node.target)
        else:
            self.expr(node.target)
        self.expr(node.value)
        if isinstance(node.target, ast.Name):
            self.bind(node.target.id, BindingKind.OTHER, node.target, sources=(node.value,))
            self.place(node.target.id, self.scope).changes[node.target] = "changed in place"
        else:
            self.event(node.value)

    def target(
        self, target: ast.expr, value: ast.expr | None = None, sources: tuple[ast.expr, ...] = ()
    ) -> None:
        """Bind what an assignment is to; a tuple on both sides is taken apart, element by element."""
        if isinstance(target, ast.Name):
            if isinstance(value, ast.Name):
                self.module.aliases.add(value)
            self.bind(target.id, BindingKind.NAME, target, value, sources)
        elif isinstance(target, ast.Tuple | ast.List):
            for element, part in zip(target.elts, _elements(value, target.elts), strict=True):
                self.target(element, part, sources)
        elif isinstance(target, ast.Starred):
            self.target(target.value, value, sources)
        elif found := bound_by_name(target):
            name, kind = found
            self.bind(name, kind, target, value, sources, self.module.scope)
        else:
            self.expr(target)
            for each in sources:  # kept in an attribute or a container
                self.event(each)

    def each_of(self, target: ast.expr, sources: tuple[ast.expr, ...]) -> None:
        """Bind the target of a loop: to what is not told by an expression."""
        match target:
            case ast.Name():
                self.bind(target.id, BindingKind.OTHER, target, sources=sources)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self.each_of(part, sources)
            case ast.Starred(value=part):
                self.each_of(part, sources)
            case _:
                self.target(target, None, sources)

    def Expr(self, node: ast.Expr) -> None:
        self.expr(node.value)
        if found := set_by_name(node.value):
            key, value = found
            name = str(key.value)
            self.bind(name, BindingKind.STRING, key, value, (node.value,), self.module.scope)

    def Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                place = self.site(target.id, target, self.scope)
                if self.now.flow is not self.dead:
                    place.changes[target] = "deleted"
                if place.scope.unit is self.scope.unit:
                    self.step(FlowNode([self.now.flow], unbinds=place))
            else:
                self.expr(target)

    def Return(self, node: ast.Return) -> None:
        self.expr(node.value)
        self.event(node.value)
        self.leave(self.now.returns)

    def Raise(self, node: ast.Raise) -> None:
        self.expr(node.exc)
        self.event(node.exc)
        self.expr(node.cause)
        self.now.flow = self.dead

    def Break(self, _: ast.Break) -> None:
        self.leave(self.now.loops[-1][0] if self.now.loops else [])  # or only the compiler refuses it

    def Continue(self, _: ast.Continue) -> None:
        self.leave(self.now.loops[-1][1] if self.now.loops else [])

    def Assert(self, node: ast.Assert) -> None:
        before = self.now.flow  # `python -O` leaves assertions out
        self.expr(node.test)
        passed = self.now.flow
        self.expr(node.msg)
        self.now.flow = self.join(before, passed)

    def If(self, node: ast.If) -> None:
        self.expr(node.test)
        start = self.now.flow
        self.block(node.body)
        after, self.now.flow = self.now.flow, start
        self.block(node.orelse)
        self.now.flow = self.join(after, self.now.flow)

    def For(self, node: ast.For | ast.AsyncFor) -> None:
        self.expr(node.iter)
        self.loop(None, lambda: self.each_of(node.target, (node.iter,)), node.body, node.orelse)

    def While(self, node: ast.While) -> None:
        self.loop(node.test, lambda: None, node.body, node.orelse)

    def loop(
        self,
        test: ast.expr | None,
        bind_target: Callable[[], None],
        body: Sequence[ast.stmt],
        orelse: Sequence[ast.stmt],
    ) -> None:
        top = self.turn()
        self.expr(test)
        after = self.now.flow
        bind_target()
        breaks: list[FlowNode] = []
        continues: list[FlowNode] = []
        self.now.loops.append((breaks, continues))
        self.block(body)
        self.now.loops.pop()
        self.return_to(top, self.now.flow, *continues)
        endless = isinstance(test, ast.Constant) and bool(test.value)
        self.now.flow = self.dead if endless else after
        self.block(orelse)
        self.now.flow = self.join(self.now.flow, *breaks)

    def turn(self) -> FlowNode:
        """Go on to a point that ``return_to`` may come back to."""
        if self.now.flow is not self.dead:
            self.now.flow = FlowNode([self.now.flow])
        return self.now.flow

    def return_to(self, top: FlowNode, *flows: FlowNode) -> None:
        if top is not self.dead:
            top.before += (flow for flow in flows if flow is not self.dead)

    def Try(self, node: ast.Try) -> None:
        if not node.finalbody:
            self.handled(node)
            return
        breaks, continues = self.now.loops[-1] if self.now.loops else ([], [])
        exits = (self.now.returns, breaks, continues)
        known = [len(flows) for flows in exits]
        failed = self.attempt(lambda: self.handled(node))
        after = self.now.flow
        leaving = [flows[first:] for flows, first in zip(exits, known, strict=True)]
        for flows, first in zip(exits, known, strict=True):
            del flows[first:]
        if self.now.finals >= _FINALLY_DEPTH:
            self.now.flow = self.join(failed, after, *(flow for flows in leaving for flow in flows))
            self.block(node.finalbody)
            for flows, left in zip(exits, leaving, strict=True):
                flows += [self.now.flow] if left and self.now.flow is not self.dead else []
            return
        self.now.finals += 1
        for flows, left in zip(exits, leaving, strict=True):
            if left:
                self.now.flow = self.join(*left)
                self.block(node.finalbody)
                self.leave(flows)
        self.now.flow = failed
        self.block(node.finalbody)  # and the exception goes on
        self.now.flow = after
        self.block(node.finalbody)
        self.now.finals -= 1

    def attempt(self, run: Callable[[], None], manager: ast.expr | None = None) -> FlowNode:
        """The point that an error in what is run leads to."""
        if self.now.flow is self.dead:
            run()
            return self.dead
        failed = FlowNode([self.now.flow], after_error=manager)
        self.now.attempts.append(failed)
        run()
        self.now.attempts.pop()
        return failed

    def handled(self, node: ast.Try) -> None:
        """A ``try`` but for its ``finally``. Of ``except*`` several may run, one after another."""
        every = isinstance(node, ast.TryStar)
        failed = self.attempt(lambda: self.block(node.body))
        self.block(node.orelse)
        ends = [self.now.flow]
        for handler in node.handlers:
            self.now.flow = failed
            self.expr(handler.type)
            failed = self.now.flow
            if handler.name:
                self.bind(handler.name, BindingKind.OTHER, handler)
            self.block(handler.body)  # the name goes on to count, though Python deletes it here
            ends.append(self.now.flow)
            failed = self.join(failed, self.now.flow) if every else failed
        self.now.flow = self.join(*ends)

    def With(self, node: ast.With | ast.AsyncWith) -> None:
        self.with_items(node.items, node.body)

    def with_items(self, items: Sequence[ast.withitem], body: Sequence[ast.stmt]) -> None:
        if not items:
            self.block(body)
            return
        item, *rest = items
        self.expr(item.context_expr)
        self.event(item.context_expr)

        def run() -> None:
            if item.optional_vars:
                self.each_of(item.optional_vars, ())
            self.with_items(rest, body)

        swallowed = self.attempt(run, item.context_expr)
        self.now.flow = self.join(self.now.flow, swallowed)

    def Match(self, node: ast.Match) -> None:
        self.expr(node.subject)
        ends: list[FlowNode] = []
        exhaustive = False
        for case in node.cases:
            before = self.now.flow
            self.pattern(case.pattern, node.subject)
            self.expr(case.guard)
            exhaustive = exhaustive or (case.guard is None and _matches_all(case.pattern))
            unmatched = self.join(before, self.now.flow)
            self.block(case.body)
            ends.append(self.now.flow)
            self.now.flow = unmatched
        self.now.flow = self.join(*ends, self.dead if exhaustive else self.now.flow)

    def pattern(self, pattern: ast.pattern, subject: ast.expr) -> None:
        for part in ast.walk(pattern):
            match part:
                case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                    self.bind(name, BindingKind.OTHER, part, sources=(subject,))
                case ast.MatchMapping(keys=keys, rest=rest):
                    for key in keys:
                        self.expr(key)
                    if rest:
                        self.bind(rest, BindingKind.OTHER, part, sources=(subject,))
                case ast.MatchValue(value=value) | ast.MatchClass(cls=value):
                    self.expr(value)

    def Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.module.imports[node] = self.scope
        for alias in node.names:
            if alias.name != "*":
                self.bind(alias.asname or alias.name.split(".")[0], BindingKind.IMPORT, alias)

    def FunctionDef(self, node: Function) -> None:
        self.exprs(node.decorator_list)
        self.defaults(node.args)
        annotated = [*(arg.annotation for arg in _all_arguments(node.args)), node.returns]
        self.typed(node, lambda: self.annotations(annotated))
        self.defer(node, node.name, lambda: self.body(node, lambda: self.block(node.body)))
        if node.decorator_list:
            self.event(node)
        self.bind(node.name, BindingKind.FUNCTION, node)

    def body(self, node: Function | ast.Lambda, run: Callable[[], None]) -> None:
        for arg in _all_arguments(node.args):
            self.bind(arg.arg, BindingKind.OTHER, arg)
        run()

    def defaults(self, args: ast.arguments) -> None:
        self.exprs([*args.defaults, *args.kw_defaults])

    def annotations(self, nodes: Iterable[ast.expr | None]) -> None:
        """They are read at once, or when they are asked for (PEP 649), or never (PEP 563)."""
        is_lazy = _ANNOTATIONS_ARE_DEFERRED and not self.all_annotations
        for node in nodes:
            if node and self.reads_annotations:
                (self.lazy if is_lazy else self.expr)(node)

    def typed(self, node: ast.AST, parts: Callable[[], None]) -> None:
        """What of a node is in the scope of its type parameters (PEP 695), where it has any."""
        params = getattr(node, "type_params", None)
        if not params:
            parts()
            return
        inner = self.open(ScopeKind.TYPES, params[0], "<types>") or self.module.scopes[params[0]]
        outer, self.scope = self.scope, inner
        self.scope.sees_class = True
        for param in params:
            self.bind(param.name, BindingKind.OTHER, param)
            for name in ("bound", "default_value"):
                if part := getattr(param, name, None):
                    self.lazy(part)
        parts()
        self.scope = outer

    def lazy(self, node: ast.expr) -> None:
        """What is evaluated when it is asked for is a lambda that other code may call from now on."""
        if node not in self.lambdas:
            self.lambdas[node] = ast.copy_location(ast.Lambda(_no_arguments(), node), node)
        self.visit(self.lambdas[node])
        self.module.scopes[self.lambdas[node]].sees_class = True
        self.event(self.lambdas[node])

    def ClassDef(self, node: ast.ClassDef) -> None:
        self.exprs(node.decorator_list)
        given = [*node.bases, *(keyword.value for keyword in node.keywords)]
        self.typed(node, lambda: self.exprs(given))
        inner = self.open(ScopeKind.CLASS, node, node.name) or self.module.scopes[node]
        self.step(FlowNode([self.now.flow], enters=inner))
        outer, self.scope = self.scope, inner
        self.block(node.body)
        end = self.join(*filter(None, (inner.end, self.now.flow)))
        inner.end = None if end is self.dead else end
        self.scope = outer
        if node.decorator_list:
            self.event(node)
        self.bind(node.name, BindingKind.CLASS, node)

    def TypeAlias(self, node: ast.AST) -> None:
        fields = dict(ast.iter_fields(node))  # Python 3.11 has no such node
        self.typed(node, lambda: self.lazy(fields["value"]))
        self.bind(fields["name"].id, BindingKind.OTHER, fields["name"])

    # Expressions.

    def exprs(self, nodes: Iterable[ast.expr | None]) -> None:
        for node in nodes:
            self.expr(node)

    def expr(self, node: ast.expr | None) -> None:
        match node:
            case None | ast.Constant():
                pass
            case ast.Name():
                if isinstance(node.ctx, ast.Load):
                    self.refer(node)
            case _:
                self.visit(node)

    def parts(self, node: ast.AST) -> None:
        """The expressions directly inside a node, in order, through what only groups them."""
        for name in node._fields:
            value = getattr(node, name, None)
            for each in value if isinstance(value, list) else (value,):
                if isinstance(each, ast.expr):
                    self.expr(each)
                elif isinstance(each, ast.keyword):
                    self.expr(each.value)

    def refer(self, node: ast.Name) -> None:
        if node not in self.module.references:
            reference = self.module.references[node] = Reference(node, self.scope, [])
            if isinstance(node.ctx, ast.Load):
                self.scope.unit.loads.append(reference)
                self.module.names.append((node, node.id, self.scope))
        if self.now.flow is not self.dead:
            self.module.references[node].flows.append(self.now.flow)

    def Call(self, node: ast.Call) -> None:
        self.parts(node)
        self.event(node, escapes=False)

    def JoinedStr(self, node: ast.JoinedStr) -> None:
        outer, self.is_in_fstring = self.is_in_fstring, True
        if not outer:
            self.module.fstrings[node] = None
        self.parts(node)
        self.is_in_fstring = outer

    def Attribute(self, node: ast.Attribute) -> None:
        if node not in self.attributes:
            self.attributes.add(node)
            self.scope.unit.attributes.append(node)
        self.expr(node.value)

    def Yield(self, node: ast.Yield | ast.YieldFrom | ast.Await) -> None:
        self.expr(node.value)
        self.event(node.value)

    def Dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            self.expr(key)
            self.expr(value)

    def Lambda(self, node: ast.Lambda) -> None:
        self.defaults(node.args)

        def run() -> None:
            self.expr(node.body)
            self.event(node.body)

        self.defer(node, "<lambda>", lambda: self.body(node, run))

    def GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self.expr(node.generators[0].iter)
        self.defer(node, "<generator>", lambda: self.turns(node, node.generators))

    def ListComp(self, node: ast.ListComp | ast.SetComp | ast.DictComp) -> None:
        self.expr(node.generators[0].iter)
        inner = self.open(ScopeKind.COMPREHENSION, node, "<comprehension>") or self.module.scopes[node]
        outer, self.scope = self.scope, inner
        self.turns(node, node.generators)
        self.scope = outer

    def turns(self, node: Comprehension, generators: Sequence[ast.comprehension]) -> None:
        """One ``for`` of a comprehension and what is in it: there may be no turn, a filter may end one."""
        generator, *inner = generators
        top = self.turn()
        before = node.generators[: len(node.generators) - len(inner)]
        self.each_of(generator.target, tuple(each.iter for each in before))
        for test in generator.ifs:
            self.expr(test)
            self.return_to(top, self.now.flow)
        if inner:
            self.expr(inner[0].iter)
            self.turns(node, inner)
        else:
            for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
                self.expr(part)
                if isinstance(node, ast.GeneratorExp):
                    self.event(part)
        self.return_to(top, self.now.flow)
        self.now.flow = top

    def NamedExpr(self, node: ast.NamedExpr) -> None:
        self.expr(node.value)
        scope = self.scope
        while scope.parent and isinstance(scope.node, Comprehension):
            scope = scope.parent
        self.bind(node.target.id, BindingKind.NAME, node.target, node.value, (node.value,), scope)

    def IfExp(self, node: ast.IfExp) -> None:
        self.expr(node.test)
        start = self.now.flow
        self.expr(node.body)
        after, self.now.flow = self.now.flow, start
        self.expr(node.orelse)
        self.now.flow = self.join(after, self.now.flow)

    def BoolOp(self, node: ast.BoolOp) -> None:
        self.cut_short(node.values)

    def Compare(self, node: ast.Compare) -> None:
        self.expr(node.left)
        self.cut_short(node.comparators)

    def cut_short(self, nodes: Iterable[ast.expr]) -> None:
        """Expressions that are evaluated in turn, of which any but the first may not be reached."""
        ends: list[FlowNode] = []
        for node in nodes:
            self.expr(node)
            ends.append(self.now.flow)
        self.now.flow = self.join(*ends)


def _elements(value: ast.expr | None, targets: Sequence[ast.expr]) -> Sequence[ast.expr | None]:
    """The part of a value that each target gets, None where that is not plain to see."""
    parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
    stars = [index for index, target in enumerate(targets) if isinstance(target, ast.Starred)]
    if any(isinstance(part, ast.Starred) for part in parts):
        return [None] * len(targets)
    if not stars and len(parts) == len(targets):
        return parts
    if len(stars) == 1 and len(parts) >= len(targets) - 1:
        after = len(targets) - 1 - stars[0]
        return [*parts[: stars[0]], None, *parts[len(parts) - after :]]
    return [None] * len(targets)


def from_future(tree: ast.Module) -> bool:
    """Whether annotations are never evaluated (PEP 563)."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )


def _own_statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body without those of nested scopes."""
    for node in body:
        yield node
        if isinstance(node, Function | ast.ClassDef):
            continue
        for name in ("body", "orelse", "finalbody"):
            yield from _own_statements(getattr(node, name, []))
        for part in [*getattr(node, "handlers", []), *getattr(node, "cases", [])]:
            yield from _own_statements(part.body)


def _all_arguments(args: ast.arguments) -> list[ast.arg]:
    rest = [arg for arg in (args.vararg, args.kwarg) if arg]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *rest]


def _no_arguments() -> ast.arguments:
    return ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


def _matches_all(pattern: ast.pattern) -> bool:
    if isinstance(pattern, ast.MatchOr):
        return any(_matches_all(inner) for inner in pattern.patterns)
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None


_SAME = {
    "AsyncFunctionDef": "FunctionDef",
    "AsyncFor": "For",
    "AsyncWith": "With",
    "TryStar": "Try",
    "ImportFrom": "Import",
    "SetComp": "ListComp",
    "DictComp": "ListComp",
    "YieldFrom": "Yield",
    "Await": "Yield",
}


def _methods(base: type[ast.AST]) -> dict[type[ast.AST], Callable[[_Binder, Any], None]]:
    """The method for each kind of node, by its name."""
    found = {}
    for name, kind in vars(ast).items():
        if isinstance(kind, type) and issubclass(kind, base):
            method = getattr(_Binder, _SAME.get(name, name), None)
            if method:
                found[kind] = method
    return found


_METHODS = _methods(ast.stmt) | _methods(ast.expr)
