"""What a program with transforms above the custom-derivative decorator is meant to be, and so what mends it.

It is read as if the transforms came after the rules: ``f = jax.vmap(f)`` below ``f.defvjp(…)``. That is a
name that is taken over, and it is resolved as any other. Places are then told as of the text that there is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from vjpfix.analyse.definitions import UNBOUND
from vjpfix.analyse.facts import Moved, Obstacle, Origin, Rebinding, Taken
from vjpfix.analyse.moving import Moving
from vjpfix.analyse.rebinding import Case, cases
from vjpfix.analyse.resolution import Resolution, Walked
from vjpfix.analyse.stacked import Stack, stacks
from vjpfix.model import Span
from vjpfix.semantic.data import ScopeKind

_MEET = "what has the name here, and what else has it elsewhere, share uses"


def stacked(walked: Walked, look: Callable[[str], Walked]) -> Iterator[Rebinding]:
    """The functions with such decorators. ``look``: what is learnt from the text of a module."""
    for stack in stacks(walked.tree, walked.program):
        moving = Moving(stack, walked.tree, walked.program, walked.positions)
        obstacles = tuple(dict.fromkeys(moving.obstacles()))
        yield (
            _refused(walked, stack, moving.steps(), obstacles)
            if obstacles
            else _resolved(walked, stack, moving.moved(), look)
        )


def _resolved(walked: Walked, stack: Stack, moved: Moved, look: Callable[[str], Walked]) -> Rebinding:
    name = stack.node.name
    assert moved.below  # noqa: S101  # nothing is in the way
    new = moved.below.end_line + 1
    intended = look(_intended(walked, moved, name, new))
    case = next((case for case in cases(intended.program) if _is_it(intended, case, name, new)), None)
    if case is None:
        why = f"what `{name}` is without these decorators is not known"
        return _refused(walked, stack, moved, (Obstacle(why, moved.steps[0][1]),))
    resolution = Resolution(intended, case)
    early = (*_early(resolution, new), *_lost(resolution))
    return _told(resolution.fact(), early, moved, _Back(new, moved.attached[-1][1]))


def _intended(walked: Walked, moved: Moved, name: str, new: int) -> str:
    """The text with empty lines for the decorators, and with a statement that takes the name over."""
    lines = list(walked.positions.lines)
    for span, _ in moved.lines:
        lines[span.line - 1 : span.end_line] = [""] * (span.end_line - span.line + 1)
    lines.insert(new - 1, f"{moved.indent}{name} = {moved.before}{name}{moved.after}")
    return "\n".join(lines)


def _is_it(walked: Walked, case: Case, name: str, line: int) -> bool:
    tokens = [walked.positions.token(definition.node, name) for definition in case.taken]
    return case.binding.name == name and any(token.line == line for token in tokens)


def _early(resolution: Resolution, new: int) -> Iterator[Obstacle]:
    """The uses before rules are attached: they see the decorated function, which is made only later then."""
    sighted = resolution.sighted
    attaching = {attribute.value for attribute in resolution.program.asked}
    for read in sighted.outside:
        is_own = read in attaching or sighted.span(read).line == new
        if not is_own and sighted.sees(read) & {*resolution.case.originals}:
            why = f"`{sighted.name}` is used before its rules are attached"
            yield Obstacle(why, sighted.span(read))


def _lost(resolution: Resolution) -> Iterator[Obstacle]:
    """The uses in rules that may see neither version, for the name is something else when they run."""
    sighted, case = resolution.sighted, resolution.case
    known = {UNBOUND, *case.originals, *case.taken}
    for read in sighted.inside:
        for other in sorted(sighted.sees(read) - known, key=sighted.token):
            if not any(_exclude(resolution.walked.tree, own.node, other.node) for own in case.originals):
                why = f"`{sighted.name}` becomes something else here, which its rules would call"
                yield Obstacle(why, sighted.token(other))


def _exclude(tree: ast.Module, one: ast.AST, other: ast.AST) -> bool:
    """Whether two statements stand in the two branches of a condition."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If):
            yes, no = ({*parts} for parts in (_within(node.body), _within(node.orelse)))
            if (one in yes and other in no) or (one in no and other in yes):
                return True
    return False


def _within(block: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    for statement in block:
        yield from ast.walk(statement)


class _Back:
    """From places in the intended text to those in the text that there is.

    ``new``: the line that is not there, for which ``instead`` stands.
    """

    def __init__(self, new: int, instead: Span) -> None:
        self.new = new
        self.instead = instead

    def __call__(self, span: Span) -> Span:
        if span.line == self.new:
            return self.instead
        start, end = (line - (line > self.new) for line in (span.line, span.end_line))
        return Span(start, span.column, end, span.end_column)

    def there(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        return tuple(self(span) for span in spans if span.line != self.new)


def _told(fact: Rebinding, early: tuple[Obstacle, ...], moved: Moved, back: _Back) -> Rebinding:
    """The fact in places of the text that there is."""

    def against(obstacles: Iterable[Obstacle], alias_at: Span | None) -> tuple[Obstacle, ...]:
        met = [Obstacle(_MEET, back(alias_at))] if alias_at else []
        told = [Obstacle(each.reason, back(each.span)) for each in obstacles]
        return tuple(dict.fromkeys([*early, *told, *met]))

    early = tuple(Obstacle(each.reason, back(each.span)) for each in early)
    return replace(
        fact,
        primal=back(fact.primal),
        taken=tuple(Taken(back(each.span), each.steps) for each in fact.taken),
        guilty=tuple(replace(each, span=back(each.span)) for each in fact.guilty),
        renames=back.there(fact.renames),
        alias_at=None,
        exports=back.there(fact.exports),
        obstacles=against(fact.obstacles, fact.alias_at),
        originals=back.there(fact.originals),
        original_alias_at=None,
        original_obstacles=against(fact.original_obstacles, fact.original_alias_at),
        inside=back.there(fact.inside),
        strings=back.there(fact.strings),
        seen=_told(fact.seen, (), moved, back) if fact.seen else None,
        origin=Origin.STACKED,
        moved=moved,
    )


def _refused(walked: Walked, stack: Stack, moved: Moved, obstacles: tuple[Obstacle, ...]) -> Rebinding:
    """The fact where nothing can be moved."""
    definition = stack.definition
    token = walked.positions.token(definition.node, definition.name)
    steps = tuple(each.row.names[0] for each in reversed(stack.above) if each.row)
    return Rebinding(
        name=definition.name,
        scope=definition.scope.name,
        primal=token,
        taken=(Taken(moved.attached[-1][1], steps),),
        always=True,
        guilty=(),
        renames=(),
        alias_at=None,
        exports=(),
        obstacles=obstacles,
        originals=(),
        original_alias_at=None,
        original_obstacles=obstacles,
        public=definition.scope.kind is ScopeKind.MODULE,
        in_class=definition.scope.kind is ScopeKind.CLASS,
        helpers=(),
        inside=(),
        origin=Origin.STACKED,
        moved=moved,
    )
