"""A whole project from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from . import noise
from .access import Provider, holes
from .decoys import KINDS, TWIN
from .defects import NAMES, PROBING, Guests, Target, defect
from .importer import importer
from .layouts import LAYOUTS, SAME_NAME, Layout, words
from .project import Defect, Place, Project, Session, Verdict, place
from .reexports import passed_on, plain
from .refusals import ELSEWHERE, REFUSALS, Refused
from .text import Draw, before, own_fix


def generate(seed: int) -> Project:
    """The project of a seed: always the same one."""
    return Builder(seed).build()


@dataclass
class Builder:
    """One project as it grows. ``texts``: the lines of every module, by path. ``used``: who is imported from."""

    seed: int
    texts: dict[str, list[str]] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    modules: list[Place] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    touchable: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    targets: dict[int, tuple[Place, Target, frozenset[int]]] = field(default_factory=dict)
    refusal: Refused | None = None
    draw: Draw = field(init=False)
    layout: Layout = field(init=False)
    name: str = field(init=False)

    def build(self) -> Project:
        self.draw = Draw(random.Random(self.seed))
        self.name = self.draw.pick("name", NAMES)
        self.layout = self.some_layout()
        refusal = self.some_refusal() if self.draw.maybe(0.23) else None
        provider = self.target(refusal)
        providers = self.chain(provider, refusal)
        decoy = self.decoy() if self.draw.maybe(0.6) else None
        if refusal:
            self.refuse(refusal, providers[0])
        self.importers(providers, decoy)
        self.bystanders()
        return self.project()

    def some_layout(self) -> Layout:
        same = self.name.isascii() and not self.name.startswith("_") and self.draw.maybe(0.12)
        forms = {name: LAYOUTS[name] for name in SAME_NAME} if same else LAYOUTS
        self.draw.features |= {"layout:module_named_alike"} if same else set()
        return self.draw.pick("layout", forms)(words(self.draw.rng, self.name if same else None))

    def add(self, where: Place, lines: Iterable[str], run: bool = True) -> None:
        assert where.path not in self.texts, where.path
        self.texts[where.path] = list(lines)
        if run:
            self.modules.append(where)

    # The module with the mistake, and what re-exports its name.

    def target(self, refusal: Refused | None) -> Provider:
        where = self.layout.target
        guests = Guests(top=self.sibling() if self.draw.maybe(0.3) else ())
        if refusal:
            here = self.beside(self.layout.modules[0], "dynamic").name
            middle, end = (
                (text.replace("<here>", here),) if text else () for text in (refusal.middle, refusal.late)
            )
            guests = replace(guests, middle=middle, end=end, need_rules="rules" in refusal.needs)
        return self.add_target(where, self.name, 1, guests)

    def add_target(self, where: Place, name: str, number: int, guests: Guests) -> Provider:
        known = set(self.draw.inside)
        made, lines = defect(self.draw, name, number, guests)
        self.add(where, lines)
        self.touchable.add(where.path)
        self.targets[number] = (where, made, frozenset(self.draw.inside - known))
        return Provider(where, made.token, made.star, made.listed, is_target=True, free=made.free)

    def sibling(self) -> tuple[str, ...]:
        """An import of a module beside the target, which may go by way of packages that import the target."""
        where = self.beside(self.layout.target, "config")
        self.add(where, ["value = 1.0"])
        forms = {
            "absolute": f"from {where.name} import value",
            "module": f"import {where.name}",
            "relative": "from .config import value",
            "relative_module": "from . import config",
        }
        return (
            self.draw.pick("sibling", forms, lambda form: "." in where.name or not form.startswith("from .")),
        )

    def beside(self, other: Place, stem: str) -> Place:
        folder = other.path.rpartition("/")[0]
        below = f"{folder}/{stem}.py".removeprefix(other.root).lstrip("/")
        return place(other.root, below)

    def chain(self, first: Provider, refusal: Refused | None) -> list[Provider]:
        providers = [first]
        lazy = self.parent_init() if refusal and refusal.init else None
        alike = first.place.name.rpartition(".")[2] == self.name
        barred = [self.layout.decoys[0].name.rpartition(".")[0]] if alike else []
        inits = [init for init in self.layout.inits if init != lazy and init.name not in barred]
        places = [*inits, self.beside(self.layout.target, "api")]
        length = max(self.draw.rng.choices((0, 1, 2, 3), (4, 3, 2, 1))[0], alike)
        chosen = places[:1] if alike else []
        rest = [each for each in places if each not in chosen]
        chosen += sorted(self.draw.rng.sample(rest, min(length - len(chosen), len(rest))), key=places.index)
        for where in chosen:
            source = providers[-1] if self.draw.maybe(0.75) else self.draw.one_of(providers)
            lines, offered = passed_on(self.draw, where, source, self.name)
            self.add(where, ['"""Losses."""', *([PROBING] if self.draw.maybe(0.2) else []), *lines])
            self.touchable.add(where.path)
            providers.append(offered)
            self.used.add(source.place.path)
            if where == self.parent_init():
                hidden = alike and plain(offered.name) == self.name
                providers[0] = replace(providers[0], loaded=True, hidden=hidden)
                if hidden and any("import *" in line for line in lines):
                    self.draw.doubtful.add("star_hides_module")
        self.draw.features.add(f"chain:{len(chosen)}")
        return providers

    def parent_init(self) -> Place | None:
        parent = self.layout.target.name.rpartition(".")[0]
        return next((init for init in self.layout.inits if init.name == parent), None)

    # Those who import it.

    def importers(self, providers: list[Provider], decoy: Provider | None) -> None:
        wanted = self.draw.rng.randint(1, min(3, len(self.layout.modules)))
        for where in self.draw.rng.sample(self.layout.modules, wanted):
            self.add(where, self.importer(where, self.mixed(providers, decoy)))
            self.touchable.add(where.path)
        for where in self.draw.rng.sample(self.layout.peers, len(self.layout.peers)):
            if decoy and self.draw.maybe(0.6):
                self.add(where, self.importer(where, [decoy]))
                self.touchable |= {where.path} if 2 in self.targets else set()
        for path in self.layout.scripts:
            if self.draw.maybe(0.3):
                self.script(path, providers)
        if unused := [each for each in providers if each.place.path not in self.used]:
            where = self.beside(self.layout.modules[0], "consumer")
            self.add(where, self.importer(where, unused))
            self.touchable.add(where.path)

    def mixed(self, providers: list[Provider], decoy: Provider | None) -> list[Provider]:
        chosen = [self.draw.one_of(providers) for _ in range(self.draw.rng.randint(1, 2))]
        return [*chosen, decoy] if decoy and self.draw.maybe(0.2) else chosen

    def script(self, path: str, providers: list[Provider]) -> None:
        folder, _, stem = path.rpartition("/")
        reached = [each for each in providers if each.place.root in (folder, *self.layout.installed)]
        if not reached:
            return
        lines = self.importer(place(folder, stem), [self.draw.one_of(reached)], self.draw.maybe(0.4))
        self.texts[path] = ["#!/usr/bin/env python3", *lines]
        self.scripts.append(path)
        self.touchable.add(path)

    def importer(self, where: Place, providers: list[Provider], guarded: bool = False) -> list[str]:
        self.used |= {provider.place.path for provider in providers}
        known = [(provider, self.target_of(provider)) for provider in providers]
        return importer(self.draw, where, known, self.name, guarded)

    def target_of(self, provider: Provider) -> Target | None:
        """The mistake behind a provider; None for an unrelated one."""
        number = 2 if provider.place == self.layout.decoys[0] else 1
        return self.targets[number][1] if number in self.targets else None

    # What has no fix, and what is unrelated.

    def some_refusal(self) -> Refused:
        init = self.parent_init()
        alike = self.layout.target.name.rpartition(".")[2] == self.name

        def fits(refused: Refused) -> bool:
            return not (refused.init and init is None) and not (alike and (refused.init or refused.needs))

        forms = ELSEWHERE if self.layout.target.root == "tools" and self.draw.maybe(0.7) else REFUSALS
        self.refusal = self.draw.pick("refuse", forms, fits)
        return self.refusal

    def refuse(self, refused: Refused, provider: Provider) -> None:
        where = self.beside(self.layout.modules[0], "dynamic")
        if refused in ELSEWHERE.values():
            where = place("shared", "dynamic.py")
            twin = f"jobs/{self.layout.target.name}.py"
            self.others[twin] = "\n".join(self.draw.fill(TWIN, f=self.name)) + "\n"
        target = self.targets[1][1]
        values = {**holes(where, provider), "f": self.name, "args": target.args}
        values |= {"rule_args": target.rule_args, "here": where.name}
        lines = self.draw.fill(refused.text, **values)
        if refused.broken:
            self.broken.add(where.path)
        self.add(where, [PROBING, *lines], run=not refused.broken)
        self.touchable.add(where.path)
        if refused.init:
            init = self.parent_init()
            assert init
            self.add(init, self.draw.fill(refused.init, **values))
            self.touchable.add(init.path)

    def decoy(self) -> Provider:
        """An unrelated module that has the same name, of file and of function: healthy, or wrong on its own."""
        where = self.layout.decoys[0]
        text = self.draw.pick("decoy", KINDS)
        if not text:
            return self.add_target(where, self.name, 2, Guests())
        self.add(where, self.draw.fill(text, f=self.name))
        return Provider(where, self.name, star=not self.name.startswith("_"))

    def bystanders(self) -> None:
        for name, (path, text) in noise.BYSTANDERS.items():
            if self.draw.maybe(0.08):
                self.draw.features.add(f"bystander:{name}")
                self.others[path] = text.format(f=self.name, m=self.layout.target.name.rpartition(".")[2])
                self.broken |= {path} if name == "broken_elsewhere" else set()
        if self.draw.maybe(0.1):
            self.draw.features.add("bystander:stub")
            stub = self.layout.target.path + "i"
            self.others[stub] = f"def {self.name}(*args: object, **kwargs: object) -> object: ...\n"
            self.touchable.add(stub)

    # Putting it together.

    def project(self) -> Project:
        extra = {path: text for path, text in self.layout.extra.items() if path not in self.texts}
        inits = {init.path: "" for init in self.layout.inits if init.path not in self.texts}
        others = {path: text.encode() for path, text in {**extra, **inits, **self.others}.items()}
        files, fixed = dict(others), {}
        for path, lines in self.texts.items():
            dress = noise.dressed(self.draw)
            text = "\n".join(lines) + "\n"
            if lines[0].startswith("#!") or not self.name.isascii():
                dress = "" if dress in ("latin-1", "bom", "crlf bom") else dress
            files[path] = noise.put_on(dress, before(text))
            fixed[path] = noise.put_on(dress, own_fix(text))
        return Project(
            self.seed,
            files,
            {path: data for path, data in fixed.items() if data != files[path]},
            self.sessions(),
            tuple(self.defect(number) for number in self.targets),
            frozenset(self.draw.outside),
            frozenset(self.touchable),
            frozenset(self.broken),
            (self.refusal is None or self.refusal.fixable) and "use:f_string_shown" not in self.draw.features,
            frozenset(self.draw.features),
            frozenset(self.draw.doubtful),
        )

    def sessions(self) -> tuple[Session, ...]:
        roots = dict.fromkeys((*self.layout.roots, *(each.root for each in self.modules)))
        names = [each.name for each in self.modules]
        self.draw.rng.shuffle(names)
        if self.refusal and "target_first" in self.refusal.needs:
            names.sort(key=lambda name: name != self.layout.target.name)
        sessions = [Session(tuple(roots), tuple(names))]
        for path in self.scripts:
            folders = (path.rpartition("/")[0], *self.layout.installed)
            sessions.append(Session(tuple(dict.fromkeys(folders)), script=path))
        if any(feature.startswith("access:type_checking") for feature in self.draw.features):
            sessions += [replace(session, type_checking=True) for session in sessions]
        return tuple(sessions)

    def defect(self, number: int) -> Defect:
        where, target, inside = self.targets[number]
        verdict = original = Verdict.EITHER if self.draw.doubtful else Verdict.FIX
        if number == 2 and self.refusal and (self.refusal.broken or self.refusal.init):
            verdict = original = Verdict.EITHER  # they name it too, and do not say of which module
        if number == 1 and self.refusal:
            verdict = Verdict.EITHER if self.refusal.may_be_fixed else Verdict.REFUSE
            original = Verdict.REFUSE if self.refusal.always else Verdict.EITHER
        return Defect(number, where.path, target.name, inside, verdict, original)
