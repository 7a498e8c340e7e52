"""The same programs in other words: what a filter that goes by bytes might trip over."""

from __future__ import annotations

import re
from collections.abc import Callable

_SETTER = r"^(\s*)(\w+)\.(def[jv]{2}ps?)\((.*)\)$"
_MADE = r"^(\s*)@(jax\.custom_[jv]+p)\n\1def (\w+)(\((?:[^\n]|\n\1[ \t])*\n)"
_RETURN = r"^(\s*)return ([^\n]+)$"
_SHORT = r"^def (f_\w+)\(([^()]*)\):\n    return ([^\n]+)$"
_TWO_RULES = r"defvjp\((\w+), (\w+)\)"
_OF_F = r"jax\.(jvp|jacfwd|hessian|linearize)\(f\b"
_OTHER = (
    "import jax\ndef other():\n  @jax.custom_vjp\n  def f(a, b, c): return a\n"
    "  def f_fwd(a, b, c): return a, None\n  def f_bwd(r, g): return 1, 2, 3\n"
    "  f.defvjp(f_fwd, f_bwd)\n  return f\n"
)


def _each(pattern: str, new: str) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, new, text, flags=re.MULTILINE)


def _start(new: str) -> Callable[[str], str]:
    return lambda text: text.replace("import jax\n", new, 1)


def _indented(head: str, blanks: str) -> Callable[[str], str]:
    return lambda text: head + "".join(blanks + line for line in text.splitlines(keepends=True))


def _tabs(text: str) -> str:
    return re.sub(r"^( {4})+", lambda match: "\t" * (len(match[0]) // 4), text, flags=re.MULTILINE)


def _renamed_makers(text: str) -> str:
    text = _start("import jax\nfrom jax import custom_vjp as cv, custom_jvp as cj\n")(text)
    return text.replace("jax.custom_vjp", "cv").replace("jax.custom_jvp", "cj")


def _imported_makers(text: str) -> str:
    text = _start("import jax\nfrom jax import (\n    custom_vjp,\n    custom_jvp as custom_jvp)\n")(text)
    return text.replace("jax.custom_", "custom_")


def _named_makers(text: str) -> str:
    text = _start("import jax\nmake, push = jax.custom_vjp, jax.custom_jvp\n")(text)
    return text.replace("@jax.custom_vjp", "@make").replace("@jax.custom_jvp", "@push")


def _lambdas(text: str) -> str:
    rules = {
        name: f"lambda {taken}: ({given})" for name, taken, given in re.findall(_SHORT, text, re.MULTILINE)
    }
    return re.sub(_TWO_RULES, lambda m: f"defvjp({rules.get(m[1], m[1])}, {rules.get(m[2], m[2])})", text)


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "tabs": _tabs,
    "form feeds": lambda text: text.replace("\ndef ", "\n\fdef "),
    "in a function": _indented("def first():\n    f = 1\n    return f\ndef second():\n", "    "),
    "in a method": _indented("class A:\n    def second(self):\n", "        "),
    "comments with code": _each(r"(?<=\S)$", "  # return ' ( f.defvjp(a, b)"),
    "docstrings with code": _each(
        r"^(\s*)(def [^\n]*:)$", r"\1\2" + "\n" + r"\1    '''return (f,)" + "\nf.defvjp(g,\n   h'''"
    ),
    "a string with code above": lambda text: (
        '"""\ndef f_bwd(x, g): return (g,)\nf.defvjp(a, b)\nf = 1\n"""\n' + text
    ),
    "continued assignments": _each(r"= (?=\S)", "= \\\\\n      "),
    "continued returns": _each(r"return (?=\S)", "return \\\\\n  "),
    "returns over several lines": _each(_RETURN, r"\1return (" + "\n" + r"\2" + "\n )"),
    "returns under a condition": _each(
        _RETURN, r"\1if True:" + "\n" + r"\1    return \2" + "\n" + r"\1return \2"
    ),
    "returns behind another statement": _each(r"^(\s*)return ", r"\1pass; return "),
    "returns on the line of def": _each(r":\n\s+return ", ": return "),
    "names for what is returned": _each(_RETURN, r"\1value = \2" + "\n" + r"\1return value"),
    "a walrus in returns": _each(_RETURN, r"\1return (value := (\2))"),
    "blanks around the setter": _each(r"\.(def[jv]{2}ps?)\(", r" . \1 (" + "\n  "),
    "the setter on a line of its own": _each(_SETTER, r"\1(\2" + "\n" + r"\1 .\3(\4,))"),
    "keywords": _each(_TWO_RULES, r"defvjp(bwd=\2, fwd=\1)"),
    "attached by another name": _each(_SETTER, r"\1other = \2" + "\n" + r"\1other.\3(\4)"),
    "other names for the makers": _renamed_makers,
    "imported makers": _imported_makers,
    "variables for the makers": _named_makers,
    "made by a call": _each(_MADE, r"\1def impl\4\1\3 = \2(impl)" + "\n"),
    "made of the same name": _each(_MADE, r"\1def \3\4\1\3 = \2(\3)" + "\n"),
    "decorators over several lines": _each(
        r"^(\s*)@([^\n(]+)\(([^\n]*)\)$", r"\1@\2(" + "\n" + r"\1   \3,  # why" + "\n" + r"\1)"
    ),
    "a decorator more": _each(r"^(\s*)(@[^\n]*custom[^\n]*)$", r"\1\2" + "\n" + r"\1@jax.jit"),
    "parameters over several lines": _each(r"def (\w+)\(([^()]*)\):", "def \\1(\n  \\2,  # (\n):"),
    "annotations": _each(r"def (\w+)\((\w+)", r'def \1(\2: "a[b, (c="'),
    "functions in rules": _each(
        r"^(\s*)def (\w+_bwd)(\([^\n]*\)):$", r"\1def \2\3:" + "\n" + r"\1    def inner(): return 1, 2"
    ),
    "lambdas with names": _each(_SHORT, r"\1 = lambda \2: (\3)"),
    "lambdas": _lambdas,
    "compiled rules": _each(r"^def (f_\w+)", "@jax.jit\ndef \\1"),
    "rules compiled where they are attached": _each(_TWO_RULES, r"defvjp(jax.jit(\1), jax.jit(\2))"),
    "a name for the transform": lambda text: _start("import jax\nJ = jax.jvp\n")(text).replace(
        "jax.jvp(", "J("
    ),
    "an imported transform": lambda text: _start("import jax\nfrom jax import jacfwd as J\n")(text).replace(
        "jax.jacfwd(", "J("
    ),
    "transforms of what a function returns": lambda text: (
        "def get():\n    return f\n" + re.sub(_OF_F, r"jax.\1(get()", text)
    ),
    "transforms of a version": lambda text: re.sub(
        _OF_F, r"jax.\1(version", re.sub("^(y = )", "version = jax.jit(f)\n\\1", text, flags=re.MULTILINE)
    ),
    "methods of these names": _start(
        "import jax\nclass C:\n  def f(self): return 1\n  def f_bwd(self): return 1\n"
    ),
    "functions of these names": _start(_OTHER),
}
