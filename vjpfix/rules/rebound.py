"""What the rules about a taken-over name share: which of them a rebinding belongs to, and its words."""

from __future__ import annotations

from collections.abc import Iterator

from vjpfix.analyse.facts import GuiltyRead, ModuleFacts, Origin, Rebinding, Taken
from vjpfix.analyse.transforms import Kind, Table
from vjpfix.model import Certainty, Finding, Note

_VERSION = {
    Kind.MAPS: "mapped",
    Kind.DIFFERENTIATES: "differentiated",
    Kind.COMPILES: "compiled",
    Kind.WRAPS: "wrapped",
}
_UNNAMED = {"<lambda>": "a lambda", "<generator>": "a generator expression"}


def kind_of(rebinding: Rebinding, table: Table) -> Kind:
    """What harms the rules: mapping before differentiating before anything else."""
    for kind in (Kind.MAPS, Kind.DIFFERENTIATES):
        if any(_harm(rebinding, guilty, kind, table) for guilty in rebinding.guilty):
            return kind
    return Kind.WRAPS


def rebound(code: str, kind: Kind, facts: ModuleFacts, table: Table) -> Iterator[Finding]:
    """The findings of the rule ``code``, which is about a module's own rebindings of this kind."""
    for index, rebinding in enumerate(facts.rebindings):
        own = rebinding.origin is Origin.OWN or (rebinding.origin is Origin.ELSEWHERE and kind is Kind.WRAPS)
        if own and kind_of(rebinding, table) is kind:
            yield _finding(code, kind, index, rebinding, facts, table)


def rebound_elsewhere(code: str, facts: ModuleFacts, table: Table) -> Iterator[Finding]:
    """The findings of the rule ``code`` about names that are not rebound by a statement of their module."""
    for index, rebinding in enumerate(facts.rebindings):
        kind = kind_of(rebinding, table)
        if rebinding.origin is Origin.ELSEWHERE and kind is not Kind.WRAPS:
            yield _finding(code, kind, index, rebinding, facts, table)


def rebound_import(code: str, facts: ModuleFacts, table: Table) -> Iterator[Finding]:
    """The findings of the rule ``code`` about imported names, which no rule reads here."""
    for index, rebinding in enumerate(facts.rebindings):
        if rebinding.origin is Origin.IMPORTED:
            kind = Kind.MAPS if _is_of(Kind.MAPS, rebinding, table) else Kind.DIFFERENTIATES
            taken = _culprit(rebinding, kind, table)
            yield Finding(
                rule=code,
                path=facts.path,
                span=taken.span,
                message=f"`{rebinding.name}` is imported and rebound by `{_spelled(taken, kind, table)}`: "
                f"its rules are not concerned, but here it is the {_VERSION[kind]} version",
                certainty=Certainty.WARNING,
                subject=rebinding.name,
                key=index,
                in_project=True,
            )


def _is_of(kind: Kind, rebinding: Rebinding, table: Table) -> bool:
    steps = [step for taken in rebinding.taken for step in taken.steps]
    return any((row := table.transform(step)) and row.kind is kind for step in steps)


def _harm(rebinding: Rebinding, guilty: GuiltyRead, kind: Kind | None, table: Table) -> Certainty | None:
    """How sure it is that this read breaks its rule, by the transforms of this kind (None: of any)."""
    found = {
        transform.breaks[guilty.role]
        for taken in rebinding.taken
        for step in taken.steps
        if (transform := table.transform(step))
        and kind in (None, transform.kind)
        and guilty.role in transform.breaks
    }
    return Certainty.ERROR if Certainty.ERROR in found else next(iter(found), None)


def _finding(
    code: str, kind: Kind, index: int, rebinding: Rebinding, facts: ModuleFacts, table: Table
) -> Finding:
    filtered = None if kind is Kind.WRAPS else kind
    harmed = {guilty: _harm(rebinding, guilty, filtered, table) for guilty in rebinding.guilty}
    guilty = [read for read, harm in harmed.items() if harm] or list(rebinding.guilty)
    sure = rebinding.always and Certainty.ERROR in harmed.values()
    taken = _culprit(rebinding, kind, table)
    step = _spelled(taken, kind, table)
    version = _VERSION[_shown_kind(taken, kind, table)]
    first = guilty[0]
    may = "" if rebinding.always else "may "
    call = "call" if may else "calls"
    message = (
        f"`{rebinding.name}` is rebound by `{step}`, so its {first.role.value} `{first.function}` "
        f"{may}{call} the {version} version"
    )
    if first.function == rebinding.name or first.role.value == "primal":
        message = (
            f"`{rebinding.name}` is rebound by `{step}`, so its own body {may}{call} the {version} version"
        )
    home = rebinding.home or facts.path
    related = tuple(
        Note(f"{_reader(read)} `{rebinding.name}` here: the {version} version", home, read.span)
        for read in dict.fromkeys(guilty)
    )
    return Finding(
        rule=code,
        path=facts.path,
        span=taken.span,
        message=message,
        certainty=Certainty.ERROR if sure else Certainty.WARNING,
        subject=rebinding.name,
        related=related,
        key=index,
        in_project=rebinding.home is not None,
    )


def _reader(read: GuiltyRead) -> str:
    """Who reads: the rule, or a function that it leads to."""
    if read.reader == read.function:
        return f"`{read.reader}` reads"
    deed = "calls" if read.is_called else "leads to"
    return f"{_UNNAMED.get(read.reader, f'`{read.reader}`')}, which `{read.function}` {deed}, reads"


def _culprit(rebinding: Rebinding, kind: Kind, table: Table) -> Taken:
    """The first binding that does the harm."""
    for taken in rebinding.taken:
        if any((t := table.transform(step)) and t.kind is kind for step in taken.steps):
            return taken
    return rebinding.taken[0]


def _shown_kind(taken: Taken, kind: Kind, table: Table) -> Kind:
    if kind is not Kind.WRAPS:
        return kind
    kinds = [transform.kind for step in taken.steps if (transform := table.transform(step))]
    return kinds[-1] if kinds else Kind.WRAPS


def _spelled(taken: Taken, kind: Kind, table: Table) -> str:
    """The last part of the harmful transform's name."""
    steps = [s for s in taken.steps if (t := table.transform(s)) and t.kind is kind] or list(taken.steps)
    return steps[-1].rsplit(".", 1)[-1]
