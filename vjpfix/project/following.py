"""A name that changes its module's meaning, followed to every place in the project that sees it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from vjpfix.model import Note, Span, VjpfixError
from vjpfix.project.index import Project, Symbol
from vjpfix.project.layout import key_of, tail_of
from vjpfix.project.modules import escapes
from vjpfix.project.sighting import Sighting, SightingKind
from vjpfix.project.uses import Uses
from vjpfix.project.view import View

_IMPORT_LINE = re.compile(r"^[ \t]*(?:from|import)\b[^\n(]*(?:\([^()]*\))?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Following:
    """Where others see a symbol.

    ``sightings``: by file, what has to change; ``reasons``: why it cannot be followed; ``taken``: words that
    the new name must not be; ``symbols``: the modules that give the name on.
    """

    sightings: dict[Path, tuple[Sighting, ...]]
    reasons: tuple[Note, ...]
    taken: frozenset[str]
    symbols: tuple[Symbol, ...]

    def inside(self, path: Path, inside: Iterable[Span]) -> Following:
        """Only what a file does in places where the name means the original."""
        kept = [s for s in self.sightings.get(path, ()) if any(span.holds(s.span) for span in inside)]
        return replace(self, sightings={path: tuple(kept)} if kept else {})

    def outside(self, path: Path, inside: Iterable[Span]) -> Following:
        """The same without what a file does in places where the name means the original."""
        kept = [s for s in self.sightings.get(path, ()) if not any(span.holds(s.span) for span in inside)]
        sightings = {**self.sightings, path: tuple(kept)}
        return replace(self, sightings={where: found for where, found in sightings.items() if found})


@dataclass(slots=True)
class _Flow:
    """One attempt, with the imports of some files aliased.

    ``via``: by which file a symbol came about; ``loose``: something unknown is asked for the name.
    """

    aliased: frozenset[str]
    loose: bool
    sightings: dict[str, set[Sighting]] = field(default_factory=dict)
    stuck: dict[str, list[Note]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    via: dict[str, str | None] = field(default_factory=dict)


def follow(project: Project, start: Symbol, new: str) -> Following:
    """Follow a symbol that is to be called ``new``.

    An importer from which the name cannot be followed further keeps it, by an alias in its import.
    """
    aliased: set[str] = set()
    while True:
        flow = _flow(project, start, new, frozenset(aliased))
        blamed = {file for key in flow.stuck if (file := flow.via[key])}
        if blamed <= aliased:
            break
        aliased |= blamed
    files = project.files
    return Following(
        {
            files[file]: tuple(sorted(found, key=_at))
            for file, found in sorted(flow.sightings.items())
            if found
        },
        tuple(sorted({note for notes in flow.stuck.values() for note in notes}, key=_place)),
        frozenset(flow.taken),
        tuple(Symbol(key, start.name) for key in sorted(flow.via)),
    )


def uses_of_helpers(project: Project, key: str, helpers: Iterable[str], new: str) -> Iterator[Note]:
    """What other modules do with functions that a fix gives another meaning: a rule, or what it calls.

    ``new``: the name that the fix brings.
    """
    for helper in filter(str.isidentifier, helpers):  # a lambda cannot be imported
        why = f"`{helper}` is used here, and the fix changes what it computes"
        for path, sightings in follow(project, Symbol(key, helper), new).sightings.items():
            uses = [sighting for sighting in sightings if sighting.is_use] or sightings
            yield from (Note(why, path, sighting.span) for sighting in uses)


def _at(sighting: Sighting) -> Span:
    return sighting.span


def _place(note: Note) -> tuple[Path, Span]:
    return note.path, note.span


def _flow(project: Project, start: Symbol, new: str, aliased: frozenset[str]) -> _Flow:
    flow = _Flow(aliased, project.is_attribute(start.name), via={start.key: None})
    todo = [start.key]
    while todo:
        key = todo.pop()
        for file in _candidates(project, key, start.name):
            try:
                view = project.view(file)
            except VjpfixError as error:
                if key not in project.imports(file) and file not in project.mentioning(start.name):
                    continue
                why = f"this module names `{start.name}` and `{tail_of(key)}` and cannot be read"
                _add(flow, key, [error.note(why, project.files[file])])
                continue
            uses = Uses(project, view, key, start.name, new, alias=file in aliased)
            for sighting in uses.sightings():
                _note(flow, file, view, key, sighting, todo)
    for key, file in project.others(flow.via, start.name, everywhere=flow.loose):
        _add(flow, key, _escapes(project, file, key, start.name))
    return flow


def _escapes(project: Project, file: str, key: str, name: str) -> list[Note]:
    """Where a file that does not mention the name lets the whole module get away."""
    try:
        view = project.view(file)
    except VjpfixError as error:
        if key not in project.imports(file):
            return []
        why = f"this module imports `{tail_of(key)}` and cannot be read"
        return [error.note(why, project.files[file])]
    return [Note(s.why, view.path, s.span) for s in escapes(view, key, name, project.member)]


def _note(flow: _Flow, file: str, view: View, key: str, sighting: Sighting, todo: list[str]) -> None:
    match sighting.kind:
        case SightingKind.TAKEN:
            flow.taken |= view.identifiers
        case SightingKind.STUCK:
            _add(flow, key, [Note(sighting.why, sighting.path or view.path, sighting.span)])
        case SightingKind.GIVEN_ON if view.key not in flow.via:
            flow.via[view.key] = file if sighting.by_name else flow.via[key]
            todo.append(view.key)
        case SightingKind.NAME | SightingKind.ALIAS | SightingKind.STRING:
            flow.sightings.setdefault(file, set()).add(sighting)


def _add(flow: _Flow, key: str, notes: Iterable[Note]) -> None:
    flow.stuck.setdefault(key, []).extend(notes)


def _candidates(project: Project, key: str, name: str) -> list[str]:
    """The files that may see ``name`` in the module ``key``."""
    found = dict.fromkeys((*project.mentioning(name), *project.star_importers()))
    return [file for file in found if key_of(file) == key or project.may_name(file, key)]


def too_early(
    project: Project, file: str, line: int, seen: Iterable[tuple[str, tuple[Sighting, ...]]]
) -> Iterator[tuple[str, Sighting]]:
    """What may see a name of ``file`` before it is rebound in ``line``.

    Arguments: ``seen``: what sees the name, by file. A function whose name nobody mentions who may run before
    is not called before.
    """
    found = list(seen)
    if not found:
        return
    early = project.reached_before(file, line)
    texts = [_above(project.source(file).text, line)]
    texts += [project.source(each).text for key in early for each in project.layout.files[key]]
    for other, sightings in found:
        if key_of(other) in early:
            view = project.view(other)
            for sighting in sightings:
                function = _function_at(view, sighting.span)
                if function is None or _mentions(texts, function.name):
                    yield other, sighting
                    break


def _above(text: str, line: int) -> str:
    return "\n".join(text.split("\n")[: line - 1])


def _function_at(view: View, span: Span) -> ast.FunctionDef | None:
    """The function of the module, without decorators, in whose body a place is."""
    for node in view.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            body = node.body[0].lineno
            if body <= span.line <= (node.end_lineno or body):
                return node
    return None


def _mentions(texts: Iterable[str], name: str) -> bool:
    """Whether anything but its definition and imports names a function."""
    used = re.compile(rf"(?<!\w)(?<!def ){re.escape(name)}(?!\w)")
    renamed = re.compile(rf"(?<!\w){re.escape(name)}\s+as\b")
    return any(renamed.search(text) or used.search(_IMPORT_LINE.sub("", text)) for text in texts)
