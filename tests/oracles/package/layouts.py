"""How a project's folders are laid out: where the module with the mistake stands, and where others may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from .project import Place, place

PACKAGES = ("kern", "mylib", "softlib")
FOLDERS = ("nn", "sub", "ops_a", "impl")
MODULES = ("m", "ops", "core_ops", "losses")


@dataclass(frozen=True)
class Layout:
    """``target``: the module with the mistake. ``modules``: others that may import it. ``inits``: files that
    may re-export, the nearest first. ``decoys``: unrelated modules, of the same file name where there is
    one, and ``peers``: who may import those. ``scripts``: files run by path, with the folder of each and
    ``installed`` on ``sys.path``. ``extra``: other files."""

    target: Place
    modules: tuple[Place, ...]
    inits: tuple[Place, ...] = ()
    decoys: tuple[Place, ...] = ()
    peers: tuple[Place, ...] = ()
    scripts: tuple[str, ...] = ()
    installed: tuple[str, ...] = ("",)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def roots(self) -> tuple[str, ...]:
        places = (self.target, *self.modules, *self.inits, *self.decoys, *self.peers)
        return tuple(dict.fromkeys((*self.installed, *(each.root for each in places))))


@dataclass(frozen=True)
class Words:
    """The names of one project's packages, folders and module."""

    package: str
    other: str
    folder: str
    inner: str
    module: str


def words(rng: Random, module: str | None = None) -> Words:
    package, other = rng.sample(PACKAGES, 2)
    folder, inner = rng.sample(FOLDERS, 2)
    return Words(package, other, folder, inner, module or rng.choice(MODULES))


def _empty(*paths: str) -> dict[str, str]:
    return dict.fromkeys(paths, "")


def _flat(w: Words) -> Layout:
    return Layout(
        place("", f"{w.module}.py"),
        (place("", "user.py"), place("", "train.py"), place("tests", "test_user.py")),
        decoys=(place("", f"vendored/{w.module}.py"),),
        peers=(place("", "vendored/peer.py"), place("", "peer.py")),
        scripts=("run.py", "scripts/run.py"),
        extra=_empty("vendored/__init__.py"),
    )


def _package_in(root: str) -> Callable[[Words], Layout]:
    def layout(w: Words) -> Layout:
        package = w.package
        return Layout(
            place(root, f"{package}/{w.module}.py"),
            (
                *(place(root, f"{package}/{path}") for path in ("user.py", f"{w.folder}/inner.py")),
                place("tests", "test_user.py"),
                place(root, f"{package}/{w.folder}/deeper.py"),
            ),
            (place(root, f"{package}/__init__.py"), place(root, f"{package}/{w.folder}/__init__.py")),
            decoys=(place(root, f"{package}/{w.folder}/{w.module}.py"),),
            peers=(place(root, f"{package}/{w.folder}/peer.py"), place(root, f"{package}/peer.py")),
            scripts=("run.py", "scripts/run.py"),
            installed=(root,),
            extra={"pyproject.toml": f'[project]\nname = "{package}"\nversion = "1"\n'},
        )

    return layout


def _deep(w: Words) -> Layout:
    top, mid, low = w.package, f"{w.package}/{w.folder}", f"{w.package}/{w.folder}/{w.inner}"
    return Layout(
        place("", f"{low}/{w.module}.py"),
        tuple(place("", path) for path in (f"{low}/near.py", f"{mid}/user.py", f"{top}/train.py")),
        tuple(place("", f"{folder}/__init__.py") for folder in (low, mid, top)),
        decoys=(place("", f"{mid}/{w.module}.py"),),
        peers=(place("", f"{mid}/peer.py"), place("", f"{low}/peer.py")),
        scripts=("run.py", "examples/run.py"),
    )


def _namespace_in(root: str) -> Callable[[Words], Layout]:
    def layout(w: Words) -> Layout:
        package = w.package
        return Layout(
            place(root, f"{package}/{w.folder}/{w.module}.py"),
            (
                place(root, f"{package}/{w.folder}/user.py"),
                place(root, f"{package}/{w.inner}/user.py"),
                place(root, f"{package}/{w.folder}/low/deep.py"),
            ),
            decoys=(place(root, f"{package}/{w.inner}/{w.module}.py"),),
            peers=(place(root, f"{package}/{w.inner}/peer.py"), place(root, f"{package}/{w.folder}/peer.py")),
            scripts=("run.py",),
            installed=(root,),
        )

    return layout


def _init_is_target(w: Words) -> Layout:
    package = w.package
    return Layout(
        place("", f"{package}/{w.module}/__init__.py"),
        (
            place("", f"{package}/{w.module}/near.py"),
            place("", f"{package}/train.py"),
            place("", f"{w.other}/user.py"),
        ),
        (place("", f"{package}/__init__.py"),),
        decoys=(place("", f"{w.other}/{w.module}.py"),),
        peers=(place("", f"{w.other}/peer.py"),),
        scripts=("run.py",),
        extra=_empty(f"{w.other}/__init__.py"),
    )


def _monorepo_of_projects(w: Words) -> Layout:
    layout = _monorepo(w)
    names = {"packages/one": w.package, "packages/two": w.other}
    metadata = {f"{top}/pyproject.toml": f'[project]\nname = "{name}"\n' for top, name in names.items()}
    return replace(layout, extra={**layout.extra, **metadata})


def _monorepo(w: Words) -> Layout:
    first, second = "packages/one", "packages/two/src"
    return Layout(
        place(first, f"{w.package}/{w.module}.py"),
        (
            place(first, f"{w.package}/user.py"),
            place(second, f"{w.other}/train.py"),
            place(second, f"{w.other}/{w.folder}/user.py"),
        ),
        (place(first, f"{w.package}/__init__.py"), place(second, f"{w.other}/__init__.py")),
        decoys=(place(second, f"{w.other}/{w.module}.py"),),
        peers=(place(second, f"{w.other}/peer.py"), place(first, f"{w.package}/peer.py")),
        scripts=("tools/run.py",),
        installed=(first, second),
        extra=_empty(f"packages/two/src/{w.other}/{w.folder}/__init__.py"),
    )


def _scripts_beside_packages(w: Words) -> Layout:
    return Layout(
        place("tools", f"{w.module}.py"),
        (place("tools", "user.py"), place("tools", "helpers_2.py")),
        decoys=(place("", f"{w.package}/{w.module}.py"),),
        peers=(place("", f"{w.package}/peer.py"),),
        scripts=("tools/run.py", "tools/other_run.py"),
        installed=(),
        extra=_empty(f"{w.package}/__init__.py"),
    )


def _helpers_of_tests(w: Words) -> Layout:
    return Layout(
        place("tests", "helpers.py"),
        (place("tests", "test_one.py"), place("tests", "test_two.py")),
        decoys=(place("src", f"{w.package}/helpers.py"),),
        peers=(place("src", f"{w.package}/peer.py"),),
        scripts=("tests/run_all.py",),
        installed=("src",),
        extra=_empty(f"src/{w.package}/__init__.py"),
    )


def _package_of_tests(w: Words) -> Layout:
    return Layout(
        place("", f"tests_{w.package}/helpers.py"),
        tuple(place("", f"tests_{w.package}/{path}") for path in ("test_one.py", "unit/test_two.py")),
        (place("", f"tests_{w.package}/__init__.py"), place("", f"tests_{w.package}/unit/__init__.py")),
        decoys=(place("", f"{w.package}/helpers.py"),),
        peers=(place("", f"{w.package}/peer.py"), place("", f"tests_{w.package}/test_peer.py")),
        extra=_empty(f"{w.package}/__init__.py"),
    )


LAYOUTS: dict[str, Callable[[Words], Layout]] = {
    "flat": _flat,
    "package": _package_in(""),
    "src": _package_in("src"),
    "deep": _deep,
    "namespace": _namespace_in(""),
    "namespace_in_src": _namespace_in("src"),
    "init_is_target": _init_is_target,
    "monorepo": _monorepo,
    "monorepo_of_projects": _monorepo_of_projects,
    "scripts_beside_packages": _scripts_beside_packages,
    "helpers_of_tests": _helpers_of_tests,
    "package_of_tests": _package_of_tests,
}
SAME_NAME = ("package", "src", "deep", "namespace")
