"""The contract of ``defvjp``: where it is broken, and by what a fix leaves; what other modules attach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from vjpfix.analyse.contract import contract_facts
from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.parsing import NotPythonError
from vjpfix.analyse.suspects import part_for
from vjpfix.link import Project, attached_elsewhere
from vjpfix.model import Finding, SourceFile, VjpfixError
from vjpfix.settings import Settings


def facts_of(source: SourceFile, homes: frozenset[str] | None, settings: Settings) -> ModuleFacts:
    """What a module tells about its functions with custom rules, if any selected rule has something to say.

    ``homes``: the only functions in which there may be something (see ``Prefilter.homes``).
    """
    nothing = ModuleFacts(source.path, (), frozenset())
    if homes is not None:
        part = part_for(homes, source.text)
        try:
            if not (homes and _any_found(_facts(part, source.path, settings), settings)):
                return nothing
        except NotPythonError:
            pass  # what is left out was needed
    return _facts(source.text, source.path, settings)


def _facts(text: str, path: Path, settings: Settings) -> ModuleFacts:
    return contract_facts(text, path, settings.table, closures=settings.closures)


def _any_found(facts: ModuleFacts, settings: Settings) -> bool:
    rules = [rule for rule in settings.rules if rule.contract]
    chosen = [rule for rule in rules if settings.config.selects(rule.code, rule.default, facts.path)]
    return any(any(rule.find(facts, settings.table)) for rule in chosen)


def public_bare(facts: ModuleFacts) -> tuple[str, ...]:
    """The functions without rules to which another module might attach some."""
    return tuple(each.name for each in facts.derivatives if each.bare and each.public)


def surely_bare(
    facts: ModuleFacts, source: SourceFile, project: Project | None, settings: Settings
) -> ModuleFacts:
    """The facts without the uses of functions to which another module may attach rules (None: any may)."""
    names = public_bare(facts)
    if not names:
        return facts
    file = source.real_path.as_posix()
    doubtful = attached_elsewhere(project, file, names, settings.table) if project else frozenset(names)
    derivatives = (
        replace(each, bare=()) if each.public and each.name in doubtful else each
        for each in facts.derivatives
    )
    return replace(facts, derivatives=tuple(derivatives))


def check(path: Path, before: str, after: str, fixed: Iterable[Finding], settings: Settings) -> None:
    """Errors: ``VjpfixError`` where a contract that was mended is still broken, or another one is now.

    Arguments: the file's ``path``, its text ``before`` and ``after`` the edits, the findings ``fixed`` in it.
    """
    mended = Counter((finding.rule, finding.subject) for finding in fixed)
    rules = {rule.code for rule in settings.rules if rule.contract}
    if rules.isdisjoint(rule for rule, _ in mended):
        return
    old, new = _findings(before, path, settings), _findings(after, path, settings)
    if new - old:
        raise VjpfixError("the change would bring a new finding", path)
    if any(new[each] > old[each] - number for each, number in mended.items() if each[0] in rules):
        raise VjpfixError("the finding would still be there after the change", path)


def _findings(text: str, path: Path, settings: Settings) -> Counter[tuple[str, str]]:
    facts = _facts(text, path, settings)
    rules = [rule for rule in settings.rules if rule.contract]
    return Counter((f.rule, f.subject) for rule in rules for f in rule.find(facts, settings.table))
