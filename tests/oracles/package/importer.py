"""A module or script that imports the name and uses it."""

from __future__ import annotations

from .access import ACCESSES, DOUBTFUL, Access, Provider, doubts, holes, met
from .defects import PROBING, Target
from .project import Place
from .text import Draw, indent
from .uses import SHOWN, TAKEN, TRAPS, USES

_FRESH = "agyzklc"
Known = tuple[Provider, Target | None]


def importer(draw: Draw, where: Place, known: list[Known], bare: str, guarded: bool) -> list[str]:
    """The lines of a module that uses what the providers offer.

    ``known``: each provider with the mistake behind it, if any. ``bare``: the primal's name. ``guarded``:
    the uses run only where the module is run by path.
    """
    future = draw.maybe(0.15)
    lines = [f'"""Calls {bare}(x)."""', *(["from __future__ import annotations"] if future else []), PROBING]
    seen: list[tuple[Provider, Access]] = []
    for provider, target in known:
        needs = met(where, provider, future)
        forms = DOUBTFUL if draw.maybe(0.03) else ACCESSES
        form = draw.pick("access", forms, lambda each: each.needs <= needs)  # noqa: B023
        seen.append((provider, form))
        values = {**holes(where, provider), **names(target, bare)}
        header, uses = accessed(draw, form, values)
        lines += [*header, ""]
        lines += ['if __name__ == "__main__":', *indent([*uses, "pass"])] if guarded else uses
    draw.doubtful |= doubts(seen)
    return lines


def names(target: Target | None, bare: str) -> dict[str, str]:
    if target is None:
        return {"f": bare, "args": "", "new": f"{bare}_mapped"}
    return {"f": target.name, "args": target.args, "new": f"{target.name}_{target.new}"}


def accessed(draw: Draw, form: Access, values: dict[str, str]) -> tuple[list[str], list[str]]:
    """The lines that import and those that use."""
    draw.doubtful |= {name for name, each in DOUBTFUL.items() if each is form}
    fresh = {letter: f"{letter}_{next(draw.serial)}" for letter in _FRESH}
    header = draw.fill(form.header, **values, **fresh)
    token = "".join(draw.fill(form.read, **values, **fresh))
    uses = draw.some("use", USES, 1, 2) if form.read else []
    if SHOWN in uses and (form.read not in ("<n>", "<g>") or "star" in form.needs):
        draw.doubtful.add("shown_without_alias")
    lines: list[str] = []
    for use in [*uses, *draw.some("trap", TRAPS, 0, 1)]:
        lines += draw.fill(use, **values, t=token)
    if draw.maybe(0.12):
        lines += draw.fill(draw.pick("taken", TAKEN), **values)
        draw.doubtful |= {"taken_beside_star"} if "star" in form.needs else set()
    return header, lines
