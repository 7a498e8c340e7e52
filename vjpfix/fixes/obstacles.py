"""Uses of a name that cannot be followed: by string, by attribute of an unknown object, by ``exec``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from vjpfix.facts.meaning import Meaning
from vjpfix.facts.values import Imported
from vjpfix.fixes.renaming import Obstacle
from vjpfix.semantic.data import Place, Scope, ScopeKind
from vjpfix.semantic.positions import Positions
from vjpfix.semantic.texts_run import TextRun, text_run

_NAMESPACES = ("globals", "locals", "vars")
_BY_KEY = ("get", "pop", "setdefault", "__getitem__", "__contains__")
_IMPORTED = re.compile(r"\bimport\b[^;\n]*")
_BY_STRING = ("getattr", "setattr", "hasattr", "delattr", "attrgetter", "methodcaller")


def obstacles(
    tree: ast.Module, meaning: Meaning, positions: Positions, place: Place, module: str
) -> Iterator[Obstacle]:
    """Every use of ``place`` in the module that no rename can follow. ``module`` is the module's name."""
    yield from _unfollowed(positions, place)
    yield from _mangled(positions, place, meaning)
    finder = _Finder(meaning, positions, place, module)
    finder.visit(tree)
    yield from finder.found


def _unfollowed(positions: Positions, place: Place) -> Iterator[Obstacle]:
    for node, what in place.changes.items():
        yield Obstacle(f"`{place.name}` is {what} here", positions.token(node, place.name))


def _mangled(positions: Positions, place: Place, meaning: Meaning) -> Iterator[Obstacle]:
    name = place.name
    if name.startswith("__") and not name.endswith("__"):
        classes = [s for s in meaning.module.scope.descendants() if s.kind is ScopeKind.CLASS]
        for scope in classes[:1]:
            assert isinstance(scope.node, ast.stmt)  # noqa: S101
            yield Obstacle(f"`{name}` is mangled inside classes", positions.token(scope.node, scope.name))


class _Finder(ast.NodeVisitor):
    def __init__(self, meaning: Meaning, positions: Positions, place: Place, module: str) -> None:
        self.meaning = meaning
        self.positions = positions
        self.place = place
        self.scope = meaning.module.scope
        self.found: list[Obstacle] = []
        self.word = re.compile(rf"(?<![\w.]){re.escape(place.name)}(?!\w)")
        path = rf"(?:.*\.)?(?:{re.escape(module)}|__main__)"
        self.dotted = re.compile(rf"({path}|(?:.*(?:\}}|%s))?)\.{re.escape(place.name)}")
        self.module = module
        self.literal_lookups: set[ast.Call] = set()
        self.bindings = {binding.node for binding in place.bindings}

    def generic_visit(self, node: ast.AST) -> None:
        outer, self.scope = self.scope, self.meaning.module.scopes.get(node, self.scope)
        super().generic_visit(node)
        self.scope = outer

    def add(self, reason: str, node: ast.expr) -> None:
        self.found.append(Obstacle(reason, self.positions.span(node)))

    @property
    def at_module(self) -> bool:
        return self.place.scope.kind is ScopeKind.MODULE

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._key(node.value, node.slice, node)
        self.generic_visit(node)

    def _look_up(self, node: ast.Call) -> None:
        """``globals().get("f")`` and other methods whose first argument is the key."""
        if isinstance(node.func, ast.Attribute) and node.func.attr in _BY_KEY and node.args:
            self._key(node.func.value, node.args[0], node)

    def _key(self, namespace: ast.expr, key: ast.expr, node: ast.expr) -> None:
        if not isinstance(namespace, ast.Call) or namespace.args:
            return
        name = self._builtin(namespace.func)
        if name in _NAMESPACES and isinstance(key, ast.Constant) and isinstance(key.value, str):
            self.literal_lookups.add(namespace)
            if key.value == self.place.name and self._sees(name) and node not in self.bindings:
                self.add(f"`{self.place.name}` is named by a string here", node)

    def visit_Call(self, node: ast.Call) -> None:
        name = self._builtin(node.func)
        self._look_up(node)
        if name in _NAMESPACES and not node.args and node not in self.literal_lookups and self._sees(name):
            self.add(f"`{name}()` may reach `{self.place.name}` by a name that is not known here", node)
        elif name in ("eval", "exec") and self._code_reaches(node):
            self.add(f"`{name}` may use `{self.place.name}`", node)
        elif self._last(node.func) in _BY_STRING and self.place.scope.kind is not ScopeKind.FUNCTION:
            strings = [a for a in node.args if isinstance(a, ast.Constant)]
            if any(a.value == self.place.name and a not in self.bindings for a in strings):
                self.add(f"`{self.place.name}` is named by a string here", node)
        elif (run := text_run(node, self._called(node.func))) and self._text_reaches(run):
            self.add(f"`{run.runner}` runs code that may use `{self.place.name}`", node)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if self.at_module and isinstance(node.value, str) and self.dotted.fullmatch(node.value):
            self.add(f"`{self.place.name}` is named by a string here", node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        reached = node.attr == self.place.name and self._imports_module(node.value)
        if self.at_module and reached and node not in self.bindings:
            self.add(f"`{self.place.name}` is reached through its own module here", node)
        self.generic_visit(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        name = self.place.name
        if not self.at_module:
            return
        if any(alias.name == "*" for alias in node.names) and self._comes_after(node):
            self.found.append(Obstacle(f"a star import may bind `{name}` here", self.positions.span(node)))
        if (node.module or "").rpartition(".")[2] == self.module and any(a.name == name for a in node.names):
            self.found.append(Obstacle("the module imports itself here", self.positions.span(node)))

    def _comes_after(self, node: ast.stmt) -> bool:
        first = min(getattr(d.node, "lineno", 0) for d in self.place.bindings)
        return node.lineno > first

    def _imports_module(self, base: ast.expr) -> bool:
        """Whether an expression is the module itself, imported at its top, or may be.

        What a function imports is followed with the other modules.
        """
        if isinstance(base, ast.Subscript):
            return self._last(base.value) == "modules"
        owner = self.scope.owner(base.id) if isinstance(base, ast.Name) else None
        if owner is not self.meaning.module.scope or not isinstance(base, ast.Name):
            return False
        values = self.meaning.values_of(owner, base.id)
        return any(isinstance(v, Imported) and v.name.rpartition(".")[2] == self.module for v in values)

    def _builtin(self, func: ast.expr) -> str:
        if isinstance(func, ast.Name) and self.scope.owner(func.id) is None:
            return func.id
        return ""

    def _last(self, func: ast.expr) -> str:
        return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""

    def _sees(self, name: str) -> bool:
        """Whether a namespace call at this place shows the place's scope."""
        if name == "globals":
            return self.at_module
        return self._unit_is(self.scope, exact=True)

    def _code_reaches(self, node: ast.Call) -> bool:
        if not self.at_module and not self._unit_is(self.scope, exact=False):
            return False
        code = node.args[0] if node.args else None
        if isinstance(code, ast.Constant) and isinstance(code.value, str):
            return bool(self.word.search(code.value))
        return True

    def _text_reaches(self, run: TextRun) -> bool:
        """Whether code that is run in a namespace of a module may use the name."""
        if not self.at_module:
            return False
        used = self._is_imported if run.alone else self.word.search
        return any(not isinstance(text, ast.Constant) or used(str(text.value)) for text in run.texts)

    def _is_imported(self, code: str) -> bool:
        return any(self.word.search(statement) for statement in _IMPORTED.findall(code))

    def _called(self, func: ast.expr) -> str:
        """The qualified name of what is called, where that is imported."""
        match func:
            case ast.Name(id=name):
                return self._imported(name)
            case ast.Attribute(value=ast.Name(id=base), attr=attr) if module := self._imported(base):
                return f"{module}.{attr}"
        return ""

    def _imported(self, name: str) -> str:
        values = self.meaning.values_of(self.scope.owner(name), name)
        return next((value.name for value in values if isinstance(value, Imported)), "")

    def _unit_is(self, scope: Scope | None, exact: bool) -> bool:
        while scope:
            if scope is self.place.scope or scope.unit is self.place.scope.unit:
                return True
            if exact:
                return False
            scope = scope.parent
        return False
