"""Every regular expression of the package on hostile texts of some size: ``python -m tests.unit.growing 200000``.

The texts repeat what the expression itself is made of, and what stands in source, logs and settings; a run
takes its share of them. An expression that
looks at a text again for each of its characters does not come to an end within the test's deadline.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import vjpfix
from tests.share import some_of

METHODS = frozenset(("search", "match", "fullmatch", "finditer", "findall", "sub", "split"))
PIECES = (
    *"a1 \t\n.()[<'\"\\#-_=:é\r\f",
    *(" \n", "a.", "a ", "\\\n", "E ", "A1,", "a=", "import ", "from a import (\n", "x.py:1: ", "Error: "),
)
BEHIND = (" ", "a", "1", ".", "(", "#")
SPECIAL = re.compile(r"\\.|\[[^\]]*\]|\(\?[^)]*\)|[*+?{}|()^$]")
WORDS_OF_ERRORS = "vjpfix.diagnose.texts"  # of messages, whose length has a limit


def modules() -> Iterator[str]:
    for each in pkgutil.walk_packages(vjpfix.__path__, "vjpfix."):
        if not each.name.endswith("__main__") and ".startup" not in each.name:
            yield each.name


def patterns() -> dict[re.Pattern[str] | re.Pattern[bytes], tuple[str, frozenset[str]]]:
    """All that stand in modules, each with its name and the methods that are called of it."""
    found: dict[re.Pattern[str] | re.Pattern[bytes], tuple[str, frozenset[str]]] = {}
    for name in modules():
        try:
            module = importlib.import_module(name)
        except ImportError:  # what needs JAX or pytest
            continue
        used = called(Path(module.__file__ or ""))
        for variable, value in vars(module).items():
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, re.Pattern):
                    methods = used.get(variable, METHODS) if value is each else METHODS
                    found.setdefault(each, (f"{name}.{variable}", methods & METHODS))
    return found


def called(path: Path) -> dict[str, frozenset[str]]:
    """The methods that a module calls of its variables."""
    found: dict[str, frozenset[str]] = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found[node.value.id] = found.get(node.value.id, frozenset()) | {node.attr}
    return found


def texts(pattern: str, size: int) -> Iterator[str]:
    words = [word for word in SPECIAL.sub("\0", pattern).split("\0") if word][:8]
    for piece in (*PIECES, *words, *(word + end for word in words for end in BEHIND)):
        yield piece * (size // len(piece))
        yield piece * (size // len(piece)) + "x"
    for word in words:
        yield from (word + piece * (size // len(piece)) + "x" for piece in BEHIND)


def run(size: int) -> None:
    for pattern, (name, methods) in patterns().items():
        print(name, flush=True)
        shown = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
        for text in some_of([*texts(shown, size)]):
            subject = text if isinstance(pattern.pattern, str) else text.encode()
            for method in methods:
                result = getattr(pattern, method)(
                    *((subject[:0], subject) if method == "sub" else (subject,))
                )
                if method == "finditer":
                    all(result)


if __name__ == "__main__":
    run(int(sys.argv[1]))
