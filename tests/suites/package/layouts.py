"""Where modules lie, what they are called from there, and which of them are looked at."""

from __future__ import annotations

from .case import OPS, OTHER, PRIMAL, PackageCase, package, refusal, unmarked

USER = "from package.ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n"
MODULE = "from package import ops\n\nops.f⟦_mapped⟧(2)\n"
HIDDEN = """\
import jax


@jax.custom_vjp
def _f(x):
    return x


_f.defvjp(lambda x: (_f(100), x), lambda residuals, g: (g,))
_f⟦_mapped⟧ = jax.vmap(_f)
_f⟦_mapped⟧(1)
"""

LAYOUTS = (
    PackageCase(
        "two modules in one folder",
        {
            "ops.py": OPS,
            "user.py": "from ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
            "second.py": "import ops\n\nops.f⟦_mapped⟧(2)\n",
        },
    ),
    PackageCase(
        "packages below src, with tests and a program beside them",
        {
            "pyproject.toml": "",
            "src/package/__init__.py": "",
            "src/package/ops.py": OPS,
            "src/package/user.py": USER,
            "tests/test_ops.py": MODULE,
            "program.py": USER,
        },
        roots=("src", ""),
    ),
    PackageCase(
        "a project of several folders, with the package in one of them",
        {
            "backend/package/__init__.py": "",
            "backend/package/ops.py": OPS,
            "backend/package/user.py": USER,
            "backend/tests/__init__.py": "",
            "backend/tests/test_ops.py": MODULE,
            "frontend/build.py": "from probing import probe as f\n\nf(1)\n",
        },
        roots=("backend",),
    ),
    PackageCase(
        "a package without __init__",
        {
            "package/ops.py": OPS,
            "package/user.py": "from .ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
            "program.py": USER + MODULE,
        },
    ),
    PackageCase(
        "a package without __init__ in two parts",
        {
            "one/space/ops.py": OPS,
            "two/space/user.py": "from space.ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
            "program.py": "import space.ops\n\nspace.ops.f⟦_mapped⟧(2)\n",
        },
        roots=("one", "two", ""),
    ),
    PackageCase(
        "a package in a package without __init__",
        {
            "space/package/__init__.py": "from .ops import f⟦_mapped⟧\n",
            "space/package/ops.py": OPS,
            "space/other/__init__.py": "from space.package import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
        },
    ),
    PackageCase(
        "several packages in one tree, each below its own src",
        {
            "libraries/alpha/src/alpha/__init__.py": "",
            "libraries/alpha/src/alpha/ops.py": OPS,
            "libraries/beta/src/beta/__init__.py": "",
            "libraries/beta/src/beta/user.py": "from alpha.ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
            "libraries/beta/tests/test_user.py": "from alpha import ops\n\nops.f⟦_mapped⟧(2)\n",
        },
        roots=("libraries/alpha/src", "libraries/beta/src", "libraries/beta/tests"),
    ),
    PackageCase(
        "several packages with a module of one name each",
        {
            "alpha/__init__.py": "",
            "alpha/ops.py": OPS,
            "alpha/user.py": "from . import ops\n\nops.f⟦_mapped⟧(1)\n",
            "beta/__init__.py": "",
            "beta/ops.py": OTHER,
            "beta/user.py": "from . import ops\nfrom .ops import f\n\nops.f(2), f(3)\n",
            "program.py": "from alpha import ops\nfrom beta.ops import f\n\nf(4), ops.f⟦_mapped⟧(5)\n",
        },
    ),
    PackageCase(
        "several packages with the same mistake each",
        {
            "alpha/__init__.py": "",
            "alpha/ops.py": OPS,
            "beta/__init__.py": "",
            "beta/ops.py": PRIMAL + "f⟦_grad⟧ = jax.grad(f)\n",
            "program.py": """
                from alpha.ops import f⟦_mapped⟧
                from beta.ops import f⟦_grad⟧ as g

                f⟦_mapped⟧(1), g(2)
                """,
            "second.py": """
                import alpha.ops
                import beta.ops

                alpha.ops.f⟦_mapped⟧(3), beta.ops.f⟦_grad⟧(4)
                """,
        },
    ),
    PackageCase(
        "two packages of one name, each with modules that import what is beside them",
        {
            "one/package/__init__.py": "",
            "one/package/ops.py": OPS,
            "one/package/user.py": "from .ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
            "two/package/__init__.py": "",
            "two/package/ops.py": OTHER,
            "two/package/user.py": "from .ops import f\n\nf(2)\n",
        },
        roots=("one",),
    ),
    PackageCase(
        "two packages of one name, and a module that could mean either",
        {
            "one/package/__init__.py": "",
            "one/package/ops.py": unmarked(OPS),
            "two/package/__init__.py": "",
            "two/package/ops.py": OTHER,
            "program.py": "from package.ops import f  # here\n\nf(1)\n",
        },
        refused="program.py",
        roots=("one", ""),
    ),
    PackageCase(
        "scripts that import what is beside them",
        {
            "scripts/ops.py": OPS,
            "scripts/first.py": "from ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
            "scripts/second.py": "import ops\n\nops.f⟦_mapped⟧(2)\n",
        },
        roots=(),
        scripts=("scripts/first.py", "scripts/second.py"),
    ),
    package(
        "scripts with a module that is called like one of the package, which has the mistake",
        {
            "user.py": USER,
            "scripts/ops.py": OTHER,
            "scripts/first.py": "from ops import f\n\nf(1)\n",
            "scripts/second.py": "import ops\n\nops.f(2)\n",
        },
        scripts=("scripts/first.py", "scripts/second.py"),
    ),
    package(
        "scripts with a module that is called like one of the package, and has the mistake",
        {
            "user.py": "from package.ops import f\n\nf(1)\n",
            "scripts/ops.py": OPS,
            "scripts/first.py": "from ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(2)\n",
        },
        ops=OTHER,
        scripts=("scripts/first.py",),
    ),
    package(
        "scripts that import the package from beside it",
        {"scripts/first.py": USER, "examples/plot.py": MODULE},
        scripts=("scripts/first.py", "examples/plot.py"),
    ),
    package(
        "a script inside the package, which imports what is beside it",
        {"package/script.py": "from ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n"},
        scripts=("package/script.py",),
    ),
    package(
        "tests that import from each other",
        {
            "tests/helpers.py": "from package.ops import f⟦_mapped⟧\n",
            "tests/conftest.py": "from helpers import f⟦_mapped⟧\n\nenergy = f⟦_mapped⟧\n",
            "tests/test_ops.py": "import helpers\n\nhelpers.f⟦_mapped⟧(1)\n",
        },
        roots=("", "tests"),
    ),
    package(
        "tests that are a package themselves",
        {
            "tests/__init__.py": "",
            "tests/helpers.py": "from package.ops import f⟦_mapped⟧\n",
            "tests/test_ops.py": "from .helpers import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
            "tests/ops.py": OTHER,
            "tests/test_other.py": "from tests.ops import f\n\nf(2)\n",
        },
    ),
    package(
        "a stub beside the module",
        {
            "package/ops.pyi": "def f⟦_mapped⟧(x: object) -> object: ...\ndef double(x: object) -> object: ...\n",
            "user.py": USER,
        },
    ),
    package(
        "stubs beside the package and what it exports",
        {
            "package/ops.pyi": "from typing import Any\n\nf⟦_mapped⟧: Any\n",
            "package/__init__.py": "from .ops import f⟦_mapped⟧\n",
            "package/__init__.pyi": 'from .ops import f⟦_mapped⟧\n\n__all__ = ["f⟦_mapped⟧"]\n',
            "user.py": "from package import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
        },
    ),
    package(
        "a stub of another module with a function of that name",
        {
            "package/other.py": OTHER,
            "package/other.pyi": "def f(site: int) -> object: ...\n",
            "user.py": USER,
        },
    ),
    package(
        "one file given, and modules above and beside it that import it",
        {
            "user.py": USER,
            "package/sub/__init__.py": "from ..ops import f⟦_mapped⟧\n",
            "tests/test.py": MODULE,
        },
        paths=("package/ops.py",),
    ),
    package(
        "the folder of the package given, and modules outside that import it",
        {"user.py": USER, "tests/test_ops.py": MODULE},
        paths=("package",),
    ),
    package(
        "a file given that has no finding, although it imports the name",
        {"user.py": unmarked(USER)},
        ops=unmarked(OPS),
        paths=("user.py",),
    ),
    refusal(
        "importers that are not looked for, where others could import the name",
        "ops.py",
        {"user.py": unmarked(USER)},
        paths=("package/ops.py",),
        switches={"importers": False},
    ),
    package(
        "importers that are not looked for, where the name begins with an underscore",
        {"user.py": "import package.ops\n"},
        ops=HIDDEN,
        paths=("package/ops.py",),
        switches={"importers": False},
    ),
    package(
        "importers that are not looked for, where the name is local to a function",
        {"user.py": "import package.ops\n"},
        ops="def make():\n"
        + "".join(f"    {line}" if line.strip() else line for line in OPS.splitlines(True))
        + "    return f⟦_mapped⟧\n\n\nmake()(1)\n",
        paths=("package/ops.py",),
        switches={"importers": False},
    ),
    package(
        "a function of that name in a module that nobody connects with this one",
        {
            "other.py": OTHER,
            "user.py": "from other import f\n\nf(1)\n",
            "ops_2.py": OTHER,
            "second.py": "import ops_2\n\nops_2.f(2)\n",
            "third.py": "from package.ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(3)\n",
        },
    ),
)
