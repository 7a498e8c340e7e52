"""The classes of a project: which one an expression of any module means, and how they derive."""

from __future__ import annotations

import ast
import builtins
import copy
import re
from collections.abc import Container

from vjpfix.model import VjpfixError
from vjpfix.project.index import Project, Symbol
from vjpfix.project.layout import Found, key_of, parent
from vjpfix.project.view import Import, View
from vjpfix.semantic.data import Scope, ScopeKind
from vjpfix.semantic.lineage import Lineage
from vjpfix.semantic.receivers import ELSEWHERE, UNKNOWN, UNRELATED, Kind, Receiver, Receivers

_IMPORTED_AS = re.compile(r"\b(\w+)\s+as\s+(\w+)")
_BY_NAME = re.compile(rb"import_module|__import__|pytest_plugins|spec_from_file|run_path|run_module|exec\(")


class Classes:
    """The classes that may derive from one class, or have an attribute that it has.

    Arguments: the ``project``, the ``file`` and a ``line`` of the class, the ``name`` of the attribute.
    """

    def __init__(self, project: Project, file: str, line: int, name: str) -> None:
        self.project = project
        self.file = file
        self.name = name
        self._homes: dict[Scope, Receivers] = {}
        self._in_progress: set[tuple[str, str]] = set()
        self._connected: set[str] | None = None
        self.scope = _class_at(project.view(file), line, name)
        self.words = self._words()
        self._look()

    def with_name(self, name: str) -> Classes:
        """The same for another attribute."""
        found = copy.copy(self)
        found.name = name
        found._look()
        return found

    def _look(self) -> None:
        self.project.search({self.name})
        naming = [file for word in sorted(self.words) for file in self.project.mentioning(word)]
        files = tuple(dict.fromkeys((*self.project.mentioning(self.name), *naming)))
        self.views: dict[str, View] = {}
        self.unread: dict[str, VjpfixError] = {}
        for each in files:
            try:
                self.views[each] = self.project.view(each)
            except VjpfixError as error:
                self.unread[each] = error
        found = [scope for view in self.views.values() for scope in self.receivers_of(view).classes]
        self.lineage = Lineage(found, lambda scope: self._homes[scope.module])

    def _words(self) -> set[str]:
        """The names under which the class, or one that may derive from it, may be known somewhere."""
        words: set[str] = set()
        new = {self.scope.name}
        while new:
            words |= new
            self.project.search(new)
            files = {file for word in new for file in self.project.mentioning(word)}
            new = {word for file in files for word in self._known_as(file, words)} - words
        return words

    def _known_as(self, file: str, words: set[str]) -> set[str]:
        try:
            view = self.project.view(file)
        except VjpfixError:
            return {new for old, new in _IMPORTED_AS.findall(_text(self.project, file)) if old in words}
        found = {each.local for each in view.imports if each.name in words}
        for node in view.nodes:
            match node:
                case ast.ClassDef(name=name, bases=bases) if any(_names(base, words) for base in bases):
                    found.add(name)
                case ast.Assign(targets=targets, value=ast.Name() | ast.Attribute() as value):
                    if _names(value, words):
                        found |= {target.id for target in targets if isinstance(target, ast.Name)}
        return found

    def receivers_of(self, view: View) -> Receivers:
        """What the receivers of a module are."""
        module = view.module.scope
        if module not in self._homes:
            self._homes[module] = Receivers(view.module, _Imports(self, view))
        return self._homes[module]

    def symbol(self, key: str, name: str) -> Receiver | None:
        """What a module has under a name; None: nothing."""
        if (key, name) in self._in_progress:
            return None
        self._in_progress.add((key, name))
        try:
            return self._symbol(key, name)
        finally:
            self._in_progress.discard((key, name))

    def _symbol(self, key: str, name: str) -> Receiver | None:
        try:
            view = self.project.source_view(key)
        except VjpfixError:
            return UNKNOWN
        part = self.project.layout.child(Found((key,)), name).keys
        if view is None:
            return ELSEWHERE if part else UNKNOWN
        module = view.module.scope
        if name in module.bound:
            found = self.receivers_of(view).named(module, name)
            return UNKNOWN if part or found.kind is Kind.OBJECT else found
        given = [self.symbol(each, name) for star in view.stars for each in star.module.keys]
        found_there = {each for each in given if each}
        if part:
            return ELSEWHERE if not found_there else UNKNOWN
        if "__getattr__" in module.bound or len(found_there) > 1:
            return UNKNOWN
        return found_there.pop() if found_there else None

    @property
    def symbols(self) -> list[Symbol]:
        """The attribute, where others can get the class by the name of its module."""
        is_given = self.scope.parent is self.scope.module and not self.name.startswith("_")
        return [Symbol(key_of(self.file), f"{self.scope.name}.{self.name}")] if is_given else []

    def is_connected(self, file: str) -> bool:
        """Whether imports, in whatever direction, lead from a module to that of the class."""
        if self._connected is None:
            self._connected = _component(self.project, self.file)
        return file in self._connected


class _Imports:
    """What the imports of one module mean (``Elsewhere``)."""

    def __init__(self, classes: Classes, view: View) -> None:
        self.classes = classes
        self.view = view

    def name(self, owner: Scope | None, name: str) -> Receiver:
        """See ``Elsewhere``."""
        if owner is None:
            stars = self.view.stars
            given = [self.classes.symbol(key, name) for star in stars for key in star.module.keys]
            found = [each for each in given if each]
            if not found and hasattr(builtins, name):
                return UNRELATED
            return _one(found) if found else UNKNOWN
        imports = self.view.bound(owner, name)
        return _one([self._import(each) for each in imports]) if imports else UNKNOWN

    def _import(self, each: Import) -> Receiver:
        if each.name is None:
            return ELSEWHERE
        if not each.module.keys:
            return ELSEWHERE if each.alias else UNKNOWN
        return self._members(each.module, each.name)

    def attribute(self, node: ast.Attribute) -> Receiver:
        """See ``Elsewhere``."""
        found = self.view.module_of(node.value, self.classes.project.member)
        return self._members(found, node.attr) if found.keys else ELSEWHERE

    def _members(self, found: Found, name: str) -> Receiver:
        if not found.sure and len(found.keys) == 1:
            return UNKNOWN
        return _one([self.classes.symbol(key, name) or UNKNOWN for key in found.keys])


def _one(found: list[Receiver]) -> Receiver:
    return found[0] if found and all(each == found[0] for each in found) else UNKNOWN


def _class_at(view: View, line: int, name: str) -> Scope:
    """The innermost class around a line that has the name."""
    return [
        scope
        for scope in view.module.scope.descendants()
        if scope.kind is ScopeKind.CLASS and name in scope.bound and _holds(scope.node, line)
    ][-1]


def _holds(node: ast.AST, line: int) -> bool:
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
    return bool(first <= line <= last)


def _names(node: ast.expr, words: Container[object]) -> bool:
    return any(getattr(part, "id", getattr(part, "attr", None)) in words for part in ast.walk(node))


def _text(project: Project, file: str) -> str:
    return project.data(file).decode("utf-8", "replace")


def _component(project: Project, start: str) -> set[str]:
    """The files that imports join to a file.

    One that imports by names from elsewhere is joined to all; a ``conftest`` gives objects to its folder.
    """
    around: dict[str, set[str]] = {}
    anywhere: set[str] = set()
    for file in project.files:
        key = key_of(file)
        joined = project.imports(file)
        if file.endswith("/conftest.py"):
            joined |= {key_of(other) for other in project.files if other.startswith(parent(key) + "/")}
        around.setdefault(key, set()).update(joined)
        for other in joined:
            around.setdefault(other, set()).add(key)
        if _BY_NAME.search(project.data(file)):
            anywhere.add(key)
    todo, seen = [key_of(start), *anywhere], set[str]()
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            todo.extend(around.get(key, ()))
    return {file for key in seen for file in project.layout.files.get(key, ())}
