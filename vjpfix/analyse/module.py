"""The entry of the stage: the text of a module to its facts."""

from __future__ import annotations

from pathlib import Path

from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.flow import Walk
from vjpfix.analyse.names import identifiers
from vjpfix.analyse.parsing import TOO_DEEP, parse
from vjpfix.analyse.program import Program
from vjpfix.analyse.rebinding import cases
from vjpfix.analyse.resolution import Resolution, Walked
from vjpfix.analyse.transforms import Table
from vjpfix.model import VjpfixError

MAX_ROUNDS = 4


def analyse(
    text: str, path: Path, table: Table, *, wrappers: bool = True, suspects: frozenset[str] | None = None
) -> ModuleFacts:
    """The facts of a module.

    Arguments: its ``text`` (no byte order mark), its ``path`` (for messages), the table of transforms;
    ``wrappers``: also rebindings that harm no rule (by ``jit``, or by something unknown); ``suspects``: the
    only names to look at (see ``prefilter``), None: all.
    Errors: ``VjpfixError`` where the text is no Python, or nested too deeply.
    """
    try:
        tree = parse(text, path)
        program = Program(tree, table, suspects)
        _learn(program)
        walked = Walked(tree, text, program, path.stem, wrappers)
        found = [fact for case in cases(program) if (fact := Resolution(walked, case).rebinding())]
        rebindings = tuple(sorted(found, key=lambda r: (r.taken[0].span, r.name)))
        return ModuleFacts(path, rebindings, identifiers(tree) if rebindings else frozenset())
    except RecursionError:
        raise VjpfixError(TOO_DEEP, path) from None


def _learn(program: Program) -> None:
    """Walk every unit that can matter until nothing new is learnt: any may attach rules or bind globals."""
    for _ in range(MAX_ROUNDS):
        version = program.version
        for unit in (program.scopes.module, *program.scopes.functions()):
            if unit is program.scopes.module or program.can_matter(unit):
                Walk(program, unit).run_unit()
        if program.version == version:
            break
