"""``m.f``, whatever way the module was imported."""

from __future__ import annotations

from .case import OPS, OTHER, package

ATTRIBUTES = (
    package(
        "a module by its full name",
        {"user.py": "import package.ops\n\npackage.ops.f⟦_mapped⟧(1)\n"},
    ),
    package(
        "a module by its full name, in a function",
        {
            "user.py": """
                def use():
                    import package.ops

                    return package.ops.f⟦_mapped⟧(1)


                use()
                """
        },
    ),
    package(
        "a module under another name",
        {"user.py": "import package.ops as o\n\no.f⟦_mapped⟧(1)\n"},
    ),
    package(
        "a module imported from its package",
        {"user.py": "from package import ops\n\nops.f⟦_mapped⟧(1)\n"},
    ),
    package(
        "a module imported from its package under another name, with a name of the package's",
        {
            "package/__init__.py": "SCALE = 1\n",
            "user.py": "from package import SCALE, ops as o\n\no.f⟦_mapped⟧(1, SCALE)\n",
        },
    ),
    package(
        "a module beside it, by a relative import",
        {"package/user.py": "from . import ops\n\nops.f⟦_mapped⟧(1)\n"},
    ),
    package(
        "a module of the package above, by a relative import",
        {
            "package/sub/__init__.py": "",
            "package/sub/user.py": "from .. import ops as o\n\no.f⟦_mapped⟧(1)\n",
        },
    ),
    package(
        "a module that its package imported",
        {
            "package/__init__.py": "from . import ops\n",
            "first.py": "import package\n\npackage.ops.f⟦_mapped⟧(1)\n",
            "second.py": "import package as p\n\np.ops.f⟦_mapped⟧(2)\n",
        },
    ),
    package(
        "a module of a package inside the package",
        {
            "package/ops.py": "",
            "package/sub/__init__.py": "from . import ops\n",
            "package/sub/ops.py": OPS,
            "user.py": "from package import ops, sub\n\nsub.ops.f⟦_mapped⟧(1), ops.__name__\n",
        },
    ),
    package(
        "two modules of one package, of which one has a function of that name as well",
        {
            "package/other.py": OTHER,
            "user.py": """
                import package.ops, package.other

                package.ops.f⟦_mapped⟧(1), package.other.f(2)
                """,
        },
    ),
    package(
        "the name imported, and its module too",
        {
            "user.py": """
                import package.ops
                from package import ops
                from package.ops import f⟦_mapped⟧

                f⟦_mapped⟧(1), ops.f⟦_mapped⟧(2), package.ops.f⟦_mapped⟧(3)
                """
        },
    ),
    package(
        "an attribute that is kept under its own name",
        {"user.py": "from package import ops\n\nf = ops.f⟦_mapped⟧\nf(1)\n"},
    ),
    package(
        "attributes in defaults, decorators, lambdas and formatted strings",
        {
            "user.py": """
                from probing import marked

                from package import ops


                @marked(1, ops.f⟦_mapped⟧)
                def use(f=ops.f⟦_mapped⟧):
                    return f(2), (lambda: ops.f⟦_mapped⟧(3))()


                f"{use()} {ops.f⟦_mapped⟧(4)} f"
                """
        },
    ),
    package(
        "an attribute on a line of its own",
        {
            "user.py": """
                from package import ops

                (
                    ops
                    .f⟦_mapped⟧(1)
                )
                ops.\\
                    f⟦_mapped⟧(2)
                ops . f⟦_mapped⟧ (3)
                """
        },
    ),
    package(
        "a module that import_module gives, at once and under a name",
        {
            "user.py": """
                import importlib
                from importlib import import_module

                importlib.import_module("package.ops").f⟦_mapped⟧(1)
                o = import_module("package.ops")
                o.f⟦_mapped⟧(2)
                """
        },
    ),
    package(
        "a module that import_module gives in a function",
        {
            "user.py": """
                from importlib import import_module


                def use():
                    ops = import_module("package.ops")
                    return ops.f⟦_mapped⟧(1)


                use()
                """
        },
    ),
    package(
        "a module that import_module gives by a relative name",
        {
            "package/user.py": """
                from importlib import import_module

                ops = import_module(".ops", "package")
                ops.f⟦_mapped⟧(1)
                """
        },
    ),
    package(
        "another module that import_module gives",
        {
            "package/other.py": OTHER,
            "user.py": """
                from importlib import import_module

                import_module("package.other").f(1)
                """,
        },
    ),
    package(
        "a module that is None where the import fails",
        {
            "user.py": """
                try:
                    from package import ops
                except ImportError:
                    ops = None

                if ops is not None:
                    ops.f⟦_mapped⟧(1)
                """
        },
    ),
    package(
        "an attribute that is set to something else",
        {
            "user.py": """
                from probing import probe

                from package import ops

                ops.f⟦_mapped⟧ = probe
                ops.f⟦_mapped⟧(1)
                """
        },
    ),
    package(
        "a function that imports its own module",
        {"user.py": "from package.ops import use\n\nuse()\n"},
        ops=OPS
        + "\n\ndef use():\n    import package.ops as me\n    from package import ops\n\n"
        + "    return ops.f⟦_mapped⟧(1), me.f⟦_mapped⟧(2)\n",
    ),
    package(
        "a rule that reads the primal through its own module",
        {"user.py": "import package.ops\n"},
        ops=OPS.replace(
            "    return (g,)\n", "    from package import ops\n\n    ops.f(101)\n    return (g,)\n"
        )
        + "f⟦_mapped⟧(1)\n",
    ),
    package(
        "an attribute of another module",
        {
            "package/other.py": OTHER,
            "user.py": "from package import ops, other\n\nother.f(1), ops.double(2)\n",
        },
    ),
    package(
        "another module under the name of this one",
        {
            "package/other.py": OTHER,
            "user.py": "import package.ops\nfrom package import other as ops\n\nops.f(1)\n",
        },
    ),
    package(
        "an attribute of an object that a parameter holds",
        {
            "user.py": """
                from probing import box, probe

                from package import ops


                def use(ops):
                    return ops.f(1)


                use(box(f=probe)), ops.double(3)
                """
        },
    ),
    package(
        "an attribute of an object of a class that is known",
        {
            "user.py": """
                from probing import probe

                from package import ops


                class Model:
                    def __init__(self):
                        self.f = probe

                    def use(self):
                        return self.f(1)


                Model().use(), ops.double(2)
                """
        },
    ),
    package(
        "keywords and attributes of things that are no modules",
        {
            "user.py": """
                from probing import box, probe

                from package.ops import double

                table = box(f=probe)
                table.f(1), double(2)
                """
        },
    ),
)
