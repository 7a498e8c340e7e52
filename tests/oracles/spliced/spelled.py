"""Programs spelled otherwise, in every place where Python allows it: what must not matter to whoever reads bytes."""

from __future__ import annotations

import ast
import keyword
import re
import token as kinds
from collections.abc import Callable, Iterator, Sequence

from .noise import BOLD, Text

_LINES = (kinds.NEWLINE, kinds.NL, kinds.COMMENT)
_F_STRINGS = tuple(getattr(kinds, f"FSTRING_{part}", -1) for part in ("START", "MIDDLE", "END"))
_WIDE = {letter: chr(ord(letter) + 0xFEE0) for letter in map(chr, range(0x21, 0x7F)) if letter.isalnum()}
_UTF_7 = {"custom_": "+AGM-ustom_", "vmap": "+AHY-map", "grad": "g+AHI-ad"}
_IMPORT = "import jax\n"
_SIMPLE = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Import | ast.ImportFrom | ast.Pass

Edit = tuple[int, int, str]


def between(inside: str, outside: str) -> Callable[[str], str]:
    """What puts something between any two words: of those in brackets, and of those outside."""

    def spelled(text: str) -> str:
        return _edited(text, _gaps(Text(text), inside, outside))

    return spelled


def _gaps(text: Text, inside: str, outside: str) -> Iterator[Edit]:
    fields = 0
    for token in text.tokens:
        if not fields and token.depth:
            yield token.start, token.start, inside
        elif not fields and not token.first and token.kind not in _LINES:
            yield token.start, token.start, outside
        fields += (token.kind == _F_STRINGS[0]) - (token.kind == _F_STRINGS[2])


def in_brackets(text: str) -> str:
    """Every statement that is a value, every value that is bound, and what it is bound to, in brackets."""
    parts = [part for node in ast.walk(ast.parse(text)) for part in _parts(node)]
    edits = [edit for part in parts for edit in _around(text, part, "(", ")")]
    return between("  # f = jax.jit(f) ([{\n", "")(_edited(text, edits))


def _parts(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Expr(value=value):
            yield value
        case ast.Assign(targets=targets, value=value):
            yield value
            yield from (each for each in targets if isinstance(each, ast.Name | ast.Attribute))


def letters(other: dict[str, str]) -> Callable[[str], str]:
    """What writes every name in other letters, which Python takes for the plain ones."""

    def spelled(text: str) -> str:
        names = (
            (token, text[token.start : token.end]) for token in Text(text).tokens if token.kind == kinds.NAME
        )
        return _edited(
            text,
            [
                (token.start, token.end, "".join(other.get(letter, letter) for letter in name))
                for token, name in names
                if not keyword.iskeyword(name) and not keyword.issoftkeyword(name)
            ],
        )

    return spelled


def quote_on_each_line(text: str) -> str:
    """Behind every statement another one, a string that holds a quote."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, _SIMPLE)]
    return _edited(text, [edit for node in nodes for edit in _around(text, node, "", '; "\\""')])


def walrus(text: str) -> str:
    """Every assignment to a name as a walrus that stands on a line of its own."""
    return _edited(text, [edit for node in _named(text) for edit in _walrus(text, node)])


def _walrus(text: str, node: ast.Assign) -> Iterator[Edit]:
    start, _ = _place(text, node)
    at, _ = _place(text, node.value)
    yield start, at, "(\n" + text[start:at].replace("=", ":=\n", 1)
    yield from _around(text, node, "", ")")


def by_global(text: str) -> str:
    """Every assignment of the module to a name in a function, which declares it behind a tab."""
    edits = []
    for number, node in enumerate(each for each in _named(text) if not each.col_offset):
        head = f"def set_{number}():\n\tglobal\t{ast.unparse(node.targets[0])}\n\t"
        edits += _around(text, node, head, f"\nset_{number}()")
    return _edited(text, edits)


def _named(text: str) -> list[ast.Assign]:
    nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Assign))
    return [node for node in nodes if [type(target) for target in node.targets] == [ast.Name]]


def imported_as(pattern: str, new: str) -> Callable[[str], str]:
    """What imports the functions of JAX whose names fit under other names."""
    named = re.compile(rf"\bjax\.({pattern})\b")

    def spelled(text: str) -> str:
        names = [f"{name} as {new.format(name)}" for name in dict.fromkeys(named.findall(text))]
        head = f"from jax import {', '.join(names)}\n" if names else ""
        rest = named.sub(lambda match: new.format(match[1]), text)
        return rest.replace(_IMPORT, _IMPORT + head, 1)

    return spelled


def jax_as(name: str) -> Callable[[str], str]:
    def spelled(text: str) -> str:
        lines = text.splitlines(keepends=True)
        rest = (line if "import" in line else re.sub(r"\bjax\.", f"{name}.", line) for line in lines)
        return "".join(rest).replace(_IMPORT, f"import jax as {name}\n", 1)

    return spelled


def encoded(encoding: str, spelled: Callable[[str], str] = str) -> Callable[[str], bytes]:
    """What stores the text in an encoding, which it declares."""
    return lambda text: f"# coding: {encoding}\n{spelled(text)}".encode(encoding)


def utf_7(text: str) -> bytes:
    """All bytes are plain ones, and the words do not stand there."""
    text = text.replace("+", "+-")
    for word, hidden in _UTF_7.items():
        text = text.replace(word, hidden)
    return f"# coding: utf-7\n{text}".encode("ascii")


def _around(text: str, node: ast.expr | ast.stmt, before: str, after: str) -> list[Edit]:
    start, end = _place(text, node)
    return [(start, start, before), (end, end, after)]


def _place(text: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    starts = [0, *(match.end() for match in re.finditer("\r\n|\n|\r", text))]

    def at(line: int, column: int) -> int:
        start = starts[line - 1]
        return start + len(text[start:].encode()[:column].decode())

    return at(node.lineno, node.col_offset), at(node.end_lineno or 0, node.end_col_offset or 0)


def _edited(text: str, edits: Iterator[Edit] | Sequence[Edit]) -> str:
    for start, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        text = text[:start] + new + text[end:]
    return text


SPELLED: dict[str, Callable[[str], str | bytes]] = {
    "as it is": str,
    "line breaks in all brackets": between("\n", ""),
    "comments in all brackets": between("  # f.defvjp(g, h) ([{\n", ""),
    "everything in brackets with comments": in_brackets,
    "continued lines between all words": between(" \\\n", " \\\n   "),
    "tabs between all words": between("\t", "\t"),
    "form feeds between all words": between("\f", " \f "),
    "letters of full width": letters(_WIDE),
    "bold letters": letters(BOLD),
    "bold letters and line breaks": lambda text: letters(BOLD)(between("\n", "\\\n")(text)),
    "a quote on each line": quote_on_each_line,
    "a walrus on a line of its own": walrus,
    "bound by a function": by_global,
    "transforms under a name with jit": imported_as(r"(?!custom_)[a-z]+(?:_and_grad)?", "my_jit_{}_"),
    "makers under a name with jit": imported_as("custom_[a-z]+", "jit_{}"),
    "the library under a name with jit": jax_as("jit"),
    "carriage returns": lambda text: text.replace("\n", "\r"),
    "latin-1": encoded("latin-1"),
    "letters of full width in a Japanese encoding": encoded("shift_jis", letters(_WIDE)),
    "utf-7": utf_7,
}
