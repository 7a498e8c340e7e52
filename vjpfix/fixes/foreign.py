"""The fix of ``m.f = jax.vmap(m.f)``: what the module renames, and who else reads that name."""

from __future__ import annotations

from collections.abc import Iterator

from vjpfix.elsewhere.takeovers import Attribute
from vjpfix.fixes.renaming import Obstacle, Renaming, Renamings
from vjpfix.fixes.resolution import Resolution
from vjpfix.fixes.transformed import transformed
from vjpfix.model import Note, Span
from vjpfix.project.following import follow, uses_of_helpers
from vjpfix.project.index import Project
from vjpfix.project.view import View

_LAST = 1_000_000_000  # a line that no file has
_WHEN = "and whether that is before or after it is taken over is not known"


def of_attribute(takeover: Attribute, project: Project) -> Renamings:
    """What each direction does about it: there is a fix where nobody else reads the name."""
    spelled, view, owner = takeover.spelled, takeover.view, takeover.owner
    first = takeover.taken[0].span
    lines = owner.text.count("\n") + 1
    resolution = Resolution(takeover.at_home)
    at_home = resolution.renamings()
    notes = [*_at_home(takeover, at_home, lines), *_others(takeover, at_home, project)]
    if view.key in project.reached_before(owner.file, _LAST):
        why = f"the module of `{takeover.name}` imports this one, which may run before it"
        notes.append(Note(why, view.path, first))
    own, tokens = _here(takeover)
    if notes:
        own.append(Obstacle(f"who else reads `{spelled.dotted}` may see it before or after this", first))
    strings = {span for span in spelled.tokens.values() if _is_string(view, span)}
    why = f"`{spelled.dotted}` is rebound from another module than its own"
    return Renamings(
        takeover=takeover,
        transformed=Renaming(
            tuple(span for span in tokens if span not in strings),
            obstacles=tuple(own),
            strings=tuple(sorted(strings & set(tokens))),
        ),
        original=Renaming(obstacles=(*own, Obstacle(why, first))),
        others=tuple(dict.fromkeys(notes)),
        words=view.identifiers | resolution.module.identifiers,
    )


def _here(takeover: Attribute) -> tuple[list[Obstacle], tuple[Span, ...]]:
    """What is in the way in the module itself, and the tokens that mean the transformed version."""
    sighted = takeover.sighted
    assert sighted  # noqa: S101  # it is asked for all of them
    made, name = transformed(sighted), sighted.name
    obstacles = list(made.obstacles)
    for binding in sighted.bindings:
        if binding.unit is not sighted.scope:
            why = f"`{name}` is bound from inside `{binding.unit.name}`, whenever that runs"
            obstacles.append(Obstacle(why, sighted.token(binding)))
    for node, what in sighted.place.changes.items():
        obstacles.append(Obstacle(f"`{name}` is {what} here", sighted.positions.token(node, name)))
    if made.alias_at:
        why = f"`{name}` is the original or the transformed version after this, which needs an alias"
        obstacles.append(Obstacle(why, made.alias_at))
    return obstacles, made.tokens


def _is_string(view: View, span: Span) -> bool:
    line = view.positions.lines[span.line - 1]
    return line[span.column - 1 : span.column] in ("'", '"')


def _at_home(takeover: Attribute, at_home: Renamings, lines: int) -> Iterator[Note]:
    """What of the primal's own module, outside its rules, may see the one or the other."""
    found, path = at_home.seen or at_home.transformed, takeover.owner.path
    for span in found.tokens:
        if span.line <= lines:
            why = f"`{takeover.name}` is read or bound here outside its rules, {_WHEN}"
            yield Note(why, path, span)
    for obstacle in found.obstacles:
        if obstacle.span.line <= lines:
            yield Note(obstacle.reason, path, obstacle.span)


def _others(takeover: Attribute, at_home: Renamings, project: Project) -> Iterator[Note]:
    """Whoever else in the project reads the name, or calls a rule of the primal by itself."""
    symbol, spelled = takeover.symbol, takeover.spelled
    project.search({symbol.name, *at_home.helpers})
    known = set(spelled.tokens.values())
    new = f"{symbol.name}_mapped"
    following = follow(project, symbol, new)
    yield from following.reasons
    for path, sightings in following.sightings.items():
        for sighting in sightings:
            if path != takeover.view.path or sighting.span not in known:
                yield Note(f"`{spelled.dotted}` is named here as well, {_WHEN}", path, sighting.span)
    yield from uses_of_helpers(project, symbol.key, at_home.helpers, new)
