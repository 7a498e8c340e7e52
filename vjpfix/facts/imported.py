"""Imported functions with custom derivatives whose name a module gives to a transformed version."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from vjpfix.facts.data import Origin, Takeover
from vjpfix.facts.graph import PrimalFact
from vjpfix.facts.module import JaxModule
from vjpfix.facts.program import Program
from vjpfix.facts.values import NOTHING, Primal
from vjpfix.jaxfacts.transforms import OTHER_MEANING, Table
from vjpfix.semantic.parsing import parse

Place = tuple[int, int]


def imported_takeovers(text: str, path: Path, table: Table, places: Iterable[Place]) -> tuple[Takeover, ...]:
    """Those of a module.

    Arguments: ``places``: where their names stand in its imports (line and byte column). A transform that
    neither maps nor differentiates gives nothing another meaning.
    Errors: as the questions to a ``JaxModule``.
    """
    tree, wanted = parse(text, path), set(places)
    maker = next(iter(table.derivatives.values()))
    imported = {
        node: Primal(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.alias) and (node.lineno, node.col_offset) in wanted
    }
    program = Program(tree, table, imported=imported)
    program.primals.update({primal: PrimalFact(maker, NOTHING) for primal in imported.values()})
    found = JaxModule(text, path, table, program=program.learn()).takeovers
    return tuple(each for each in found if each.origin is Origin.IMPORTED and _matters(each, table))


def _matters(takeover: Takeover, table: Table) -> bool:
    rows = [table.transform(step) for taken in takeover.taken for step in taken.steps]
    return any(row and row.kind in OTHER_MEANING for row in rows)
