"""Modules that import the name, use it, and pass it on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.oracles.forms.accesses import ACCESSES, BINDING, DOUBTFUL, SHOWN, Access
from tests.oracles.forms.others import TAKEN
from tests.oracles.forms.passing_on import REEXPORTS

from .draw import Draw, Filling
from .scene import Stage
from .text import Lines, State, either, indent, plain


@dataclass(frozen=True, slots=True)
class Place:
    """Where a module stands: its path from the project's top, and its name seen from ``root``."""

    root: str
    path: str
    name: str

    @property
    def package(self) -> tuple[str, ...]:
        """The package that its relative imports start from; empty for a top-level module."""
        parts = tuple(self.name.split("."))
        return parts if self.path.endswith("__init__.py") else parts[:-1]


def place(root: str, below: str) -> Place:
    parts = below.removesuffix(".py").split("/")
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Place(root, f"{root}/{below}".lstrip("/"), name)


@dataclass(frozen=True)
class Target:
    """What importers must know of a mistake. ``number``: which of the project's it is; ``new``: what the new name
    is likely to be; ``rules``: as for a draw."""

    name: str
    number: int
    args: str
    new: str
    rules: tuple[tuple[str, int], ...]

    @property
    def token(self) -> str:
        return either(self.name, f"{self.name}_fixed{self.number}")


@dataclass(frozen=True, slots=True)
class Provider:
    """A module that offers the function of ``target`` (None: of an unrelated module) as ``name``.

    ``star``: a star import brings it. ``listed``: in its ``__all__``. ``is_home``: the function is its own.
    ``hidden``: its package gives the module's name to something else, so that only imports reach it.
    ``loaded``: importing its package imports it. ``free``: nothing in the home has the new name yet.
    """

    place: Place
    target: Target | None
    name: str
    star: bool
    listed: bool = False
    is_home: bool = False
    hidden: bool = False
    loaded: bool = False
    free: bool = True


def met(here: Place, provider: Provider, future: bool = False) -> frozenset[str]:
    """Which needs are met for an import of the provider from ``here``. ``future``: annotations are not run."""
    name = provider.place.name
    found = {
        "relative": here.root == provider.place.root and here.package[:1] == (name.partition(".")[0],),
        "dotted": "." in name,
        "star": provider.star,
        "listed": provider.listed,
        "target": provider.is_home,
        "attribute": not provider.hidden,
        "loaded": provider.loaded,
        "free": provider.free,
        "future": future,
    }
    return frozenset(need for need, holds in found.items() if holds)


def holes(here: Place, provider: Provider, bare: str) -> dict[str, str]:
    """What the holes of a form stand for, for an import of the provider from ``here``."""
    module = provider.place.name
    parent, _, last = module.rpartition(".")
    values = {"m": module, "pm": parent, "mn": last, "n": provider.name, "rel": module, "relp": parent}
    if "relative" in met(here, provider):
        values |= {"rel": _relative(here, module), "relp": _relative(here, parent) if parent else ""}
    target = provider.target
    return {**values, "f": bare, "args": target.args if target else "", "new": new_name(provider, bare)}


def new_name(provider: Provider, bare: str) -> str:
    return provider.target.new if provider.target else f"{bare}_mapped"


def _relative(here: Place, target: str) -> str:
    """The module as a relative import from ``here`` spells it."""
    own, parts = list(here.package), target.split(".")
    common = 0
    while common < min(len(own), len(parts)) and own[common] == parts[common]:
        common += 1
    return "." * (len(own) - common + 1) + ".".join(parts[common:])


def importer(
    draw: Draw, here: Place, providers: list[Provider], *, future: bool, guarded: bool, doubtful: set[str]
) -> Lines:
    """The lines of a module that uses what the providers offer.

    ``guarded``: the uses run only where the module is run by path. ``doubtful`` is told of forms for which a
    fix and a refusal are both right.
    """
    lines: Lines = []
    seen: list[tuple[Provider, Access]] = []
    for provider in providers:
        needs = met(here, provider, future)
        table = DOUBTFUL if draw.maybe(0.06) else ACCESSES
        form = draw.pick(table, lambda each: each.needs <= needs)  # noqa: B023
        doubtful |= {name for name, each in DOUBTFUL.forms.items() if each is form}
        seen.append((provider, form))
        filling = Filling(draw, **holes(here, provider, draw.name))
        lines += filling.lines(form.header)
        read = filling.fill(form.read)
        uses = _uses(draw, provider, form, read, doubtful, alone=len(providers) == 1) if read else []
        lines += ['if __name__ == "__main__":', *indent([*uses, "pass"])] if guarded else uses
    doubtful |= _doubts(seen)
    return lines


def _uses(
    draw: Draw, provider: Provider, form: Access, read: str, doubtful: set[str], *, alone: bool
) -> Lines:
    args = provider.target.args if provider.target else ""
    call = f"{read}({args}$O)"
    draw.shared = {"t": read, "dt": read, "c": call, "dc": call, "args": args}
    barred = draw.barred
    draw.barred += () if plain(read).isidentifier() else ("global <",)
    draw.barred += ("f'", 'f"') if "'" in read or '"' in read else ()
    draw.barred += () if alone else ("<jax:custom_",)  # rules run when another import may have bound the name
    stage = Stage(draw, [], [])
    stage.add("<c>", State.ORIGINAL)
    stage.some(State.ORIGINAL, 0, 2)
    if draw.maybe(0.05):
        draw.features.add("use:f_string_shown")
        stage.add(SHOWN, State.ORIGINAL)
        has_alias = form.read in ("<n>", "<g>") and "star" not in form.needs
        doubtful |= set() if has_alias else {"shown_without_alias"}
    if draw.maybe(0.12):
        use = Filling(draw, taken=new_name(provider, draw.name)).use(draw.pick(TAKEN))
        stage.lines += use.now
        stage.end.append(use.end)
        doubtful |= {"taken_beside_star"} if "star" in form.needs else set()
    draw.shared, draw.barred = {}, barred
    return stage.finish()


def _doubts(seen: list[tuple[Provider, Access]]) -> set[str]:
    """What makes the forms of one importer doubtful together."""
    found = set()
    stars = [form for _, form in seen if "star" in form.needs]
    if stars and len([form for _, form in seen if form.read == "<n>" or form in BINDING]) > 1:
        found.add("star_beside_binding")
    bound = {binding for provider, form in seen if (binding := _bound_module(provider, form))}
    names = {plain(provider.name) for provider, form in seen if form.read == "<n>" or form in BINDING}
    if len(bound) > len({name for name, _ in bound}) or names & {name for name, _ in bound}:
        found.add("module_name_twice")
    return found


def _bound_module(provider: Provider, form: Access) -> tuple[str, str] | None:
    """The bare name that the form gives to a module, and that module's whole name."""
    module = provider.place.name
    if form.read == "<mn>.<n>":
        return module.rpartition(".")[2], module
    top = module.partition(".")[0]
    return (top, top) if form.read == "<m>.<n>" else None


def passed_on(draw: Draw, here: Place, provider: Provider) -> tuple[Lines, Provider]:
    """The lines of ``here`` that re-export, and what ``here`` offers then."""
    needs = met(here, provider)
    form = draw.pick(REEXPORTS, lambda each: each.needs <= needs)
    again = draw.fresh(f"{draw.name}_again")
    filling = Filling(draw, **holes(here, provider, draw.name), g=again)
    name = filling.fill(form.read)
    listed = "__all__" in form.header
    star = listed or not plain(name).startswith("_")
    offered = replace(provider, place=here, name=name, star=star, listed=listed, is_home=False)
    return filling.lines(form.header), replace(offered, hidden=False, loaded=False)
