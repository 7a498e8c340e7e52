"""Functions with custom derivatives whose name another module takes over, or has for something else."""

from __future__ import annotations

from pathlib import Path

from vjpfix.analyse.facts import ModuleFacts, joined
from vjpfix.analyse.imported import analyse_imported
from vjpfix.link.primals import Primals
from vjpfix.link.rebound_attributes import rebound_attributes
from vjpfix.link.view import View


def rebound_elsewhere(primals: Primals, file: str, path: Path) -> ModuleFacts:
    """What a module does to the names of others. Errors: ``VjpfixError`` where it cannot be parsed."""
    view = primals.project.view(file)
    return joined(_imports(primals, view, path), rebound_attributes(primals, view, path))


def _imports(primals: Primals, view: View, path: Path) -> ModuleFacts:
    """The imported names that it rebinds."""
    places = [
        (each.alias.lineno, each.alias.col_offset)
        for each in view.imports
        if each.alias and each.scope.times(each.local) > 1 and primals.imported(each)
    ]
    if not places:
        return ModuleFacts(path, (), frozenset())
    return analyse_imported(view.text, path, primals.table, places)
