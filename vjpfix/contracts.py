"""What a fix leaves of the findings about the contract of ``defvjp``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from vjpfix.analyse.contract import contract_facts
from vjpfix.model import Finding, VjpfixError
from vjpfix.settings import Settings


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
    facts = contract_facts(text, path, settings.table)
    rules = [rule for rule in settings.rules if rule.contract]
    return Counter((f.rule, f.subject) for rule in rules for f in rule.find(facts, settings.table))
