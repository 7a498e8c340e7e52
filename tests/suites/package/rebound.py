"""Names that another module takes over (VJP005), and imported names that are rebound (VJP006)."""

from __future__ import annotations

from .case import OTHER, PRIMAL, package, refusal

LOCAL = {"options": {"extend_select": ("VJP006",)}, "harmless": True}

REBOUND = (
    package(
        "an attribute of the module that another module rebinds",
        {
            "user.py": """
                import jax

                from package import ops

                ops.f(1)
                ops.f⟦_mapped⟧ = jax.vmap(ops.f)
                ops.f⟦_mapped⟧(2)
                """
        },
        ops=PRIMAL,
    ),
    package(
        "an attribute of the module that setattr rebinds",
        {
            "user.py": """
                import jax

                import package.ops

                setattr(package.ops, "f⟦_mapped⟧", jax.vmap(package.ops.f))
                package.ops.f⟦_mapped⟧(1), getattr(package.ops, "f⟦_mapped⟧")(2)
                """
        },
        ops=PRIMAL,
    ),
    package(
        "an attribute of the module that gets a mapped version by its name",
        {
            "user.py": """
                import jax

                from package import ops

                mapped = jax.vmap(ops.f)
                ops.f⟦_mapped⟧ = mapped
                ops.f⟦_mapped⟧(2)
                """
        },
        ops=PRIMAL,
    ),
    package(
        "an attribute of the module among several targets",
        {
            "user.py": """
                import jax

                from package import ops

                mapped = ops.f⟦_mapped⟧ = jax.vmap(ops.f)
                mapped(1), ops.f⟦_mapped⟧(2)
                """
        },
        ops=PRIMAL,
    ),
    package(
        "a name that the module rebinds through globals()",
        {"user.py": "from package.ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n"},
        ops=PRIMAL + 'globals()["f⟦_mapped⟧"] = jax.vmap(f)\nf⟦_mapped⟧(2)\n',
    ),
    package(
        "an attribute that two modules could see, one of them before the rebinding and one after it",
        {
            "before.py": "from package.ops import f\n\nf(1)\n",
            "user.py": """
                import jax

                import before
                from package import ops

                ops.f = jax.vmap(ops.f)  # here
                ops.f(2)
                """,
        },
        ops=PRIMAL,
        refused="user.py|before.py",
    ),
    refusal(
        "an attribute that another module rebinds and the module's own functions read",
        "user.py|ops.py",
        {
            "user.py": """
                import jax

                from package import ops

                ops.f = jax.vmap(ops.f)
                ops.use(1)
                """
        },
        ops=PRIMAL + "\n\ndef use(site):\n    return f(site)  # here\n",
    ),
    refusal(
        "an attribute that a function rebinds, called or not",
        "user.py|third.py",
        {
            "user.py": """
                import jax

                from package import ops


                def activate():
                    ops.f = jax.vmap(ops.f)


                ops.f(1)
                """,
            "third.py": "import user\nfrom package import ops\n\nuser.activate()\nops.f(2)  # here\n",
        },
        ops=PRIMAL,
    ),
    refusal(
        "an attribute that is rebound in a module that imports the name as well",
        "user.py:3",
        {
            "user.py": """
                import jax
                from package import ops
                from package.ops import f  # here

                ops.f = jax.vmap(f)  # here
                ops.f(1), f(2)
                """
        },
        ops=PRIMAL,
    ),
    refusal(
        "an attribute that is rebound on one path",
        "user.py:.*alias",
        {
            "user.py": """
                import jax
                from package import ops

                if jax:  # here
                    ops.f = jax.vmap(ops.f)
                ops.f(1)
                """
        },
        ops=PRIMAL,
    ),
    package(
        "a name that the module rebinds by setattr",
        {"user.py": "from package.ops import f⟦_mapped⟧\n\nf⟦_mapped⟧(1)\n"},
        ops=f'import sys\n\n{PRIMAL}setattr(sys.modules[__name__], "f⟦_mapped⟧", jax.vmap(f))\nf⟦_mapped⟧(2)\n',
    ),
    package(
        "an attribute of another module that gets the transformed version",
        {
            "package/other.py": OTHER,
            "user.py": """
                import jax

                from package import ops, other

                other.f = jax.vmap(ops.f)
                other.f(1), ops.f(2)
                """,
        },
        ops=PRIMAL,
        harmless=True,
    ),
    package(
        "an attribute of the module with a name of its own",
        {"user.py": "import jax\n\nfrom package import ops\n\nops.g = jax.vmap(ops.f)\nops.g(1), ops.f(2)\n"},
        ops=PRIMAL,
        harmless=True,
    ),
    package(
        "an imported name that is rebound, which does no harm",
        {"user.py": "import jax\n\nfrom package.ops import f\n\nf = jax.vmap(f)\nf(1)\n"},
        ops=PRIMAL,
        harmless=True,
    ),
    package(
        "an imported name that is rebound, fixed on request",
        {
            "user.py": """
                import jax

                from package.ops import f

                f(1)
                f⟦_mapped⟧ = jax.vmap(f)
                f⟦_mapped⟧(2)
                """
        },
        ops=PRIMAL,
        **LOCAL,
    ),
    package(
        "an imported name that is rebound, fixed on request with those that import it from there",
        {
            "user.py": """
                import jax

                from package.ops import f as energy

                energy⟦_mapped⟧ = jax.vmap(energy)
                """,
            "second.py": "from user import energy⟦_mapped⟧\n\nenergy⟦_mapped⟧(1)\n",
            "third.py": "from package.ops import f\n\nf(2)\n",
        },
        ops=PRIMAL,
        **LOCAL,
    ),
)
