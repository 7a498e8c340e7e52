"""The entry of the stage: the text of a module to its facts."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.intended import stacked
from vjpfix.analyse.names import identifiers
from vjpfix.analyse.parsing import parse, readable
from vjpfix.analyse.program import Program
from vjpfix.analyse.rebinding import cases
from vjpfix.analyse.resolution import Resolution, Walked
from vjpfix.analyse.self_uses import self_uses
from vjpfix.analyse.transforms import Table


def analyse(text: str, path: Path, table: Table, *, wrappers: bool = True) -> ModuleFacts:
    """The facts of a module about names that are taken over. Arguments and errors: as ``walk``."""
    return name_facts(walk(text, path, table, wrappers=wrappers))


def walk(text: str, path: Path, table: Table, *, wrappers: bool = True) -> Walked:
    """A module, parsed and walked.

    Arguments: its ``text`` (no byte order mark), its ``path`` (for messages), the table of transforms;
    ``wrappers``: also rebindings that harm no rule (by ``jit``, or by something unknown) are wanted.
    Errors: ``VjpfixError`` where the text is no Python, or nested too deeply.
    """
    with readable(path):
        tree = parse(text, path)
        program = Program(tree, table)
        return Walked(tree, text, program.learn() if program.names_makers else program, path, wrappers)


def name_facts(walked: Walked) -> ModuleFacts:
    """What a module tells about names that are taken over. Errors: ``VjpfixError``."""
    path, program = walked.path, walked.program
    with readable(path):
        look = partial(walk, path=path, table=program.table, wrappers=walked.wrappers)
        found = [fact for case in cases(program) if (fact := Resolution(walked, case).rebinding())]
        found += stacked(walked, look)
        rebindings = tuple(sorted(found, key=lambda r: (r.taken[0].span, r.name)))
        words = identifiers(walked.tree) if rebindings else frozenset[str]()
        return ModuleFacts(
            path, rebindings, words, self_uses=self_uses(walked), primals=program.primal_names()
        )
