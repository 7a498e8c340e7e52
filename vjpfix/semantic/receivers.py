"""What stands before the dot of an attribute: which class it is, or an object of which class."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from vjpfix.semantic.data import Module, Scope, ScopeKind

_LITERALS = (
    ast.Constant
    | ast.JoinedStr
    | ast.List
    | ast.Tuple
    | ast.Set
    | ast.Dict
    | ast.ListComp
    | ast.SetComp
    | ast.DictComp
    | ast.GeneratorExp
    | ast.Lambda
)
_SELVES = frozenset(("self", "_self", "this"))
_GETS_CLASS = frozenset(("__new__", "__init_subclass__", "__class_getitem__"))


class Kind(Enum):
    """What is known about a receiver."""

    CLASS = "a class"
    OBJECT = "an object of a class"
    SUPER = "what comes after a class in the order of some class"
    UNRELATED = "something that is no class of the project, nor an object of one"
    ELSEWHERE = "something that an import brings"
    UNKNOWN = "anything"


@dataclass(frozen=True, slots=True)
class Receiver:
    """``scope``: of the class; ``exact``: that class and no subclass of it."""

    kind: Kind
    scope: Scope | None = None
    exact: bool = True


UNRELATED = Receiver(Kind.UNRELATED)
ELSEWHERE = Receiver(Kind.ELSEWHERE)
UNKNOWN = Receiver(Kind.UNKNOWN)


class Elsewhere(Protocol):
    """What a module's imports mean."""

    def name(self, owner: Scope | None, name: str) -> Receiver:
        """What is imported as ``name`` in a scope, or is bound nowhere in the module (None)."""

    def attribute(self, node: ast.Attribute) -> Receiver:
        """What an attribute of something imported is."""


class Alone:
    """A module without a project around it: of an import nothing else is known."""

    def name(self, owner: Scope | None, name: str) -> Receiver:
        """See ``Elsewhere``."""
        if owner is None:
            return UNRELATED if hasattr(builtins, name) else UNKNOWN
        return ELSEWHERE

    def attribute(self, node: ast.Attribute) -> Receiver:  # noqa: ARG002  # the form of the protocol
        """See ``Elsewhere``."""
        return ELSEWHERE


class Receivers:
    """The receivers of one module."""

    def __init__(self, module: Module, elsewhere: Elsewhere) -> None:
        self.module = module
        self._elsewhere = elsewhere
        self._scope_of = {node: scope for node, _, scope in module.names}
        self._binders: dict[tuple[Scope, str], list[ast.AST]] = {}
        self._assigned: dict[ast.AST, ast.expr] = {}
        self._in_progress: set[tuple[Scope, str]] = set()
        for node in ast.walk(module.tree):
            match node:
                case ast.Assign(targets=[ast.Name() as target], value=value):
                    self._assigned[target] = value
                case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
                    self._assigned[target] = value
        self._bind_all()

    @property
    def classes(self) -> list[Scope]:
        """The classes of the module."""
        return [scope for scope in self.module.scope.descendants() if scope.kind is ScopeKind.CLASS]

    def _bind_all(self) -> None:
        for node, name, scope in self.module.names:
            if not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)):
                self._bind(scope, name, node)
        for statement, scope in self.module.imports.items():
            for alias in statement.names:
                self._bind(scope, alias.asname or alias.name.partition(".")[0], statement)
        for inner in self.module.scope.descendants():
            if isinstance(inner.node, ast.ClassDef) and inner.parent:
                self._bind(inner.parent, inner.name, inner.node)
            elif isinstance(inner.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                args = inner.node.args
                for arg in [*args.posonlyargs, *args.args, *args.kwonlyargs]:
                    self._bind(inner, arg.arg, arg)

    def _bind(self, scope: Scope, name: str, node: ast.AST) -> None:
        owner = scope.owner(name) or scope
        self._binders.setdefault((owner, name), []).append(node)

    def of(self, node: ast.expr) -> Receiver:
        """What an expression is."""
        match node:
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._call(node)
            case ast.IfExp(body=first, orelse=second):
                both = {self.of(first), self.of(second)}
                return both.pop() if len(both) == 1 else UNKNOWN
        return UNRELATED if isinstance(node, _LITERALS) else UNKNOWN

    def _name(self, node: ast.Name) -> Receiver:
        scope = self._scope_of.get(node)
        if scope is None:
            return UNKNOWN
        owner = scope.owner(node.id)
        if owner is None:
            return self._elsewhere.name(None, node.id)
        found = self.named(owner, node.id)
        if found.kind is Kind.OBJECT and found.exact and owner.unit is not scope.unit:
            return UNKNOWN  # by then it may be another one
        return found

    def named(self, owner: Scope, name: str) -> Receiver:
        """What a name of a scope of the module is."""
        binders = self._binders.get((owner, name), [])
        if not binders or (owner, name) in self._in_progress:
            return UNKNOWN
        is_import = [isinstance(node, ast.Import | ast.ImportFrom) for node in binders]
        if any(is_import):
            others = [node for node, is_it in zip(binders, is_import, strict=True) if not is_it]
            return self._elsewhere.name(owner, name) if all(map(self._is_none, others)) else UNKNOWN
        if owner.times(name) != 1:
            return UNKNOWN
        self._in_progress.add((owner, name))
        found = self._bound(owner, binders[0])
        self._in_progress.discard((owner, name))
        return found

    def _is_none(self, node: ast.AST) -> bool:
        value = self._assigned.get(node)
        return isinstance(value, ast.Constant) and value.value is None

    def _bound(self, owner: Scope, node: ast.AST) -> Receiver:
        match node:
            case ast.ClassDef():
                return Receiver(Kind.CLASS, self.module.scopes[node])
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return UNKNOWN if node.decorator_list else UNRELATED
            case ast.arg():
                return _first_parameter(owner, node)
        return self.of(self._assigned[node]) if node in self._assigned else UNKNOWN

    def _attribute(self, node: ast.Attribute) -> Receiver:
        base = self.of(node.value)
        if base.kind is Kind.ELSEWHERE:
            return self._elsewhere.attribute(node)
        if node.attr == "__class__" and base.kind is Kind.OBJECT:
            return Receiver(Kind.CLASS, base.scope, base.exact)
        if base.kind is Kind.CLASS and base.exact and base.scope and node.attr in base.scope.bound:
            inner = self.named(base.scope, node.attr) if base.scope.module is self.module.scope else UNKNOWN
            return inner if inner.kind is Kind.CLASS else UNKNOWN
        return UNKNOWN

    def _call(self, node: ast.Call) -> Receiver:
        match node.func:
            case ast.Name(id="super") if self._is_builtin(node.func):
                return self._super(node)
            case ast.Name(id="type") if self._is_builtin(node.func) and len(node.args) == 1:
                given = self.of(node.args[0])
                is_object = given.kind is Kind.OBJECT
                return Receiver(Kind.CLASS, given.scope, given.exact) if is_object else UNKNOWN
        made = self.of(node.func)
        if made.kind is Kind.CLASS:
            return Receiver(Kind.OBJECT, made.scope, made.exact)
        return UNKNOWN

    def _is_builtin(self, node: ast.Name) -> bool:
        scope = self._scope_of.get(node)
        return scope is not None and scope.owner(node.id) is None

    def _super(self, node: ast.Call) -> Receiver:
        if node.args:
            given = self.of(node.args[0])
            return Receiver(Kind.SUPER, given.scope) if given.kind is Kind.CLASS and given.exact else UNKNOWN
        function = self._scope_of[node.func].unit
        parent = function.parent
        if parent and parent.kind is ScopeKind.CLASS and isinstance(function.node, ast.FunctionDef):
            return Receiver(Kind.SUPER, parent)
        return UNKNOWN


def _first_parameter(function: Scope, arg: ast.arg) -> Receiver:
    """``self`` and ``cls``: an object, or the class, of the class around a method or of one below it."""
    node, parent = function.node, function.parent
    if not (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and parent):
        return UNKNOWN
    positional = [*node.args.posonlyargs, *node.args.args]
    if parent.kind is not ScopeKind.CLASS or not positional or positional[0] is not arg:
        return UNKNOWN
    decorators = {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
    if "staticmethod" in decorators:
        return UNKNOWN
    if "classmethod" in decorators or node.name in _GETS_CLASS:
        return Receiver(Kind.CLASS, parent, exact=False)
    if arg.arg in _SELVES:
        return Receiver(Kind.OBJECT, parent, exact=False)
    return UNKNOWN
