"""What is found in modules that are worth a look, and what is done about it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vjpfix import suppress
from vjpfix.elsewhere.neighbours import Member, Neighbour, Neighbours
from vjpfix.facts.module import JaxModule
from vjpfix.fixes import plan
from vjpfix.model import Finding, Problem, SourceFile, VjpfixError
from vjpfix.registry import findings_of
from vjpfix.rules.unused_suppression import UnusedSuppression
from vjpfix.semantic.parsing import NotPythonError
from vjpfix.settings import Settings
from vjpfix.surroundings import Home, homes
from vjpfix.whole import Planned, Whole
from vjpfix.words import NO_WORDS


@dataclass(frozen=True, slots=True)
class Looked:
    """A module that is worth a look. ``taken``: words among which are the names of other modules that it may
    take over."""

    source: SourceFile
    settings: Settings
    module: JaxModule
    taken: frozenset[bytes] = NO_WORDS

    @property
    def member(self) -> Member:
        file = self.source.real_path.as_posix()
        return Member(self.module, file, self.settings.prefilter.makes, self.taken)


def found_in(
    looked: Sequence[Looked], paths: Sequence[Path], names: Sequence[str], settings: Settings
) -> tuple[list[Whole], list[Path], list[Problem]]:
    """What is found in each project; modules that lie in none, where that matters; and problems.

    Arguments: the modules, the ``paths`` of the run, the ``names`` of all files there, the settings for any.
    """
    where = homes(paths, names, [each.source.real_path for each in looked], settings.configs)
    groups: dict[Home, list[Looked]] = {}
    for each in looked:
        groups.setdefault(where[each.source.real_path], []).append(each)
    wholes: list[Whole] = []
    homeless: list[Path] = []
    problems: list[Problem] = []
    for home, group in groups.items():
        neighbours = _neighbours(group, home, settings)
        wholes.append(whole := whole_of(group, settings, problems, home, neighbours))
        if not home.root and (whole.project or neighbours.was_asked_for_rules):
            homeless += (outcome.finding.path for outcome in whole.outcomes)
    return wholes, homeless, problems


def looked_at(
    source: SourceFile, settings: Settings, *, makes: bool = True, taken: frozenset[bytes] = NO_WORDS
) -> Looked:
    """A module of which rules can ask. Errors: ``VjpfixError`` where it is no Python.

    ``makes``: it may make functions with custom derivatives; ``taken``: see ``Looked``.
    """
    module = JaxModule(source.text, source.path, settings.table, makes=makes)
    try:
        return Looked(source, settings, module.parsed() if makes else module, taken)
    except NotPythonError as error:
        from vjpfix.newer_syntax import is_newer  # it needs LibCST, which is slow to import

        if not is_newer(source.text):
            raise
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        message = f"uses syntax newer than Python {version}, which runs vjpfix; run it with a newer Python"
        raise VjpfixError(message, source.path, error.line) from None


def _findings(each: Looked, problems: list[Problem]) -> tuple[Finding, ...]:
    """What the selected rules find in a module, less what its comments hide."""
    settings, path, text = each.settings, each.source.path, each.source.text
    found: list[Finding] = []
    for rule in settings.rules_for(path):
        try:
            found += findings_of(rule, each.module)
        except VjpfixError as error:
            problem = Problem(error.message, error.path or path, error.line)
            if problem not in problems:  # the next rule may meet it as well
                problems.append(problem)
    reporting = [rule for rule in settings.chosen if isinstance(rule, UnusedSuppression)]
    if found or reporting:
        prefixes = tuple({rule.code.rstrip("0123456789") for rule in settings.rules})
        kept, _, unused = suppress.split(found, suppress.directives(text, prefixes))
        found = [*kept, *(finding for rule in reporting for finding in rule.unused(path, unused))]
    return tuple(sorted(found, key=lambda finding: (finding.span, finding.rule)))


def _neighbours(looked: Sequence[Looked], home: Home, settings: Settings) -> Neighbours:
    """Let the modules of one project ask about each other."""
    members = [each.member for each in looked]
    given = home.given.keys()
    found = Neighbours(members, given, lambda: home.surroundings.project, attach=settings.importers)
    for member in members:
        member.module.elsewhere = Neighbour(found, member)
    return found


def whole_of(
    looked: Sequence[Looked],
    settings: Settings,
    problems: list[Problem],
    home: Home | None = None,
    neighbours: Neighbours | None = None,
) -> Whole:
    """What is found in modules of one project; without a ``home``, in one of which nothing more is known."""
    planned: list[Planned] = []
    for each in looked:
        found = _findings(each, problems)
        project = neighbours.project if neighbours and neighbours.was_asked else None
        plans = plan(found, each.module, each.settings.policy, project)
        planned.append(Planned(each.source, each.settings, each.module, plans))
    around = home.surroundings if home and neighbours and neighbours.was_asked else None
    return Whole(planned, settings, home=home, around=around)
