"""Importing modules in which the name, or the new one, means something else as well."""

from __future__ import annotations

from .case import PackageCase, package

RENAMED = "from package.ops import double, f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n\n"
ALIASED = "from package.ops import double, f⟦_mapped as f⟧\n\nf(1)\n\n"


def renamed(case_id: str, rest: str) -> PackageCase:
    """The import is renamed with its uses."""
    return package(case_id, {"user.py": RENAMED + rest})


def aliased(case_id: str, rest: str) -> PackageCase:
    """The import gives the transformed version under the old name; nothing else changes in the module."""
    reader = "from user import f\nimport user\n\nf(90), user.f(91)\n" if "del f" not in rest else ""
    return package(case_id, {"user.py": ALIASED + rest, "reader.py": reader})


SHADOWING = (
    renamed(
        "a parameter of that name", "def use(f, /, g=f⟦_mapped⟧):\n    return f(2), g(3)\n\nuse(double)\n"
    ),
    renamed("a parameter with the name as its default", "def use(f=f⟦_mapped⟧):\n    return f(2)\n\nuse()\n"),
    renamed("a parameter of a lambda", "(lambda f: f(2))(double), (lambda: f⟦_mapped⟧(3))()\n"),
    renamed("a variable of a function", "def use():\n    f = double\n    return f(2)\n\nuse()\n"),
    renamed(
        "a variable of a function in a function",
        "def use():\n    def deep():\n        f = double\n        return f(2)\n\n"
        "    return deep(), f⟦_mapped⟧(3)\n\nuse()\n",
    ),
    renamed("a variable of a comprehension", "[f(2) for f in (double, f⟦_mapped⟧)]\n"),
    renamed(
        "the name of an error, of a file, of a match and of an import in a function",
        """
def use():
    try:
        raise ValueError
    except ValueError as f:
        f.args


def read(manager):
    with manager as f:
        f(2)


def match(subject):
    match subject:
        case {"f": f}:
            return f(3)


def local():
    from probing import probe as f

    return f(4)


use(), match({"f": double}), local()
""",
    ),
    renamed(
        "an attribute, a keyword and a key",
        "from probing import box\n\nbox(f=double).f(2), dict(f=f⟦_mapped⟧)['f'](3)\n",
    ),
    renamed(
        "an attribute of a class in the importing module",
        "class Table:\n    f = double\n    g = f\n\n    def use(self):\n        return f⟦_mapped⟧(2)\n\n"
        "Table.f(3), Table.g(4), Table().use()\n",
    ),
    renamed(
        "an attribute of a class that is made of the name",
        "class Table:\n    f = staticmethod(f⟦_mapped⟧)\n\nTable.f(3)\n",
    ),
    aliased(
        "an attribute of a class that may be made of the name",
        "class Table:\n    for _ in range(2):\n        f = staticmethod(f)\n\n",
    ),
    renamed("a method", "class Model:\n    def f(self, x):\n        return f⟦_mapped⟧(x)\n\nModel().f(2)\n"),
    renamed(
        "a global statement that only reads",
        "def use():\n    global f⟦_mapped⟧\n    return f⟦_mapped⟧(2)\n\nuse()\n",
    ),
    aliased("the new name is a variable of the module", "f_mapped = double\nf_mapped(2)\n"),
    aliased("the new name is a function of the module", "def f_mapped(x):\n    return f(x)\n\nf_mapped(2)\n"),
    aliased(
        "the new name is a variable of a function that uses the old one",
        "def use(xs):\n    f_mapped = f(2)\n    return f_mapped\n\nuse(None)\n",
    ),
    aliased(
        "the new name is imported from elsewhere", "from probing import probe as f_mapped\nf_mapped(2)\n"
    ),
    aliased("the name is given something else later", "f = double\nf(2)\n"),
    aliased(
        "the name is given something else in a branch",
        "from probing import flag\nif flag:\n    f = double\nf(2)\n",
    ),
    aliased("a function of that name follows", "def f(x):\n    return double(x)\n\nf(2)\n"),
    aliased(
        "a class of that name follows", "class f:\n    def __init__(self, x):\n        double(x)\n\nf(2)\n"
    ),
    aliased("a loop takes the name", "for f in (double,):\n    f(2)\n"),
    aliased("a walrus in a comprehension takes the name", "[(f := double) for _ in range(1)]\nf(2)\n"),
    aliased("a global statement takes the name", "def use():\n    global f\n    f = double\n\nuse()\nf(2)\n"),
    aliased("an error takes the name", "try:\n    raise ValueError\nexcept ValueError as f:\n    del f\n"),
    aliased("the name is deleted", "del f\ndouble(2)\n"),
    aliased("the name is read from globals()", "globals()['f'](2)\n"),
    aliased("the name is read from vars()", "vars()['f'](2)\n"),
    aliased("the name is part of a program in a string", "exec('f(2)')\n"),
    aliased(
        "the importing module transforms it again under its name",
        "import jax\n\nf = jax.jit(f)\nf(2)\n",
    ),
    package(
        "the new name is a parameter of the function that imports the old one",
        {
            "user.py": """
                def use(f_mapped):
                    from package.ops import f⟦_mapped as f⟧

                    return f(1), f_mapped


                use(None)
                """
        },
    ),
    package(
        "the name is given something else in the function that imports it",
        {
            "user.py": """
                from probing import probe


                def use():
                    from package.ops import f⟦_mapped as f⟧

                    f(1)
                    f = probe
                    return f(2)


                use()
                """
        },
    ),
    package(
        "the new name is a variable of the module, which asks the other module for its attribute",
        {"user.py": "from package import ops\n\nf_mapped = ops.f⟦_mapped⟧\nf = f_mapped\nf(1)\n"},
    ),
)
