"""The part of a fix that lies in other modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from vjpfix.analyse.facts import Rebinding
from vjpfix.link import (
    Following,
    Project,
    SightingKind,
    Symbol,
    follow,
    key_of,
    references,
    too_early,
)
from vjpfix.model import Change, Edit, EditKind, Note, Refusal
from vjpfix.plan.in_class import seen_in_class

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
    change: Change, rebinding: Rebinding, project: Project, file: str, *, original: bool
) -> Change | Refusal | Clash | Seen:
    """The change with its edits in all modules that see the name.

    Arguments: the ``change`` within the module in ``file`` (an absolute path with forward slashes), the
    ``rebinding`` it comes from; ``original``: the primal gets the new name, so that importers stay.
    """
    key = key_of(file)
    if rebinding.in_class:
        return _in_class(change, rebinding, project, file, original=original)
    if not rebinding.seen:  # in the end the name is something else
        notes = list(_uses_of_helpers(change, rebinding, project, key))
        return Refusal(change.finding, tuple(notes)) if notes else change
    following = follow(project, Symbol(key, rebinding.name), change.new_name)
    following = following.outside(project.files[file], rebinding.inside)
    if change.new_name in following.taken:
        return Clash(following.taken)
    if following.sightings and not original and _parts(rebinding) != _parts(rebinding.seen):
        return Seen()
    notes = [] if original else list(following.reasons)
    notes += _too_early(rebinding, following, project, file)
    notes += _uses_of_helpers(change, rebinding, project, key)
    if reasons := {(note.path, note.span): note for note in reversed(notes)}:
        return Refusal(change.finding, tuple(reversed(reasons.values())))
    if original:
        return change
    for path in following.sightings:
        project.reserve(path, change.new_name)
    return _with_others(change, rebinding, project, following, key)


def _with_others(
    change: Change, rebinding: Rebinding, project: Project, following: Following, key: str
) -> Change:
    """The change with the edits of the other modules."""
    uses = {(path, s.span) for path, found in following.sightings.items() for s in found if s.is_use}
    return replace(
        change,
        edits=(*change.edits, *_edits(following, rebinding.name, change.new_name)),
        reason=_remarks(change, project, following, key),
        sites=len(rebinding.renames) - len(rebinding.taken) + len(uses),
    )


def _parts(rebinding: Rebinding) -> tuple[object, ...]:
    return rebinding.renames, rebinding.alias_at, rebinding.obstacles


def _in_class(
    change: Change, rebinding: Rebinding, project: Project, file: str, *, original: bool
) -> Change | Refusal | Clash | Seen:
    """The same for a name that is an attribute of a class."""
    key = key_of(file)
    following = seen_in_class(rebinding, project, file, original=original)
    if change.new_name in following.taken:
        return Clash(following.taken)
    if following.sightings and rebinding.seen and _parts(rebinding) != _parts(rebinding.seen):
        return Seen()
    reasons = [*following.reasons, *_uses_of_helpers(change, rebinding, project, key)]
    if reasons:
        return Refusal(change.finding, tuple(dict.fromkeys(reasons)))
    if original:
        return change
    return _with_others(change, rebinding, project, following, key)


def _edits(following: Following, old: str, new: str) -> Iterator[Edit]:
    for path, sightings in following.sightings.items():
        for sighting in {each.span: each for each in sightings}.values():
            kind = _KINDS[sighting.kind]
            text = f"{new} as {old}" if kind is EditKind.ALIAS else sighting.old.removesuffix(old) + new
            yield Edit(kind, path, sighting.span, sighting.old, text)


def _uses_of_helpers(change: Change, rebinding: Rebinding, project: Project, key: str) -> Iterator[Note]:
    """What other modules do with functions that a fix gives another meaning: a rule, or what it calls."""
    helpers = filter(str.isidentifier, rebinding.helpers)  # a lambda cannot be imported
    return uses_of(helpers, project, key, change.new_name)


def uses_of(names: Iterable[str], project: Project, key: str, new_name: str) -> Iterator[Note]:
    """What other modules do with functions of the module ``key`` that a fix gives another meaning."""
    for helper in names:
        following = follow(project, Symbol(key, helper), new_name)
        why = f"`{helper}` is used here, and the fix changes what it computes"
        for path, sightings in following.sightings.items():
            uses = [sighting for sighting in sightings if sighting.is_use] or sightings
            yield from (Note(why, path, sighting.span) for sighting in uses)


def _too_early(rebinding: Rebinding, following: Following, project: Project, file: str) -> Iterator[Note]:
    """Importers that may run while the module has not yet come to the rebinding: they see the original."""
    seen = [(project.file_at(path), sightings) for path, sightings in following.sightings.items()]
    for other, sighting in too_early(project, file, rebinding.taken[-1].span.line, seen):
        why = f"this may run before `{rebinding.name}` is taken over, whose module imports this one first"
        yield Note(why, project.files[other], sighting.span)


def _remarks(change: Change, project: Project, following: Following, key: str) -> str:
    """What the edits leave to others: code outside the project, and documentation."""
    return "; ".join(
        filter(None, (_outsiders(change, project, following, key), _documented(change, project, following)))
    )


def _documented(change: Change, project: Project, following: Following) -> str:
    """Where documentation refers to the name, which then is the original's."""
    name = change.finding.subject
    places = [f"{path.as_posix()}:{line}" for path, line in references(project, following.symbols, name)]
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
