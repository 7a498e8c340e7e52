"""What one module does with a name of another one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from vjpfix.jaxfacts.transforms import CUSTOM_DERIVATIVES
from vjpfix.model import Span
from vjpfix.project import bodies, stars
from vjpfix.project.index import Project
from vjpfix.project.layout import tail_of
from vjpfix.project.modules import escapes
from vjpfix.project.sighting import Sighting, SightingKind
from vjpfix.project.strings import in_strings
from vjpfix.project.view import STAR, Import, View, last
from vjpfix.semantic.data import ScopeKind
from vjpfix.semantic.exports import exports

_TOP = Span(1, 0, 1, 0)
_SETTERS = frozenset(setter for row in CUSTOM_DERIVATIVES for setter in row.setters)
# Names of what runs code that stands in a text, or looks names up.
_DYNAMIC = frozenset(
    ("globals", "locals", "exec", "eval", "get_ipython", "timeit", "cProfile", "profile", "pdb")
)


class Uses:
    """The uses of the name ``name`` of the module ``key`` in ``view``; it is to be called ``new``.

    ``alias``: the name is to be kept in this module.
    """

    def __init__(self, project: Project, view: View, key: str, name: str, new: str, *, alias: bool) -> None:
        self.project = project
        self.view = view
        self.key = key
        self.name = name
        self.new = new
        self.alias = alias

    def sightings(self) -> Iterator[Sighting]:
        """All places, in no order."""
        for each in self._places():
            yield each
            if each.kind in (SightingKind.NAME, SightingKind.STRING) and self.view.shows(each.span):
                yield self.stuck(each.span, f"the text that this f-string makes holds the name `{self.name}`")

    def _places(self) -> Iterator[Sighting]:
        if self.view.key != self.key:
            for each in self.view.imports:
                if self.key in each.module.keys and each.name in (self.name, STAR):
                    yield from self._imported(each)
        elif self.view.file.endswith(".pyi"):
            yield from self._stub()
        yield from self._attributes()
        yield from self._attached()
        yield from escapes(self.view, self.key, self.name, self.project.member)
        yield from in_strings(self.view, self.key, self.name, self.project.member)

    def stuck(self, span: Span, why: str) -> Sighting:
        return Sighting(SightingKind.STUCK, span, why=why)

    def _stub(self) -> Iterator[Sighting]:
        """A ``.pyi`` beside the module describes what others see: the transformed version."""
        view, module = self.view, self.view.module.scope
        if self.name in module.bound and not view.bound(module, self.name):
            if self.new in view.identifiers:
                yield self.stuck(_TOP, f"this stub has a `{self.name}` that cannot be renamed")
            else:
                yield from self._bound_names(module)
                yield from self._entries()

    def _imported(self, each: Import) -> Iterator[Sighting]:
        assert each.alias  # noqa: S101  # only a module is bound without one
        span = self.view.positions.token(each.alias, self.name)
        if not each.module.sure:
            why = "it cannot be told which of the files of this name is imported here"
            yield self.stuck(span, why)
        elif each.name == STAR:
            yield from self._all_names(each)
        elif each.alias.asname:
            yield Sighting(SightingKind.NAME, span, self.name)
        elif self._must_alias(each):
            yield Sighting(SightingKind.ALIAS, span, self.name)
        else:
            yield Sighting(SightingKind.NAME, span, self.name)
            yield from self._bound_names(each.scope)
            if each.scope is self.view.module.scope:
                yield from self._entries()
                yield Sighting(SightingKind.GIVEN_ON, span, by_name=True)

    def _must_alias(self, each: Import) -> bool:
        """Whether the module must go on to call it by its old name."""
        view = self.view
        return (
            self.alias
            or each.scope.kind is ScopeKind.CLASS
            or each.scope.times(self.name) != 1
            or any(stars.gives(self.project, other, each, self.name) is not False for other in view.stars)
            or self.new in view.identifiers
            or self.project.is_reserved(view.file, self.new)
            or self.name.startswith("__")
            or self._is_dynamic()
            or any(view.shows(sighting.span) for sighting in self._bound_names(each.scope))
            or any(not entry for entry in self._own_entries())
        )

    def _is_dynamic(self) -> bool:
        """Whether code of the module may reach the name in a way that renaming would miss."""
        names = self.view.module.names
        return any(self._is_namespace(node, name) for node, name, _ in names) or any(
            name == self.name and bodies.owner(node, name, scope) is bodies.UNSURE
            for node, name, scope in names
            if name in scope.bound
        )

    def _is_namespace(self, node: ast.AST, name: str) -> bool:
        call = self.view.parents.get(node)
        shows_other = isinstance(call, ast.Call) and call.func is node and bool(call.args)
        return name in _DYNAMIC or (name == "vars" and not shows_other)

    def _bound_names(self, owner: object) -> Iterator[Sighting]:
        """Every token that means what ``owner`` (a scope, or None: nobody here) holds under the name."""
        view = self.view
        for node, name, scope in view.module.names:
            if name == self.name and bodies.owner(node, name, scope) is owner:
                span = view.positions.token(node, name)
                yield Sighting(SightingKind.NAME, span, name, is_use=isinstance(node, ast.Name))
        for scope in view.module.scope.descendants():
            if scope.owner(self.name) is owner:
                for statement in scope.declarations.get(self.name, ()):
                    span = view.positions.token(statement, self.name)
                    yield Sighting(SightingKind.NAME, span, self.name)

    def _own_entries(self) -> list[Span | None]:
        found = exports(self.view.tree, self.view.positions)
        return [export.entry for export in found if export.name == self.name]

    def _entries(self) -> Iterator[Sighting]:
        for entry in self._own_entries():
            if entry:
                yield Sighting(SightingKind.STRING, entry, self.name)
            else:
                yield self.stuck(_TOP, "an entry of `__all__` cannot be rewritten")

    def _all_names(self, each: Import) -> Iterator[Sighting]:
        """``from m import *``: reads that nothing else here can answer."""
        view = self.view
        assert each.alias  # noqa: S101  # it is a star
        span = view.positions.span(each.alias)
        given = self.project.gives_to_star(self.key, self.name)
        later = stars.taken_later(self.project, view, each, self.name)
        if later is stars.SURELY or given is False:
            return
        if given is None:
            yield self.stuck(
                span, f"`__all__` of that module does not tell whether `{self.name}` comes by this"
            )
        elif isinstance(later, Span):
            yield self.stuck(
                later, f"`{self.name}` comes by a star import, and may come in another way as well"
            )
        elif self._is_dynamic():
            yield self.stuck(span, f"`{self.name}` comes by this, and code here may look it up")
        else:
            yield Sighting(SightingKind.TAKEN, span)
            yield from self._bound_names(None)
            yield from self._entries()
            yield Sighting(SightingKind.GIVEN_ON, span)

    def _attributes(self) -> Iterator[Sighting]:
        view = self.view
        tail = tail_of(self.key)
        for node in view.attributes.get(self.name, ()):
            found = view.module_of(node.value, self.project.member)
            span = view.positions.token(node, self.name)
            if self.key in found.keys and found.sure:
                yield Sighting(SightingKind.NAME, span, self.name, is_use=True)
            elif self.key in found.keys or (not found.keys and self._may_be_module(node.value)):
                yield self.stuck(span, f"this may be `{self.name}` of `{tail}`")

    def _attached(self) -> Iterator[Sighting]:
        """Where this module attaches rules to it: the transformed version takes none."""
        for setter in sorted(_SETTERS):
            for node in self.view.attributes.get(setter, ()):
                if self._is_it(node.value):
                    yield self.stuck(self.view.positions.span(node), "rules are attached to it here as well")

    def _is_it(self, node: ast.expr) -> bool:
        """Whether an expression is the name as this module imports it."""
        match node:
            case ast.Attribute(attr=self.name, value=base):
                return self.key in self.view.module_of(base, self.project.member).keys
            case ast.Name(id=name):
                owners = self.view.owners(node)
                return any(
                    self.key in each.module.keys
                    and each.name in (self.name, STAR)
                    and name == self._local(each)
                    and each.scope in owners
                    for each in self.view.imports
                )
        return False

    def _local(self, each: Import) -> str:
        """By which name an import of the name gives it to this module."""
        return (each.alias.asname if each.alias else None) or self.name

    def _may_be_module(self, node: ast.expr) -> bool:
        """Whether an object that is not known is spelled, or got, as the module would be."""
        match node:
            case ast.Attribute(attr=attr):
                return attr == tail_of(self.key) and not self.view.is_foreign(node)
            case ast.Subscript(value=ast.Attribute(attr="modules") | ast.Name(id="modules")):
                return True
            case ast.Call(func=func):
                return last(func) in ("import_module", "__import__")
            case ast.Name():
                return node.id in self.view.got_by_name
        return False
