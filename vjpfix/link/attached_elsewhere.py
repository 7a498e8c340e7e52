"""Whether another module may attach rules to a function, told from its text."""

from __future__ import annotations

from collections.abc import Iterable

from vjpfix.analyse.transforms import Table
from vjpfix.link.layout import key_of, tail_of
from vjpfix.link.project import Project


def attached_elsewhere(project: Project, file: str, names: Iterable[str], table: Table) -> frozenset[str]:
    """Those functions of the module in ``file``, that a module may mean which attaches rules.

    It has to name the function or the module, and what attaches rules (``defvjp``).
    """
    setters = [setter.encode() for row in table.derivatives.values() for setter in row.setters]
    module = tail_of(key_of(file))
    project.search({*names, module})
    found: set[str] = set()
    for name in names:
        others = {*project.mentioning(name), *project.mentioning(module)} - {file}
        if any(setter in project.data(other) for other in others for setter in setters):
            found.add(name)
    return frozenset(found)
