"""What other modules see of a name that is taken over in a class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from vjpfix.fixes.renaming import Renamings
from vjpfix.model import Note
from vjpfix.project import Classes, Following, Project, doubts_inside, follow_class, hidden_lookups


def seen_in_class(renamings: Renamings, project: Project, file: str, *, original: bool) -> Following:
    """Where the attribute is seen outside its module, and why that cannot be followed.

    Arguments: the ``renamings`` of a name in a class of the module in ``file``; ``original``: the attribute
    goes on to be the transformed version, so that nothing but the class itself changes.
    """
    classes = Classes(project, file, renamings.takeover.primal.line, renamings.takeover.name)
    own_file = project.files[file]
    reasons = list(_uses_of_rules(renamings, classes, own_file))
    following = Following({}, (), frozenset(), ())
    if original:
        reasons += doubts_inside(classes, renamings.original.tokens)
    elif renamings.seen:
        following = follow_class(classes)
        own = following.sightings.get(own_file, ())
        known = {*renamings.transformed.tokens, *renamings.seen.tokens}
        missed = [
            s.span
            for s in own
            if s.span not in known and not any(each.holds(s.span) for each in renamings.inside)
        ]
        why = f"`{renamings.takeover.name}` is reached in a way that leads through another module"
        reasons += [Note(why, own_file, span) for span in missed]
        reasons += hidden_lookups(classes)
    others = {path: found for path, found in following.sightings.items() if path != own_file}
    found = sorted({*following.reasons, *reasons}, key=_place)
    symbols = () if original else tuple(classes.symbols)
    return replace(following, sightings=others, reasons=tuple(found), symbols=symbols)


def _uses_of_rules(renamings: Renamings, classes: Classes, own: Path) -> Iterator[Note]:
    """What other modules do with a rule that is a function of the class."""
    for rule in sorted({guilty.function for guilty in renamings.takeover.guilty} & classes.scope.bound):
        following = follow_class(classes.with_name(rule))
        why = f"`{rule}` is used here, and the fix changes what it computes"
        for path, found in following.sightings.items():
            yield from (Note(why, path, each.span) for each in found if path != own)
        yield from (note for note in following.reasons if note.path != own)


def _place(note: Note) -> tuple[object, ...]:
    return note.path, note.span, note.message
