"""Imports that run under a condition, for the type checker alone, or in a circle."""

from __future__ import annotations

from .case import OPS, OTHER, PRIMAL, package, refusal

ORDER = (
    package(
        "an import under a condition",
        {
            "user.py": """
                from probing import flag

                if flag:
                    from package.ops import f⟦_mapped⟧

                    f⟦_mapped⟧(1)
                """
        },
    ),
    package(
        "a module that imports its importer for the type checker alone",
        {
            "package/user.py": "from package.ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n",
            "run.py": "import package.ops\nimport package.user\n",
        },
        ops="import typing\n\nif typing.TYPE_CHECKING:\n    # what the types need\n    from package import user\n\n"
        + OPS,
    ),
    package(
        "one name from one of two modules keeps its name",
        {
            "package/other.py": OTHER,
            "user.py": """
                from probing import flag

                if flag:
                    from package.ops import f⟦_mapped as f⟧
                else:
                    from package.other import f

                f(1)
                """,
        },
    ),
    package(
        "a name that is None where the import fails keeps its name",
        {
            "user.py": """
                try:
                    from package.ops import f⟦_mapped as f⟧
                except ImportError:
                    f = None

                if f is not None:
                    f(1)
                """
        },
    ),
    package(
        "an import for a package and for a script, one after the other, keeps its name",
        {
            "package/user.py": """
                try:
                    from .ops import f⟦_mapped as f⟧
                except ImportError:
                    from ops import f⟦_mapped as f⟧

                f(1)
                """,
            "program.py": "import package.user\n",
        },
        scripts=("package/user.py",),
    ),
    package(
        "an import for the type checker, used in annotations",
        {
            "user.py": """
                from __future__ import annotations

                from typing import TYPE_CHECKING

                from probing import probe

                if TYPE_CHECKING:
                    from package.ops import f⟦_mapped⟧


                def use(operation: f⟦_mapped⟧) -> None:
                    probe(1)


                use(None)
                """
        },
    ),
    package(
        "an import for the type checker, with another value at run time, keeps its name",
        {
            "user.py": """
                from typing import TYPE_CHECKING

                from probing import probe

                if TYPE_CHECKING:
                    from package.ops import f⟦_mapped as f⟧
                else:
                    f = probe

                f(1)
                """
        },
    ),
    package(
        "a circular import in a function runs when the module is whole",
        {
            "package/user.py": """
                def use():
                    from package.ops import f⟦_mapped⟧

                    return f⟦_mapped⟧(1)
                """
        },
        ops=PRIMAL.replace("import jax\n", "import jax\n\nfrom package.user import use\n")
        + "f⟦_mapped⟧ = jax.vmap(f)\nuse()\n",
    ),
    package(
        "a circular import at the end of the module comes after the rebinding",
        {"package/user.py": "from package.ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n"},
        ops=OPS + "\nfrom package import user\n",
    ),
    package(
        "an alias that is needed in the module, and the module that imports the name",
        {"user.py": "from package.ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n"},
        ops="from probing import flag\n\n"
        + PRIMAL
        + "⟦f_mapped = f\n⟧if flag:\n    f⟦_mapped⟧ = jax.vmap(f)\n",
    ),
    refusal(
        "one of two modules, by a condition",
        "user.py",
        {
            "package/other.py": OTHER,
            "user.py": """
                from probing import flag

                if flag:
                    from package import ops
                else:
                    from package import other as ops

                ops.f(1)  # here
                """,
        },
    ),
    refusal(
        "a circular import before the rebinding, which gets either version",
        "(?s)user.py.*",
        {"package/user.py": "from package.ops import f  # here\n\nf(1)\n"},
        ops=PRIMAL + "\nimport package.user\n\nf = jax.vmap(f)\n",
    ),
    refusal(
        "a circular import before the rebinding, through a third module",
        "user.py",
        {
            "package/third.py": "import package.user\n",
            "package/user.py": "from package.ops import f  # here\n\nf(1)\n",
        },
        ops=PRIMAL + "\nimport package.third\n\nf = jax.vmap(f)\n",
    ),
    refusal(
        "a circular import of the module before the rebinding, which is used at once",
        "user.py",
        {"package/user.py": "import package.ops as ops\n\nops.f(1)  # here\n"},
        ops=PRIMAL + "\nimport package.user\n\nf = jax.vmap(f)\n",
    ),
    package(
        "a circular import of the module before the rebinding, which is used later",
        {
            "package/user.py": "from package import ops\n\n\ndef use():\n    return ops.f⟦_mapped⟧(1)\n",
            "program.py": "import package.ops\nfrom package import user\n\nuser.use()\n",
        },
        ops=PRIMAL.replace("import jax\n", "import jax\n\nfrom package import user\n")
        + "f⟦_mapped⟧ = jax.vmap(f)\n",
    ),
    refusal(
        "a circular import of the module before the rebinding, which is used before it and after it",
        "user.py",
        {
            "package/user.py": "from package import ops\n\n\ndef use():\n    return ops.f(1)  # here\n",
            "program.py": "import package.ops\nfrom package import user\n\nuser.use()\n",
        },
        ops=PRIMAL.replace("import jax\n", "import jax\n\nfrom package import user\n")
        + "user.use()\nf = jax.vmap(f)\n",
        not_run=("package/user.py",),
    ),
)
