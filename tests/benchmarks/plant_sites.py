"""Where a module attaches rules to a function, and the rebinding and the importer that can be planted there.

Told with ``ast`` alone, so that it can judge what vjpfix finds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SETTERS = frozenset({"defvjp", "defjvp", "defjvps", "def_fwd", "def_bwd", "def_jvp"})
FORMS = 4

Scope = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class Site:
    """A function with rules: its name, the kind of scope that binds it, and the ``line`` that attaches the last rule.

    ``reads``: the rules or the primal's body read the name, so that a rebinding would reach them.
    """

    path: Path
    name: str
    scope: str
    line: int
    indent: str
    reads: bool


@dataclass(frozen=True, slots=True)
class _Attached:
    """A statement that attaches rules to ``name``, and the expressions (or the decorated function) that are rules."""

    name: str
    statement: ast.stmt
    rules: tuple[ast.AST, ...]


def sites(path: Path, text: str) -> list[Site]:
    """The functions of one module whose rules are attached in the scope that binds them, in order."""
    if not any(setter in text for setter in SETTERS):
        return []
    tree = ast.parse(text)
    everywhere = sorted((n for n in ast.walk(tree) if isinstance(n, ast.stmt)), key=lambda s: s.lineno)
    scopes = [tree, *(statement for statement in everywhere if isinstance(statement, Scope))]
    lines = text.split("\n")
    found = [site for scope in scopes for site in _sites_of(scope, everywhere, path, lines)]
    return sorted(found, key=lambda site: site.line)


def planted(text: str, site: Site, *, jitted: bool) -> tuple[str, int]:
    """The text with the name rebound below its rules, and the line where that is."""
    lines = text.split("\n")
    end = "\r" if lines[site.line - 1].endswith("\r") else ""
    tree = ast.parse(text)
    wanted = ("vmap", "jit") if jitted else ("vmap",)
    spelled = _transforms(tree, wanted)
    added = [] if spelled else ["import jax"]
    spelled = spelled or {name: f"jax.{name}" for name in wanted}
    mapped = f"{spelled['vmap']}({site.name})"
    added.append(f"{site.name} = " + (f"{spelled['jit']}({mapped})" if jitted else mapped))
    lines[site.line : site.line] = [f"{site.indent}{line}{end}" for line in added]
    return "\n".join(lines), site.line + len(added)


def module_of(path: Path, root: Path) -> tuple[str, Path]:
    """The dotted name of a module, and the folder its import starts from.

    A file outside of any package is a script, imported by its own name from beside it.
    """
    folders = [folder for folder in path.parents if folder != root and folder.is_relative_to(root)]
    packages = [folder for folder in folders if (folder / "__init__.py").exists()]
    top = packages[-1].parent if packages else path.parent
    parts = path.relative_to(top).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts), top


def importer(module: str, name: str, form: int, *, package: bool, bound: str = "") -> str:
    """A module beside ``module`` that imports ``name`` in one of FORMS ways and uses it.

    ``package``: ``module`` is the ``__init__`` of the package the importer is in. ``bound``: what the imported
    name is bound to instead, where the import is ``from .m import name``.
    """
    parent, _, last = module.rpartition(".")
    near = "." if package else f".{last}" if parent else last
    statement, used = (
        (f"from {near} import {name}" + (f" as {bound}" if bound else ""), bound or name),
        (f"from {module} import {name} as other_name", "other_name"),
        (f"from {parent} import {last}", f"{last}.{name}")
        if parent
        else (f"import {module} as beside", f"beside.{name}"),
        (f"import {module}", f"{module}.{name}"),
    )[form]
    return (
        f'"""Uses a function of another module."""\n\n{statement}\n\n\n'
        f"def called(*arguments):\n    return {used}(*arguments)\n\n\n"
        f"def held():\n    return {used}\n"
    )


def _sites_of(scope: Scope, everywhere: list[ast.stmt], path: Path, lines: list[str]) -> Iterator[Site]:
    statements = sorted(_own(scope), key=lambda statement: statement.lineno)
    groups: dict[ast.stmt, list[_Attached]] = {}
    for attached in filter(None, map(_attached, statements)):
        definition = _definition(attached.name, statements, attached.statement.lineno)
        if definition:
            groups.setdefault(definition, []).append(attached)
    for definition, group in groups.items():
        last = max(
            (attached.statement for attached in group), key=lambda statement: statement.end_lineno or 0
        )
        name, line = group[0].name, last.end_lineno or last.lineno
        indent = lines[last.lineno - 1][: last.col_offset]
        if indent.strip():
            continue
        rules = [rule for attached in group for rule in attached.rules]
        inside = _functions([definition, *rules], statements, everywhere)
        # The bare name never means a class's attribute inside of its functions.
        reads = not isinstance(scope, ast.ClassDef) and any(_reads(function, name) for function in inside)
        yield Site(path, name, type(scope).__name__.lower(), line, indent, reads)


def _own(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of one scope, those of its blocks among them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case) and not isinstance(child, Scope):
            yield from _own(child)


def _attached(statement: ast.stmt) -> _Attached | None:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)) as call):
            if attr in SETTERS:
                return _Attached(name, statement, (*call.args, *(k.value for k in call.keywords)))
        case ast.FunctionDef(decorator_list=decorators):
            for node in (node for decorator in decorators for node in ast.walk(decorator)):
                match node:
                    case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in SETTERS:
                        return _Attached(name, statement, (statement,))
    return None


def _definition(name: str, statements: list[ast.stmt], before: int) -> ast.stmt | None:
    """The last decorated function or assigned call above a line that binds a name."""
    found = None
    for statement in statements:
        if statement.lineno >= before:
            break
        match statement:
            case ast.FunctionDef(name=bound) if bound == name:
                found = statement
            case ast.Assign(targets=[ast.Name(id=bound)]) | ast.AnnAssign(target=ast.Name(id=bound)):
                found = statement if bound == name else found
    return found


def _functions(
    roots: Sequence[ast.AST], near: list[ast.stmt], everywhere: list[ast.stmt]
) -> Iterator[Function]:
    """The functions that expressions (or definitions) are, or name: ``near`` them, else anywhere above."""
    seen: set[ast.AST] = set()
    waiting: list[ast.AST] = list(roots)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Function):
            yield node
        elif isinstance(node, ast.Name):
            line = node.lineno
            waiting += filter(
                None, [_definition(node.id, near, line) or _definition(node.id, everywhere, line)]
            )
        else:
            waiting += ast.iter_child_nodes(node)


def _reads(function: Function, name: str) -> bool:
    """Whether the body of a function reads a name that is not its own."""
    body = function.body if isinstance(function.body, list) else [function.body]
    return not _binds(function, name) and any(_reads_in(node, name) for node in body)


def _reads_in(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Name):
        return node.id == name and isinstance(node.ctx, ast.Load)
    if isinstance(node, Function):
        outside = [
            *getattr(node, "decorator_list", ()),
            *node.args.defaults,
            *filter(None, node.args.kw_defaults),
        ]
        return _reads(node, name) or any(_reads_in(each, name) for each in outside)
    return any(_reads_in(child, name) for child in ast.iter_child_nodes(node))


def _binds(function: Function, name: str) -> bool:
    arguments = [node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)]
    bound = name in arguments
    for statement in [] if isinstance(function, ast.Lambda) else _own(function):
        if isinstance(statement, ast.Global | ast.Nonlocal) and name in statement.names:
            return False
        if isinstance(statement, Scope):
            bound = bound or statement.name == name
            continue
        stores = (n for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
        bound = bound or any(node.id == name for node in stores)
    return bound


def _transforms(tree: ast.Module, wanted: tuple[str, ...]) -> dict[str, str]:
    """How the module's own imports of jax spell these transforms; empty where they do not."""
    names: dict[str, str] = {}
    for statement in tree.body:
        match statement:
            case ast.Import(names=aliases):
                for alias in aliases:
                    if alias.name == "jax" or (alias.name.startswith("jax.") and not alias.asname):
                        return {name: f"{alias.asname or 'jax'}.{name}" for name in wanted}
            case ast.ImportFrom(module="jax._src", names=aliases):
                for alias in (alias for alias in aliases if alias.name == "api"):
                    names = {name: f"{alias.asname or 'api'}.{name}" for name in wanted} | names
            case ast.ImportFrom(module="jax", names=aliases):
                names |= {alias.name: alias.asname or alias.name for alias in aliases if alias.name in wanted}
    return names if all(name in names for name in wanted) else {}
