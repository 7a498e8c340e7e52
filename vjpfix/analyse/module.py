"""The entry of the stage: the text of a module to its facts."""

from __future__ import annotations

from pathlib import Path

from vjpfix.analyse.exports import exports
from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.flow import Walk
from vjpfix.analyse.fstrings import corrections
from vjpfix.analyse.names import identifiers
from vjpfix.analyse.parsing import TOO_DEEP, parse
from vjpfix.analyse.positions import Positions
from vjpfix.analyse.program import Program
from vjpfix.analyse.rebinding import cases
from vjpfix.analyse.resolution import Resolution, Walked
from vjpfix.analyse.transforms import Table
from vjpfix.model import VjpfixError

MAX_ROUNDS = 4


def analyse(text: str, path: Path, table: Table) -> ModuleFacts:
    """The facts of a module.

    Arguments: its ``text`` (no byte order mark), its ``path`` (for messages), the table of transforms.
    Errors: ``VjpfixError`` where the text is no Python, or nested too deeply.
    """
    try:
        return _facts(text, path, table)
    except RecursionError:
        raise VjpfixError(TOO_DEEP, path) from None


def _facts(text: str, path: Path, table: Table) -> ModuleFacts:
    tree = parse(text, path)
    program = Program(tree, table)
    _learn(program)
    found = list(cases(program))
    if not found:
        return ModuleFacts(path, (), frozenset())
    positions = Positions(text)
    positions.corrections = corrections(tree, positions)
    walked = Walked(tree, program, positions, tuple(exports(tree, positions)), path.stem)
    rebindings = [fact for case in found if (fact := Resolution(walked, case).rebinding())]
    return ModuleFacts(
        path, tuple(sorted(rebindings, key=lambda r: (r.taken[0].span, r.name))), identifiers(text, path)
    )


def _learn(program: Program) -> None:
    """Walk every unit that can matter until nothing new is learnt: functions may attach rules or bind globals."""
    for _ in range(MAX_ROUNDS):
        version = program.version
        for unit in (program.scopes.module, *program.scopes.functions()):
            if unit is program.scopes.module or program.can_matter(unit):
                Walk(program, unit).run_unit()
        if program.version == version:
            break
