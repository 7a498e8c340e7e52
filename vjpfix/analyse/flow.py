"""The walk over statements: which definitions reach which reads, in one unit (reaching definitions)."""

from __future__ import annotations

import ast

from vjpfix.analyse.branches import BranchWalk
from vjpfix.analyse.by_name import by_name, set_by_name
from vjpfix.analyse.definitions import Binding, DefinitionKind, union
from vjpfix.analyse.expressions import EMPTY, Carries
from vjpfix.analyse.state import UNBOUND_ONLY, Sightings, Split, join
from vjpfix.analyse.values import (
    NOTHING,
    Class,
    Function,
    Imported,
    Setter,
    Value,
    Values,
    apply_value,
    evaluate,
)
from vjpfix.semantic.data import Scope, ScopeKind


class Walk(BranchWalk):
    """Walks the statements of one unit. After ``run_unit`` the sightings hold what its reads see."""

    def run_unit(self) -> Sightings:
        """Walk the whole unit, then let every function in it see what the watched name holds in the end."""
        node = self.unit.node
        if isinstance(node, ast.Module):
            self.block(node.body)
        elif isinstance(node, ast.GeneratorExp):
            self.generator(node)
        elif isinstance(node, ast.Lambda):
            self.parameters(node.args)
            self.escape(self.expr(node.body))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.parameters(node.args)
            self.block(node.body)
        self.state = join(self.state, *self.returns)
        if self.state and self.watched:
            self.finish(self.watched)
        return self.sightings

    def finish(self, watched: Binding) -> None:
        nodes: set[Scope | object] = {
            scope
            for scope in self.unit.descendants()
            if isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert self.state is not None  # noqa: S101
        if watched.scope is self.unit:
            self.sightings.end = self.state.get(watched)
        held = union(d.carries for definitions in self.state.env.values() for d in definitions)
        self.run(frozenset(nodes) | held | self.state.escaped)  # type: ignore[arg-type]

    def generator(self, node: ast.GeneratorExp) -> None:
        for _ in range(2):
            for index, generator in enumerate(node.generators):
                if index:
                    self.expr(generator.iter)
                self.bind_unknown(generator.target, EMPTY)
                for test in generator.ifs:
                    self.expr(test)
            self.escape(self.expr(node.elt))

    def parameters(self, args: ast.arguments) -> None:
        rest = [arg for arg in (args.vararg, args.kwarg) if arg]
        for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs, *rest]:
            self.define(self.unit, arg.arg, DefinitionKind.OTHER, arg)

    # Statements.

    def statement(self, node: ast.stmt) -> None:
        self.line = node.lineno
        if self.split and node is self.split.statement:
            self.apply_split(self.split)
        method = getattr(self, f"do_{type(node).__name__}", None)
        if method:
            method(node)
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.expr(child)

    def apply_split(self, split: Split) -> None:
        assert self.state is not None  # noqa: S101
        binding = Binding(split.scope, split.name)
        before = self.state.get(binding)
        split.before.append(before)
        self.state.env[binding] = frozenset({split.definition})
        self.program.learn(
            split.definition, union(d.values for d in before), union(d.carries for d in before)
        )
        self.after_change()

    def do_Assign(self, node: ast.Assign) -> None:
        carries = self.expr(node.value)
        for target in node.targets:
            self.assign(target, node.value, carries)

    def do_AnnAssign(self, node: ast.AnnAssign) -> None:
        carries = self.expr(node.value)
        if node.value:
            self.assign(node.target, node.value, carries)
        if not self.program.future_annotations and self.scope.kind is not ScopeKind.FUNCTION:
            self.expr(node.annotation)

    def assign(self, target: ast.expr, value: ast.expr | None, carries: Carries) -> None:
        """Bind a target; a tuple on both sides is taken apart, element by element."""
        if isinstance(target, ast.Name):
            values = evaluate(value, self) if value else NOTHING
            if isinstance(value, ast.Name):
                self.program.alias_loads.add(value)
            carries = self.bound_carries(values, carries)
            self.define(self.scope, target.id, DefinitionKind.NAME, target, values, carries)
        elif isinstance(target, ast.Tuple | ast.List):
            for element, part in zip(target.elts, _elements(value, target.elts), strict=True):
                inner = element.value if isinstance(element, ast.Starred) else element
                self.assign(inner, part, carries)
        elif found := by_name(target):
            values = evaluate(value, self) if value else NOTHING
            self.define(self.program.module.scope, *found, target, values, carries)
        else:
            self.expr(target)
            self.escape(carries)  # kept in an attribute or a container

    def do_Expr(self, node: ast.Expr) -> None:
        carries = self.expr(node.value)
        if (found := set_by_name(node.value)) and self.state:
            key, value = found
            name = str(key.value)
            values = evaluate(value, self)
            self.define(self.program.module.scope, name, DefinitionKind.STRING, key, values, carries)

    def do_AugAssign(self, node: ast.AugAssign) -> None:
        if not isinstance(node.target, ast.Name):
            self.expr(node.target)
        carries = self.expr(node.value)
        if isinstance(node.target, ast.Name):
            owner = self.scope.owner(node.target.id) or self.scope
            self.program.unfollowed.setdefault(Binding(owner, node.target.id), {})[node.target] = (
                "changed in place"
            )
            self.define(self.scope, node.target.id, DefinitionKind.OTHER, node.target, carries=carries)
        else:
            self.escape(carries)

    def do_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name) and self.state:
                owner = self.scope.owner(target.id) or self.scope
                binding = Binding(owner, target.id)
                self.program.unfollowed.setdefault(binding, {})[target] = "deleted"
                self.state.env[binding] = UNBOUND_ONLY
                self.after_change()
            else:
                self.expr(target)

    def do_Return(self, node: ast.Return) -> None:
        self.escape(self.expr(node.value))
        self.leave(self.returns)

    def do_Raise(self, node: ast.Raise) -> None:
        self.escape(self.expr(node.exc))
        self.expr(node.cause)
        self.state = None

    def do_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            target = alias.name if alias.asname else name
            values: Values = frozenset({Imported(target)})
            self.define(self.scope, name, DefinitionKind.IMPORT, alias, values)

    def do_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                if module not in self.program.star_modules:
                    self.program.star_modules.append(module)
                continue
            primal = self.program.imported.get(alias)
            values: Values = frozenset({primal or Imported(f"{module}.{alias.name}")})
            self.define(self.scope, alias.asname or alias.name, DefinitionKind.IMPORT, alias, values)

    def do_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        decorators = [(d, self.expr(d), evaluate(d, self)) for d in node.decorator_list if self.state]
        scope = self.program.module.scopes[node]
        carries: Carries = frozenset({scope}) | self.arguments(node.args, annotations=True)
        if not self.program.future_annotations:
            self.expr(node.returns)
        values: Values = frozenset({Function(scope)})
        self.line = node.lineno
        for decorator, nodes, found in reversed(decorators):
            if len(decorators) > 1:
                self.program.note_decorator(decorator, found)
            carries |= nodes
            if not found or not all(self.is_inert_decorator(value) for value in found):
                self.run(nodes)
                self.escape(carries)
            values = self.decorate(decorator, found, values)
        carries = self.bound_carries(values, carries)
        self.define(self.scope, node.name, DefinitionKind.FUNCTION, node, values, carries)

    do_AsyncFunctionDef = do_FunctionDef

    def is_inert_decorator(self, value: Value) -> bool:
        if isinstance(value, Setter):
            return value.attribute in self.setters_of(value.primal)
        return self.is_inert(value)

    def decorate(self, decorator: ast.expr, found: Values, argument: Values) -> Values:
        """What a decorator makes of a function; ``@f.defjvp`` also attaches it."""
        for value in found:
            if isinstance(value, Setter) and value.attribute in self.setters_of(value.primal):
                role = self.program.primals[value.primal].maker.setters[value.attribute][0]
                self.program.attach(value.primal, decorator, role, argument)
        return union(apply_value(value, decorator, argument, self) for value in found)

    def do_ClassDef(self, node: ast.ClassDef) -> None:
        carries = EMPTY
        for part in [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]:
            carries |= self.expr(part)
        inner = self.program.module.scopes[node]
        outer, self.scope = self.scope, inner
        if self.state:  # each time the statement runs, its body starts with nothing bound
            for name in inner.bound:
                self.state.env.pop(Binding(inner, name), None)
        self.block(node.body)
        self.scope = outer
        if self.state and self.watched and self.watched.scope is inner:
            self.sightings.end |= self.state.get(self.watched)
        self.line = node.lineno
        decorators = [evaluate(d, self) for d in node.decorator_list if self.state]
        if any(not found or not all(self.is_inert(v) for v in found) for found in decorators):
            self.escape(frozenset({inner}))
        values: Values = frozenset({Class(inner)})
        self.define(self.scope, node.name, DefinitionKind.CLASS, node, values, carries | {inner})


def _elements(value: ast.expr | None, targets: list[ast.expr]) -> list[ast.expr | None]:
    """The part of a value that each target gets, None where that is not plain to see."""
    parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
    stars = [index for index, target in enumerate(targets) if isinstance(target, ast.Starred)]
    if not stars and len(parts) == len(targets) and not _has_star(parts):
        return list(parts)
    if len(stars) == 1 and len(parts) >= len(targets) - 1 and not _has_star(parts):
        after = len(targets) - 1 - stars[0]
        return [*parts[: stars[0]], None, *parts[len(parts) - after :]]
    return [None] * len(targets)


def _has_star(nodes: list[ast.expr]) -> bool:
    return any(isinstance(node, ast.Starred) for node in nodes)
