"""Strings that name the binding, and strings that do not."""

from __future__ import annotations

from .case import OTHER, package, refusal

HEADER = """\
from unittest import mock

import pytest
from probing import probe

from package import ops

"""
PATCHING = "with pytest.MonkeyPatch.context() as monkeypatch:\n    "

STRINGS = (
    package(
        "mock.patch with the full name",
        {
            "test_ops.py": HEADER
            + 'with mock.patch("package.ops.f⟦_mapped⟧", probe):\n    ops.f⟦_mapped⟧(1)\n'
        },
    ),
    package(
        "mock.patch as a decorator",
        {
            "test_ops.py": """
                from unittest.mock import patch

                from probing import probe

                from package import ops


                @patch("package.ops.f⟦_mapped⟧", probe)
                def test_f():
                    return ops.f⟦_mapped⟧(1)


                test_f()
                """
        },
    ),
    package(
        "mock.patch that is started and stopped, in single quotes",
        {
            "test_ops.py": HEADER
            + "patcher = mock.patch('package.ops.f⟦_mapped⟧', new=probe)\n"
            + "patcher.start()\nops.f⟦_mapped⟧(1)\npatcher.stop()\n"
        },
    ),
    package(
        "mock.patch.object with the module",
        {
            "test_ops.py": HEADER
            + 'with mock.patch.object(ops, "f⟦_mapped⟧", probe):\n    ops.f⟦_mapped⟧(1)\n'
        },
    ),
    package(
        "mock.patch of a name where it is imported",
        {
            "package/user.py": "from .ops import f⟦_mapped⟧\n\n\ndef use():\n    return f⟦_mapped⟧(1)\n",
            "test_user.py": """
                from unittest import mock

                from probing import probe

                from package import user

                with mock.patch("package.user.f⟦_mapped⟧", probe):
                    user.use()
                with mock.patch.object(user, "f⟦_mapped⟧", probe):
                    user.use()
                """,
        },
    ),
    package(
        "mock.patch of a name that the package exports",
        {
            "package/__init__.py": "from .ops import f⟦_mapped⟧\n",
            "test_ops.py": """
                from unittest import mock

                import package
                from probing import probe

                with mock.patch("package.f⟦_mapped⟧", probe):
                    package.f⟦_mapped⟧(1)
                """,
        },
    ),
    package(
        "mock.patch of a name where it is imported under another name",
        {
            "package/user.py": """
                try:
                    from .ops import f⟦_mapped as f⟧
                except ImportError:
                    f = None


                def use():
                    return f(1)
                """,
            "test_user.py": """
                from unittest import mock

                from probing import probe

                from package import user

                with mock.patch("package.user.f", probe):
                    user.use()
                """,
        },
    ),
    package(
        "monkeypatch with the full name",
        {
            "test_ops.py": HEADER
            + 'def test_f(monkeypatch):\n    monkeypatch.setattr("package.ops.f⟦_mapped⟧", probe)\n'
            + "    ops.f⟦_mapped⟧(1)\n\n\n"
            + PATCHING
            + "test_f(monkeypatch)\n"
        },
    ),
    package(
        "monkeypatch with the module",
        {
            "test_ops.py": HEADER
            + 'def test_f(monkeypatch):\n    monkeypatch.setattr(ops, "f⟦_mapped⟧", probe)\n'
            + "    ops.f⟦_mapped⟧(1)\n\n\n"
            + PATCHING
            + "test_f(monkeypatch)\n"
        },
    ),
    package(
        "getattr with the name, with a default and without",
        {
            "user.py": """
                from package import ops

                getattr(ops, "f⟦_mapped⟧")(1)
                getattr(ops, 'f⟦_mapped⟧', None)(2)
                """
        },
    ),
    package(
        "setattr with the name",
        {
            "user.py": """
                from probing import probe

                from package import ops

                setattr(ops, "f⟦_mapped⟧", probe)
                ops.f⟦_mapped⟧(1)
                """
        },
    ),
    package(
        "getattr of a module in a package, and of the name where it is imported",
        {
            "package/user.py": "from .ops import f⟦_mapped⟧\n",
            "reader.py": """
                import package.ops
                import package.user

                getattr(package.ops, "f⟦_mapped⟧")(1)
                getattr(package.user, "f⟦_mapped⟧")(2)
                """,
        },
    ),
    package(
        "mock.patch and monkeypatch of other modules' names",
        {
            "package/other.py": OTHER,
            "test_other.py": """
                from unittest import mock

                import pytest
                from probing import probe

                from package import ops, other

                with mock.patch("package.other.f", probe), mock.patch.object(other, "f", probe):
                    other.f(1)
                with pytest.MonkeyPatch.context() as monkeypatch:
                    monkeypatch.setattr(other, "f", probe)
                    monkeypatch.setattr("package.ops.double", probe)
                    other.f(2), ops.double(3)
                """,
        },
    ),
    package(
        "getattr and setattr of something else",
        {
            "package/other.py": OTHER,
            "user.py": """
                from probing import box, probe

                from package import ops, other

                table = box()
                setattr(table, "f", probe)
                getattr(table, "f")(1), getattr(other, "f")(2), getattr(ops, "double")(3)
                """,
        },
    ),
    package(
        "the name as a key, a title and a word",
        {
            "user.py": '''
                """Plots f, which is package.ops.f of the paper."""

                from package import ops

                table = {"f": ops.double}  # package.ops.f
                table["f"](1)
                title, label = "f", "f(x) and ops.f(x): package.ops.f is slow"
                '''
        },
    ),
    package(
        "a reference and an example in a docstring",
        {
            "user.py": '''
                """See :func:`package.ops.f`.

                >>> from package.ops import f
                >>> f(1)
                """

                from package.ops import f⟦_mapped⟧


                def use():
                    """Calls :func:`f` and :py:func:`~package.ops.f`."""
                    return f⟦_mapped⟧(2)


                use()
                '''
        },
    ),
    package(
        "full names that only begin or end like this one",
        {
            "user.py": """
                from package import ops

                names = ["package.ops.full", "my_package.ops.f", "package.ops_f", "package.ops", "x.f"]
                ops.double(1)
                """
        },
    ),
    refusal(
        "a full name that is given to something unknown",
        "user.py",
        {
            "user.py": """
                from pkgutil import resolve_name

                import package.ops
                resolve_name("package.ops.f")(1)  # here
                """
        },
    ),
    refusal(
        "a full name in two pieces",
        "test_ops.py",
        {"test_ops.py": HEADER + 'with mock.patch("package.ops" ".f", probe):  # here\n    ops.f(1)\n'},
    ),
    refusal(
        "a full name that is put together",
        "test_ops.py",
        {
            "test_ops.py": HEADER
            + 'MODULE = "package.ops"\n\nwith mock.patch(MODULE + ".f", probe):  # here\n    ops.f(1)\n'
        },
    ),
    refusal(
        "a full name in a formatted string",
        "test_ops.py",
        {
            "test_ops.py": HEADER
            + 'MODULE = "package.ops"\n\nwith mock.patch(f"{MODULE}.f", probe):  # here\n    ops.f(1)\n'
        },
    ),
    package(
        "an f-string that prints a call: the importer keeps the name",
        {"user.py": 'from package.ops import ⟦f_mapped as ⟧f\n\nprint(f"{f(1)=}")\n'},
    ),
    package(
        "an f-string that prints a call in the width of another value",
        {"user.py": 'from package.ops import ⟦f_mapped as ⟧f\n\nprint(f"{0:{len(str(f(1)))=:.1}}")\n'},
        not_run=("user.py",),
    ),
    package(
        "an f-string that prints a call in one function of two",
        {
            "user.py": """
                def shown():
                    from package.ops import ⟦f_mapped as ⟧f

                    return f"{f(1) = }"


                def plain():
                    from package.ops import f⟦_mapped⟧

                    return f"f(2) = {f⟦_mapped⟧(2)}"


                shown(), plain()
                """
        },
    ),
    package(
        "an f-string that prints a call under another name",
        {"user.py": 'from package.ops import f⟦_mapped⟧ as g\n\nprint(f"{g(1)=}")\n'},
    ),
    package(
        "an f-string that prints a call of something else of that name",
        {
            "user.py": """
                from package.ops import f⟦_mapped⟧


                def show(f):
                    print(f"{f(1)=}")


                show(f⟦_mapped⟧)
                """
        },
    ),
    package(
        "an f-string that prints an attribute: the module between keeps the name",
        {
            "package/api.py": "from package.ops import ⟦f_mapped as ⟧f\n",
            "user.py": 'from package import api\n\nprint(f"{api.f(1)=}")\n',
        },
    ),
    refusal(
        "an f-string that prints an attribute of the module",
        r"user\.py:3: the text that this f-string makes holds the name `f`",
        {"user.py": 'from package import ops\n\nprint(f"{ops.f(1)=}")  # here\n'},
    ),
    refusal(
        "an f-string that prints an attribute of the module within another one",
        r"user\.py:3: the text that this f-string makes holds the name `f`",
        {"user.py": """from package import ops\n\nprint(f"{str(f'{ops.f(1)=}')}")  # here\n"""},
    ),
    refusal(
        "an f-string that prints what comes by a star import",
        r"user\.py:3: the text that this f-string makes holds the name `f`",
        {"user.py": 'from package.ops import *\n\nprint(f"{f(1)=}")  # here\n'},
    ),
    refusal(
        "an f-string that prints the look-up of an attribute by a string",
        r"user\.py:3: the text that this f-string makes holds the name `f`",
        {"user.py": """from package import ops\n\nprint(f"{getattr(ops, 'f')(1)=}")  # here\n"""},
    ),
)
