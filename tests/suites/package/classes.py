"""Primals in classes, read from other modules."""

from __future__ import annotations

from .case import PackageCase, package, refusal

CLASS = """\
import jax


class Ops:
    @jax.custom_vjp
    def f(x):
        return x

    f.defvjp(lambda x: (Ops.f(100), x), lambda residuals, g: (g,))
    f⟦_mapped⟧ = jax.vmap(f)
"""
METHODS = """
    def use(self):
        return self.f⟦_mapped⟧(10)

    @classmethod
    def make(cls):
        return cls.f⟦_mapped⟧(11)
"""
RULES = CLASS.replace(
    "    f.defvjp(lambda x: (Ops.f(100), x), lambda",
    "    def f_fwd(x):\n        return Ops.f(100), x\n\n    f.defvjp(f_fwd, lambda",
)
TWICE = """\
import jax
from probing import flag


class Ops:
    @jax.custom_vjp
    def f(x):
        return x

    f.defvjp(lambda x: (Ops.f(100), x), lambda residuals, g: (g,))
    ⟦f_mapped = f
    ⟧if flag:
        f⟦_mapped⟧ = jax.vmap(f)
"""
CALLED = """\
import jax


class Ops:
    @jax.custom_vjp
    def __call__(x):
        return x

    __call__.defvjp(lambda x: (Ops.__call__(100), x), lambda residuals, g: (g,))
    __call__ = jax.vmap(__call__)
"""


def of_class(case_id: str, user: str, *, ops: str = CLASS, **files: str) -> PackageCase:
    return package(case_id, {"user.py": user} | {f"{name}.py": text for name, text in files.items()}, ops=ops)


def refused(case_id: str, user: str, *, ops: str = CLASS, reason: str = r"user\.py") -> PackageCase:
    return refusal(case_id, reason, {"user.py": user}, ops=ops)


CLASSES = (
    of_class("a class imported from the module", "from package.ops import Ops\n\nOps.f⟦_mapped⟧(1)\n"),
    of_class("a class under another name", "from package.ops import Ops as O\n\nO.f⟦_mapped⟧(1)\n"),
    of_class(
        "a class of a module that is imported",
        "import package.ops\nfrom package import ops as o\n\npackage.ops.Ops.f⟦_mapped⟧(1), o.Ops.f⟦_mapped⟧(2)\n",
    ),
    package(
        "a class that the package exports",
        {
            "package/__init__.py": 'from .ops import Ops\n\n__all__ = ["Ops"]\n',
            "user.py": "import package\nfrom package import *\n\nOps.f⟦_mapped⟧(1), package.Ops.f⟦_mapped⟧(2)\n",
        },
        ops=CLASS,
    ),
    of_class(
        "methods that read it through self and cls",
        "from package.ops import Ops\n\nOps().use(), Ops.make()\n",
        ops=CLASS + METHODS,
    ),
    of_class(
        "a subclass in another module that reads it through self, cls, super and its own name",
        """
        from package.ops import Ops


        class More(Ops):
            def use(self):
                return self.f⟦_mapped⟧(1), super().f⟦_mapped⟧(2), More.f⟦_mapped⟧(3)

            @classmethod
            def make(cls):
                return cls.f⟦_mapped⟧(4)


        More().use(), More.make(), More.f⟦_mapped⟧(5)
        """,
    ),
    of_class(
        "a subclass of a subclass, each in its own module",
        """
        import first


        class Most(first.More):
            def use(self):
                return self.f⟦_mapped⟧(1)


        Most().use(), Most.f⟦_mapped⟧(2), first.More.f⟦_mapped⟧(3)
        """,
        first="from package import ops\n\n\nclass More(ops.Ops):\n    pass\n",
    ),
    of_class(
        "a new object, read at once and under a name",
        "from package.ops import Ops\n\nOps().f⟦_mapped⟧(1)\nops = Ops()\nops.f⟦_mapped⟧(2)\n",
    ),
    of_class(
        "strings that name the attribute of the class",
        """
        from unittest import mock

        import pytest
        from probing import probe

        from package.ops import Ops

        getattr(Ops, "f⟦_mapped⟧")(1)
        with mock.patch("package.ops.Ops.f⟦_mapped⟧", probe), mock.patch.object(Ops, "f⟦_mapped⟧", probe):
            Ops.f⟦_mapped⟧(2)
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(Ops, "f⟦_mapped⟧", probe)
            Ops.f⟦_mapped⟧(3)
        """,
    ),
    of_class(
        "a subclass with an attribute of that name, where all reads name their class",
        """
        from probing import probe

        from package.ops import Ops


        class More(Ops):
            f = staticmethod(probe)


        More.f(1), Ops.f⟦_mapped⟧(2)
        """,
    ),
    of_class(
        "another class with an attribute of that name",
        """
        from probing import probe

        import package.ops


        class Unlike:
            f = staticmethod(probe)

            def use(self):
                return self.f(1)


        Unlike.f(2), Unlike().use(), Unlike().f(3)
        """,
    ),
    of_class(
        "another class of the same name in another module",
        "from other import Ops\n\nOps.f(1)\n",
        other="from probing import probe\n\n\nclass Ops:\n    f = staticmethod(probe)\n",
    ),
    of_class(
        "a module with a function of that name, beside the class",
        "from other import f\nfrom package import ops\nimport other\n\nf(1), other.f(2), ops.Ops\n",
        other="from probing import probe as f\n",
    ),
    refused(
        "an object that a parameter holds",
        "from package.ops import Ops\n\n\ndef use(ops):\n    return ops.f(1)  # here\n\n\nuse(Ops())\n",
    ),
    refused(
        "an object out of a list",
        "from package.ops import Ops\n\ntables = [Ops()]\ntables[0].f(1)  # here\n",
    ),
    refused(
        "an object that a function gives",
        "from package.ops import Ops\n\n\ndef make():\n    return Ops()\n\n\nmake().f(1)  # here\n",
    ),
    refused(
        "a class that a condition chooses",
        """
        from probing import flag, probe

        from package.ops import Ops


        class Other:
            f = staticmethod(probe)


        Table = Ops if flag else Other
        Table.f(1)  # here
        """,
    ),
    refused(
        "an attribute of the class by a name that is not known",
        "from package.ops import Ops\n\nfor name in ('f',):\n    getattr(Ops, name)(1)  # here\n",
    ),
    refused(
        "the attributes of the class as a dictionary",
        "from package.ops import Ops\n\nvars(Ops)['f'](1)  # here\n",
    ),
    refused(
        "a subclass that puts its own in the place that self reads",
        """
        from probing import probe

        from package.ops import Ops


        class More(Ops):
            f = staticmethod(probe)  # here


        More().use()
        """,
        ops=CLASS + METHODS,
    ),
    refused(
        "a subclass with two bases that have the attribute",
        """
        from probing import probe

        from package.ops import Ops


        class Other:
            f = staticmethod(probe)


        class More(Other, Ops):
            def use(self):
                return self.f(1)  # here


        More().use()
        """,
    ),
    of_class(
        "an object or a class made of self or cls",
        """
        from package.ops import Ops


        class More(Ops):
            def use(self):
                return type(self).f⟦_mapped⟧(1), self.__class__().f⟦_mapped⟧(2), super(More, self).f⟦_mapped⟧(3)

            @classmethod
            def make(cls):
                return cls().f⟦_mapped⟧(4)


        More().use(), More.make()
        """,
    ),
    of_class(
        "a class whose subclass has the new name",
        "from package.ops import Ops\n\n\nclass More(Ops):\n    f_mapped = 3\n\n\nMore.f⟦_mapped_2⟧(1)\n",
        ops=CLASS.replace("_mapped", "_mapped_2"),
    ),
    of_class(
        "a class that has either version in the end",
        "from package.ops import Ops\n\nOps.f⟦_mapped⟧(1)\n",
        ops=TWICE,
    ),
    of_class(
        "an object of anything, in a module that no import joins to the class",
        "from package.ops import Ops\n\nOps.f⟦_mapped⟧(1)\n",
        other="from probing import box, probe\n\n\ndef use(ops):\n    return ops.f(2)\n\n\nuse(box(f=probe))\n",
    ),
    refused(
        "an object that another object holds",
        """
        from package.ops import Ops


        class Holder:
            ops = Ops()

            def use(self):
                return self.ops.f(1)  # here


        Holder().use()
        """,
    ),
    refused(
        "self of a class that is put before the class as a base",
        """
        from package.ops import Ops


        class Before:
            def use(self):
                return self.f(1)  # here


        class More(Before, Ops):
            pass


        More().use()
        """,
    ),
    refused(
        "a subclass whose first base is not known",
        """
        from collections import UserDict

        from package.ops import Ops


        class More(UserDict, Ops):
            pass


        More.f(1)  # here
        """,
    ),
    refused(
        "a subclass that sets the attribute of its objects",
        """
        from probing import probe

        from package.ops import Ops


        class More(Ops):
            def __init__(self):
                self.f = probe  # here


        More().f(1)
        """,
    ),
    refusal(
        "a subclass far away that puts its own in the place that self reads",
        r"second\.py",
        {
            "first.py": "from package.ops import Ops as Base\n\n\nclass More(Base):\n    pass\n",
            "second.py": """
                import first
                from probing import probe


                class Most(first.More):
                    f = staticmethod(probe)  # here


                Most().use()
                """,
        },
        ops=CLASS + METHODS,
    ),
    refusal(
        "a class whose attribute another module looks up by any name",
        r"other\.py",
        {
            "user.py": "import other\nfrom package.ops import Ops\n\nname = 'f'\nother.look(Ops(), name)(1)\n",
            "other.py": "def look(anything, name):\n    return getattr(anything, name)  # here\n",
        },
        ops=CLASS,
    ),
    refusal(
        "a class whose attributes another module lists",
        r"other\.py",
        {
            "user.py": "import other\nfrom package.ops import Ops\n\nother.look(Ops), Ops.f(1)\n",
            "other.py": "def look(anything):\n    return vars(anything)  # here\n",
        },
        ops=CLASS,
    ),
    refused(
        "a rule of the class that another module calls",
        "from package.ops import Ops\n\nOps.f_fwd(1)  # here\n",
        ops=RULES,
    ),
    refused(
        "a pattern that asks an object for the attribute",
        """
        from package.ops import Ops

        match Ops():
            case Ops(f=found):  # here
                found(1)
        """,
    ),
    refused(
        "an f-string that prints the attribute of the class",
        'from package.ops import Ops\n\nprint(f"{Ops.f(1)=}")  # here\n',
    ),
    refused(
        "an f-string that prints the look-up of the attribute by a string",
        """from package.ops import Ops\n\nprint(f"{getattr(Ops, 'f')(1)=}")  # here\n""",
    ),
    refused(
        "a subclass that the module of the class imports again",
        "from package.ops import Ops, use\n\n\nclass More(Ops):\n    pass\n\n\nuse()\n",
        ops=CLASS + "\n\ndef use():\n    from user import More\n\n    return More.f(1)  # here\n",
        reason=r"ops\.py",
    ),
    refused(
        "a class that Python itself calls an object by",
        "from package.ops import Ops\n\nOps.__call__(1)\n",
        ops=CALLED,
        reason=r"ops\.py",
    ),
    refusal(
        "an object that a fixture gives to a module without imports",
        r"test_ops\.py",
        {
            "tests/conftest.py": """
                import pytest

                from package.ops import Ops


                @pytest.fixture
                def ops():
                    return Ops()


                Ops.f(1)
                """,
            "tests/test_ops.py": "def test_ops(ops):\n    ops.f(2)  # here\n",
        },
        ops=CLASS,
    ),
)
