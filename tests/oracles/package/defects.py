"""The module with the mistake.

In templates ``<f>`` is the primal's name, which stays, ``<n>`` the name where it means the transformed
version, ``<args>`` what a call passes first, ``<i>`` and ``<o>`` ids of call sites inside and outside.
"""

from __future__ import annotations

from dataclasses import dataclass

from .text import ADDED, Draw, marked

NAMES = {"one_letter": "f", "word": "func", "snake": "soft_dot", "private": "_op", "non_ascii": "größe"}
IMPORTS = {
    "import": ("import jax", "jax.{}"),
    "import_as": ("import jax as J", "J.{}"),
    "from": ("from jax import {names}", "{}"),
    "from_as": ("from jax import {names_as}", "jax_{}"),
}
_USED = ("custom_vjp", "custom_jvp", "vmap", "pmap", "grad", "value_and_grad", "jacfwd", "jit")


@dataclass(frozen=True, slots=True)
class Declaration:
    """``named_rules``: the rules are functions of the module, ``<f>_fwd`` (or ``<f>_jvp``) first."""

    text: str
    args: str = ""
    named_rules: bool = True
    rule_args: str = "1.0"


_RULES = """
def <f>_fwd(<p>x):
    return <r>, x


def <f>_bwd(<q>res, ct):
    return (ct,)


<f>.defvjp(<f>_fwd, <f>_bwd)
"""
_JVP = """


@<f>.defjvp
def <f>_fwd(primals, tangents):
    return <r>, tangents
"""
DECLARATIONS = {
    "vjp": Declaration("@<custom_vjp>\ndef <f>(x):\n    return x\n\n" + _RULES),
    "vjp_partial": Declaration(
        "@partial(<custom_vjp>, nondiff_argnums=(0,))\ndef <f>(k, x):\n    return x\n\n" + _RULES,
        "None, ",
        rule_args="None, 1.0",
    ),
    "vjp_call": Declaration("def <f>_plain(x):\n    return x\n\n\n<f> = <custom_vjp>(<f>_plain)\n" + _RULES),
    "vjp_same_name": Declaration("def <f>(x):\n    return x\n\n\n<f> = <custom_vjp>(<f>)\n" + _RULES),
    "vjp_lambdas": Declaration(
        "@<custom_vjp>\ndef <f>(x):\n    return x\n\n"
        "\n<f>.defvjp(lambda x: (<r>, x), lambda res, ct: (<f>(<i>),))",
        named_rules=False,
    ),
    "vjp_keywords": Declaration(
        "@<custom_vjp>\ndef <f>(x):\n    return x\n\n"
        + _RULES.replace("<f>_fwd, <f>_bwd)", "bwd=<f>_bwd, fwd=<f>_fwd)")
    ),
    "jvp": Declaration("@<custom_jvp>\ndef <f>(x):\n    return x" + _JVP, rule_args="(), ()"),
    "jvp_call": Declaration("<f> = <custom_jvp>(lambda x: x)" + _JVP, rule_args="(), ()"),
}
READS = {
    "direct": "<f>(<args><i>)",
    "keyword": "<f>(<args>x=<i>)",
    "comprehension": "[<f>(<args><i>) for _ in range(1)]",
    "helper": "<f>_helper(None)",
}
_HELPER = "def <f>_helper(z):\n    return <f>(<args><i>)\n\n\n"

REBINDINGS = {
    "vmap": ("<n> = <vmap>(<f>)", "mapped"),
    "vmap_option": ("<n> = <vmap>(<f>, in_axes=0)", "mapped"),
    "vmap_partial": ("<n> = partial(<vmap>, in_axes=0)(<f>)", "mapped"),
    "pmap": ("<n> = <pmap>(<f>)", "mapped"),
    "jit_vmap": ("<n> = <jit>(<vmap>(<f>))", "mapped"),
    "vmap_jit": ("<n> = <vmap>(<jit>(<f>))", "mapped"),
    "grad": ("<n> = <grad>(<f>)", "grad"),
    "value_and_grad": ("<n> = <value_and_grad>(<f>)", "value_and_grad"),
    "jacfwd": ("<n> = <jacfwd>(<f>)", "jacfwd"),
    "annotated": ("<n>: object = <vmap>(<f>)", "mapped"),
    "chain": ("<n> = <vmap>(<f>)\n<n> = <jit>(<n>)", "mapped"),
    "multiline": ("<n> = <vmap>(\n    <f>,  # <f>\n)", "mapped"),
    "if": (f"{ADDED}<n> = <f>\nif flag:\n    <n> = <vmap>(<f>)", "mapped"),
    "for": (f"{ADDED}<n> = <f>\nfor _ in range(2):\n    <n> = <vmap>(<n>)", "mapped"),
    "try": (f"{ADDED}<n> = <f>\ntry:\n    <n> = <vmap>(<f>)\nexcept ValueError:\n    raise", "mapped"),
}
EARLY_USES = {
    "call": "before_all = <f>(<args><o>)",
    "default": "def early_default(z=<f>):\n    return z(<args><o>)\n\n\nearly_default()",
    "alias": "original = <f>\noriginal(<args><o>)",
}
LATE_USES = {
    "call": "after_all = <n>(<args><o>)",
    "function": "def late():\n    return <n>(<args><o>)\n\n\nlate()",
    "alias": "kept = <n>\nkept(<args><o>)",
    "class_body": "class Late:\n    held = [<n>(<args><o>)]",
    "other_attribute": "box(<f>=1.0).<f>",
    "parameter": "def shadowed(<f>):\n    return <f>\n\n\nshadowed(1.0)",
}
EXPORTS = {
    "none": "",
    "list": '__all__ = ["call_it", "<n>"]',
    "tuple": "__all__ = '<n>', 'call_it'",
    "augmented": '__all__ = ["call_it"]\n__all__ += ["<n>"]',
    "extend": '__all__ = ["call_it"]\n__all__.extend(["<n>"])',
    "append": '__all__ = ["call_it"]\n__all__.append("<n>")',
    "concatenation": '__all__ = ["call_it"] + ["<n>"]',
    "annotated": '__all__: list[str] = [\n    "<n>",  # <f>\n    "call_it",\n]',
    "not_listed": '__all__ = ["call_it"]',
}
TAKEN = {
    "not": "",
    "variable": "<f>_{new} = 1.0",
    "function": "def <f>_{new}(*args):\n    return said('taken', *args)\n\n\n<f>_{new}(<o>)",
    "parameter": "def taken(<f>_{new}):\n    return <f>_{new}\n\n\ntaken(1.0)",
    "unmapped": "<f>_unmapped = 1.0",
}


@dataclass(frozen=True)
class Target:
    """What importers must know. ``new``: the end of the new name, ``star``: a star import brings the name,
    ``listed``: it is in ``__all__``. ``free``: nothing here has the new name yet."""

    name: str
    number: int
    args: str
    new: str
    star: bool
    listed: bool
    free: bool
    rule_args: str

    @property
    def token(self) -> str:
        return marked(self.name, self.number)


@dataclass(frozen=True, slots=True)
class Guests:
    """Lines of others: imports at the top, lines before the rebinding and at the end.

    ``need_rules``: the rules must be functions of the module.
    """

    top: tuple[str, ...] = ()
    middle: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    need_rules: bool = False


def defect(draw: Draw, name: str, number: int, guests: Guests) -> tuple[Target, list[str]]:
    """The module with the mistake: what importers must know of it, and its lines."""
    declared = draw.pick("declaration", DECLARATIONS, lambda each: each.named_rules or not guests.need_rules)
    rebinding, new = draw.pick("rebind", REBINDINGS)
    exports, taken = draw.pick("exports", EXPORTS), draw.pick("taken_in_target", TAKEN)
    listed = "<n>" in exports
    star = listed or not (exports or name.startswith("_"))
    free = "{new}" not in taken
    target = Target(name, number, declared.args, new, star, listed, free, declared.rule_args)
    early_exports = draw.maybe(0.3)
    above, below = (exports, "") if early_exports else ("", exports)
    read = draw.pick("read", READS)
    templates = [
        *(above, taken.replace("{new}", new), _HELPER if "helper" in read else "", declared.text),
        *draw.some("early", EARLY_USES, 0, 1),
        *guests.middle,
        rebinding,
        *draw.some("late", LATE_USES, 0, 2),
        *(_CALL_IT, below),
        *guests.end,
    ]
    header, spelling = draw.pick("imports", IMPORTS)
    holes = {used: spelling.format(used) for used in _USED}
    both = "k, " if declared.args else ""
    holes |= {"f": name, "n": target.token, "args": declared.args, "r": read, "p": both, "q": both}
    lines = [f'"""Losses: see {name}(x)."""', *_header(header), *guests.top, ""]
    for template in templates:
        lines += draw.fill(template, **holes)
    return target, lines


def _header(line: str) -> list[str]:
    names = ", ".join(_USED)
    names_as = ", ".join(f"{used} as jax_{used}" for used in _USED)
    return ["from functools import partial", line.format(names=names, names_as=names_as), PROBING]


_CALL_IT = "def call_it():\n    return <n>(<args><o>)\n\n\ncall_it()"
PROBING = "from probing import box, fake, flag, keep, probe, said"
