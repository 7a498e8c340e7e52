"""What a program with transforms above the custom-derivative decorator is meant to be, and so what mends it.

It is read as if the transforms came after the rules: ``f = jax.vmap(f)`` below ``f.defvjp(…)``. That is a
name that is taken over, and it is resolved as any other. Places are then told as of the text that there is.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace

from vjpfix.facts.data import Taken, Takeover
from vjpfix.facts.module import JaxModule
from vjpfix.facts.sighted import Sighted
from vjpfix.facts.stacked import Stack
from vjpfix.facts.takeovers import Case, cases, takeover
from vjpfix.fixes.moving import Moving
from vjpfix.fixes.renaming import Moved, Obstacle, Renaming, Renamings
from vjpfix.fixes.resolution import Resolution
from vjpfix.model import Span
from vjpfix.semantic.data import ScopeKind

_MEET = "what has the name here, and what else has it elsewhere, share uses"


def stacked(module: JaxModule, stack: Stack) -> Renamings:
    """What each direction does about a function with such decorators."""
    moving = Moving(stack, module)
    if obstacles := tuple(dict.fromkeys(moving.obstacles())):
        return _refused(module, stack, obstacles)
    name, moved = stack.node.name, moving.moved()
    new = moved.below.end_line + 1
    intended = JaxModule(_intended(module, moved, name, new), module.path, module.table)
    case = next((case for case in cases(intended.meaning) if _is_it(intended, case, name, new)), None)
    if case is None:
        why = f"what `{name}` is without these decorators is not known"
        return _refused(module, stack, (Obstacle(why, stack.steps[0][1]),))
    resolution = Resolution(takeover(Sighted(intended, case)))
    early = (*_early(resolution, new), *_lost(resolution))
    back = _Back(new, module.positions.span(stack.attached[-1]))
    return _told(resolution.renamings(), early, moved, back)


def _intended(module: JaxModule, moved: Moved, name: str, new: int) -> str:
    """The text with empty lines for the decorators, and with a statement that takes the name over."""
    lines = list(module.positions.lines)
    for span, _ in moved.lines:
        lines[span.line - 1 : span.end_line] = [""] * (span.end_line - span.line + 1)
    lines.insert(new - 1, f"{moved.indent}{name} = {moved.before}{name}{moved.after}")
    return "\n".join(lines)


def _is_it(module: JaxModule, case: Case, name: str, line: int) -> bool:
    tokens = [module.positions.token(binding.node, name) for binding in case.taken]
    return case.place.name == name and any(token.line == line for token in tokens)


def _early(resolution: Resolution, new: int) -> Iterator[Obstacle]:
    """The uses before rules are attached: they see the decorated function, which is made only later then."""
    sighted = resolution.sighted
    attaching = {attribute.value for attribute in resolution.meaning.asked}
    for read in sighted.outside:
        is_own = read in attaching or sighted.span(read).line == new
        if not is_own and sighted.sees(read) & {*resolution.case.originals}:
            why = f"`{sighted.name}` is used before its rules are attached"
            yield Obstacle(why, sighted.span(read))


def _lost(resolution: Resolution) -> Iterator[Obstacle]:
    """The uses in rules that may see neither version, for the name is something else when they run."""
    sighted, case = resolution.sighted, resolution.case
    known = {*case.originals, *case.taken}
    for read in sighted.inside:
        for other in sorted(filter(None, sighted.sees(read) - known), key=sighted.token):
            if not any(_exclude(resolution.module.tree, own.node, other.node) for own in case.originals):
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


def _told(found: Renamings, early: tuple[Obstacle, ...], moved: Moved, back: _Back) -> Renamings:
    """The same in places of the text that there is."""
    seen = _direction(found.seen, (), back) if found.seen else None
    return replace(
        found,
        takeover=replace(
            found.takeover,
            primal=back(found.takeover.primal),
            taken=tuple(Taken(back(each.span), each.steps) for each in found.takeover.taken),
        ),
        transformed=_direction(found.transformed, early, back),
        original=_direction(found.original, early, back),
        seen=seen,
        inside=back.there(found.inside),
        moved=moved,
    )


def _direction(found: Renaming, early: Iterable[Obstacle], back: _Back) -> Renaming:
    met = [Obstacle(_MEET, found.alias_at)] if found.alias_at else []
    told = (Obstacle(each.reason, back(each.span)) for each in (*early, *found.obstacles, *met))
    return replace(
        found,
        tokens=back.there(found.tokens),
        alias_at=None,
        obstacles=tuple(dict.fromkeys(told)),
        strings=back.there(found.strings),
    )


def _refused(module: JaxModule, stack: Stack, obstacles: tuple[Obstacle, ...]) -> Renamings:
    """Where nothing can be moved."""
    binding = stack.binding
    kind = binding.scope.kind
    steps = tuple(each.row.names[0] for each in reversed(stack.above) if each.row)
    taken = Taken(module.positions.span(stack.attached[-1]), steps)
    primal = module.positions.token(binding.node, binding.name)
    fact = Takeover(binding.name, binding.scope.name, primal, (taken,), always=True, guilty=())
    none = Renaming(obstacles=obstacles)
    public, in_class = kind is ScopeKind.MODULE, kind is ScopeKind.CLASS
    return Renamings(fact, none, none, public=public, in_class=in_class)
