"""The walk over statements with several paths: where paths part, meet, repeat and are cut short."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from vjpfix.analyse.calls import CallWalk
from vjpfix.analyse.definitions import Binding, DefinitionKind
from vjpfix.analyse.expressions import EMPTY, MAX_PASSES, Carries
from vjpfix.analyse.program import Program
from vjpfix.analyse.state import Split, State, join
from vjpfix.semantic.data import Scope


@dataclass(slots=True)
class _Exits:
    """Where paths of the walked code leave: by ``break``, ``continue``, ``return`` or an exception."""

    breaks: list[State] = field(default_factory=list)
    continues: list[State] = field(default_factory=list)


class BranchWalk(CallWalk):
    """Follows paths. ``returns``: the states at each return; ``attempts``: of each open ``try``."""

    def __init__(
        self, program: Program, unit: Scope, watched: Binding | None = None, split: Split | None = None
    ) -> None:
        super().__init__(program, unit, watched, split)
        self.loops: list[_Exits] = []
        self.returns: list[State] = []
        self.attempts: list[State | None] = []

    def statement(self, node: ast.stmt) -> None:
        """Walk one statement (see ``flow``)."""
        raise NotImplementedError

    def block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if self.state is None:
                return  # code after return, raise, break or continue never runs
            self.statement(statement)

    def after_change(self) -> None:
        self.attempts = [join(attempt, self.state) for attempt in self.attempts]

    def do_Break(self, _node: ast.Break) -> None:
        self.leave(self.loops[-1].breaks if self.loops else [])  # or only the compiler refuses it

    def do_Continue(self, _node: ast.Continue) -> None:
        self.leave(self.loops[-1].continues if self.loops else [])

    def leave(self, exits: list[State]) -> None:
        if self.state:
            exits.append(self.state)
        self.state = None

    def do_If(self, node: ast.If) -> None:
        self.expr(node.test)
        before = self.state
        self.state = before.copy() if before else None
        self.block(node.body)
        after, self.state = self.state, before
        self.block(node.orelse)
        self.state = join(after, self.state)

    def do_For(self, node: ast.For | ast.AsyncFor) -> None:
        carries = self.expr(node.iter)

        self.loop(None, lambda: self.bind_unknown(node.target, carries), node.body, node.orelse)

    do_AsyncFor = do_For

    def do_While(self, node: ast.While) -> None:
        self.loop(node.test, lambda: None, node.body, node.orelse)

    def loop(
        self, test: ast.expr | None, bind: Callable[[], None], body: list[ast.stmt], orelse: list[ast.stmt]
    ) -> None:
        """Walk a loop until nothing new is learnt."""
        endless = isinstance(test, ast.Constant) and bool(test.value)
        entry, back, known = self.state, None, -1
        exits = _Exits()
        after: State | None = None
        for _ in range(MAX_PASSES):
            self.state = join(entry, back)
            self.expr(test)
            after = self.copied()
            bind()
            exits = _Exits()
            self.loops.append(exits)
            self.block(body)
            self.loops.pop()
            latest = join(back, self.state, *exits.continues)
            if latest == back and known == self.program.version:
                break
            back, known = latest, self.program.version
        self.state = None if endless else after
        self.block(orelse)
        self.state = join(self.state, *exits.breaks)

    def do_Try(self, node: ast.Try) -> None:
        if not node.finalbody:
            self.handled(node)
            return
        exits = [self.returns, *((self.loops[-1].breaks, self.loops[-1].continues) if self.loops else ())]
        known = [len(states) for states in exits]
        self.attempts.append(self.copied())
        self.handled(node)
        after, failed = self.state, join(self.attempts.pop(), self.state)
        leaving = [states[first:] for states, first in zip(exits, known, strict=True)]
        for states, first in zip(exits, known, strict=True):
            del states[first:]
        for states, left in zip(exits, leaving, strict=True):
            self.state = join(*left)
            self.block(node.finalbody)
            self.leave(states)
        self.state = failed
        self.block(node.finalbody)  # and the exception goes on
        self.state = after
        self.block(node.finalbody)

    do_TryStar = do_Try

    def handled(self, node: ast.Try) -> None:
        """A ``try`` but for its ``finally``. Of ``except*`` several may run, one after another."""
        every = isinstance(node, ast.TryStar)
        self.attempts.append(self.copied())
        self.block(node.body)
        failed = join(self.attempts.pop(), self.state)
        self.block(node.orelse)
        ends = [self.state]
        for handler in node.handlers:
            self.state = failed
            self.expr(handler.type)
            failed = self.copied()
            if handler.name:
                self.define(self.scope, handler.name, DefinitionKind.OTHER, handler)
            self.block(handler.body)
            ends.append(self.state)
            failed = join(failed, self.state) if every else failed
        self.state = join(*ends)

    def do_With(self, node: ast.With | ast.AsyncWith) -> None:
        opened: list[bool] = []
        for item in node.items:
            opened.append(bool(self.state and self.may_swallow(item.context_expr)))
            self.escape(self.expr(item.context_expr))
            self.attempts.append(self.copied())
            if item.optional_vars:
                self.bind_unknown(item.optional_vars, EMPTY)
        self.block(node.body)
        for swallows in reversed(opened):
            attempt = self.attempts.pop()
            self.state = join(self.state, attempt) if swallows else self.state

    do_AsyncWith = do_With

    def do_Assert(self, node: ast.Assert) -> None:
        before = self.copied()  # `python -O` leaves assertions out
        self.expr(node.test)
        passed = self.copied()
        self.expr(node.msg)
        self.state = join(before, passed)

    def do_Match(self, node: ast.Match) -> None:
        carries = self.expr(node.subject)
        ends: list[State | None] = []
        exhaustive = False
        for case in node.cases:
            before = self.copied()
            self.pattern(case.pattern, carries)
            self.expr(case.guard)
            exhaustive = exhaustive or (case.guard is None and _matches_all(case.pattern))
            unmatched = join(before, self.state)
            self.block(case.body)
            ends.append(self.state)
            self.state = unmatched
        self.state = join(*ends, *([] if exhaustive else [self.state]))

    def pattern(self, pattern: ast.pattern, carries: Carries) -> None:
        for part in ast.walk(pattern):
            name = getattr(part, "name", None) or getattr(part, "rest", None)
            if isinstance(name, str):
                self.define(self.scope, name, DefinitionKind.OTHER, part, carries=carries)
            elif isinstance(part, ast.MatchValue | ast.MatchClass):
                self.expr(part.value if isinstance(part, ast.MatchValue) else part.cls)
            elif isinstance(part, ast.MatchMapping):
                for key in part.keys:
                    self.expr(key)


def _matches_all(pattern: ast.pattern) -> bool:
    if isinstance(pattern, ast.MatchOr):
        return any(_matches_all(inner) for inner in pattern.patterns)
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None
