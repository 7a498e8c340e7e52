"""The stages import only what the pipeline lets them, and the pure ones touch nothing but their arguments."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import vjpfix

PACKAGE = Path(vjpfix.__file__).parent

# What each part may import of the package, beside itself. Stages are in the order of the pipeline.
ALLOWED = {
    "model": set(),
    "globs": set(),
    "toml_table": {"globs", "model"},
    "config": {"globs", "jaxfacts", "model", "toml_table"},
    "discover": {"config", "globs", "model"},
    "jaxfacts": {"model"},
    "semantic": {"model"},
    "words": {"jaxfacts"},
    "facts": {"jaxfacts", "model", "semantic"},
    "project": {"jaxfacts", "model", "semantic", "words"},
    "elsewhere": {"facts", "jaxfacts", "model", "project", "semantic", "words"},
    "suppress": {"model"},
    "rules": {"facts", "jaxfacts", "model", "suppress", "words"},
    "edits": {"model"},
    "fixes": {"edits", "elsewhere", "facts", "jaxfacts", "model", "project", "semantic"},
    "newer_syntax": set(),
    "review": {"edits", "model", "__init__"},
    "apply": {"model"},
    "registry": {"facts", "model", "rules"},
    "explain": {"model", "registry", "review", "rules", "runtime"},
    "diagnose": {"model", "review"},
    "settings": {"config", "jaxfacts", "model", "rules", "words"},
    "surroundings": {"config", "discover", "model", "project"},
    "remarks": {"discover"},
    "whole": {
        *("facts", "fixes", "model", "project", "registry", "settings", "surroundings", "words"),
    },
    "finding": {
        *("elsewhere", "facts", "fixes", "model", "registry", "rules", "semantic", "settings", "suppress"),
        *("newer_syntax", "surroundings", "whole", "words"),
    },
    "pipeline": {"discover", "finding", "model", "remarks", "settings", "whole", "words"},
    "verify": {"__init__", "discover", "model", "review", "runtime"},
    "__main__": {"cli"},
    "runtime": {"jaxfacts", "model", "review"},
    "testing": {"runtime"},
    "__init__": {"runtime"},
}
EVERYTHING = "cli"

# Who may import what is slow or reaches out, or is somebody's only job to know.
LIBRARIES = {
    "click": {"cli"},
    "libcst": {"fixes/rewrite.py", "fixes/transform.py", "newer_syntax"},
    "rich": {"diagnose", "explain", "review", "verify/view.py", "cli/fixing.py", "cli/verifying.py"},
    "pathspec": {"globs"},
    "jax": {"runtime"},
    "pytest": {"runtime"},
    "jaxlib": set(),
    "numpy": {"runtime"},
    "subprocess": {"newer_syntax", "runtime/command.py", "discover/git.py"},
    "socket": set(),
    "urllib": set(),
    "tempfile": {"apply", "verify/trying.py"},
}

PURE = (
    "edits",
    "elsewhere",
    "facts",
    "fixes",
    "jaxfacts",
    "project",
    "rules",
    "semantic",
    "suppress",
    "words",
)
REACHING_OUT = {"os", "shutil", "subprocess", "socket", "tempfile", "urllib", "logging", "multiprocessing"}
CALLS = {"open", "print", "input", "exec", "eval", "breakpoint", "__import__"}
SYSTEM = {"stdin", "stdout", "stderr", "argv", "exit", "path", "modules"}
ON_DISK = {
    *("read_text", "write_text", "read_bytes", "write_bytes", "exists", "is_file", "is_dir", "is_symlink"),
    *("stat", "lstat", "resolve", "iterdir", "glob", "rglob", "walk", "unlink", "mkdir", "rmdir", "touch"),
    *("chmod", "symlink_to", "hardlink_to", "samefile", "expanduser", "cwd", "home", "open"),
}
CHANGING = {
    *("append", "extend", "insert", "remove", "pop", "clear", "update", "setdefault", "popitem", "add"),
    *("discard", "sort", "reverse"),
}
DISPLAYS = ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part(path: Path) -> str:
    """The stage or the single module that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(module: ast.Module) -> Iterator[str]:
    """Every module imported anywhere in a file, function bodies included; relative imports start with a dot."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from (f"vjpfix.{alias.name}" if base == "vjpfix" else base for alias in node.names)


def imported_parts(path: Path) -> set[str]:
    found = {module.split(".")[1] for module in imports(tree(path)) if module.startswith("vjpfix.")}
    # `from vjpfix import __version__` and `import vjpfix` reach the package's own file.
    own = {"__init__"} if "vjpfix" in set(imports(tree(path))) else set()
    return {"__init__" if each.startswith("__version") else each for each in found} | own


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_stage_imports_only_what_the_pipeline_lets_it(path):
    here = part(path)
    if here != EVERYTHING:
        assert imported_parts(path) - {here} <= ALLOWED[here]


@pytest.mark.parametrize("path", modules(), ids=name)
def test_libraries_are_imported_only_by_those_whose_job_they_are(path):
    found = {module.partition(".")[0] for module in imports(tree(path))}
    assert not any(module.startswith(".") for module in imports(tree(path)))
    for library in found & LIBRARIES.keys():
        assert {part(path), name(path)} & LIBRARIES[library], f"{name(path)} imports {library}"


def test_every_part_of_the_package_is_in_the_table_and_nothing_else_is():
    assert {part(path) for path in modules()} == {*ALLOWED, EVERYTHING}


def test_what_the_table_lets_a_part_import_is_what_it_imports():
    """An entry that nobody needs any more would let a wrong import in."""
    used = {here: set() for here in ALLOWED}
    for path in modules():
        if part(path) != EVERYTHING:
            used[part(path)] |= imported_parts(path) - {part(path)}
    assert used == ALLOWED


def test_the_table_has_no_circle():
    """But for the package's own file, which imports the guard only when that is asked for."""

    def below(here: str) -> set[str]:
        if here == "__init__":
            return {here}
        return {here}.union(*(below(each) for each in ALLOWED.get(here, set())))

    for here, allowed in ALLOWED.items():
        if here == "__init__":
            continue
        assert here not in set().union(*map(below, allowed))


STATIC = [
    path for path in modules() if part(path) in {*PURE, "config", "finding", "pipeline", "settings", "whole"}
]


@pytest.mark.parametrize("path", [path for path in STATIC if part(path) != "jaxfacts"], ids=name)
def test_what_functions_of_jax_do_stands_in_the_tables_alone(path):
    texts = [node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant)]
    of_jax = re.compile(r"(jax|equinox|flax)\.[\w.]*")
    assert [text for text in texts if isinstance(text, str) and of_jax.fullmatch(text)] == []


@pytest.mark.parametrize("folder", sorted({path.parent for path in STATIC} - {PACKAGE}), ids=name)
def test_a_folder_of_the_static_part_has_at_most_fifteen_files(folder):
    assert folder.name == "rules" or len(list(folder.glob("*.py"))) <= 15


def impurities(module: ast.Module) -> Iterator[str]:
    """Where a module reaches for the disk, the screen or the system."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Name(id=called)) if called in CALLS:
                yield f"line {node.lineno}: {called}()"
            case ast.Attribute(value=ast.Name(id="sys"), attr=attribute) if attribute in SYSTEM:
                yield f"line {node.lineno}: sys.{attribute}"
            case ast.Call(func=ast.Attribute(attr=called)) if called in ON_DISK and not is_own(node):
                yield f"line {node.lineno}: .{called}()"
    yield from (f"import {each}" for each in imports(module) if each.partition(".")[0] in REACHING_OUT)


def is_own(node: ast.Call) -> bool:
    """Whether a call that is spelled like one of a Path's is of ``ast`` or of the object itself."""
    return ast.unparse(node.func).startswith(("ast.", "self."))


def changes_of_state(module: ast.Module) -> Iterator[str]:
    """Where a module changes what stands at its top level, or may: a list, dict or set that is no constant."""
    held = {
        target.id
        for node in module.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, DISPLAYS)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    yield from (
        f"{each} is not written as a constant" for each in held if each.upper() != each and each != "__all__"
    )
    for node in ast.walk(module):
        match node:
            case ast.Global():
                yield f"line {node.lineno}: global"
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=method)) if (
                owner in held and method in CHANGING
            ):
                yield f"line {node.lineno}: {owner}.{method}()"
            case ast.Subscript(value=ast.Name(id=owner), ctx=ast.Store() | ast.Del()) if owner in held:
                yield f"line {node.lineno}: {owner}[...] changes"
            case ast.AugAssign(target=ast.Name(id=owner)) if owner in held:
                yield f"line {node.lineno}: {owner} changes"


@pytest.mark.parametrize("path", [path for path in modules() if part(path) in PURE], ids=name)
def test_a_pure_stage_touches_no_file_no_screen_and_no_system(path):
    assert list(impurities(tree(path))) == []


@pytest.mark.parametrize("path", modules(), ids=name)
def test_no_module_holds_state_that_changes(path):
    assert list(changes_of_state(tree(path))) == []


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "def f():\n    from subprocess import run",
        "open('x')",
        "print(1)",
        "import sys\nsys.stdout.write('')",
        "def f(path):\n    return path.read_text()",
    ],
)
def test_the_check_of_purity_sees(text):
    assert list(impurities(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "seen = []",
        "SEEN = {}\ndef f(x):\n    SEEN[x] = 1",
        "SEEN = []\ndef f(x):\n    SEEN.append(x)",
        "N = 0\ndef f():\n    global N",
        "SEEN: set[int] = {1}\nSEEN |= {2}",
    ],
)
def test_the_check_of_state_sees(text):
    assert list(changes_of_state(ast.parse(text)))


@pytest.mark.parametrize(
    "found", [module.name for module in pkgutil.walk_packages([str(PACKAGE)], "vjpfix.")], ids=str
)
def test_every_module_says_what_it_is_for(found):
    if not found.endswith("__main__"):
        assert importlib.import_module(found).__doc__


def private_uses(module: ast.Module) -> Iterator[str]:
    """Where a module names something of JAX that JAX gives no public name."""
    yield from (each for each in imports(module) if each.startswith("jax") and "._" in each)
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute):
            root, *names = ast.unparse(node).split(".")
            if root == "jax" and any(each.startswith("_") and not each.startswith("__") for each in names):
                yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", modules(), ids=name)
def test_what_jax_keeps_private_is_named_by_nobody(path):
    assert list(private_uses(tree(path))) == []


@pytest.mark.parametrize("text", ["import jax._src.api", "from jax._src import core", "jax._src.core.Trace"])
def test_a_private_name_of_jax_is_seen(text):
    assert list(private_uses(ast.parse(text)))
