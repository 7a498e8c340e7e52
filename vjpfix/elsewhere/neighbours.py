"""What the other modules of a project tell about one of them: looked for only where a rule asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from vjpfix.elsewhere.primals import Primals
from vjpfix.elsewhere.takeovers import takeovers_elsewhere
from vjpfix.facts.data import Takeover
from vjpfix.facts.module import JaxModule
from vjpfix.jaxfacts.transforms import Table
from vjpfix.project.index import Project
from vjpfix.project.layout import key_of, tail_of
from vjpfix.words import words


@dataclass(frozen=True, slots=True)
class Member:
    """A module of a run. ``file``: its absolute path with forward slashes. ``makes``: whether a text may make
    functions with custom derivatives, by its table. ``taken``: words among which are the names of other
    modules that it may take over."""

    module: JaxModule
    file: str
    makes: Callable[[bytes], bool]
    taken: frozenset[bytes]


class Neighbours:
    """The modules of a run in one project.

    Arguments: the ``members``, ``given``: all files of the run there; ``project``: gives it, where something
    asks for it; ``attach``: importers are looked at, which may attach rules.
    ``was_asked``: something did ask for it, ``was_asked_for_rules``: and who attaches rules.
    """

    def __init__(
        self,
        members: Sequence[Member],
        given: Set[str],
        project: Callable[[], Project],
        *,
        attach: bool,
    ) -> None:
        self.members = members
        self.given = given
        self.attach = attach
        self.was_asked = False
        self.was_asked_for_rules = False
        self._project = project
        self._primals: dict[int, Primals] = {}

    @cached_property
    def project(self) -> Project:
        self.was_asked = True
        return self._project()

    def primals(self, table: Table) -> Primals:
        """What the modules have of functions with custom derivatives, by a table."""
        if id(table) not in self._primals:
            self._primals[id(table)] = Primals(self.project, table, self.names)
        return self._primals[id(table)]

    @cached_property
    def names(self) -> Counter[bytes]:
        """Words among which are the names of all such functions: in how many modules each may be one."""
        found = Counter(name.encode() for each in self.members for name in each.module.primal_names)
        for file in self.project.files.keys() - self.given:
            text = self.project.peek(file)
            if any(each.makes(text) for each in self.members):
                found.update(words(text))
        return found


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One of them, as its module asks about the others (``facts.module.Elsewhere``)."""

    all: Neighbours
    member: Member

    def takeovers(self) -> tuple[Takeover, ...]:
        module, taken = self.member.module, self.member.taken
        own = {name.encode() for name in module.primal_names}
        if not any(self.all.names[word] > (word in own) for word in taken):
            return ()
        return takeovers_elsewhere(self.all.primals(module.table), self.member.file, module.path)

    def attach_to(self, names: Iterable[str]) -> frozenset[str]:
        """By the texts alone: a module may mean the function that names it, or its module, and ``defvjp``."""
        if not self.all.attach:
            return frozenset(names)
        self.all.was_asked_for_rules = True
        project, file = self.all.project, self.member.file
        setters = [setter.encode() for setter in self.member.module.table.setters]
        module = tail_of(key_of(file))
        project.search({*names, module})
        found: set[str] = set()
        for name in names:
            others = {*project.mentioning(name), *project.mentioning(module)} - {file}
            if any(setter in project.data(other) for other in others for setter in setters):
                found.add(name)
        return frozenset(found)
