"""How a module comes by a name of another module.

``<m>`` is that module, ``<pm>`` its package, ``<mn>`` the last part of its name, ``<rel>`` and ``<relp>`` the
same as seen from here; ``<n>`` is the name it offers, ``<f>`` the primal's bare name. A form is the lines that
import, how the name is read from then on (if not as ``<n>``), and what must be so for it to run.
"""

from __future__ import annotations

from dataclasses import dataclass

from .table import Table


@dataclass(frozen=True, slots=True)
class Access:
    """``header``: the lines that import, ``read``: the expression that reads the name from then on (none
    where the lines hold all uses). ``needs``: what must be so for the form to run."""

    header: str
    read: str = "<n>"
    needs: frozenset[str] = frozenset()


def access(form: str) -> Access:
    header, read, needs, *_ = (*form.split(" | "), "", "") if " | " in form else (form, "<n>", "")
    return Access(header, read, frozenset(needs.split()))


_IMPORTS = {
    "from": "from <m> import <n>",
    "from_as": "from <m> import <n> as <g> | <g>",
    "from_as_same": "from <m> import <n> as <n>",
    "from_many": "from <m> import (\n    __doc__ as <y>,  # <f>\n    <n>,\n)",
    "from_twice": "from <m> import <n>\nfrom <m> import <n> as <g>\n<g>(<args><o>)",
    "relative": "from <rel> import <n> | <n> | relative",
    "relative_as": "from <rel> import <n> as <g> | <g> | relative",
    "import": "import <m> | <m>.<n> | attribute",
    "import_as": "import <m> as <a> | <a>.<n> | attribute",
    "import_two": "import <m>, math | <m>.<n> | attribute",
    "from_package": "from <pm> import <mn> | <mn>.<n> | attribute dotted",
    "from_package_as": "from <pm> import <mn> as <a> | <a>.<n> | attribute dotted",
    "relative_module": "from <relp> import <mn> | <mn>.<n> | attribute dotted relative",
    "relative_module_as": "from <relp> import <mn> as <a> | <a>.<n> | attribute dotted relative",
    "package_only": "import <pm> | <m>.<n> | attribute dotted loaded",
    "package_first": "import <pm>\nimport <m> | <m>.<n> | attribute dotted",
    "importlib": 'import importlib\n\n<a> = importlib.import_module("<m>") | <a>.<n>',
    "importlib_inline": 'import importlib | importlib.import_module("<m>").<n>',
    "importlib_from": "from importlib import import_module\n\n<a> = import_module('<m>') | <a>.<n>",
    "star": "from <m> import * | <n> | star",
    "relative_star": "from <rel> import * | <n> | relative star",
    "getattr": 'import <m> as <a> | getattr(<a>, "<n>") | attribute',
    "getattr_default": "import <m> as <a> | getattr(<a>, '<n>', None) | attribute",
}
_OTHER_BINDINGS = {
    "fallback_none": "try:\n    from <m> import <n>\nexcept ImportError:\n    <n> = None",
    "fallback_def": (
        "try:\n    from <m> import <n>\nexcept ImportError:\n\n    def <n>(x):\n        return x\n"
    ),
    "fallback_second": (
        "try:\n    from not_installed_here import <n>\nexcept ImportError:\n    from <m> import <n>"
    ),
    "fallback_module": (
        "try:\n    import <m> as <a>\nexcept ImportError:\n    <a> = None | <a>.<n> | attribute"
    ),
    "if_else": "if flag:\n    from <m> import <n>\nelse:\n    <n> = fake",
    "bound_before": "<n> = fake\n<n>(<o>)\nfrom <m> import <n>",
    "bound_after": "from <m> import <n>\n<n>(<args><o>)\n<n> = fake\n<n>(<o>) | ",
    "rebound": "import jax\nfrom <m> import <n>\n\n<n> = jax.vmap(<n>)",
    "deleted": "from <m> import <n>\n<n>(<args><o>)\ndel <n> | ",
    "loop_variable": "from <m> import <n>\n<n>(<args><o>)\nfor <n> in (fake,):\n    <n>(<o>) | ",
}
_SCOPES = {
    "in_function": "def <k>():\n    from <m> import <n>\n\n    return <n>(<args><o>)\n\n\n<k>() | ",
    "in_function_as": "def <k>():\n    from <m> import <n> as <g>\n\n    return <g>(<args><o>)\n\n\n<k>() | ",
    "in_function_module": (
        "def <k>():\n    import <m> as <a>\n\n    return <a>.<n>(<args><o>)\n\n\n<k>() |  | attribute"
    ),
    "in_function_relative": (
        "def <k>():\n    from <rel> import <n>\n\n    return <n>(<args><o>)\n\n\n<k>() |  | relative"
    ),
    "in_nested_function": (
        "def <k>():\n    from <m> import <n>\n\n    def <l>():\n        return <n>(<args><o>)\n\n"
        "    return <l>()\n\n\n<k>() | "
    ),
    "in_two_functions": (
        "def <k>():\n    from <m> import <n>\n\n    return <n>(<args><o>)\n\n\ndef <l>(<f>):\n"
        "    return <f>(<o>)\n\n\n<k>()\n<l>(fake) | "
    ),
    "in_method": (
        "class <k>:\n    def run(self):\n        from <m> import <n>\n\n        return <n>(<args><o>)\n\n\n"
        "<k>().run() | "
    ),
    "in_class": "class <k>:\n    from <m> import <n>\n\n    held = <n>(<args><o>)\n\n\n<k>.<n>(<args><o>) | ",
    "global": "def <k>():\n    global <n>\n    from <m> import <n>\n\n\n<k>()",
    "type_checking": (
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from <m> import <n>\n\n\n"
        "def <k>(given: <n>) -> <n>:\n    from <m> import <n>\n\n    return <n>(<args><o>)\n\n\n"
        "<k>(None) |  | future"
    ),
    "type_checking_quoted": (
        "import typing\n\nif typing.TYPE_CHECKING:\n    from <m> import <n>\n\n\n"
        'def <k>(given: "<n>") -> None:\n    pass\n\n\n<k>(None)\nif typing.TYPE_CHECKING:\n'
        "    probe(<o>, <n>) | "
    ),
}
_STRINGS = {
    "patch": (
        'from unittest import mock\n\nimport <m> as <a>\n\nwith mock.patch("<m>.<n>", fake):\n'
        "    <a>.<n>(<args><o>) | <a>.<n> | attribute"
    ),
    "patch_decorator": (
        'from unittest import mock\n\nimport <m> as <a>\n\n@mock.patch("<m>.<n>", fake)\ndef <k>():\n'
        "    return <a>.<n>(<args><o>)\n\n\n<k>() | <a>.<n> | attribute"
    ),
    "patch_magic": (
        "from unittest import mock\n\nimport <m> as <a>\n\nwith mock.patch('<m>.<n>') as <g>:\n"
        "    <a>.<n>(1.0)\nprobe(<o>, str(<g>.called)) | <a>.<n> | attribute"
    ),
    "patch_object": (
        'from unittest import mock\n\nimport <m> as <a>\n\nwith mock.patch.object(<a>, "<n>", fake):\n'
        "    <a>.<n>(<args><o>) | <a>.<n> | attribute"
    ),
    "patch_inside": (
        'from unittest import mock\n\nimport <m> as <a>\n\nwith mock.patch("<m>.<n>", fake):\n'
        "    <a>.call_it() | <a>.<n> | attribute target"
    ),
    "patch_imported_from": (
        "from unittest.mock import patch\n\nfrom <m> import <n>\nimport <m> as <a>\n\n"
        'with patch("<m>.<n>", fake):\n    <n>(<args><o>)\n    <a>.<n>(<args><o>) | <n> | attribute'
    ),
    "monkeypatch": (
        "import pytest\n\nimport <m> as <a>\n\nwith pytest.MonkeyPatch.context() as monkeypatch:\n"
        '    monkeypatch.setattr(<a>, "<n>", fake)\n    <a>.<n>(<args><o>) | <a>.<n> | attribute'
    ),
    "monkeypatch_string": (
        "import pytest\n\nimport <m> as <a>\n\nwith pytest.MonkeyPatch.context() as monkeypatch:\n"
        '    monkeypatch.setattr("<m>.<n>", fake)\n    <a>.<n>(<args><o>) | <a>.<n> | attribute'
    ),
    "monkeypatch_test": (
        "import pytest\n\nimport <m> as <a>\n\ndef <k>(monkeypatch):\n"
        '    monkeypatch.setattr("<m>.<n>", fake)\n    <a>.call_it()\n\n\n'
        "with pytest.MonkeyPatch.context() as patcher:\n    <k>(patcher) | <a>.<n> | attribute target"
    ),
}
_DOUBTFUL = {
    "hasattr": "import <m> as <a>\n\nif hasattr(<a>, '<n>'):\n    pass | <a>.<n> | attribute",
    "module_alias": "import <m> as <y>\n\n<a> = <y> | <a>.<n> | attribute",
    "sys_modules": 'import sys\n\nimport <m> | sys.modules["<m>"].<n> | attribute',
    "importlib_relative": (
        'import importlib\n\n<a> = importlib.import_module(".<mn>", "<pm>") | <a>.<n> | dotted'
    ),
    "dunder_import": '<a> = __import__("<m>", fromlist=["<n>"]) | <a>.<n>',
    "importlib_loop": (
        'import importlib\n\nfor <y> in ("<m>",):\n    importlib.import_module(<y>).<n>(<args><o>) | '
    ),
    "globals": 'from <m> import <n>\n\nglobals()["<n>"](<args><o>)',
    "eval": "from <m> import <n>\n\neval('<n>(<args><o>)')",
    "patch_multiple": (
        'from unittest import mock\n\nimport <m> as <a>\n\nwith mock.patch.multiple("<m>", <n>=fake):\n'
        "    <a>.<n>(<args><o>) | <a>.<n> | attribute"
    ),
    "setattr_late": (
        'import <m> as <a>\n\n<y> = <a>.<n>\nsetattr(<a>, "<n>", fake)\n<a>.<n>(<args><o>)\n'
        'setattr(<a>, "<n>", <y>) | <a>.<n> | attribute'
    ),
    "star_taken": "<new> = fake\nfrom <m> import *\n\n<new>(<o>) | <n> | free star",
    "star_then_other": "from <m> import *\n\n<n>(<args><o>)\n<n> = fake\n<n>(<o>) |  | star",
    "other_then_star": "<n> = fake\n<n>(<o>)\nfrom <m> import * | <n> | star",
}
DOUBTFUL = Table("access", {name: access(form) for name, form in _DOUBTFUL.items()})
"""Forms for which a refusal is as right as a fix."""
_EVERY = {**_IMPORTS, **_OTHER_BINDINGS, **_SCOPES, **_STRINGS}
ACCESSES = Table("access", {name: access(form) for name, form in _EVERY.items()})
_BIND = (*_OTHER_BINDINGS, "type_checking_quoted")
BINDING = tuple(ACCESSES.forms[name] for name in _BIND)
"""Those that bind the very name that is offered, besides those that read it by that name."""
SHOWN = 'probe(<o>, f"""{<t>(<args><o>)=:}""")'
"""The program sees the text of this code, which must stay: by an alias in the import, or not at all."""
