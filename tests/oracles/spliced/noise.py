"""Layout put into programs token by token: what Python makes of a program stays, and so must its fix."""

from __future__ import annotations

import random
import re
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from tokenize import COMMENT, DEDENT, ENDMARKER, INDENT, NAME, NEWLINE, NL, generate_tokens

from .promises import dumped

COMMENTS = (
    *(
        "# note",
        "#",
        "# größe 名前 🙂",
        "# f = jax.vmap(f)",
        "# def f(x): [({",
        '# """',
        "# \f \u2028 \x85 \\ .",
    ),
    *("# @jax.custom_vjp", "# f.defvjp(f_fwd, f_bwd)", "# type: ignore"),
)
BLANKS = ("\n", "    \n", "\t\n", "\f\n")
SPACES = (" ", "  ", "\t")
BREAKS = ("\n", "\n\n", "\n\t")
BOLD = {chr(0x61 + i): chr(0x1D41A + i) for i in range(26)}
_LEFT_OUT = (INDENT, DEDENT, ENDMARKER)


@dataclass(frozen=True, slots=True)
class Token:
    """``text[start:end]``; ``depth``: in how many brackets; ``first``: nothing stands before it on its line."""

    kind: int
    start: int
    end: int
    depth: int
    first: bool


@dataclass(frozen=True)
class Text:
    """A program and its tokens."""

    text: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        starts = [0, *(match.end() for match in re.finditer("\r\n|\n|\r", self.text)), len(self.text)]
        found: list[Token] = []
        depth = 0
        for token in generate_tokens(StringIO(self.text, newline="").readline):
            start, end = (starts[line - 1] + column for line, column in (token.start, token.end))
            depth -= token.string in (")", "]", "}")
            if token.type not in _LEFT_OUT:
                above = self.text[starts[token.start[0] - 1] : start]
                found.append(Token(token.type, start, end, depth, not above.strip()))
            depth += token.string in ("(", "[", "{")
        return tuple(found)

    def some(self, rng: random.Random, fits: Callable[[Token], bool]) -> Token | None:
        found = [token for token in self.tokens if fits(token)]
        return rng.choice(found) if found else None

    def put(self, at: int, new: str, end: int | None = None) -> str:
        return self.text[:at] + new + self.text[at if end is None else end :]


Noise = Callable[[random.Random, Text], str]


def comment_behind(rng: random.Random, text: Text) -> str:
    token = text.some(rng, lambda t: t.kind in (NEWLINE, NL))
    return text.put(token.start, "  " + rng.choice(COMMENTS)) if token else text.text


def line_above(rng: random.Random, text: Text) -> str:
    token = text.some(rng, lambda t: t.first)
    new = rng.choice([*BLANKS, *(f"{' ' * rng.randrange(6)}{each}\n" for each in COMMENTS)])
    return text.put(text.text.rfind("\n", 0, token.start) + 1, new) if token else text.text


def break_in_brackets(rng: random.Random, text: Text) -> str:
    token = text.some(rng, lambda t: t.depth > 0 and t.kind != COMMENT)
    new = rng.choice([*BREAKS, *(f" {each}\n" for each in COMMENTS)])
    return text.put(token.start, new) if token else text.text


def backslash(rng: random.Random, text: Text) -> str:
    token = text.some(rng, lambda t: not t.first and t.kind not in (COMMENT, NEWLINE, NL))
    return text.put(token.start, rng.choice((" \\\n", " \\\n      ", "\\\n\t"))) if token else text.text


def space(rng: random.Random, text: Text) -> str:
    token = text.some(rng, lambda t: not t.first)
    return text.put(token.start, rng.choice(SPACES)) if token else text.text


def form_feed(rng: random.Random, text: Text) -> str:
    """One where LibCST may lose it, or lose its way."""
    token = text.some(rng, lambda t: t.end >= t.start)
    at = text.text.rfind("\n", 0, token.start) + 1 if token and token.first else token.start if token else 0
    return text.put(at, rng.choice(("\f", " \f ")))


def semicolon(rng: random.Random, text: Text) -> str:
    token = text.some(rng, lambda t: t.kind == NEWLINE)
    return text.put(token.start, rng.choice((";", " ; "))) if token else text.text


def joined(rng: random.Random, text: Text) -> str:
    token = text.some(rng, lambda t: t.kind == NEWLINE)
    after = next((t for t in text.tokens if token and t.start > token.start and t.kind != NL), None)
    return text.put(token.start, rng.choice(("; ", ";")), after.start) if token and after else text.text


def parentheses(rng: random.Random, text: Text) -> str:
    token = text.some(rng, lambda t: t.kind == NAME)
    if not token:
        return text.text
    name = text.text[token.start : token.end]
    return text.put(token.start, rng.choice(("({})", "( {}\n)", "((\n{} ))")).format(name), token.end)


def tabs(_: random.Random, text: Text) -> str:
    return re.sub(r"(?m)^(?:    )+", lambda match: "\t" * (len(match[0]) // 4), text.text)


def spelled_otherwise(rng: random.Random, text: Text) -> str:
    """A name in letters that Python takes for the plain ones."""
    token = text.some(rng, lambda t: t.kind == NAME)
    if not token:
        return text.text
    name = text.text[token.start : token.end]
    return text.put(token.start, "".join(BOLD.get(letter, letter) for letter in name), token.end)


LAYOUT: tuple[Noise, ...] = (
    *(comment_behind, line_above, break_in_brackets, backslash, space, semicolon, joined),
    *(parentheses, tabs),
)
ODD: tuple[Noise, ...] = (*LAYOUT, form_feed, spelled_otherwise)


def noisy(rng: random.Random, text: str, kinds: tuple[Noise, ...] = LAYOUT, most: int = 12) -> str:
    """The text with up to ``most`` pieces of noise, each of which leaves its meaning alone."""
    meaning = dumped(text.encode())
    for _ in range(rng.randrange(1, most + 1)):
        new = rng.choice(kinds)(rng, Text(text))
        if dumped(new.encode()) == meaning:
            text = new
    return text


def dressed(rng: random.Random, text: str) -> bytes:
    """The text as a file: its newlines, its end, its encoding, which it may declare."""
    text = rng.choice((text, text.rstrip("\n"), text + "\n\n", text + "# end", text + "    \n"))
    encoding, mark = "utf-8", rng.choice((b"", BOM_UTF8))
    if not text.startswith("#!") and rng.randrange(3) == 0:
        encoding = "latin-1" if _is_latin_1(text) else "utf-8"
        text = f"# -*- coding: {encoding} -*-\n# é\n{text}"
    mark = b"" if encoding == "latin-1" else mark
    return mark + text.replace("\n", rng.choice(("\n", "\r\n"))).encode(encoding)


def _is_latin_1(text: str) -> bool:
    return all(ord(letter) < 0x100 for letter in text)
