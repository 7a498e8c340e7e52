"""One module as rules and fixes ask it: what it says about functions with custom derivatives."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol

from vjpfix.facts.captures import captures
from vjpfix.facts.contract import Contracts
from vjpfix.facts.data import Application, Capture, Derivative, SelfUse, Takeover
from vjpfix.facts.differentiation import applications
from vjpfix.facts.meaning import Meaning
from vjpfix.facts.self_uses import self_uses
from vjpfix.facts.stacked import Stack, stacks
from vjpfix.facts.takeovers import takeovers
from vjpfix.facts.values import Anywhere, Primal, T
from vjpfix.jaxfacts.transforms import Table
from vjpfix.model import Span
from vjpfix.semantic.data import Binding, Module, Reference
from vjpfix.semantic.exports import Export, exports
from vjpfix.semantic.fstrings import positions_of, shown
from vjpfix.semantic.lineage import Lineage
from vjpfix.semantic.names import identifiers
from vjpfix.semantic.parsing import nodes_of, parents_of, parse, readable
from vjpfix.semantic.positions import Positions
from vjpfix.semantic.receivers import Alone, Receivers


class Elsewhere(Protocol):
    """What the other modules of a project tell about one of them."""

    def takeovers(self) -> tuple[Takeover, ...]:
        """The names of other modules that this one takes over. Errors: ``VjpfixError``."""

    def attach_to(self, names: Iterable[str]) -> frozenset[str]:
        """Those functions of this module to which another one may attach rules."""


class Unknown:
    """No other module is known: it takes nothing over, and others may attach rules to everything."""

    def takeovers(self) -> tuple[Takeover, ...]:
        return ()

    def attach_to(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(names)


class JaxModule:
    """One module. Each question is answered when it is first asked, and the answer is kept.

    Arguments: its ``text`` (no byte order mark), its ``path`` (for messages), the ``table`` of transforms;
    ``makes``: it may make functions with custom derivatives (else no question about its own is asked of it);
    ``meaning``: what was learnt of it already. ``elsewhere``: what other modules tell.
    Errors, of every question: ``VjpfixError`` where the text is no Python, or nested too deeply.
    """

    def __init__(
        self, text: str, path: Path, table: Table, *, makes: bool = True, meaning: Meaning | None = None
    ) -> None:
        self.text = text
        self.path = path
        self.table = table
        self.makes = makes
        self.elsewhere: Elsewhere = Unknown()
        self._meaning = meaning

    def parsed(self) -> JaxModule:
        """The same, after it was read: what is wrong with its text is told now."""
        assert self.meaning  # noqa: S101  # which reads it
        return self

    # The module as data.

    @cached_property
    def meaning(self) -> Meaning:
        """Its bindings, what they stand for, and who can reach whom."""
        if self._meaning:
            return self._meaning
        with readable(self.path):
            meaning = Meaning(parse(self.text, self.path), self.table)
            return meaning.learn() if meaning.names_makers else meaning

    @property
    def semantic(self) -> Module:
        """Its scopes, places, bindings and references."""
        return self.meaning.module

    def reaching(self, reference: Reference) -> frozenset[Binding | None]:
        """The bindings that may be what a read sees; None among them where it may be unbound."""
        return self.meaning.flow.reaching(reference)

    @property
    def tree(self) -> ast.Module:
        return self.meaning.module.tree

    @cached_property
    def positions(self) -> Positions:
        return positions_of(self.semantic, self.text)

    @cached_property
    def calls(self) -> tuple[ast.Call, ...]:
        return tuple(node for node in nodes_of(self.tree) if isinstance(node, ast.Call))

    @cached_property
    def parents(self) -> Mapping[ast.AST, ast.AST]:
        """What each node of the tree stands in."""
        return parents_of(self.tree)

    @cached_property
    def anywhere(self) -> Anywhere:
        """What expressions stand for, where that is always the same."""
        return Anywhere(self.meaning)

    @cached_property
    def shown(self) -> tuple[Span, ...]:
        """The code whose text the program prints."""
        return shown(self.tree, self.positions)

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Every name and name-like string that stands in it."""
        return identifiers(self.tree)

    @cached_property
    def receivers(self) -> Receivers:
        return Receivers(self.meaning.module, Alone())

    @cached_property
    def lineage(self) -> Lineage:
        return Lineage(self.receivers.classes, lambda _: self.receivers)

    @cached_property
    def exports(self) -> tuple[Export, ...]:
        """The entries of ``__all__``."""
        return tuple(exports(self.tree, self.positions))

    # Its functions with custom derivatives.

    @cached_property
    def has_primals(self) -> bool:
        return self.makes and bool(self.meaning.primals)

    def _asked(self, question: Callable[[JaxModule], Iterable[T]]) -> tuple[T, ...]:
        """What a question about them finds; nothing where the module has none."""
        if not self.has_primals:
            return ()
        with readable(self.path):
            return tuple(question(self))

    @cached_property
    def primal_names(self) -> frozenset[str]:
        """The names of the module that hold functions with custom derivatives."""
        return self.meaning.primal_names() if self.has_primals else frozenset()

    @cached_property
    def takeovers(self) -> tuple[Takeover, ...]:
        """Its names that transformed versions take over from primals, and rules read."""
        found = self._asked(takeovers)
        return tuple(sorted(found, key=lambda each: (each.taken[0].span, each.name)))

    @cached_property
    def takeovers_elsewhere(self) -> tuple[Takeover, ...]:
        """The names of other modules that it takes over, and imported ones that it rebinds."""
        return self.elsewhere.takeovers()

    @cached_property
    def stacks(self) -> tuple[Stack, ...]:
        """Its functions with transforms above the decorator that makes them primals."""
        return self._asked(stacks)

    @cached_property
    def self_uses(self) -> tuple[SelfUse, ...]:
        """The calls in rules of a transformed version of their own primal."""
        return self._asked(self_uses)

    @cached_property
    def _contracts(self) -> Contracts:
        return Contracts(self)

    @cached_property
    def _by_primal(self) -> Mapping[Primal, Derivative]:
        return dict(self._asked(lambda _: self._contracts.derivatives()))

    @cached_property
    def derivatives(self) -> tuple[Derivative, ...]:
        """Its functions with custom rules, or that are to get them."""
        return tuple(self._by_primal.values())

    @cached_property
    def without_rules(self) -> tuple[Derivative, ...]:
        """Those that are used, and to which nothing attaches rules, in no module."""
        bare = [each for each in self.derivatives if each.bare]
        public = [each.name for each in bare if each.public]
        doubtful = self.elsewhere.attach_to(public) if public else frozenset()
        return tuple(each for each in bare if not (each.public and each.name in doubtful))

    @cached_property
    def captures(self) -> tuple[tuple[Derivative, Capture], ...]:
        """The values that its functions with rules close over and a transform differentiates by."""
        found = dict(self._asked(lambda module: captures(module).items()))
        return tuple(
            (derivative, capture)
            for primal, derivative in self._by_primal.items()
            for capture in found.get(primal, ())
        )

    @cached_property
    def applications(self) -> tuple[Application, ...]:
        """The derivatives that it takes of its functions with rules."""
        return self._asked(lambda module: applications(module, self._contracts.named))
