"""How a module comes by a name of another module.

``<m>`` is that module, ``<pm>`` its package, ``<mn>`` the last part of its name, ``<rel>`` and ``<relp>`` the
same as seen from here; ``<n>`` is the name it offers, ``<f>`` the primal's bare name.
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


def _access(header: str, read: str = "<n>", *needs: str) -> Access:
    return Access(header, read, frozenset(needs))


_CALL = "<n>(<args><o>)"
_IMPORTS = {
    "from": _access("from <m> import <n>"),
    "from_as": _access("from <m> import <n> as <g>", "<g>"),
    "from_as_same": _access("from <m> import <n> as <n>"),
    "from_many": _access("from <m> import (\n    __doc__ as <y>,  # <f>\n    <n>,\n)"),
    "from_twice": _access("from <m> import <n>\nfrom <m> import <n> as <g>\n<g>(<args><o>)"),
    "relative": _access("from <rel> import <n>", "<n>", "relative"),
    "relative_as": _access("from <rel> import <n> as <g>", "<g>", "relative"),
    "import": _access("import <m>", "<m>.<n>", "attribute"),
    "import_as": _access("import <m> as <a>", "<a>.<n>", "attribute"),
    "import_two": _access("import <m>, math", "<m>.<n>", "attribute"),
    "from_package": _access("from <pm> import <mn>", "<mn>.<n>", "attribute", "dotted"),
    "from_package_as": _access("from <pm> import <mn> as <a>", "<a>.<n>", "attribute", "dotted"),
    "relative_module": _access("from <relp> import <mn>", "<mn>.<n>", "attribute", "relative", "dotted"),
    "relative_module_as": _access(
        "from <relp> import <mn> as <a>", "<a>.<n>", "attribute", "relative", "dotted"
    ),
    "package_only": _access("import <pm>", "<m>.<n>", "attribute", "dotted", "loaded"),
    "package_first": _access("import <pm>\nimport <m>", "<m>.<n>", "attribute", "dotted"),
    "importlib": _access('import importlib\n\n<a> = importlib.import_module("<m>")', "<a>.<n>"),
    "importlib_inline": _access("import importlib", 'importlib.import_module("<m>").<n>'),
    "importlib_from": _access("from importlib import import_module\n\n<a> = import_module('<m>')", "<a>.<n>"),
    "star": _access("from <m> import *", "<n>", "star"),
    "relative_star": _access("from <rel> import *", "<n>", "star", "relative"),
    "getattr": _access("import <m> as <a>", 'getattr(<a>, "<n>")', "attribute"),
    "getattr_default": _access("import <m> as <a>", "getattr(<a>, '<n>', None)", "attribute"),
}
_OTHER_BINDINGS = {
    "fallback_none": _access("try:\n    from <m> import <n>\nexcept ImportError:\n    <n> = None"),
    "fallback_def": _access(
        "try:\n    from <m> import <n>\nexcept ImportError:\n\n    def <n>(x):\n        return x\n"
    ),
    "fallback_second": _access(
        "try:\n    from not_installed_here import <n>\nexcept ImportError:\n    from <m> import <n>"
    ),
    "fallback_module": _access(
        "try:\n    import <m> as <a>\nexcept ImportError:\n    <a> = None", "<a>.<n>", "attribute"
    ),
    "if_else": _access("if flag:\n    from <m> import <n>\nelse:\n    <n> = fake"),
    "bound_before": _access("<n> = fake\n<n>(<o>)\nfrom <m> import <n>"),
    "bound_after": _access(f"from <m> import <n>\n{_CALL}\n<n> = fake\n<n>(<o>)", ""),
    "rebound": _access("import jax\nfrom <m> import <n>\n\n<n> = jax.vmap(<n>)"),
    "deleted": _access(f"from <m> import <n>\n{_CALL}\ndel <n>", ""),
    "loop_variable": _access(f"from <m> import <n>\n{_CALL}\nfor <n> in (fake,):\n    <n>(<o>)", ""),
}
_SCOPES = {
    "in_function": _access(f"def <k>():\n    from <m> import <n>\n\n    return {_CALL}\n\n\n<k>()", ""),
    "in_function_as": _access(
        "def <k>():\n    from <m> import <n> as <g>\n\n    return <g>(<args><o>)\n\n\n<k>()", ""
    ),
    "in_function_module": _access(
        "def <k>():\n    import <m> as <a>\n\n    return <a>.<n>(<args><o>)\n\n\n<k>()", "", "attribute"
    ),
    "in_function_relative": _access(
        f"def <k>():\n    from <rel> import <n>\n\n    return {_CALL}\n\n\n<k>()", "", "relative"
    ),
    "in_nested_function": _access(
        f"def <k>():\n    from <m> import <n>\n\n    def <l>():\n        return {_CALL}\n\n"
        "    return <l>()\n\n\n<k>()",
        "",
    ),
    "in_two_functions": _access(
        f"def <k>():\n    from <m> import <n>\n\n    return {_CALL}\n\n\n"
        "def <l>(<f>):\n    return <f>(<o>)\n\n\n<k>()\n<l>(fake)",
        "",
    ),
    "in_method": _access(
        f"class <k>:\n    def run(self):\n        from <m> import <n>\n\n        return {_CALL}\n\n\n<k>().run()",
        "",
    ),
    "in_class": _access(
        f"class <k>:\n    from <m> import <n>\n\n    held = {_CALL}\n\n\n<k>.<n>(<args><o>)", ""
    ),
    "global": _access("def <k>():\n    global <n>\n    from <m> import <n>\n\n\n<k>()"),
    "type_checking": _access(
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from <m> import <n>\n\n\n"
        f"def <k>(given: <n>) -> <n>:\n    from <m> import <n>\n\n    return {_CALL}\n\n\n<k>(None)",
        "",
        "future",
    ),
    "type_checking_quoted": _access(
        "import typing\n\nif typing.TYPE_CHECKING:\n    from <m> import <n>\n\n\n"
        'def <k>(given: "<n>") -> None:\n    pass\n\n\n<k>(None)\n'
        "if typing.TYPE_CHECKING:\n    probe(<o>, <n>)",
        "",
    ),
}
_PATCH = "from unittest import mock\n\nimport <m> as <a>\n\n"
_PYTEST = "import pytest\n\nimport <m> as <a>\n\n"
_STRINGS = {
    "patch": _access(
        _PATCH + 'with mock.patch("<m>.<n>", fake):\n    <a>.<n>(<args><o>)', "<a>.<n>", "attribute"
    ),
    "patch_decorator": _access(
        _PATCH + '@mock.patch("<m>.<n>", fake)\ndef <k>():\n    return <a>.<n>(<args><o>)\n\n\n<k>()',
        "<a>.<n>",
        "attribute",
    ),
    "patch_magic": _access(
        _PATCH + "with mock.patch('<m>.<n>') as <g>:\n    <a>.<n>(1.0)\nprobe(<o>, str(<g>.called))",
        "<a>.<n>",
        "attribute",
    ),
    "patch_object": _access(
        _PATCH + 'with mock.patch.object(<a>, "<n>", fake):\n    <a>.<n>(<args><o>)', "<a>.<n>", "attribute"
    ),
    "patch_inside": _access(
        _PATCH + 'with mock.patch("<m>.<n>", fake):\n    <a>.call_it()', "<a>.<n>", "attribute", "target"
    ),
    "patch_imported_from": _access(
        "from unittest.mock import patch\n\nfrom <m> import <n>\nimport <m> as <a>\n\n"
        'with patch("<m>.<n>", fake):\n    <n>(<args><o>)\n    <a>.<n>(<args><o>)',
        "<n>",
        "attribute",
    ),
    "monkeypatch": _access(
        _PYTEST + "with pytest.MonkeyPatch.context() as monkeypatch:\n"
        '    monkeypatch.setattr(<a>, "<n>", fake)\n    <a>.<n>(<args><o>)',
        "<a>.<n>",
        "attribute",
    ),
    "monkeypatch_string": _access(
        _PYTEST + "with pytest.MonkeyPatch.context() as monkeypatch:\n"
        '    monkeypatch.setattr("<m>.<n>", fake)\n    <a>.<n>(<args><o>)',
        "<a>.<n>",
        "attribute",
    ),
    "monkeypatch_test": _access(
        _PYTEST + 'def <k>(monkeypatch):\n    monkeypatch.setattr("<m>.<n>", fake)\n    <a>.call_it()\n\n\n'
        "with pytest.MonkeyPatch.context() as patcher:\n    <k>(patcher)",
        "<a>.<n>",
        "attribute",
        "target",
    ),
}
DOUBTFUL = Table(
    "access",
    {
        "hasattr": _access("import <m> as <a>\n\nif hasattr(<a>, '<n>'):\n    pass", "<a>.<n>", "attribute"),
        "module_alias": _access("import <m> as <y>\n\n<a> = <y>", "<a>.<n>", "attribute"),
        "sys_modules": _access("import sys\n\nimport <m>", 'sys.modules["<m>"].<n>', "attribute"),
        "importlib_relative": _access(
            'import importlib\n\n<a> = importlib.import_module(".<mn>", "<pm>")', "<a>.<n>", "dotted"
        ),
        "dunder_import": _access('<a> = __import__("<m>", fromlist=["<n>"])', "<a>.<n>"),
        "importlib_loop": _access(
            'import importlib\n\nfor <y> in ("<m>",):\n    importlib.import_module(<y>).<n>(<args><o>)', ""
        ),
        "globals": _access('from <m> import <n>\n\nglobals()["<n>"](<args><o>)'),
        "eval": _access("from <m> import <n>\n\neval('<n>(<args><o>)')"),
        "patch_multiple": _access(
            _PATCH + 'with mock.patch.multiple("<m>", <n>=fake):\n    <a>.<n>(<args><o>)',
            "<a>.<n>",
            "attribute",
        ),
        "setattr_late": _access(
            'import <m> as <a>\n\n<y> = <a>.<n>\nsetattr(<a>, "<n>", fake)\n<a>.<n>(<args><o>)\n'
            'setattr(<a>, "<n>", <y>)',
            "<a>.<n>",
            "attribute",
        ),
        "star_taken": _access("<new> = fake\nfrom <m> import *\n\n<new>(<o>)", "<n>", "star", "free"),
        "star_then_other": _access("from <m> import *\n\n<n>(<args><o>)\n<n> = fake\n<n>(<o>)", "", "star"),
        "other_then_star": _access("<n> = fake\n<n>(<o>)\nfrom <m> import *", "<n>", "star"),
    },
)
"""Forms for which a refusal is as right as a fix."""
ACCESSES = Table("access", {**_IMPORTS, **_OTHER_BINDINGS, **_SCOPES, **_STRINGS})
BINDING = (*_OTHER_BINDINGS.values(), _SCOPES["type_checking_quoted"])
"""Those that bind the very name that is offered, besides those that read it by that name."""
SHOWN = 'probe(<o>, f"""{<t>(<args><o>)=:}""")'
"""The program sees the text of this code, which must stay: by an alias in the import, or not at all."""
