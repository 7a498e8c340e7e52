"""``from m import f``, in every place and form."""

from __future__ import annotations

from .case import OPS, PRIMAL, package

RELATIVE = """
    from {dots}ops import f⟦_mapped⟧

    f⟦_mapped⟧(1)
    """

IMPORTS = (
    package(
        "a name imported from a module, with its uses",
        {
            "user.py": """
                from package.ops import f⟦_mapped⟧

                f⟦_mapped⟧(1)


                def use():
                    return f⟦_mapped⟧(2)


                use()
                """
        },
    ),
    package(
        "a module above is changed although it was imported by the one that defines the name",
        {
            "package/settings.py": "SCALE = 1\n",
            "user.py": """
                from package.settings import SCALE
                from package.ops import f⟦_mapped⟧

                f⟦_mapped⟧(1, SCALE)
                """,
        },
        ops=OPS.replace("import jax\n", "import jax\n\nfrom package.settings import SCALE\n"),
    ),
    package(
        "several names in one import",
        {
            "user.py": """
                from package.ops import double, f⟦_mapped⟧, jax

                f⟦_mapped⟧(1), double(2), jax.vmap(f⟦_mapped⟧)(3)
                """
        },
    ),
    package(
        "an import in parentheses, with comments and a comma at the end",
        {
            "user.py": """
                from package.ops import (  # what we need: f
                    double,
                    f⟦_mapped⟧,  # the mapped f
                )

                f⟦_mapped⟧ (1)  # f
                """
        },
    ),
    package(
        "an import over two lines by a backslash",
        {
            "user.py": """
                from package.ops \\
                    import f⟦_mapped⟧
                f⟦_mapped⟧(1)
                """
        },
    ),
    package(
        "an import and its use on one line",
        {"user.py": "from package.ops import f⟦_mapped⟧; f⟦_mapped⟧(1)\n"},
    ),
    package(
        "a name imported under another name changes in the import alone",
        {
            "user.py": """
                from package.ops import f⟦_mapped⟧ as energy

                energy(1)
                f = energy
                f(2)
                """
        },
    ),
    package(
        "a name imported as itself changes in the import alone",
        {"user.py": "from package.ops import f⟦_mapped⟧ as f\n\nf(1)\n"},
    ),
    package(
        "an import in a function",
        {
            "user.py": """
                def use():
                    from package.ops import f⟦_mapped⟧

                    def deeper():
                        return f⟦_mapped⟧(1)

                    return f⟦_mapped⟧(2), deeper()


                use()
                """
        },
    ),
    package(
        "an import in a method, beside an attribute and a keyword of that name",
        {
            "user.py": """
                from probing import box, keep


                class Model:
                    def use(self):
                        from package.ops import f⟦_mapped⟧

                        return f⟦_mapped⟧(1), keep(value=f⟦_mapped⟧), box(f=f⟦_mapped⟧).f


                Model().use()
                """
        },
    ),
    package(
        "an import in two functions, one of which has a variable of that name",
        {
            "user.py": """
                from probing import probe


                def first():
                    from package.ops import f⟦_mapped⟧

                    return f⟦_mapped⟧(1)


                def second():
                    f = probe
                    return f(2)


                def third():
                    from package.ops import f⟦_mapped⟧

                    return f⟦_mapped⟧(3)


                first(), second(), third()
                """
        },
    ),
    package(
        "an import in a class body makes an attribute, which keeps its name",
        {
            "user.py": """
                class Table:
                    from package.ops import f⟦_mapped as f⟧

                    first = f(1)


                Table.f(2)
                """
        },
    ),
    package("a relative import", {"package/user.py": RELATIVE.format(dots=".")}),
    package(
        "a relative import from the package above",
        {"package/sub/__init__.py": "", "package/sub/user.py": RELATIVE.format(dots="..")},
    ),
    package(
        "a relative import from two packages above",
        {
            "package/sub/__init__.py": "",
            "package/sub/deep/__init__.py": "",
            "package/sub/deep/user.py": RELATIVE.format(dots="..."),
        },
    ),
    package(
        "a relative import in the __init__ of a package inside the package",
        {"package/sub/__init__.py": RELATIVE.format(dots="..")},
    ),
    package(
        "the program of a package",
        {
            "package/__main__.py": "from .ops import f⟦_mapped⟧\n\nif __name__:\n    f⟦_mapped⟧(1)\n",
        },
    ),
    package(
        "a name of the package itself",
        {
            "package/__init__.py": OPS,
            "package/user.py": "from . import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
            "first.py": "from package import f⟦_mapped⟧\n\nf⟦_mapped⟧(2)\n",
            "second.py": "import package\n\npackage.f⟦_mapped⟧(3)\n",
        },
        ops="",
    ),
    package(
        "uses in defaults, decorators, lambdas, comprehensions and formatted strings",
        {
            "user.py": """
                from probing import marked, probe

                from package.ops import f⟦_mapped⟧

                table = {"f": f⟦_mapped⟧, "g": lambda site: f⟦_mapped⟧(site)}
                table["f"](1), table["g"](2)


                @marked(3, f⟦_mapped⟧)
                def use(operation=f⟦_mapped⟧):
                    return [operation(4) for f in range(1)], [f⟦_mapped⟧(5) for _ in range(1)]


                f"{use()} {f⟦_mapped⟧(6)} f"
                """
        },
    ),
    package(
        "line ends of Windows in the module that imports",
        {"user.py": "from package.ops import f⟦_mapped⟧\r\n\r\nf⟦_mapped⟧(1)\r\n"},
    ),
    package(
        "a byte order mark, no newline at the end and letters of two widths in the module that imports",
        {"user.py": "\ufefffrom package.ops import f⟦_mapped⟧\n'größe 🙂', f⟦_mapped⟧(1)"},
    ),
    package(
        "another encoding in the module that imports",
        {"user.py": "# coding: latin-1\nfrom package.ops import f⟦_mapped⟧\n'größe', f⟦_mapped⟧(1)\n"},
    ),
    package(
        "a new name with a number, because the first choice is taken in the module",
        {"user.py": "from package.ops import f⟦_mapped_2⟧, f_mapped\n\nf⟦_mapped_2⟧(1), f_mapped(2)\n"},
        ops=PRIMAL + "f_mapped = double\nf⟦_mapped_2⟧ = jax.vmap(f)\n",
    ),
    package(
        "a new name that the configuration gives",
        {"user.py": "from package.ops import f⟦_batched⟧\n\nf⟦_batched⟧(1)\n"},
        ops=PRIMAL + "f⟦_batched⟧ = jax.vmap(f)\n",
        options={"names": {"f": "f_batched"}},
    ),
    package(
        "a derivative that took the name over",
        {"user.py": "from package.ops import f⟦_grad⟧\n\nf⟦_grad⟧(1)\n"},
        ops=PRIMAL + "f⟦_grad⟧ = jax.grad(f)\n",
    ),
    package(
        "other names of the module",
        {
            "user.py": """
                from package.ops import double


                def f(site):
                    return double(site)


                f(1)
                """
        },
    ),
    package(
        "a module that is imported and has a function of that name itself",
        {"user.py": "import package.ops\n\n\ndef f(x):\n    return package.ops.double(x)\n\n\nf(1)\n"},
    ),
    package(
        "a name of a module that is not here",
        {"user.py": "from probing import probe as f\n\nimport package.ops\n\nf(1)\n"},
    ),
    package(
        "a module that cannot be read and does not know the name",
        {"user.py": "from package.ops import double\nprint double\n"},
        not_run=("user.py",),
    ),
)
