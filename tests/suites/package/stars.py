"""``from m import *``."""

from __future__ import annotations

from .case import OPS, OTHER, PRIMAL, package, refusal

STAR = "from package.ops import *\n"
USE = "\nf⟦_mapped⟧(1)\n"
HIDDEN = OPS.replace("f⟦_mapped⟧ = jax.vmap(f)", "_f⟦_mapped⟧ = jax.vmap(_f)").replace("f(100)", "_f(100)")
HIDDEN = HIDDEN.replace("def f(x)", "def _f(x)").replace("f.defvjp", "_f.defvjp")

STARS = (
    package(
        "everything imported from the module",
        {"user.py": STAR + USE + "\n\ndef use():\n    return f⟦_mapped⟧(2)\n\n\nuse(), double(3)\n"},
    ),
    package(
        "everything imported from the module, beside it",
        {"package/user.py": "from .ops import *" + USE},
    ),
    package(
        "everything imported from a module that says what that is",
        {"user.py": STAR + USE},
        ops=OPS + '\n__all__ = ["f⟦_mapped⟧", "double"]\n',
    ),
    package(
        "everything of everything",
        {
            "package/__init__.py": "from .ops import *\n",
            "facade.py": "from package import *\n",
            "first.py": "from facade import *" + USE,
            "second.py": "from facade import f⟦_mapped⟧" + USE,
            "third.py": "import package\n\npackage.f⟦_mapped⟧(1)\n",
        },
    ),
    package(
        "everything, of which the package exports the name",
        {
            "package/__init__.py": 'from .ops import *\n\n__all__ = ["f⟦_mapped⟧"]\n',
            "user.py": "from package import *" + USE,
        },
    ),
    package(
        "everything of a package that lists its modules",
        {
            "package/__init__.py": '__all__ = ["ops"]\n',
            "user.py": "from package import *\n\nops.f⟦_mapped⟧(1)\n",
        },
    ),
    package(
        "a name with an underscore that the module lists",
        {"user.py": STAR + "\n_f⟦_mapped⟧(1)\n"},
        ops=HIDDEN + '\n__all__ = ["_f⟦_mapped⟧"]\n',
    ),
    package(
        "everything of a module with that name, and then everything of this one",
        {"package/other.py": OTHER, "user.py": "from package.other import *\n" + STAR + USE},
    ),
    package(
        "everything of an unknown module, and then everything of this one",
        {"user.py": "from probing import *\n" + STAR + USE},
    ),
    package(
        "the name, and then everything of an unknown module, keeps its name",
        {"user.py": "from package.ops import f⟦_mapped as f⟧\nfrom probing import *\n\nf(1)\n"},
    ),
    package(
        "everything, and functions that call something else by that name",
        {
            "user.py": STAR
            + """
def use(f):
    return f(1), [f(2) for f in (double,)]


use(double), f⟦_mapped⟧(3)
"""
        },
    ),
    package(
        "everything, and then everything of another module with that name",
        {"package/other.py": OTHER, "user.py": STAR + "from package.other import *\n\nf(1), double(2)\n"},
    ),
    package(
        "everything, and then the name from another module",
        {"package/other.py": OTHER, "user.py": STAR + "from package.other import f\n\nf(1), double(2)\n"},
    ),
    package(
        "everything, and then a function of that name",
        {"user.py": STAR + "\n\ndef f(x):\n    return double(x)\n\n\nf(1)\n"},
    ),
    package(
        "everything but the name, which the module does not list",
        {
            "package/other.py": OTHER,
            "user.py": "from package.other import f\n" + STAR + "\nf(1), double(2)\n",
        },
        ops=OPS + '\n__all__ = ["double"]\n',
    ),
    package(
        "everything but the name, which begins with an underscore",
        {"user.py": "from probing import probe as _f\n" + STAR + "\n_f(1), double(2)\n"},
        ops=HIDDEN,
    ),
    package(
        "everything of another module that is called like this one",
        {
            "more/__init__.py": "",
            "more/ops.py": OTHER,
            "user.py": "from more.ops import *\n\nf(1)\n",
            "second.py": STAR + USE,
        },
    ),
    package(
        "everything, where the first choice of a name is taken",
        {"user.py": STAR + "\nf⟦_mapped_2⟧(1)\nf_mapped = double\nf_mapped(2)\n"},
        ops=PRIMAL + "f⟦_mapped_2⟧ = jax.vmap(f)\n",
    ),
    refusal(
        "everything, and then everything of an unknown module",
        "user.py:2",
        {"user.py": STAR + "from probing import *  # here\n\nf(1)\n"},
    ),
    refusal(
        "everything, and now and then something else by that name",
        "user.py",
        {"user.py": "from probing import flag\n" + STAR + "\nif flag:\n    f = double\n\nf(1)\n"},
    ),
    refusal(
        "everything, with the module's list of names kept under another name",
        "__all__",
        {"user.py": "from package.ops import *  # here\n\nf(1)\n"},
        ops=PRIMAL + 'f = jax.vmap(f)\n\nnames = ["double", "f"]\n__all__ = names\n',
    ),
    refusal(
        "everything, with a name in the module's list that is put together",
        "__all__",
        {"user.py": "from package.ops import *  # here\n\nf(1)\n"},
        ops=PRIMAL + 'f = jax.vmap(f)\n\nname = "f"\n__all__ = ["double", name]\n',
    ),
)
