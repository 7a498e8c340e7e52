"""Functions with custom derivatives, as other modules get at them."""

from __future__ import annotations

from collections.abc import Container

from vjpfix.facts.module import JaxModule
from vjpfix.jaxfacts.transforms import Table
from vjpfix.model import VjpfixError
from vjpfix.project.index import Project, Symbol
from vjpfix.project.view import STAR, Import, View

MAX_STEPS = 20  # of a chain of modules that give a name on


class Primals:
    """What the modules of a project have of functions with custom derivatives.

    ``words``: among them are the names of all such functions.
    """

    def __init__(self, project: Project, table: Table, words: Container[bytes]) -> None:
        self.project = project
        self.table = table
        self.words = words
        self._known: dict[str, frozenset[str]] = {}

    def may_be(self, name: str) -> bool:
        """Whether a module may have such a function under this name."""
        return name.encode() in self.words

    def meant(self, key: str, name: str) -> Symbol | None:
        """The module and the name under which a function that a module has was made with its rules.

        None: it is something else, or nobody can tell.
        """
        for _ in range(MAX_STEPS):
            try:
                view = self.project.source_view(key)
            except VjpfixError:
                return None
            if view is None:
                return None
            module = view.module.scope
            imports = view.bound(module, name)
            if not imports or not view.is_only_imported(module, name):
                return Symbol(key, name) if self.may_be(name) and name in self._of(view) else None
            (first, *others) = imports
            if others or first.name in (None, STAR) or not first.module.key:
                return None
            assert first.name  # noqa: S101  # it is no plain import
            key, name = first.module.key, first.name
        return None

    def imported(self, each: Import) -> Symbol | None:
        """What an import of a name brings, where that is a function with custom derivatives."""
        if each.name in (None, STAR) or not each.module.key:
            return None
        assert each.name  # noqa: S101  # it is no plain import
        return self.meant(each.module.key, each.name)

    def _of(self, view: View) -> frozenset[str]:
        if view.key not in self._known:
            self._known[view.key] = JaxModule(view.text, view.path, self.table).primal_names
        return self._known[view.key]
