"""Where the modules of a project see an attribute of a class."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from vjpfix.model import Note, Span
from vjpfix.project.class_lookups import SHOWS, TELLING
from vjpfix.project.classes import Classes
from vjpfix.project.following import Following
from vjpfix.project.sighting import Sighting, SightingKind
from vjpfix.project.strings import BY_OBJECT, BY_PATH
from vjpfix.project.view import View, last
from vjpfix.semantic.data import Scope
from vjpfix.semantic.exports import text_inside
from vjpfix.semantic.lineage import Verdict
from vjpfix.semantic.receivers import Kind, Receiver

_ASKERS = frozenset(("attrgetter", "methodcaller"))


def follow_class(classes: Classes) -> Following:
    """All that can be seen of the attribute of a class, in all modules, its own among them."""
    words: set[str] = {name for each in classes.lineage.family(classes.scope) for name in each.bound}
    sightings: dict[Path, list[Sighting]] = {}
    reasons: list[Note] = []
    for view in classes.views.values():
        for sighting in ClassUses(classes, view).sightings():
            path = sighting.path or view.path
            if sighting.kind is SightingKind.STUCK:
                reasons.append(Note(sighting.why, path, sighting.span))
            else:
                sightings.setdefault(path, []).append(sighting)
                words |= view.attributes.keys()
    mentioning = classes.project.mentioning(classes.name)
    for file, error in classes.unread.items():
        if file in mentioning and classes.is_connected(file):
            why = f"this module names `{classes.name}` and cannot be read"
            reasons.append(error.note(why, classes.project.files[file]))
    found = {path: tuple(each) for path, each in sightings.items()}
    return Following(found, tuple(reasons), frozenset(words), ())


class ClassUses:
    """The uses of the attribute in one module."""

    def __init__(self, classes: Classes, view: View) -> None:
        self.classes = classes
        self.view = view
        self.name = classes.name
        self.receivers = classes.receivers_of(view)

    def sightings(self) -> Iterator[Sighting]:
        """All places, in no order."""
        if self.view.file.endswith(".pyi"):
            yield from self._stub()
            return
        for node in self.view.attributes.get(self.name, ()):
            yield from self.attribute(node)
        for other in self.view.nodes:
            match other:
                case ast.Call():
                    yield from self._call(other)
                case ast.MatchClass(cls=cls) if self.name in other.kwd_attrs:
                    yield from self._pattern(cls)
                case ast.Attribute(attr=attr, value=value) if attr in TELLING:
                    yield from self._looked_through(other, value)
                case ast.Constant(value=str(text)) if text.endswith("." + self.name):
                    yield from self._path(other, text)

    def _verdict(self, node: ast.expr) -> tuple[Receiver, Verdict]:
        receiver = self.receivers.of(node)
        verdict = self.classes.lineage.verdict(receiver, self.classes.scope, self.name)
        return receiver, verdict

    def _is_within_reach(self) -> bool:
        return self.classes.is_connected(self.view.file)

    def _stuck(self, node: ast.expr | ast.stmt, why: str, view: View | None = None) -> Sighting:
        where = view or self.view
        span = where.positions.span(node)
        return Sighting(SightingKind.STUCK, span, why=why, path=where.path)

    def _stub(self) -> Iterator[Sighting]:
        """A stub tells others what the class has."""
        if self.view.key == self.classes.project.view(self.classes.file).key:
            for scope in self.receivers.classes:
                if scope.name == self.classes.scope.name and self.name in scope.bound:
                    assert isinstance(scope.node, ast.ClassDef)  # noqa: S101  # of the kind CLASS
                    yield self._stuck(scope.node, f"this stub describes `{self.name}` of the class")

    def attribute(self, node: ast.Attribute) -> Iterator[Sighting]:
        """What one attribute of that name is."""
        receiver, verdict = self._verdict(node.value)
        label = f"`{self.name}` of `{self.classes.scope.name}`"
        if verdict is Verdict.IT and isinstance(node.ctx, ast.Load):
            span = self.view.positions.token(node, self.name)
            yield Sighting(SightingKind.NAME, span, self.name, is_use=True)
            if self.view.shows(span):
                yield self._stuck(node, f"the text that this f-string makes holds the name `{self.name}`")
            yield from self._doubts(receiver)
        elif verdict is Verdict.IT:
            yield self._stuck(node, f"{label} is bound from outside here")
        elif verdict is Verdict.UNSURE and self._is_within_reach():
            yield self._stuck(node, f"this may be {label}")
            yield from self._doubts(receiver)

    def _pattern(self, node: ast.expr) -> Iterator[Sighting]:
        """``case Ops(f=...)``."""
        if self._verdict(node)[1] is not Verdict.OTHER and self._is_within_reach():
            yield self._stuck(node, f"this may ask for `{self.name}` of `{self.classes.scope.name}`")

    def _doubts(self, receiver: Receiver) -> Iterator[Sighting]:
        """Subclasses with an attribute of their own, which ``self`` may get as well."""
        if receiver.exact and receiver.kind is not Kind.SUPER:
            return
        lineage, scope = self.classes.lineage, self.classes.scope
        found = lineage.overriding(receiver, scope, self.name)
        for each in [*found, *lineage.may_override(scope, self.name)]:
            why = f"this class may have its own `{self.name}` in place of that of `{scope.name}`"
            yield from self._bindings(each, why)

    def _bindings(self, scope: Scope, why: str) -> Iterator[Sighting]:
        view = next(v for v in self.classes.views.values() if v.module.scope is scope.module)
        nodes = [node for node, name, where in view.module.names if where is scope and name == self.name]
        for node in nodes or [scope.node]:
            assert isinstance(node, ast.expr | ast.stmt)  # noqa: S101  # what binds a name
            yield self._stuck(node, why, view)

    def _call(self, node: ast.Call) -> Iterator[Sighting]:
        """Attributes that are looked up by a string, known or not."""
        name = last(node.func)
        if name in BY_OBJECT and len(node.args) > 1:
            yield from self._looked_up(node, node.args[0], node.args[1])
        elif name == "multiple" and node.args and any(each.arg == self.name for each in node.keywords):
            if self._verdict(node.args[0])[1] is not Verdict.OTHER and self._is_within_reach():
                yield self._stuck(node, f"this may replace `{self.name}` of `{self.classes.scope.name}`")
        elif name in SHOWS and node.args:
            yield from self._looked_through(node, node.args[0])
        elif any(isinstance(arg, ast.Constant) and arg.value == self.name for arg in node.args):
            verdicts = {self._verdict(arg)[1] for arg in node.args if not isinstance(arg, ast.Starred)}
            if (name in _ASKERS and self._is_within_reach()) or Verdict.IT in verdicts:
                yield self._stuck(node, f"the string '{self.name}' may be used to look the name up")

    def _looked_up(self, node: ast.Call, target: ast.expr, key: ast.expr) -> Iterator[Sighting]:
        receiver, verdict = self._verdict(target)
        if isinstance(key, ast.Constant):
            if key.value != self.name or verdict is Verdict.OTHER:
                return
            if verdict is Verdict.IT:
                yield self._edit(key)
                yield from self._doubts(receiver)
            elif self._is_within_reach():
                yield self._stuck(node, f"this may look up `{self.name}` of `{self.classes.scope.name}`")
        elif verdict is not Verdict.OTHER and last(node.func) != "object" and self._is_within_reach():
            why = f"this may look up `{self.name}` by a name that is not known here"
            yield self._stuck(node, why)

    def _looked_through(self, node: ast.expr, target: ast.expr) -> Iterator[Sighting]:
        """``vars(Ops)``; what an object has of its own does not hold the class's attributes."""
        receiver, verdict = self._verdict(target)
        known = verdict is Verdict.IT and receiver.kind in (Kind.CLASS, Kind.SUPER)
        parent = self.view.parents.get(target)
        is_asked = isinstance(parent, ast.Call) and last(parent.func) != "vars"
        if known or (is_asked and verdict is Verdict.IT):
            yield self._stuck(node, f"`{self.classes.scope.name}` is looked through here, and `{self.name}`")

    def _path(self, node: ast.Constant, text: str) -> Iterator[Sighting]:
        """``"pkg.ops.Ops.f"``."""
        call = self.view.parents.get(node)
        whole = text.removesuffix("." + self.name)
        verdict = self._named(whole)
        if verdict is Verdict.IT and isinstance(call, ast.Call) and last(call.func) in BY_PATH:
            yield self._edit(node)
        elif verdict is not Verdict.OTHER and not isinstance(call, ast.Expr):
            yield self._stuck(node, f"the string {text!r} may be used to look the name up")

    def _named(self, dotted: str) -> Verdict:
        """What a dotted path means: a class in a module (in classes)."""
        parts = dotted.replace(":", ".").split(".")
        last_word = parts[-1] in self.classes.words
        for count in range(len(parts) - 1, 0, -1):
            found = self.view.layout.absolute(".".join(parts[:count]), self.view.file)
            if not found.keys:
                continue
            if count != len(parts) - 1 or not found.key:
                return Verdict.UNSURE if last_word else Verdict.OTHER
            receiver = self.classes.symbol(found.key, parts[-1])
            if receiver is None:
                return Verdict.OTHER
            return self.classes.lineage.verdict(receiver, self.classes.scope, self.name)
        return Verdict.UNSURE if last_word else Verdict.OTHER

    def _edit(self, node: ast.Constant) -> Sighting:
        assert isinstance(node.value, str)  # noqa: S101  # that is how it was found
        inside = text_inside(node.value, self.view.positions.span(node), self.view.positions)
        if not inside:
            return self._stuck(node, f"the string {node.value!r} cannot be rewritten")
        if self.view.shows(inside):
            return self._stuck(node, f"the text that this f-string makes holds {node.value!r}")
        return Sighting(SightingKind.STRING, inside, node.value, is_use=True)


def doubts_inside(classes: Classes, spans: Iterable[Span]) -> Iterator[Note]:
    """Why what stands at some places of the class's own module may be another class's attribute."""
    view, wanted = classes.project.view(classes.file), set(spans)
    uses = ClassUses(classes, view)
    for node in view.attributes.get(classes.name, ()):
        if view.positions.token(node, classes.name) in wanted:
            for sighting in uses.attribute(node):
                if sighting.kind is SightingKind.STUCK:
                    yield Note(sighting.why, sighting.path or view.path, sighting.span)
