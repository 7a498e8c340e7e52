"""How a project's folders are laid out: where the module with the mistake stands, and where others may.

``{p}`` and ``{o}`` are packages, ``{f}`` and ``{i}`` folders, ``{m}`` is the module's name. A colon parts a folder
on ``sys.path`` from the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .table import Table

PACKAGES = ("kern", "mylib", "softlib")
FOLDERS = ("nn", "sub", "ops_a", "impl")
MODULES = ("m", "ops", "core_ops", "losses")


@dataclass(frozen=True)
class Layout:
    """``target``: the module with the mistake. ``modules``: others that may import it. ``inits``: files that
    may re-export, the nearest first. ``decoys``: unrelated modules, of the same file name where there is
    one, and ``peers``: who may import those. ``scripts``: files run by path, with the folder of each and
    ``installed`` on ``sys.path``. ``extra``: other files."""

    target: str
    modules: str
    inits: str = ""
    decoys: str = ""
    peers: str = ""
    scripts: str = ""
    installed: tuple[str, ...] = ("",)
    extra: dict[str, str] = field(default_factory=dict)


def _package(root: str) -> Layout:
    return Layout(
        f"{root}:{{p}}/{{m}}.py",
        f"{root}:{{p}}/user.py {root}:{{p}}/{{f}}/inner.py tests:test_user.py {root}:{{p}}/{{f}}/deeper.py",
        f"{root}:{{p}}/__init__.py {root}:{{p}}/{{f}}/__init__.py",
        decoys=f"{root}:{{p}}/{{f}}/{{m}}.py",
        peers=f"{root}:{{p}}/{{f}}/peer.py {root}:{{p}}/peer.py",
        scripts="run.py scripts/run.py",
        installed=(root,),
        extra={"pyproject.toml": '[project]\nname = "{p}"\nversion = "1"\n'},
    )


def _namespace(root: str) -> Layout:
    return Layout(
        f"{root}:{{p}}/{{f}}/{{m}}.py",
        f"{root}:{{p}}/{{f}}/user.py {root}:{{p}}/{{i}}/user.py {root}:{{p}}/{{f}}/low/deep.py",
        decoys=f"{root}:{{p}}/{{i}}/{{m}}.py",
        peers=f"{root}:{{p}}/{{i}}/peer.py {root}:{{p}}/{{f}}/peer.py",
        scripts="run.py",
        installed=(root,),
    )


def _monorepo(extra: dict[str, str]) -> Layout:
    first, second = "packages/one", "packages/two/src"
    return Layout(
        f"{first}:{{p}}/{{m}}.py",
        f"{first}:{{p}}/user.py {second}:{{o}}/train.py {second}:{{o}}/{{f}}/user.py",
        f"{first}:{{p}}/__init__.py {second}:{{o}}/__init__.py",
        decoys=f"{second}:{{o}}/{{m}}.py",
        peers=f"{second}:{{o}}/peer.py {first}:{{p}}/peer.py",
        scripts="tools/run.py",
        installed=(first, second),
        extra={f"{second}/{{o}}/{{f}}/__init__.py": "", **extra},
    )


LAYOUTS = Table(
    "layout",
    {
        "flat": Layout(
            "{m}.py",
            "user.py train.py tests:test_user.py",
            decoys="vendored/{m}.py",
            peers="vendored/peer.py peer.py",
            scripts="run.py scripts/run.py",
            extra={"vendored/__init__.py": ""},
        ),
        "package": _package(""),
        "src": _package("src"),
        "deep": Layout(
            "{p}/{f}/{i}/{m}.py",
            "{p}/{f}/{i}/near.py {p}/{f}/user.py {p}/train.py",
            "{p}/{f}/{i}/__init__.py {p}/{f}/__init__.py {p}/__init__.py",
            decoys="{p}/{f}/{m}.py",
            peers="{p}/{f}/peer.py {p}/{f}/{i}/peer.py",
            scripts="run.py examples/run.py",
        ),
        "namespace": _namespace(""),
        "namespace_in_src": _namespace("src"),
        "init_is_target": Layout(
            "{p}/{m}/__init__.py",
            "{p}/{m}/near.py {p}/train.py {o}/user.py",
            "{p}/__init__.py",
            decoys="{o}/{m}.py",
            peers="{o}/peer.py",
            scripts="run.py",
            extra={"{o}/__init__.py": ""},
        ),
        "monorepo": _monorepo({}),
        "monorepo_of_projects": _monorepo(
            {
                "packages/one/pyproject.toml": '[project]\nname = "{p}"\n',
                "packages/two/pyproject.toml": '[project]\nname = "{o}"\n',
            }
        ),
        "scripts_beside_packages": Layout(
            "tools:{m}.py",
            "tools:user.py tools:helpers_2.py",
            decoys="{p}/{m}.py",
            peers="{p}/peer.py",
            scripts="tools/run.py tools/other_run.py",
            installed=(),
            extra={"{p}/__init__.py": ""},
        ),
        "helpers_of_tests": Layout(
            "tests:helpers.py",
            "tests:test_one.py tests:test_two.py",
            decoys="src:{p}/helpers.py",
            peers="src:{p}/peer.py",
            scripts="tests/run_all.py",
            installed=("src",),
            extra={"src/{p}/__init__.py": ""},
        ),
        "package_of_tests": Layout(
            "tests_{p}/helpers.py",
            "tests_{p}/test_one.py tests_{p}/unit/test_two.py",
            "tests_{p}/__init__.py tests_{p}/unit/__init__.py",
            decoys="{p}/helpers.py",
            peers="{p}/peer.py tests_{p}/test_peer.py",
            extra={"{p}/__init__.py": ""},
        ),
    },
)
SAME_NAME = ("package", "src", "deep", "namespace")
"""Those in which the module may be named like the function."""
_FUNCTION = """
def <n>(*args, **kwargs):
    return said('unrelated', *args, **kwargs)


<c>
"""
_HEALTHY = """
@<jax:custom_vjp>
def <n>(x):
    return x


<n>.defvjp(lambda x: (<c>, x), lambda res, ct: (ct,))
<c>
"""
DECOYS = Table(
    "decoy",
    {
        "function": _FUNCTION,
        "healthy": _HEALTHY,
        "jitted": f"{_HEALTHY}<n> = <jax:jit>(<n>)\n<c>",
        "defect": "",
    },
)
"""Modules that have the same name as the one with the mistake, of file or of function; none where it has it too."""
BYSTANDERS = {
    "readme": ("README.md", "Call {f}(x) from {m}, or {m}.{f}(x).\n"),
    "words_alone": ("words.py", '"""{m}.{f} and {f} of {m}."""\n# {f}(x)\n{f}_ = 1.0\n'),
    "other_names": ("other_names.py", "def run({f}, m):\n    return {f}(m.{f})\n"),
    "broken_elsewhere": ("old_script.py", "print 'nothing of interest'\n"),
    "data": ("data.json", '{{"{f}": "{m}.{f}"}}\n'),
}
"""Files that have nothing to do with the mistake."""
SIBLINGS = Table(
    "sibling",
    {
        "absolute": "from <m> import value",
        "module": "import <m>",
        "relative": "from .config import value",
        "relative_module": "from . import config",
    },
)
