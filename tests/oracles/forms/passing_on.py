"""Modules that pass the name on to their own importers, and importers for which there is no right fix."""

from __future__ import annotations

from dataclasses import dataclass

from .accesses import access
from .table import Table

_REEXPORTS = {
    "from": "from <rel> import <n>",
    "from_absolute": "from <m> import <n>",
    "same": "from <rel> import <n> as <n>",
    "noqa": "from <rel> import call_it, <n>  # noqa: F401 | <n> | target",
    "renamed": "from <rel> import <n> as <g> | <g>",
    "star": "from <rel> import * | <n> | star",
    "listed": 'from <rel> import <n>\n\n__all__ = ["<n>"]',
    "listed_renamed": 'from <rel> import <n> as <g>\n\n__all__ = ("<g>",) | <g>',
    "listed_augmented": 'from <rel> import <n>\n\n__all__ = []\n__all__ += ["<n>"]',
    "listed_extended": 'from <rel> import <n>\n\n__all__ = []\n__all__.extend(["<n>"])',
    "star_listed": 'from <rel> import *\n\n__all__ = ["<n>"] | <n> | star',
    "star_all_of": (
        "from <relp> import <mn> as <a>\nfrom <rel> import *\n\n"
        "__all__ = <a>.__all__ | <n> | attribute dotted listed star"
    ),
    "star_all_joined": (
        "from <relp> import <mn> as <a>\nfrom <rel> import *\n\n"
        '__all__ = ["<a>"] + list(<a>.__all__) | <n> | attribute dotted listed star'
    ),
    "star_all_added": (
        "from <relp> import <mn> as <a>\nfrom <rel> import *\n\n"
        "__all__ = []\n__all__ += <a>.__all__ | <n> | attribute dotted listed star"
    ),
    "star_all_unpacked": (
        "from <relp> import <mn> as <a>\nfrom <rel> import *\n\n"
        '__all__ = [*<a>.__all__, "<a>"] | <n> | attribute dotted listed star'
    ),
    "fallback": "try:\n    from <rel> import <n>\nexcept ImportError:\n    <n> = None",
    "assigned": "from <rel> import <n> as <g>\n\n<f> = <g> | <f>",
    "assigned_attribute": "from <relp> import <mn> as <a>\n\n<f> = <a>.<n> | <f> | attribute dotted",
}
REEXPORTS = Table("reexport", {name: access(form) for name, form in _REEXPORTS.items()})
"""As accesses are: ``read`` is what the name is called from here on."""


@dataclass(frozen=True, slots=True)
class Refused:
    """``text``: what an importer says. ``needs``: as for an access, of the module with the mistake.

    ``middle``: lines in that module before the rebinding, ``late``: at its end. ``always``: where the
    transformed function keeps the name there is no fix either. ``may_be_fixed``: a fix is as right.
    ``broken``: the importer is never run. ``init``: the text belongs into the package's ``__init__``, and the
    importer reads the name from there. ``fixable``: renaming everywhere is right, could it be known.
    """

    text: str
    needs: frozenset[str] = frozenset()
    middle: str = ""
    late: str = ""
    always: bool = False
    may_be_fixed: bool = False
    broken: bool = False
    init: str = ""
    fixable: bool = True


_MODULE = "import <m> as <a>\n\n"
_ATTRIBUTE = frozenset({"attribute"})
_RULES = frozenset({"attribute", "rules"})
_CALL = "(<args><o>)"
_ESCAPES = {
    "passed": f"{_MODULE}<y> = keep(<a>)\n<y>.<n>{_CALL}",
    "passed_by_keyword": f"{_MODULE}<y> = box(held=<a>)\n<y>.held.<n>{_CALL}",
    "in_list": f"{_MODULE}for <y> in [<a>]:\n    <y>.<n>{_CALL}",
    "in_dict": f'{_MODULE}<y> = {{"ops": <a>}}\n<y>["ops"].<n>{_CALL}',
    "returned": f"{_MODULE}def <k>():\n    return <a>\n\n\n<k>().<n>{_CALL}",
    "default": f"{_MODULE}def <k>(ops=<a>):\n    return ops.<n>{_CALL}\n\n\n<k>()",
    "vars": f'{_MODULE}vars(<a>)["<n>"]{_CALL}',
    "dict": f'{_MODULE}<a>.__dict__["<n>"]{_CALL}',
    "getattr_variable": f'{_MODULE}<y> = "<n>"\ngetattr(<a>, <y>){_CALL}',
    "getattr_parameter": f'{_MODULE}def <k>(name):\n    return getattr(<a>, name){_CALL}\n\n\n<k>("<n>")',
    "getattr_joined": f'{_MODULE}getattr(<a>, "".join(["<n>"])){_CALL}',
    "dir": f'{_MODULE}[getattr(<a>, y) for y in dir(<a>) if y == "<n>"][0]{_CALL}',
    "getattr_loop": f'{_MODULE}for <y> in ["<n>"]:\n    getattr(<a>, <y>){_CALL}',
}
_RULES_USED = {
    "rule_imported": "from <m> import <rule>\n\n<rule>(*rule_args)",
    "rule_imported_as": "from <m> import <rule> as <g>\n\n\ndef <k>():\n    return <g>(*rule_args)\n\n\n<k>()",
    "rule_attribute": f"{_MODULE}<a>.<rule>(*rule_args)",
    "rule_in_function": "def <k>():\n    from <m> import <rule>\n\n    return <rule>(*rule_args)\n\n\n<k>()",
}
_USER = "import <here>\n"
_CIRCULAR = {
    "circular_from": ("from <m> import <n>\n\n<n>(<args><o>)", _USER),
    "circular_attribute": ("import <m> as <a>\n\n<a>.<n>(<args><o>)", _USER),
    "circular_at_import_only": ("from <m> import <n>\n\n<y> = <n>\n<y>(<args><o>)", _USER),
}
REFUSALS = Table(
    "refused_import",
    {
        **{name: Refused(text, _ATTRIBUTE) for name, text in _ESCAPES.items()},
        **{
            name: Refused(text.replace("*rule_args", "<rule_args>"), _RULES, always=True, fixable=False)
            for name, text in _RULES_USED.items()
        },
        **{
            name: Refused(text, frozenset({"target_first"}), middle=middle, always=True, fixable=False)
            for name, (text, middle) in _CIRCULAR.items()
        },
        "circular_deferred": Refused(
            f"import <m> as <a>\n\n\ndef deferred_use():\n    return <a>.<n>{_CALL}",
            frozenset({"target_first", "attribute"}),
            middle="import <here> as circular\n",
            late="circular.deferred_use()",
            may_be_fixed=True,
        ),
        "circular_at_the_end": Refused(
            f"from <m> import <n>\n\n<n>{_CALL}",
            frozenset({"target_first"}),
            late=_USER,
            may_be_fixed=True,
        ),
        "unparsable": Refused("from <m> import <n>\n\nprint <n>(1)", broken=True),
        "unparsable_module": Refused("import <m>\n\nprint <m>.<n>(1)", broken=True),
        "lazy_if": Refused(
            f"from <pm> import <n>\n\n<n>{_CALL}",
            frozenset({"dotted", "relative", "free_init"}),
            init='def __getattr__(name):\n    if name == "<n>":\n        from <m> import <n>\n\n        return <n>\n'
            "    raise AttributeError(name)",
        ),
        "lazy_getattr": Refused(
            f"import <pm> as <a>\n\n<a>.<n>{_CALL}",
            frozenset({"dotted", "relative", "free_init"}),
            init="import importlib\n\n\ndef __getattr__(name):\n"
            '    if name in ("<n>",):\n        return getattr(importlib.import_module("<m>"), name)\n'
            "    raise AttributeError(name)",
        ),
    },
)
ELSEWHERE = Table(
    "refused_import",
    {
        "ambiguous": Refused(f"from <m> import <n>\n\n<n>{_CALL}"),
        "ambiguous_module": Refused(f"{_MODULE}<a>.<n>{_CALL}"),
    },
)
"""In a folder from which the module could be one of two of its name."""
