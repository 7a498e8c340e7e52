"""The entry of the stage: the text of a module to its facts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.flow import Walk
from vjpfix.analyse.names import identifiers
from vjpfix.analyse.parsing import TOO_DEEP, NotPythonError, parse
from vjpfix.analyse.program import Program
from vjpfix.analyse.rebinding import cases
from vjpfix.analyse.resolution import Resolution, Walked
from vjpfix.analyse.suspects import Suspects, part_for
from vjpfix.analyse.transforms import Table
from vjpfix.model import VjpfixError

MAX_ROUNDS = 4


def analyse(
    text: str, path: Path, table: Table, *, wrappers: bool = True, suspects: Suspects | None = None
) -> ModuleFacts:
    """The facts of a module.

    Arguments: its ``text`` (no byte order mark), its ``path`` (for messages), the table of transforms;
    ``wrappers``: also rebindings that harm no rule (by ``jit``, or by something unknown); ``suspects``: the
    only names to look at (see ``prefilter``), None: all.
    Errors: ``VjpfixError`` where the text is no Python, or nested too deeply.
    """
    names = None if suspects is None else suspects.names
    look = partial(_facts, path=path, table=table, wrappers=wrappers, names=names)
    try:
        if suspects and suspects.homes and not _any(look, part_for(suspects.homes, text)):
            return ModuleFacts(path, (), frozenset())
        return look(text)
    except RecursionError:
        raise VjpfixError(TOO_DEEP, path) from None


def _any(look: Callable[[str], ModuleFacts], part: str) -> bool:
    """Whether a look at a part of the module calls for one at all of it."""
    try:
        return bool(look(part).rebindings)
    except NotPythonError:
        return True


def _facts(text: str, path: Path, table: Table, wrappers: bool, names: frozenset[str] | None) -> ModuleFacts:
    tree = parse(text, path)
    program = learnt(Program(tree, table, names))
    walked = Walked(tree, text, program, path.stem, wrappers)
    found = [fact for case in cases(program) if (fact := Resolution(walked, case).rebinding())]
    rebindings = tuple(sorted(found, key=lambda r: (r.taken[0].span, r.name)))
    return ModuleFacts(path, rebindings, identifiers(tree) if rebindings else frozenset())


def learnt(program: Program) -> Program:
    """Walk every unit that can matter until nothing new is learnt: any may attach rules or bind globals."""
    for _ in range(MAX_ROUNDS):
        version = program.version
        for unit in (program.scopes.module, *program.scopes.functions()):
            if unit is program.scopes.module or program.can_matter(unit):
                Walk(program, unit).run_unit()
        if program.version == version:
            break
    return program
