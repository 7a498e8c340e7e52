"""One taken-over name: what is guilty, what to rename, where an alias must stand, what is in the way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from vjpfix.analyse.exports import Export, exports
from vjpfix.analyse.facts import GuiltyRead, Obstacle, Rebinding, Taken
from vjpfix.analyse.flow import Walk
from vjpfix.analyse.fstrings import corrections
from vjpfix.analyse.obstacles import obstacles
from vjpfix.analyse.positions import Positions
from vjpfix.analyse.program import Binding, Definition, DefinitionKind, Program
from vjpfix.analyse.rebinding import Case
from vjpfix.analyse.region import Region, region
from vjpfix.analyse.scopes import Scope, ScopeKind
from vjpfix.analyse.state import UNBOUND, Sightings, Split
from vjpfix.analyse.transforms import Role
from vjpfix.analyse.values import Class
from vjpfix.model import Span

Read = ast.Name | ast.Attribute
RENAMABLE = (DefinitionKind.NAME, DefinitionKind.FUNCTION)


@dataclass(frozen=True)
class Walked:
    """One module after the walk. ``wrappers``: taken names that harm no rule are wanted as well."""

    tree: ast.Module
    text: str
    program: Program
    name: str
    wrappers: bool

    @cached_property
    def positions(self) -> Positions:
        positions = Positions(self.text)
        positions.corrections = corrections(self.tree, positions)
        return positions

    @cached_property
    def exports(self) -> tuple[Export, ...]:
        return tuple(exports(self.tree, self.positions))


class Resolution:
    """One case of one module. ``rebinding`` gives the fact, or None where no rule reads the taken name."""

    def __init__(self, walked: Walked, case: Case) -> None:
        self.walked = walked
        self.program = walked.program
        self.sightings: Sightings = Walk(walked.program, case.binding.scope.unit, case.binding).run_unit()
        self.case = case
        self.binding: Binding = case.binding
        self.definitions = self.program.by_binding[case.binding]
        self.found: list[Obstacle] = []
        self.reads: dict[Read, Scope] = dict(self._name_reads())
        self.strangers: list[ast.Attribute] = []
        self.reads.update(self._attribute_reads())
        self.region: Region = region(self.program, case.primal, case.binding)
        self.split: Split | None = None

    def rebinding(self) -> Rebinding | None:
        guilty = list(self._guilty())
        if not guilty or not (self.walked.wrappers or self._can_harm({role for _, role, _ in guilty})):
            return None
        self.found.extend(
            Obstacle(f"what `.{node.attr}` belongs to is not known here", self.positions.span(node))
            for node in self.strangers
        )
        always = self._always()
        outside = [read for read, unit in self.reads.items() if unit not in self.region.units]
        if any(self._mixed(read) for read in outside):
            self._find_split()
        web, renamed = self._web(outside)
        self._check_definitions(web)
        self._check_region()
        tokens = {self._token(d) for d in web} | {self._span(read) for read in renamed}
        tokens |= self._declarations(renamed)
        self._check_spelling(tokens)
        self.found.extend(
            obstacles(self.walked.tree, self.program, self.positions, self.binding, self.walked.name)
        )
        return Rebinding(
            name=self.binding.name,
            scope=self.binding.scope.name,
            primal=self._token(self.case.originals[0]),
            taken=tuple(
                sorted((Taken(self._token(d), steps) for d, steps in self.case.taken.items()), key=_span)
            ),
            always=always,
            guilty=tuple(sorted((GuiltyRead(self._span(r), role, f) for r, role, f in guilty), key=_place)),
            renames=tuple(sorted(tokens)),
            alias_at=self._alias_at(renamed),
            exports=self._exports(),
            obstacles=tuple(sorted(set(self.found), key=_order)),
            public=self.binding.scope.kind is ScopeKind.MODULE,
            in_class=self.binding.scope.kind is ScopeKind.CLASS,
            helpers=self._helpers(),
        )

    # What is read where.

    def _name_reads(self) -> Iterator[tuple[ast.Name, Scope]]:
        for unit, loads in self.program.readers(self.binding).items():
            for load in loads:
                if self.program.owner_of(load) is self.binding.scope or load in self.sightings.sees:
                    yield load, unit

    def _attribute_reads(self) -> Iterator[tuple[ast.Attribute, Scope]]:
        """Reads of a class-level name through its class; any other receiver is an obstacle."""
        if self.binding.scope.kind is not ScopeKind.CLASS:
            return
        for unit in (self.program.scopes.module, *self.program.scopes.functions()):
            for node in unit.attributes:
                if node.attr != self.binding.name:
                    continue
                if isinstance(node.ctx, ast.Load) and self._is_the_class(node.value):
                    yield node, unit
                else:
                    self.strangers.append(node)

    def _is_the_class(self, base: ast.expr) -> bool:
        if not isinstance(base, ast.Name):
            return False
        values = self.program.values_of(self.program.owner_of(base), base.id)
        return values == {Class(self.binding.scope)}

    def _sees(self, read: Read) -> frozenset[Definition]:
        if isinstance(read, ast.Attribute):
            return self.sightings.end
        return self.sightings.of(read)

    def _mixed(self, read: Read) -> bool:
        seen = self._sees(read) - {UNBOUND}
        return bool(seen & set(self.case.taken)) and not seen <= set(self.case.taken)

    def _guilty(self) -> Iterator[tuple[Read, Role, str]]:
        """The reads inside the region that see the transformed version, with role and rule."""
        taken = set(self.case.taken)
        remote = any(d.unit is not self.binding.scope.unit for d in taken)
        for read, unit in self.reads.items():
            if remote or self._sees(read) & taken:
                for role, function in self.region.units.get(unit, {}).items():
                    yield read, role, function

    def _can_harm(self, roles: set[Role]) -> bool:
        rows = [self.program.table.transform(step) for steps in self.case.taken.values() for step in steps]
        return any(row and roles & row.breaks.keys() for row in rows)

    @property
    def positions(self) -> Positions:
        return self.walked.positions

    def _always(self) -> bool:
        """Whether some code surely meets the transformed version: in the end, or at a read of the scope."""
        taken = set(self.case.taken)
        unit = self.binding.scope.unit
        sights = [self._sees(read) for read, where in self.reads.items() if where is unit]
        return any(seen and seen <= taken for seen in [self.sightings.end, *sights])

    def _span(self, read: Read) -> Span:
        return self.positions.token(read, self.binding.name)

    def _token(self, definition: Definition) -> Span:
        return self.positions.token(definition.node, definition.name)

    # Where paths meet.

    def _find_split(self) -> None:
        """Pretend an alias above the outermost statement that can hold one, and look again."""
        first = min(self.case.taken, key=self._token)
        for statement in _ancestors(self.binding.scope.node, first.node):
            definition = Definition(
                self.binding.scope,
                self.binding.name,
                DefinitionKind.SPLIT,
                statement,
                self.binding.scope.unit,
            )
            split = Split(self.binding.scope, self.binding.name, statement, definition)
            sightings = Walk(self.program, self.binding.scope.unit, self.binding, split).run_unit()
            if split.before and all(self._holds_original(held) for held in split.before):
                self.split, self.sightings = split, sightings
                return

    def _holds_original(self, held: frozenset[Definition]) -> bool:
        return UNBOUND not in held and not held & set(self.case.taken)

    def _web(self, outside: list[Read]) -> tuple[set[Definition], list[Read]]:
        """The definitions that share reads with the transformed version, and those reads."""
        web: set[Definition] = set(self.case.taken)
        renamed: list[Read] = []
        alias = {self.split.definition} if self.split else set()
        todo = list(outside)
        while hits := [read for read in todo if self._sees(read) & web]:
            todo = [read for read in todo if read not in hits]
            for read in hits:
                renamed.append(read)
                for other in self._sees(read) - web - alias - {UNBOUND}:
                    if self._is_before(other):
                        self._conflict(read, other)
                    else:
                        web.add(other)
        return web, renamed

    def _is_before(self, other: Definition) -> bool:
        """Whether a definition belongs to what the name means before it is taken over."""
        if self.case.primal in other.values or other in self.case.originals:
            return True
        return self.split is not None and any(other in held for held in self.split.before)

    def _conflict(self, read: Read, other: Definition) -> None:
        seen = self.sightings.sees.get(read, {})
        line = seen.get(other, 0)
        name = self.binding.name
        function = self.reads[read].name
        if self.reads[read] is self.binding.scope.unit:
            reason = f"`{name}` may be the original or the transformed version here"
        else:
            when = f"before it is taken over (line {line}) and after"
            reason = f"`{function}` reads `{name}` and may run both {when}"
        self.found.append(Obstacle(reason, self._span(read)))

    def _declarations(self, renamed: list[Read]) -> set[Span]:
        """``global f`` and ``nonlocal f`` of code whose every read of the name is renamed."""
        kept = {self._scope(read) for read in self.reads if read not in renamed}
        scopes = {self._scope(read) for read in renamed} - kept
        name = self.binding.name
        return {
            self.positions.token(statement, name)
            for scope in scopes
            if scope
            for statement in scope.declarations.get(name, ())
        }

    def _scope(self, read: Read) -> Scope | None:
        return self.program.scope_of_load.get(read) if isinstance(read, ast.Name) else None

    def _alias_at(self, renamed: list[Read]) -> Span | None:
        if not self.split or not any(self.split.definition in self._sees(read) for read in renamed):
            return None
        statement = self.split.statement
        decorators = getattr(statement, "decorator_list", [])
        start = self.positions.span(statement)
        if decorators:
            at = self.positions.span(decorators[0])
            start = self.positions.before(at, "@")
        text = self.positions.lines[start.line - 1][: start.column]
        if text.strip():
            reason = "an alias is needed above this statement, which does not start its line"
            self.found.append(Obstacle(reason, start))
        return Span(start.line, start.column, start.line, start.column)

    # What is in the way.

    def _check_definitions(self, web: set[Definition]) -> None:
        name = self.binding.name
        for definition in self.definitions:
            if definition.unit is not self.binding.scope.unit:
                reason = f"`{name}` is bound from inside `{definition.unit.name}`, whenever that runs"
                self.found.append(Obstacle(reason, self._token(definition)))
            elif definition in web and definition.kind not in RENAMABLE:
                reason = f"this {definition.kind.value} shares uses with the transformed version"
                self.found.append(Obstacle(reason, self._token(definition)))

    def _check_region(self) -> None:
        name = self.binding.name
        if self.binding.scope.unit in self.region.units:
            reason = f"the function that makes `{name}` is itself called by its rules"
            self.found.append(Obstacle(reason, self._token(self.case.originals[0])))
        for read, unit in self.reads.items():
            if unit in self.region.shared:
                reason = f"`{unit.name}` reads `{name}` and is called by a rule and by other code as well"
                self.found.append(Obstacle(reason, self._span(read)))

    def _check_spelling(self, tokens: set[Span]) -> None:
        for span in tokens:
            if self.positions.text_at(span) != self.binding.name:
                reason = f"`{self.binding.name}` is not spelled out here"
                self.found.append(Obstacle(reason, span))

    def _helpers(self) -> tuple[str, ...]:
        """Functions of the module that read the name inside the region, apart from the primal's own."""
        names = {
            unit.name
            for read, unit in self.reads.items()
            if unit in self.region.units and unit.parent is self.program.scopes.module
        }
        return tuple(sorted(names - {self.binding.name}))

    def _exports(self) -> tuple[Span, ...]:
        if self.binding.scope.kind is not ScopeKind.MODULE:
            return ()
        spans = []
        for export in self.walked.exports:
            if export.name == self.binding.name and export.entry:
                spans.append(export.entry)
            elif export.name == self.binding.name:
                self.found.append(Obstacle("this entry of `__all__` cannot be rewritten", export.span))
        return tuple(sorted(spans))


def _span(taken: Taken) -> Span:
    return taken.span


def _order(obstacle: Obstacle) -> tuple[Span, str]:
    return obstacle.span, obstacle.reason


def _place(guilty: GuiltyRead) -> tuple[Span, str]:
    return guilty.span, guilty.role.value


def _ancestors(scope: ast.AST, node: ast.AST) -> list[ast.stmt]:
    """The statements of a scope's own body that hold ``node``, outermost first."""
    found: list[ast.stmt] = []
    current = scope
    while True:
        inner = next(
            (child for child in ast.iter_child_nodes(current) if any(n is node for n in ast.walk(child))),
            None,
        )
        if inner is None:
            return found
        if isinstance(inner, ast.stmt):
            found.append(inner)
        current = inner
        if current is node:
            return found
