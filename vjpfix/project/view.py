"""One module as an importer: what it imports, and which module an expression of it means."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from unicodedata import normalize

from vjpfix.model import Span
from vjpfix.project import bodies
from vjpfix.project.layout import Found, Layout, key_of
from vjpfix.semantic.binder import module_of
from vjpfix.semantic.data import Scope
from vjpfix.semantic.fstrings import positions_of, shown
from vjpfix.semantic.names import identifiers
from vjpfix.semantic.parsing import parents_of, parse
from vjpfix.semantic.positions import Positions

STAR = "*"
NOTHING = Found()


@dataclass(frozen=True, slots=True)
class Import:
    """One name that an import statement binds in ``scope``.

    ``module``: what stands behind ``from``, or what ``import`` names; ``name``: the imported name, None for
    ``import``; ``local``: the name that is bound (``*``: all of them). ``alias`` is None for
    ``local = importlib.import_module("a.b")``.
    """

    scope: Scope
    alias: ast.alias | None
    module: Found
    name: str | None
    local: str


class View:
    """A parsed module. Errors: ``VjpfixError`` where it cannot be parsed."""

    def __init__(self, path: Path, file: str, text: str, layout: Layout) -> None:
        self.path = path
        self.file = file
        self.key = key_of(file)
        self.text = text
        self.layout = layout
        self.tree = parse(text, path)
        self.module = module_of(self.tree, annotations=True)
        self.imports = tuple(self._imports())
        self._by_local: dict[tuple[Scope, str], list[Import]] = {}
        for each in self.imports:
            self._by_local.setdefault((each.scope, each.local), []).append(each)

    @cached_property
    def positions(self) -> Positions:
        return positions_of(self.module, self.text)

    @cached_property
    def _shown(self) -> tuple[Span, ...]:
        return shown(self.tree, self.positions)

    def shows(self, span: Span) -> bool:
        """Whether the program prints the text that stands there, as ``f"{m.f(x)=}"`` does."""
        return any(code.holds(span) for code in self._shown)

    @cached_property
    def identifiers(self) -> frozenset[str]:
        return identifiers(self.tree)

    @cached_property
    def scope_of(self) -> dict[ast.AST, Scope]:
        """The scope that each name stands in."""
        return {node: scope for node, _, scope in self.module.names}

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """What each node of the tree stands in."""
        return parents_of(self.tree)

    @property
    def nodes(self) -> Iterable[ast.AST]:
        """All nodes of the tree, but for the tree itself."""
        return self.parents.keys()

    @cached_property
    def may_be_modules(self) -> tuple[ast.Name | ast.Attribute | ast.Call, ...]:
        """The expressions that may mean a module: imported names, and what is got from them by attributes."""
        imported = {each.local for each in self.imports}
        found: list[ast.Name | ast.Attribute | ast.Call] = []
        for node in self.nodes:
            if isinstance(node, ast.Name):
                starts = isinstance(node.ctx, ast.Load) and (node.id in imported or bool(self.stars))
            else:
                starts = isinstance(node, ast.Call) and last(node.func) == "import_module"
            part: ast.AST | None = node if starts else None
            while isinstance(part, ast.Name | ast.Attribute | ast.Call):
                found.append(part)
                outer = self.parents.get(part)
                part = outer if isinstance(outer, ast.Attribute) else None
        return tuple(found)

    @cached_property
    def attributes(self) -> dict[str, list[ast.Attribute]]:
        """The attributes that the module names, by their names."""
        found: dict[str, list[ast.Attribute]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Attribute):
                found.setdefault(node.attr, []).append(node)
        return found

    @cached_property
    def strings(self) -> tuple[tuple[ast.Constant, str], ...]:
        """The strings of the module, with what they say."""
        constants = (node for node in self.nodes if isinstance(node, ast.Constant))
        return tuple((node, node.value) for node in constants if isinstance(node.value, str))

    @cached_property
    def multiples(self) -> tuple[ast.Call, ...]:
        """The calls of something like ``mock.patch.multiple``."""
        calls = (node for node in self.nodes if isinstance(node, ast.Call) and node.args)
        return tuple(node for node in calls if last(node.func) == "multiple")

    @cached_property
    def stars(self) -> tuple[Import, ...]:
        """The imports of all names of a module."""
        return tuple(each for each in self.imports if each.name == STAR)

    @cached_property
    def got_by_name(self) -> frozenset[str]:
        """The names of modules that were got by a name which is not known here."""
        return frozenset(
            target.id
            for node in self.nodes
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and last(node.value.func) in ("import_module", "__import__")
            for target in node.targets
            if isinstance(target, ast.Name)
        )

    def _imports(self) -> Iterator[Import]:
        for node, scope in self.module.imports.items():
            for alias in node.names:
                if isinstance(node, ast.Import):
                    first = alias.name.partition(".")[0]
                    module = self.layout.absolute(alias.name if alias.asname else first, self.file)
                    local, name = alias.asname or first, None
                else:
                    module = self._source(node)
                    local, name = alias.asname or alias.name, alias.name
                owner = self.module.scope if local in scope.globals else scope
                yield Import(owner, alias, module, name, local)
        if "import_module" in normalize("NFKC", self.text):
            yield from self._assigned()

    def _assigned(self) -> Iterator[Import]:
        for node in self.nodes:
            match node:
                case ast.Assign(targets=[ast.Name(id=local) as target], value=ast.Call(func=func) as call):
                    if last(func) == "import_module" and (scope := self.scope_of[target].owner(local)):
                        yield Import(scope, None, self.module_of(call, _no_member), None, local)

    def _source(self, node: ast.ImportFrom) -> Found:
        if node.level:
            return self.layout.relative(node.level, node.module or "", self.file)
        return self.layout.absolute(node.module or "", self.file)

    def bound(self, scope: Scope, local: str) -> list[Import]:
        """The imports that bind a name of a scope."""
        return self._by_local.get((scope, local), [])

    def is_only_imported(self, scope: Scope, local: str) -> bool:
        """Whether imports and nothing else bind a name of a scope, or make it None where they fail."""
        return len(self.bound(scope, local)) == scope.times(local) - self._nones.get((scope, local), 0)

    def _are_only_imported(self, scopes: Iterable[Scope | None], local: str) -> bool:
        return all(each is not None and self.is_only_imported(each, local) for each in scopes)

    @cached_property
    def _nones(self) -> dict[tuple[Scope, str], int]:
        """How often ``name = None`` stands in each scope."""
        found: dict[tuple[Scope, str], int] = {}
        for node in self.nodes:
            match node:
                case ast.Assign(targets=[ast.Name(id=local) as target], value=ast.Constant(value=None)):
                    if owner := self.scope_of[target].owner(local):
                        found[owner, local] = found.get((owner, local), 0) + 1
        return found

    def owners(self, name: ast.Name) -> tuple[Scope | None, ...]:
        """The scope that a name belongs to, or both that it may belong to; None: to nobody here."""
        scope = self.scope_of.get(name)
        return bodies.owners(name, name.id, scope) if scope else (None,)

    def module_of(self, node: ast.expr, member: Callable[[Found, str], Found]) -> Found:
        """The module that an expression means; ``member`` tells what a name of a module is."""
        match node:
            case ast.Name():
                return self._name(node, member)
            case ast.Attribute():
                base = self.module_of(node.value, member)
                return member(base, node.attr) if base.keys else NOTHING
            case ast.Call(args=[ast.Constant(value=str(dotted)), *rest]):
                if last(node.func) == "import_module":
                    return self._import_module(dotted, rest)
        return NOTHING

    def _name(self, node: ast.Name, member: Callable[[Found, str], Found]) -> Found:
        found: list[Found] = []
        owners = self.owners(node)
        for owner in owners:
            if owner is None:  # it may come by a star import
                found += [member(each.module, node.id) for each in self.stars]
            else:
                found += [self.meaning(each, member) for each in self.bound(owner, node.id)]
        keys = tuple(dict.fromkeys(key for each in found for key in each.keys))
        is_one = len({each.keys for each in found}) == 1
        sure = owners == (None,) or (is_one and self._are_only_imported(owners, node.id))
        return Found(keys, sure and all(each.sure for each in found)) if keys else NOTHING

    def is_foreign(self, node: ast.expr) -> bool:
        """Whether an expression starts at an import of something outside the project."""
        while isinstance(node, ast.Attribute | ast.Call):
            node = node.value if isinstance(node, ast.Attribute) else node.func
        if not isinstance(node, ast.Name):
            return False
        owners = self.owners(node)
        imports = [each for owner in owners if owner for each in self.bound(owner, node.id)]
        return self._are_only_imported(owners, node.id) and not any(each.module.keys for each in imports)

    def _import_module(self, dotted: str, rest: list[ast.expr]) -> Found:
        level = len(dotted) - len(dotted.lstrip("."))
        if not level:
            return self.layout.absolute(dotted, self.file)
        match rest:
            case [ast.Constant(value=str(package))] if level == 1:
                return self.layout.absolute(package + dotted, self.file)
            case [ast.Name(id="__package__")]:
                return self.layout.relative(level, dotted[level:], self.file)
        return Found(self.layout.relative(level, dotted[level:], self.file).keys, sure=False)

    def meaning(self, each: Import, member: Callable[[Found, str], Found]) -> Found:
        """The module that an import binds, if it binds one."""
        if each.name is None:
            return each.module
        if each.name == STAR:
            return NOTHING
        part = self.layout.child(each.module, each.name) if each.module.keys == (self.key,) else NOTHING
        if (
            part.keys and each.alias
        ):  # a package imports its own part, if it has nothing else of that name yet
            return Found(part.keys, self._is_first(each.name, each.alias))
        return member(each.module, each.name)

    def _is_first(self, name: str, alias: ast.alias) -> bool:
        """Whether nothing else binds a name of the module before an import."""
        module = self.module.scope
        lines = [
            getattr(node, "lineno", 0)
            for node, word, scope in self.module.names
            if word == name and scope is module and not _is_load(node)
        ]
        lines += [each.alias.lineno for each in self.bound(module, name) if each.alias]
        return all(line >= alias.lineno for line in lines)


def _is_load(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def last(func: ast.expr) -> str:
    """The last part of what is called."""
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def _no_member(found: Found, name: str) -> Found:  # noqa: ARG001  # the form of a member
    return NOTHING
