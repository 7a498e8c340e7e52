"""The contract of ``defvjp``: whether a fix leaves it broken, and what other modules attach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from vjpfix.analyse.contract import contract_facts
from vjpfix.analyse.facts import ModuleFacts
from vjpfix.analyse.module import walk
from vjpfix.link import Project, attached_elsewhere
from vjpfix.model import Finding, SourceFile, VjpfixError
from vjpfix.settings import Settings


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
    walked = walk(text, path, settings.table)
    facts = contract_facts(walked, closures=settings.closures)
    rules = [rule for rule in settings.rules if rule.contract]
    return Counter((f.rule, f.subject) for rule in rules for f in rule.find(facts, settings.table))
