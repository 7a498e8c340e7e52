"""A name that goes on through other modules."""

from __future__ import annotations

from .case import OPS, OTHER, PackageCase, package

USER = "from package import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n"


def listed(case_id: str, exports: str) -> PackageCase:
    """A package that exports the name, in some form of ``__all__``, to a module and to a star."""
    init = f"from .ops import double, f⟦_mapped⟧\n{exports}\n"
    star = "from package import *\n\nf⟦_mapped⟧(2), double(3)\n"
    return package(case_id, {"package/__init__.py": init, "user.py": USER, "star.py": star})


REEXPORTS = (
    package(
        "a name that the package exports",
        {
            "package/__init__.py": "from .ops import f⟦_mapped⟧\n",
            "first.py": USER,
            "second.py": "import package\n\npackage.f⟦_mapped⟧(1), package.ops.f⟦_mapped⟧(2)\n",
            "package/third.py": "from . import f⟦_mapped⟧ as g\n\ng(1)\n",
        },
    ),
    package(
        "a name that the package exports by an import of its full name",
        {"package/__init__.py": "from package.ops import f⟦_mapped⟧\n", "user.py": USER},
    ),
    package(
        "a chain of four modules",
        {
            "package/__init__.py": "",
            "package/sub/__init__.py": "from ..ops import f⟦_mapped⟧\n",
            "package/api.py": "from package.sub import f⟦_mapped⟧\n",
            "facade.py": "from package.api import f⟦_mapped⟧\n",
            "user.py": "import facade\n\nfacade.f⟦_mapped⟧(1)\n",
        },
    ),
    package(
        "a chain that no module of it meant to be one",
        {
            "first.py": "from package.ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
            "second.py": "from first import f⟦_mapped⟧\n\nf⟦_mapped⟧(2)\n",
        },
    ),
    package(
        "a chain that goes on under another name",
        {
            "package/__init__.py": "from .ops import f⟦_mapped⟧ as energy\n",
            "first.py": "from package import energy\n\nenergy(1)\n",
            "second.py": "import package\n\npackage.energy(2), package.ops.f⟦_mapped⟧(3)\n",
        },
    ),
    package(
        "a chain that goes on under the same name, said twice",
        {
            "package/__init__.py": "from .ops import f⟦_mapped⟧ as f\n",
            "user.py": "from package import f\n\nf(1)\n",
        },
    ),
    package(
        "a chain that goes on by an assignment",
        {
            "package/__init__.py": "from . import ops\n\nf = ops.f⟦_mapped⟧\n",
            "user.py": "from package import f\n\nf(1)\n",
        },
    ),
    package(
        "a chain that goes on by a function of that name",
        {
            "package/__init__.py": """
                from .ops import f⟦_mapped⟧ as _f


                def f(site):
                    return _f(site)
                """,
            "user.py": "from package import f\n\nf(1)\n",
        },
    ),
    package(
        "a chain through a module where the new name is taken",
        {
            "package/__init__.py": "from .ops import f⟦_mapped as f⟧\n\nf_mapped = None\n",
            "user.py": "import package\nfrom package import f\n\nf(1), package.f(2), package.f_mapped\n",
        },
    ),
    package(
        "a chain through a module that has the name from elsewhere too",
        {
            "package/other.py": OTHER,
            "package/__init__.py": """
                try:
                    from .ops import f⟦_mapped as f⟧
                except ImportError:
                    from .other import f
                """,
            "user.py": "from package import f\n\nf(1)\n",
        },
    ),
    package(
        "a chain of packages inside packages",
        {
            "package/sub/__init__.py": "from .ops import f⟦_mapped⟧\n",
            "package/sub/ops.py": OPS,
            "package/__init__.py": "from .sub import f⟦_mapped⟧\n",
            "user.py": USER,
        },
        ops="",
    ),
    package(
        "a module that is called as its function",
        {
            "package/ops.py": "",
            "package/f.py": OPS,
            "package/__init__.py": "from .f import f⟦_mapped⟧\n",
            "user.py": USER + "from package.f import double\ndouble(2)\n",
        },
    ),
    listed("a list of exported names", '__all__ = ["double", "f⟦_mapped⟧"]'),
    listed("a tuple of exported names", "__all__ = 'double', 'f⟦_mapped⟧'"),
    listed("a list of exported names with a type", '__all__: list[str] = ["double", "f⟦_mapped⟧"]'),
    listed("a list of exported names that is added to", '__all__ = ["double"]\n__all__ += ["f⟦_mapped⟧"]'),
    listed(
        "a list of exported names that is extended",
        '__all__ = ["double"]\n__all__.extend(["f⟦_mapped⟧"])',
    ),
    listed(
        "a list of exported names that one is appended to",
        '__all__ = ["double"]\n__all__.append("f⟦_mapped⟧")',
    ),
    package(
        "a list of exported names that is put together",
        {
            "package/more.py": '__all__ = ["SCALE"]\nSCALE = 1\n',
            "package/__init__.py": """
                from . import more
                from .more import *
                from .ops import double, f⟦_mapped⟧

                __all__ = ["double"] + ["f⟦_mapped⟧"] + more.__all__
                """,
            "user.py": USER,
            "star.py": "from package import *\n\nf⟦_mapped⟧(2)\nSCALE + 1\n",
        },
    ),
    package(
        "a list of exported names made of the lists of its modules",
        {
            "package/__init__.py": """
                from . import ops
                from .ops import *

                __all__ = [*ops.__all__]
                """,
            "user.py": USER,
            "star.py": "from package import *\n\nf⟦_mapped⟧(2)\n",
        },
        ops=OPS + '\n__all__ = ["double", "f⟦_mapped⟧"]\n',
    ),
    package(
        "a name that the package exports from another module",
        {
            "package/other.py": OTHER,
            "package/__init__.py": 'from . import ops\nfrom .other import f\n\n__all__ = ["f"]\n',
            "user.py": "from package import f\n\nf(1)\n",
            "star.py": "from package import *\n\nf(2)\n",
        },
    ),
    package(
        "a package that defines the name itself",
        {
            "package/__init__.py": OTHER + "\n\nfrom . import ops\n",
            "user.py": "import package\nfrom package import f\n\nf(1), package.f(2)\n",
        },
    ),
    package(
        "another name of the package that was made of this one",
        {
            "package/__init__.py": "from .ops import f⟦_mapped⟧\n\nenergy = f⟦_mapped⟧\n",
            "user.py": "from package import energy as f\n\nf(1)\n",
        },
    ),
)
