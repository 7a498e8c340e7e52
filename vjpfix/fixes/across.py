"""The part of a fix that lies in other modules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vjpfix.fixes.in_class import seen_in_class
from vjpfix.fixes.renaming import Renaming, Renamings
from vjpfix.model import Change, Edit, EditKind, NamePolicy, Note, Refusal
from vjpfix.project import (
    Following,
    Project,
    Reference,
    SightingKind,
    Symbol,
    follow,
    key_of,
    references,
    too_early,
    uses_of_helpers,
)

_KINDS = {
    SightingKind.NAME: EditKind.RENAME,
    SightingKind.ALIAS: EditKind.ALIAS,
    SightingKind.STRING: EditKind.STRING,
}

SHOWN = 3  # places that are told one by one


@dataclass(frozen=True, slots=True)
class Clash:
    """The new name is a word of a module that would get it by a star import; ``taken``: its words."""

    taken: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """Other modules import the name, which the module's part of the change has to count with."""


def across(
    change: Change, renamings: Renamings, project: Project, file: str, policy: NamePolicy
) -> Change | Refusal | Clash | Seen:
    """The change with its edits in all modules that see the name.

    Arguments: the ``change`` within the module in ``file`` (an absolute path with forward slashes), the
    ``renamings`` it comes from, and the ``policy`` it follows.
    """
    key = key_of(file)
    if renamings.in_class:
        return _in_class(change, renamings, project, file, policy)
    if not renamings.seen:  # in the end the name is something else
        notes = list(uses_of_helpers(project, key, renamings.helpers, change.new_name))
        return Refusal(change.finding, tuple(notes)) if notes else change
    everywhere = follow(project, Symbol(key, renamings.takeover.name), change.new_name)
    following = everywhere.outside(project.files[file], renamings.inside)
    if change.new_name in following.taken:
        return Clash(following.taken)
    if (
        following.sightings
        and not policy.original
        and _parts(renamings.transformed) != _parts(renamings.seen)
    ):
        return Seen()
    notes = [] if policy.original else list(following.reasons)
    notes += _too_early(renamings, following, project, file)
    notes += uses_of_helpers(project, key, renamings.helpers, change.new_name)
    if reasons := {(note.path, note.span): note for note in reversed(notes)}:
        return Refusal(change.finding, tuple(reversed(reasons.values())))
    if policy.original:
        # Rules may read the name by way of their module, too.
        inside = everywhere.inside(project.files[file], renamings.inside)
        return replace(
            change, edits=(*change.edits, *_edits(inside, renamings.takeover.name, change.new_name))
        )
    for path in following.sightings:
        project.reserve(path, change.new_name)
    return _with_others(change, renamings, project, following, key, policy)


def _with_others(
    change: Change,
    renamings: Renamings,
    project: Project,
    following: Following,
    key: str,
    policy: NamePolicy,
) -> Change | Refusal:
    """The change with the edits of the other modules."""
    refusals = (by_second_name(change, project, symbol) for symbol in following.symbols)
    if refusal := next(filter(None, refusals), None):
        return refusal
    uses = {(path, s.span) for path, found in following.sightings.items() for s in found if s.is_use}
    old, new = renamings.takeover.name, change.new_name
    named = [
        each
        for each in references(project, following.symbols, old)
        if each.path != change.finding.path or not any(span.holds(each.span) for span in renamings.inside)
    ]
    changed = [each for each in named if each.in_docstring and policy.docstrings]
    words = [Edit(EditKind.WORD, each.path, each.span, old, new) for each in changed]
    left = _documented([each for each in named if each not in changed], old)
    return replace(
        change,
        edits=(*change.edits, *_edits(following, old, new), *words),
        reason="; ".join(filter(None, (_outsiders(change, project, following, key), left))),
        sites=len({*renamings.transformed.tokens} - {taken.span for taken in renamings.takeover.taken})
        + len(uses),
    )


def _parts(renaming: Renaming) -> tuple[object, ...]:
    return renaming.tokens, renaming.alias_at, renaming.obstacles


def _in_class(
    change: Change, renamings: Renamings, project: Project, file: str, policy: NamePolicy
) -> Change | Refusal | Clash | Seen:
    """The same for a name that is an attribute of a class."""
    key = key_of(file)
    following = seen_in_class(renamings, project, file, original=policy.original)
    if change.new_name in following.taken:
        return Clash(following.taken)
    if following.sightings and renamings.seen and _parts(renamings.transformed) != _parts(renamings.seen):
        return Seen()
    reasons = [*following.reasons, *uses_of_helpers(project, key, renamings.helpers, change.new_name)]
    if reasons:
        return Refusal(change.finding, tuple(dict.fromkeys(reasons)))
    if policy.original:
        return change
    return _with_others(change, renamings, project, following, key, policy)


def _edits(following: Following, old: str, new: str) -> Iterator[Edit]:
    for path, sightings in following.sightings.items():
        for sighting in {each.span: each for each in sightings}.values():
            kind = _KINDS[sighting.kind]
            text = f"{new} as {old}" if kind is EditKind.ALIAS else sighting.old.removesuffix(old) + new
            yield Edit(kind, path, sighting.span, sighting.old, text)


def _too_early(renamings: Renamings, following: Following, project: Project, file: str) -> Iterator[Note]:
    """Importers that may run while the module has not yet come to the rebinding: they see the original."""
    seen = [(project.file_at(path), sightings) for path, sightings in following.sightings.items()]
    for other, sighting in too_early(project, file, renamings.takeover.taken[-1].span.line, seen):
        name = renamings.takeover.name
        why = f"this may run before `{name}` is taken over, whose module imports this one first"
        yield Note(why, project.files[other], sighting.span)


def by_second_name(change: Change, project: Project, symbol: Symbol) -> Refusal | None:
    """Why a change is not made whose symbol others may import by way of a link to its module."""
    link = project.link_to(symbol.key, symbol.name)
    if link is None:
        return None
    why = (
        f"{link.as_posix()} is a link that gives the module a second name, by which other modules may import "
        "it; `--rename original` keeps the name for them"
    )
    return Refusal(change.finding, (Note(why, change.finding.path, change.finding.span),))


def _documented(left: Sequence[Reference], name: str) -> str:
    """Where documentation goes on to refer to the name, which then is the original's."""
    places = [f"{each.path.as_posix()}:{each.span.line}" for each in left]
    if not places:
        return ""
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    return f"documentation refers to `{name}` and is left as it is ({', '.join(places[:SHOWN])}{more})"


def _outsiders(change: Change, project: Project, following: Following, key: str) -> str:
    """What code outside the project should know, where the name is one of an importable package's."""
    given = [s for s in following.symbols if s.key == key or s.key in project.layout.packages]
    public = sorted(f"`{name}`" for symbol in given if (name := project.public_name(symbol)))
    if not public:
        return ""
    what = " and ".join((", ".join(public[:-1]), public[-1])) if len(public) > 1 else public[0]
    verb = "become" if len(public) > 1 else "becomes"
    return (
        f"{what} {verb} the original for code outside this project, which finds the transformed version as "
        f"`{change.new_name}`; `--rename original` keeps it under its name"
    )
