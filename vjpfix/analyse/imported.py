"""Names of a module that hold functions with custom derivatives, and what others do with such names."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from vjpfix.analyse.definitions import PrimalFact
from vjpfix.analyse.facts import ModuleFacts, Origin, Rebinding
from vjpfix.analyse.module import walk
from vjpfix.analyse.names import identifiers
from vjpfix.analyse.parsing import parse
from vjpfix.analyse.program import Program
from vjpfix.analyse.rebinding import cases
from vjpfix.analyse.resolution import Resolution, Walked
from vjpfix.analyse.transforms import OTHER_MEANING, Table
from vjpfix.analyse.values import NOTHING, Primal

Place = tuple[int, int]


def primals_of(text: str, path: Path, table: Table) -> frozenset[str]:
    """The names of a module that hold a function with custom derivatives. Errors: as ``analyse``."""
    return walk(text, path, table).program.primal_names()


def analyse_imported(text: str, path: Path, table: Table, places: Iterable[Place]) -> ModuleFacts:
    """The imported functions with custom derivatives whose name a module gives to a transformed version.

    Arguments: ``places``: where their names stand in its imports (line and byte column). A transform that
    neither maps nor differentiates gives nothing another meaning.
    Errors: as ``analyse``.
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
    walked = Walked(tree, text, program.learn(), path, wrappers=False)
    found = [fact for case in cases(program) if (fact := Resolution(walked, case).rebinding())]
    rebindings = tuple(each for each in found if each.origin is Origin.IMPORTED and _matters(each, table))
    return ModuleFacts(path, rebindings, identifiers(tree) if rebindings else frozenset())


def _matters(rebinding: Rebinding, table: Table) -> bool:
    rows = [table.transform(step) for taken in rebinding.taken for step in taken.steps]
    return any(row and row.kind in OTHER_MEANING for row in rows)
