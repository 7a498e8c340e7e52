"""Modules in which the name cannot be followed: nothing is edited anywhere."""

from __future__ import annotations

from .case import OPS, PRIMAL, package, refusal

IMPORTED = "from package import ops\n\n"
REFUSED_OPS = PRIMAL + "f = jax.vmap(f)\n"
FIRST = (
    PRIMAL.replace("f_", "e_")
    .replace("def f(", "def e(")
    .replace("f(100)", "e(100)")
    .replace("f.defvjp", "e.defvjp")
)

REFUSALS = (
    refusal(
        "the names of the module as a dictionary",
        "user.py",
        {"user.py": IMPORTED + "vars(ops)['f'](1)  # here\n"},
    ),
    refusal(
        "the dictionary of the module", "user.py", {"user.py": IMPORTED + "ops.__dict__['f'](1)  # here\n"}
    ),
    refusal(
        "an attribute by a name that is not known",
        "user.py",
        {"user.py": IMPORTED + "for name in ('f',):\n    getattr(ops, name)(1)  # here\n"},
    ),
    refusal(
        "an attribute that is set by a name that is not known",
        "user.py",
        {"user.py": IMPORTED + "for name in ('f',):\n    setattr(ops, name, ops.double)  # here\nops.f(1)\n"},
    ),
    refusal(
        "a module that is given to a function",
        "user.py",
        {"user.py": IMPORTED + "\ndef use(module):\n    return module.f(1)\n\n\nuse(ops)  # here\n"},
    ),
    refusal(
        "a module by its full name that is given to a function",
        "user.py",
        {
            "user.py": "import operator\nimport package.ops\n\n"
            "operator.attrgetter('f')(package.ops)(1)  # here\n"
        },
    ),
    refusal(
        "a module in a list",
        "user.py",
        {"user.py": IMPORTED + "for module in [ops]:  # here\n    module.f(1)\n"},
    ),
    refusal(
        "a module that is given back",
        "user.py",
        {"user.py": IMPORTED + "\ndef load():\n    return ops  # here\n\n\nload().f(1)\n"},
    ),
    refusal(
        "a module that an object keeps",
        "user.py",
        {
            "user.py": "from probing import box\n"
            + IMPORTED
            + "keeper = box()\nkeeper.ops = ops  # here\nkeeper.ops.f(1)\n"
        },
    ),
    package(
        "a package that exports the name and is given to a function keeps the name",
        {
            "package/__init__.py": "from .ops import f⟦_mapped as f⟧\n",
            "user.py": "import package\n\n\ndef use(module):\n    return module.f(1)\n\n\nuse(package)\n",
        },
    ),
    refusal(
        "a module whose name is not known",
        "user.py",
        {
            "user.py": """
                from importlib import import_module

                for name in ("package.ops",):
                    import_module(name).f(1)  # here
                """
        },
    ),
    refusal(
        "a module out of sys.modules",
        "user.py",
        {"user.py": "import sys\n\nimport package.ops\n\nsys.modules['package.ops'].f(1)  # here\n"},
    ),
    refusal(
        "a package that gives its names when they are asked for",
        "__init__.py",
        {
            "package/__init__.py": """
                def __getattr__(name):
                    if name == "f":  # here
                        from package.ops import f

                        return f
                    raise AttributeError(name)
                """,
            "user.py": "from package import f\n\nf(1)\n",
        },
    ),
    refusal(
        "a package that gives its names from a table",
        "__init__.py",
        {
            "package/__init__.py": """
                from importlib import import_module

                _LAZY = {"f": "package.ops"}  # here


                def __getattr__(name):
                    if name in _LAZY:
                        return getattr(import_module(_LAZY[name]), name)
                    raise AttributeError(name)
                """,
            "user.py": "import package\n\npackage.f(1)\n",
        },
    ),
    package(
        "a package that gives every name of a module, where the name is kept",
        {
            "package/__init__.py": """
                from importlib import import_module


                def __getattr__(name):
                    return getattr(import_module("package._all"), name)
                """,
            "package/_all.py": "from package.ops import f⟦_mapped as f⟧\n",
            "user.py": "import package\n\npackage.f(1)\n",
        },
    ),
    package(
        "a package that gives other names when they are asked for",
        {
            "package/__init__.py": """
                def __getattr__(name):
                    if name == "double":
                        from package.ops import double

                        return double
                    raise AttributeError(name)
                """,
            "user.py": """
                import package
                from package.ops import f⟦_mapped⟧

                f⟦_mapped⟧(1), package.double(2)
                """,
        },
    ),
    refusal(
        "an importer that the configuration leaves out",
        "copies/user.py",
        {"copies/user.py": "from package.ops import f\n\nf(1)\n"},
        options={"exclude": ("copies",)},
    ),
    refusal(
        "a module that cannot be read and names both",
        "user.py",
        {"user.py": "from package.ops import f\nprint f(1)\n"},
        not_run=("user.py",),
    ),
    refusal(
        "a test of Python 2 that cannot be read and names both",
        "test_old.py",
        {
            "package/__init__.py": "from .ops import f\n",
            "tests/test_old.py": "import package.ops\nexec 'f'\n",
        },
        not_run=("tests/test_old.py",),
    ),
    refusal(
        "a rule that another module calls",
        "user.py",
        {"user.py": "from package.ops import f_fwd\n\nf_fwd(1)  # here\n"},
    ),
    refusal(
        "a rule that another module reaches through the module",
        "user.py",
        {"user.py": IMPORTED + "ops.f_fwd(1)  # here\n"},
    ),
    refusal(
        "a helper of a rule that another module calls",
        "user.py",
        {"user.py": IMPORTED + "ops.value(1)  # here\n"},
        ops=REFUSED_OPS.replace("return f(100), x", "return value(x), x")
        + "\n\ndef value(x):\n    return f(101)\n",
    ),
    refusal(
        "a rule that everything imported from the module brings along",
        "user.py",
        {"user.py": "from package.ops import *\n\nf_fwd(1)  # here\n"},
    ),
    refusal(
        "a rule in another module that reads the primal through its module",
        "rules.py",
        {
            "package/rules.py": "def f_fwd(x):\n    from package import ops\n\n    return ops.f(100), x  # here\n",
            "user.py": "from package.ops import f\n\nf(1)\n",
        },
        ops="""\
import jax

from package.rules import f_fwd


@jax.custom_vjp
def f(x):
    return x


def f_bwd(residuals, g):
    return (f(101),)


f.defvjp(f_fwd, f_bwd)
f = jax.vmap(f)
""",
    ),
    package(
        "one of two findings, whose importer cannot be read; the other is fixed with its importer",
        {
            "package/more.py": FIRST + "e⟦_mapped⟧ = jax.vmap(e)\n",
            "broken.py": "from package.ops import f\nprint f(1)\n",
            "user.py": "from package.more import e⟦_mapped⟧\n\ne⟦_mapped⟧(1)\n",
        },
        ops=REFUSED_OPS,
        refused="broken.py",
        not_run=("broken.py",),
    ),
    package(
        "one of two findings, whose module gets away; the other is fixed although both share an importer",
        {
            "package/more.py": FIRST + "e⟦_mapped⟧ = jax.vmap(e)\n",
            "user.py": """
                from probing import keep

                from package import ops
                from package.more import e⟦_mapped⟧

                keep(ops).f(1)  # here
                e⟦_mapped⟧(2)
                """,
        },
        ops=REFUSED_OPS,
        refused="user.py",
    ),
    package(
        "a module that is asked for what no fix changes",
        {
            "user.py": """
                from package import ops

                ops.__name__, ops.__doc__, ops.__file__, ops.double(1), ops.f⟦_mapped⟧(2)
                """
        },
        ops=OPS,
    ),
)
