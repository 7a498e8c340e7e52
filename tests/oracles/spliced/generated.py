"""Modules that hypothesmith makes from Python's grammar, and the pieces that they and single statements give."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

USUAL = tuple(Path(__file__).with_name("usual.txt").read_text().rstrip().split("\n\n")[1:])
"""What is in most modules, and seldom in generated ones."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Statements, those of them that hold others, and expressions, as generated and in plain layout."""

    statements: tuple[str, ...]
    blocks: tuple[str, ...]
    expressions: tuple[str, ...]


@cache
def modules() -> SearchStrategy[str]:
    """Whole modules. (It takes seconds to make, and every process that collects tests imports this one.)"""
    from hypothesmith import from_grammar

    return from_grammar(auto_target=False)


@cache
def blocks() -> SearchStrategy[str]:
    """Statements that hold others."""
    from hypothesmith import from_node
    from libcst import BaseCompoundStatement

    return from_node(BaseCompoundStatement, auto_target=False)


def generated(strategy: SearchStrategy[str], number: int, count: int) -> list[str]:
    """``count`` texts, always the same for a ``number``, and others for another one."""
    found: list[str] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(text: str) -> None:
        found.append(text)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what the generated code compares and calls
        collect()
    return found


def pieces(texts: Iterable[str]) -> Pieces:
    """What these modules consist of, each piece once."""
    found = [(text, node) for text in texts for node in ast.walk(_tree(text))]
    statements = [each for each in found if isinstance(each[1], ast.stmt)]
    return Pieces(
        tuple(_spelled(statements)),
        tuple(_spelled(each for each in statements if hasattr(each[1], "body"))),
        tuple(_spelled(each for each in found if isinstance(each[1], ast.expr) and _is_read(each[1]))),
    )


def _spelled(nodes: Iterable[tuple[str, ast.AST]]) -> dict[str, None]:
    """The nodes of these texts, as they stand there and otherwise, each once."""
    found: dict[str, None] = {}
    for text, node in nodes:
        found[ast.unparse(node)] = found[ast.get_source_segment(text, node) or "..."] = None
    return found


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _is_read(node: ast.expr) -> bool:
    return not isinstance(node, ast.Starred | ast.Slice) and isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    )
