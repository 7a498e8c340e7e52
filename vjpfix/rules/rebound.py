"""What the rules about a taken-over name share: which of them a takeover belongs to, and its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vjpfix.facts.data import GuiltyRead, Origin, Taken, Takeover
from vjpfix.jaxfacts.transforms import Kind, Table
from vjpfix.model import Certainty, Finding, Note

if TYPE_CHECKING:
    from vjpfix.facts.module import JaxModule

_VERSION = {
    Kind.MAPS: "mapped",
    Kind.DIFFERENTIATES: "differentiated",
    Kind.COMPILES: "compiled",
    Kind.WRAPS: "wrapped",
}
_UNNAMED = {"<lambda>": "a lambda", "<generator>": "a generator expression"}


def rebound(code: str, kind: Kind, module: JaxModule) -> Iterator[Finding]:
    """The findings of the rule ``code``, which is about a module's own rebindings of this kind."""
    wraps = kind is Kind.WRAPS
    for takeover in (*module.takeovers, *(module.takeovers_elsewhere if wraps else ())):
        own = takeover.origin is Origin.OWN or (takeover.origin is Origin.ELSEWHERE and wraps)
        if own and _kind_of(takeover, module.table) is kind:
            yield _finding(code, kind, takeover, module)


def rebound_elsewhere(code: str, module: JaxModule) -> Iterator[Finding]:
    """The findings of the rule ``code`` about names that are not rebound by a statement of their module."""
    for takeover in (*module.takeovers, *module.takeovers_elsewhere):
        kind = _kind_of(takeover, module.table)
        if takeover.origin is Origin.ELSEWHERE and kind is not Kind.WRAPS:
            yield _finding(code, kind, takeover, module)


def rebound_import(code: str, module: JaxModule) -> Iterator[Finding]:
    """The findings of the rule ``code`` about imported names, which no rule reads here."""
    for takeover in module.takeovers_elsewhere:
        if takeover.origin is Origin.IMPORTED:
            kind = Kind.MAPS if _is_of(Kind.MAPS, takeover, module.table) else Kind.DIFFERENTIATES
            taken = _culprit(takeover, kind, module.table)
            step = _spelled(taken, kind, module.table)
            yield Finding(
                rule=code,
                path=module.path,
                span=taken.span,
                message=f"`{takeover.name}` is imported and rebound by `{step}`: "
                f"its rules are not concerned, but here it is the {_VERSION[kind]} version",
                certainty=Certainty.WARNING,
                subject=takeover.name,
                in_project=True,
                cause=takeover,
            )


def _kind_of(takeover: Takeover, table: Table) -> Kind:
    """What harms the rules: mapping before differentiating before anything else."""
    for kind in (Kind.MAPS, Kind.DIFFERENTIATES):
        if any(_harm(takeover, guilty, kind, table) for guilty in takeover.guilty):
            return kind
    return Kind.WRAPS


def _is_of(kind: Kind, takeover: Takeover, table: Table) -> bool:
    steps = [step for taken in takeover.taken for step in taken.steps]
    return any((row := table.transform(step)) and row.kind is kind for step in steps)


def _harm(takeover: Takeover, guilty: GuiltyRead, kind: Kind | None, table: Table) -> Certainty | None:
    """How sure it is that this read breaks its rule, by the transforms of this kind (None: of any)."""
    found = {
        transform.breaks[guilty.role]
        for taken in takeover.taken
        for step in taken.steps
        if (transform := table.transform(step))
        and kind in (None, transform.kind)
        and guilty.role in transform.breaks
    }
    return Certainty.ERROR if Certainty.ERROR in found else next(iter(found), None)


def _finding(code: str, kind: Kind, takeover: Takeover, module: JaxModule) -> Finding:
    table = module.table
    filtered = None if kind is Kind.WRAPS else kind
    harmed = {guilty: _harm(takeover, guilty, filtered, table) for guilty in takeover.guilty}
    guilty = [read for read, harm in harmed.items() if harm] or list(takeover.guilty)
    sure = takeover.always and Certainty.ERROR in harmed.values()
    taken = _culprit(takeover, kind, table)
    step = _spelled(taken, kind, table)
    version = _VERSION[_shown_kind(taken, kind, table)]
    first = guilty[0]
    may = "" if takeover.always else "may "
    call = "call" if may else "calls"
    message = (
        f"`{takeover.name}` is rebound by `{step}`, so its {first.role.value} `{first.function}` "
        f"{may}{call} the {version} version"
    )
    if first.function == takeover.name or first.role.value == "primal":
        message = (
            f"`{takeover.name}` is rebound by `{step}`, so its own body {may}{call} the {version} version"
        )
    home = takeover.home or module.path
    related = tuple(
        Note(f"{_reader(read)} `{takeover.name}` here: the {version} version", home, read.span)
        for read in dict.fromkeys(guilty)
    )
    return Finding(
        rule=code,
        path=module.path,
        span=taken.span,
        message=message,
        certainty=Certainty.ERROR if sure else Certainty.WARNING,
        subject=takeover.name,
        related=related,
        in_project=takeover.home is not None,
        cause=takeover,
    )


def _reader(read: GuiltyRead) -> str:
    """Who reads: the rule, or a function that it leads to."""
    if read.reader == read.function:
        return f"`{read.reader}` reads"
    deed = "calls" if read.is_called else "leads to"
    return f"{_UNNAMED.get(read.reader, f'`{read.reader}`')}, which `{read.function}` {deed}, reads"


def _culprit(takeover: Takeover, kind: Kind, table: Table) -> Taken:
    """The first binding that does the harm."""
    for taken in takeover.taken:
        if any((t := table.transform(step)) and t.kind is kind for step in taken.steps):
            return taken
    return takeover.taken[0]


def _shown_kind(taken: Taken, kind: Kind, table: Table) -> Kind:
    if kind is not Kind.WRAPS:
        return kind
    kinds = [transform.kind for step in taken.steps if (transform := table.transform(step))]
    return kinds[-1] if kinds else Kind.WRAPS


def _spelled(taken: Taken, kind: Kind, table: Table) -> str:
    """The last part of the harmful transform's name."""
    steps = [s for s in taken.steps if (t := table.transform(s)) and t.kind is kind] or list(taken.steps)
    return steps[-1].rsplit(".", 1)[-1]
