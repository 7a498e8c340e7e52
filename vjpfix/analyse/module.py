"""The entry of the stage: the text of a module to its facts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.flow import Walk
from vjpfix.analyse.intended import stacked
from vjpfix.analyse.names import identifiers
from vjpfix.analyse.parsing import TOO_DEEP, NotPythonError, parse
from vjpfix.analyse.program import Program
from vjpfix.analyse.rebinding import cases
from vjpfix.analyse.resolution import Resolution, Walked
from vjpfix.analyse.self_uses import self_uses
from vjpfix.analyse.suspects import NOBODY, Suspects, part_for
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
    look = partial(_facts, path=path, table=table, wrappers=wrappers)
    try:
        if suspects is None or _any(look, suspects.whole, text, names=None):
            return look(text, names=None)
        if not _any(look, suspects.homes, text, names=suspects.names):
            return ModuleFacts(path, (), frozenset())
        return look(text, names=suspects.names)
    except RecursionError:
        raise VjpfixError(TOO_DEEP, path) from None


def _any(
    look: Callable[..., ModuleFacts], homes: frozenset[str] | None, text: str, names: frozenset[str] | None
) -> bool:
    """Whether a look at some functions of the module (None: at all) calls for one at all of it."""
    if homes is None or not homes:
        return homes is None and names != NOBODY.names
    try:
        return bool(look(part_for(homes, text), names=names))
    except NotPythonError:
        return True


def _facts(text: str, path: Path, table: Table, wrappers: bool, names: frozenset[str] | None) -> ModuleFacts:
    def look(text: str) -> Walked:
        tree = parse(text, path)
        return Walked(tree, text, learnt(Program(tree, table, names)), path.stem, wrappers)

    walked = look(text)
    tree, program = walked.tree, walked.program
    found = [fact for case in cases(program) if (fact := Resolution(walked, case).rebinding())]
    if names is None:
        found += stacked(walked, look)
    rebindings = tuple(sorted(found, key=lambda r: (r.taken[0].span, r.name)))
    uses = self_uses(walked) if names is None else ()
    words = identifiers(tree) if rebindings else frozenset()
    return ModuleFacts(path, rebindings, words, self_uses=uses)


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
