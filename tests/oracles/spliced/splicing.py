"""Generated pieces put into programs with rules, under the programs' own names."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from keyword import iskeyword

from .generated import Pieces
from .promises import parsed

WORD = re.compile(r"(?<![\w\\])[^\W\d]\w*")
LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
TRIES = 4


@dataclass(frozen=True)
class Place:
    """Where statements of a block may stand: before ``at``, which has ``indent`` before it on its line."""

    at: int
    indent: bytes


@dataclass(frozen=True)
class Code:
    """A program as bytes, in which Python's tree counts."""

    data: bytes
    tree: ast.Module

    @cached_property
    def starts(self) -> list[int]:
        return [0, *accumulate(len(line) for line in LINE.findall(self.data))]

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        first = min((node, *getattr(node, "decorator_list", ())), key=lambda part: part.lineno)
        start = self.starts[first.lineno - 1] + (0 if first is not node else node.col_offset)
        return start, self.starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)

    @cached_property
    def places(self) -> list[Place]:
        return [place for statement in self.statements if (place := self._place(statement))]

    @cached_property
    def statements(self) -> list[ast.stmt]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.stmt)]

    @cached_property
    def reads(self) -> list[ast.expr]:
        nodes = (node for node in ast.walk(self.tree) if isinstance(node, ast.expr))
        return [node for node in nodes if isinstance(getattr(node, "ctx", ast.Load()), ast.Load)]

    @cached_property
    def names(self) -> list[str]:
        return sorted(set(_names(self.tree)))

    def put(self, start: int, new: str | bytes, end: int | None = None) -> bytes:
        new = new.encode() if isinstance(new, str) else new
        return self.data[:start] + new + self.data[start if end is None else end :]

    def _place(self, statement: ast.stmt) -> Place | None:
        start, _ = self.span(statement)
        indent = self.data[self.starts[statement.lineno - 1] :][: statement.col_offset]
        line = max(each for each in self.starts if each <= start)
        return None if indent.strip() else Place(line, indent)


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for field in ("id", "name", "arg", "attr", "asname"):
            name = getattr(node, field, None)
            if isinstance(name, str) and name.isidentifier():
                yield name


Splice = Callable[[random.Random, Code, Pieces], bytes]


def renamed(rng: random.Random, piece: str, names: list[str]) -> str:
    """A piece in which most names are those of the program."""

    def name(match: re.Match[str]) -> str:
        is_kept = not names or iskeyword(match[0]) or rng.random() < 0.2
        return match[0] if is_kept else rng.choice(names)

    return WORD.sub(name, piece)


def statement(rng: random.Random, code: Code, found: Pieces) -> bytes:
    """A statement of its own, in any block."""
    if not code.places:
        return b""
    place = rng.choice(code.places)
    lines = renamed(rng, rng.choice(found.statements), code.names).encode()
    return code.put(place.at, b"".join(place.indent + line for line in LINE.findall(lines + b"\n")))


def last(rng: random.Random, code: Code, found: Pieces) -> bytes:
    """A statement behind everything else."""
    return code.data + b"\n" + renamed(rng, rng.choice(found.statements), code.names).encode() + b"\n"


def around(rng: random.Random, code: Code, found: Pieces) -> bytes:
    """A block around a statement of the program."""
    block = renamed(rng, rng.choice(found.blocks or ("",)), code.names).encode()
    inner = rng.choice(code.statements)
    start, end = code.span(inner)
    line = max(each for each in code.starts if each <= start)
    indent = code.data[line : line + inner.col_offset]
    tree = parsed(block)
    if not tree or not tree.body or indent.strip():
        return b""
    outer = Code(block, tree)
    body = tree.body[0].body  # type: ignore[attr-defined]
    lines = LINE.findall(code.data[line:end])
    whole = outer.put(
        outer.span(body[0])[0],
        b"\n" + b"".join(b"    " + each.removeprefix(indent) for each in lines) + b"\n",
        outer.span(body[-1])[1],
    )
    return code.put(line, b"".join(indent + each for each in LINE.findall(whole + b"\n")), end)


def expression(rng: random.Random, code: Code, found: Pieces) -> bytes:
    """An expression in the place of another one, or around it."""
    if not code.reads:
        return b""
    start, end = code.span(rng.choice(code.reads))
    new = renamed(rng, rng.choice(found.expressions), code.names)
    old = code.data[start:end].decode("utf-8", "replace")
    forms = ("({new})", "({old}, {new})[0]", "({old} if {new} else {old})", "({new} or {old})")
    return code.put(start, rng.choice(forms).format(new=new, old=old), end)


def argument(rng: random.Random, code: Code, found: Pieces) -> bytes:
    """One more argument of a call."""
    calls = [node for node in code.reads if isinstance(node, ast.Call)]
    if not calls:
        return b""
    _, end = code.span(rng.choice(calls))
    new = renamed(rng, rng.choice(found.expressions), code.names)
    return code.put(end - 1, rng.choice((", {}", ", *({})", ", **({})", ", key=({})")).format(new))


def decorator(rng: random.Random, code: Code, found: Pieces) -> bytes:
    """One more decorator."""
    owners = [node for node in code.statements if hasattr(node, "decorator_list")]
    if not owners:
        return b""
    owner = rng.choice(owners)
    places = [code.starts[part.lineno - 1] for part in (owner, *owner.decorator_list)]  # type: ignore[attr-defined]
    new = renamed(rng, rng.choice(found.expressions), code.names)
    return code.put(rng.choice(places), " " * owner.col_offset + f"@({new})\n")


SPLICES: tuple[Splice, ...] = (statement, statement, last, around, around, expression, argument, decorator)


def spliced(rng: random.Random, text: str, found: Pieces, most: int = 3) -> bytes:
    """The program with up to ``most`` pieces. What does not give a program is left out."""
    data = text.encode()
    for _ in range(rng.randrange(1, most + 1)):
        for _ in range(TRIES):
            tree = parsed(data)
            assert tree
            new = rng.choice(SPLICES if tree.body else (last,))(rng, Code(data, tree), found)
            if new and new != data and parsed(new):
                data = new
                break
    return data
