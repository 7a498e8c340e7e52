"""``--rename original``: the transformed version keeps the name, and no importer changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from . import case
from .case import PackageCase, package, refusal, unmarked

ORIGINAL = {"original": True}
PRIMAL = """\
import jax
from probing import probe


@jax.custom_vjp
def f⟦_unmapped⟧(x):
    return x


def f_fwd(x):
    return f⟦_unmapped⟧(100), x


def f_bwd(residuals, g):
    return (g,)


def double(x):
    return probe(x)


f⟦_unmapped⟧.defvjp(f_fwd, f_bwd)
"""
OPS = PRIMAL + "f = jax.vmap(f⟦_unmapped⟧)\n"
CLASS = """\
import jax


class Ops:
    @jax.custom_vjp
    def f⟦_unmapped⟧(x):
        return x

    f⟦_unmapped⟧.defvjp(lambda x: (Ops.f⟦_unmapped⟧(100), x), lambda residuals, g: (g,))
    f = jax.vmap(f⟦_unmapped⟧)
"""


def kept(case_id: str, files: Mapping[str, str], *, ops: str = OPS, **more: object) -> PackageCase:
    return package(f"the name kept: {case_id}", files, ops=ops, switches=ORIGINAL, **more)


def refused(case_id: str, reason: str, files: Mapping[str, str], *, ops: str = OPS) -> PackageCase:
    return refusal(f"the name kept: {case_id}", reason, files, ops=unmarked(ops), switches=ORIGINAL)


STRATEGIES = (
    kept(
        "imports, attributes, exports and stars",
        {
            "package/__init__.py": 'from .ops import f\n\n__all__ = ["f"]\n',
            "first.py": "from package.ops import f\n\nf(1)\n",
            "second.py": "import package\n\npackage.f(2), package.ops.f(3)\n",
            "third.py": "from package import *\n\nf(4)\n",
        },
        ops=OPS + '\n__all__ = ["double", "f"]\n\n\ndef twice(x):\n    return f(200)\n\n\ntwice(None)\n',
    ),
    kept(
        "a dictionary of the module",
        {"user.py": "from package import ops\n\nvars(ops)['f'](1)\n"},
    ),
    kept(
        "strings and a stub",
        {
            "package/ops.pyi": "def f(x: object) -> object: ...\n",
            "user.py": "from package import ops\n\ngetattr(ops, 'f')(1), ops.f(2)\n",
        },
    ),
    kept(
        "a merge of both versions",
        {"user.py": "from package.ops import f\n\nf(1)\n"},
        ops="from probing import flag\n\n" + PRIMAL + "⟦f = f_unmapped\n⟧if flag:\n    f = jax.vmap(f)\n",
    ),
    kept(
        "a package that gives the name when it is asked for",
        {
            "package/__init__.py": """
                def __getattr__(name):
                    if name == "f":
                        from package.ops import f

                        return f
                    raise AttributeError(name)
                """,
            "user.py": "from package import f\n\nf(1)\n",
        },
    ),
    kept(
        "a module that cannot be read",
        {"user.py": "from package.ops import f\nprint f(1)\n"},
        not_run=("user.py",),
    ),
    kept(
        "a module that could be one of two",
        {
            "user.py": """
                from probing import box, flag, probe

                from package import ops

                (ops if flag else box(f=probe)).f(1)
                """
        },
    ),
    kept(
        "reads of the original before the rebinding, and of the transformed version after it",
        {"user.py": "from package.ops import early, f\n\nearly(1), f(2)\n"},
        ops=PRIMAL + "early = f⟦_unmapped⟧\nf = jax.vmap(f⟦_unmapped⟧)\nlate = f\nlate(3), early(4)\n",
    ),
    kept(
        "a new name with a number, because the first choice is taken",
        {"user.py": "from package.ops import f, f_unmapped\n\nf(1), f_unmapped(2)\n"},
        ops=OPS.replace("_unmapped", "_unmapped_2") + "f_unmapped = abs\nf(3)\n",
    ),
    kept("a class", {"user.py": "from package.ops import Ops\n\nOps.f(1), Ops().f(2)\n"}, ops=CLASS),
    kept(
        "a single file given",
        {"user.py": "from package.ops import f\n\nf(1)\n"},
        paths=("package/ops.py",),
    ),
    refused(
        "a circular import before the rebinding",
        "user.py",
        {"package/user.py": "from package.ops import f  # here\n\nf(1)\n"},
        ops=PRIMAL + "\nimport package.user\n\nf = jax.vmap(f⟦_unmapped⟧)\n",
    ),
    refused(
        "a rule that another module calls",
        "user.py",
        {"user.py": "from package.ops import f_fwd\n\nf_fwd(1)  # here\n"},
    ),
)


def twin(other: PackageCase) -> PackageCase:
    """The same modules with the other strategy, which leaves all of them but ``package/ops.py`` alone."""
    marked = {path: unmarked(text) for path, text in other.marked.items()}
    marked = {path: OPS if other.marked[path] == case.OPS else text for path, text in marked.items()}
    return replace(other, id=f"the name kept: {other.id}", marked=marked, switches=ORIGINAL)


def twins(cases: Iterable[PackageCase]) -> Iterator[PackageCase]:
    """The twins of all cases that are about the usual module and nothing else."""
    for each in cases:
        usual = [path for path, text in each.marked.items() if text == case.OPS]
        if usual == ["package/ops.py"] and not (each.refused or each.switches or each.options):
            yield twin(each)
