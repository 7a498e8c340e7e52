"""A whole project from a seed: a module with the mistake, who imports it, and what only looks like it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from tests.oracles.forms.layouts import (
    BYSTANDERS,
    DECOYS,
    FOLDERS,
    LAYOUTS,
    MODULES,
    PACKAGES,
    SAME_NAME,
    SIBLINGS,
    Layout,
)
from tests.oracles.forms.others import EXPORTS
from tests.oracles.forms.passing_on import ELSEWHERE, REFUSALS, Refused

from . import spelling
from .draw import Draw, Filling
from .importers import Place, Provider, Target, holes, importer, passed_on, place
from .modules import HEADERS, IMPORTS, NAMES, stored
from .program import Kind, Program, Session
from .recipes import mistaken, named
from .scene import Scene, Verdict
from .text import Lines, Resolved, State, plain, resolve

_CALL_IT = "def call_it():\n    return <dc>\ncall_it()"


def project(seed: int) -> Program:
    """The project of a seed."""
    return _Builder(seed, random.Random(seed)).build()


@dataclass(frozen=True)
class _Guests:
    """Lines of others in the module with the mistake: at the top, before the rebinding and at the end.

    ``rules``: a rule that reads the name must be a function of the module.
    """

    top: Lines = field(default_factory=list)
    middle: Lines = field(default_factory=list)
    end: Lines = field(default_factory=list)
    rules: bool = False


@dataclass
class _Builder:
    """One project as it grows. ``texts``: the lines of every module, by path. ``used``: who is imported from.
    ``doubtful``: what has been drawn for which a fix and a refusal are both right."""

    seed: int
    rng: random.Random
    features: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    serial: Iterator[int] = field(default_factory=lambda: count(1))
    texts: dict[str, Lines] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    modules: list[Place] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    touchable: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    sites: list[frozenset[int]] = field(default_factory=list)
    homes: dict[int, tuple[Place, Target, Resolved]] = field(default_factory=dict)
    refusal: Refused | None = None
    alike: bool = False

    def build(self) -> Program:
        self.name = NAMES.choose(self.rng, self.features)
        self.layout = self.some_layout()
        refusal = self.some_refusal() if self.maybe(0.23) else None
        providers = self.chain(self.target(refusal), refusal)
        decoy = self.decoy() if self.maybe(0.6) else None
        if refusal:
            self.refuse(refusal, providers[0])
        self.importers(providers, decoy)
        self.bystanders()
        return self.program()

    def maybe(self, probability: float) -> bool:
        return self.rng.random() < probability

    def draw(self) -> Draw:
        """What one module draws with."""
        draw = Draw(self.rng, spelling.spelling(self.rng), self.features, self.serial, self.name)
        draw.barred = (".<n>.<n>",) if self.alike else ()  # what may be the function of the module
        return draw

    def some_layout(self) -> Layout:
        can_be_alike = self.name.isascii() and not self.name.startswith("_") and self.name != "match"
        self.alike = can_be_alike and self.maybe(0.12)
        self.features |= {"layout:module_named_alike"} if self.alike else set()
        chosen = LAYOUTS.choose(self.rng, self.features, lambda name: not self.alike or name in SAME_NAME)
        (package, other), (folder, inner) = (self.rng.sample(each, 2) for each in (PACKAGES, FOLDERS))
        module = self.name if self.alike else self.rng.choice(MODULES)
        self.words = {"p": package, "o": other, "f": folder, "i": inner, "m": module}
        (self.home,) = self.places(chosen.target)
        self.inits = self.places(chosen.inits)
        self.importing = self.places(chosen.modules)
        self.decoys, self.peers = self.places(chosen.decoys), self.places(chosen.peers)
        return chosen

    def places(self, spelled: str) -> list[Place]:
        parts = (each.format(**self.words).rpartition(":") for each in spelled.split())
        return [place(root, below) for root, _, below in parts]

    def add(self, where: Place, draw: Draw, lines: Lines, *, run: bool = True) -> None:
        """A module with its imports. A header that it has to begin with comes first in ``lines``."""
        assert where.path not in self.texts, where.path
        self.features |= draw.spelling.features
        header = lines[: 1 + next(n for n, each in enumerate(lines) if each == "")]
        content = self.resolved(draw, lines[len(header) :])
        self.texts[where.path] = [*header[:-1], *draw.spelling.header(), *IMPORTS, *content.lines]
        self.modules += [where] if run else []
        self.sites += [content.outside] if content.outside and where.path not in self.broken else []

    def resolved(self, draw: Draw, lines: Lines) -> Resolved:
        return resolve(lines, draw.name, draw.name, State.ORIGINAL, self.serial)

    # The module with the mistake, and what re-exports its name.

    def target(self, refusal: Refused | None) -> Provider:
        guests = _Guests(top=self.sibling() if self.maybe(0.3) else [])
        if refusal:
            here = self.beside(self.importing[0], "dynamic").name
            middle, end = (
                each.replace("<here>", here).splitlines() for each in (refusal.middle, refusal.late)
            )
            guests = replace(guests, middle=middle, end=end, rules="rules" in refusal.needs)
        return self.add_home(self.home, 1, guests)

    def add_home(self, where: Place, number: int, guests: _Guests) -> Provider:
        draw, lines, final, base = self.mistake(guests)
        lines, new = named(draw, lines, base)
        export = draw.pick(EXPORTS) if self.maybe(0.6) else ""
        target = Target(self.name, number, draw.args, base, tuple(draw.rules))
        filling = Filling(draw)
        lines = [*lines, *filling.lines(_CALL_IT)]
        listed = "<dt>" in export
        lines = [*filling.lines(export), *lines] if self.maybe(0.3) else [*lines, *filling.lines(export)]
        lines += guests.end
        content = resolve(lines, self.name, f"{self.name}_fixed{number}", final, self.serial)
        header = HEADERS.choose(self.rng, self.features)
        self.texts[where.path] = [*header, *draw.spelling.header(), *IMPORTS, *guests.top, *content.lines]
        self.modules.append(where)
        self.touchable.add(where.path)
        self.homes[number] = (where, target, content)
        star = listed or not (export or self.name.startswith("_"))
        return Provider(where, target, target.token, star, listed, is_home=True, free=new == base)

    def mistake(self, guests: _Guests) -> tuple[Draw, Lines, State, str]:
        while True:
            draw = self.draw()
            lines, final, suffix = mistaken(draw, tuple(guests.middle))
            if draw.rules or not guests.rules:
                return draw, lines, final, f"{self.name}_{suffix}"

    def sibling(self) -> Lines:
        """An import of a module beside the target, which may go by way of packages that import the target."""
        where = self.beside(self.home, "config")
        self.texts[where.path] = ["value = 1.0"]
        self.modules.append(where)
        form = self.draw().pick(SIBLINGS, lambda each: "." in where.name or not each.startswith("from ."))
        return [form.replace("<m>", where.name)]

    def beside(self, other: Place, stem: str) -> Place:
        folder = other.path.rpartition("/")[0]
        below = f"{folder}/{stem}.py".removeprefix(other.root).lstrip("/")
        return place(other.root, below)

    def chain(self, first: Provider, refusal: Refused | None) -> list[Provider]:
        providers = [first]
        lazy = self.parent_init() if refusal and refusal.init else None
        barred = [self.decoys[0].name.rpartition(".")[0]] if self.alike else []
        inits = [init for init in self.inits if init != lazy and init.name not in barred]
        places = [*inits, self.beside(self.home, "api")]
        length = max(self.rng.choices((0, 1, 2, 3), (4, 3, 2, 1))[0], self.alike)
        chosen = places[:1] if self.alike else []
        rest = [each for each in places if each not in chosen]
        chosen += sorted(self.rng.sample(rest, min(length - len(chosen), len(rest))), key=places.index)
        for where in chosen:
            source = providers[-1] if self.maybe(0.75) else self.rng.choice(providers)
            draw = self.draw()
            # What a star brings may be a module, in the place of the decoy.
            star = source.star and where.name != self.decoys[0].name.rpartition(".")[0]
            lines, offered = passed_on(draw, where, replace(source, star=star))
            self.texts[where.path] = ['"""Losses."""', *self.resolved(draw, lines).lines]
            self.modules.append(where)
            self.touchable.add(where.path)
            providers.append(offered)
            self.used.add(source.place.path)
            if where == self.parent_init():
                hidden = self.alike and plain(offered.name) == self.name
                providers[0] = replace(providers[0], loaded=True, hidden=hidden)
                if hidden and any("import *" in line for line in lines):
                    self.doubtful.add("star_hides_module")
        self.features.add(f"passed_on:{len(chosen)}")
        return providers

    def parent_init(self) -> Place | None:
        parent = self.home.name.rpartition(".")[0]
        return next((init for init in self.inits if init.name == parent), None)

    # Those who import it.

    def importers(self, providers: list[Provider], decoy: Provider | None) -> None:
        wanted = self.rng.randint(1, min(3, len(self.importing)))
        for where in self.rng.sample(self.importing, wanted):
            self.importer(where, self.mixed(providers, decoy))
        for where in self.rng.sample(self.peers, len(self.peers)):
            if decoy and self.maybe(0.6):
                self.importer(where, [decoy], touchable=2 in self.homes)
        for path in self.layout.scripts.split():
            if self.maybe(0.3):
                self.script(path, providers)
        if unused := [each for each in providers if each.place.path not in self.used]:
            self.importer(self.beside(self.importing[0], "consumer"), unused)

    def mixed(self, providers: list[Provider], decoy: Provider | None) -> list[Provider]:
        chosen = [self.rng.choice(providers) for _ in range(self.rng.randint(1, 2))]
        return [*chosen, decoy] if decoy and self.maybe(0.2) else chosen

    def script(self, path: str, providers: list[Provider]) -> None:
        folder, _, stem = path.rpartition("/")
        reached = [each for each in providers if each.place.root in (folder, *self.layout.installed)]
        if reached:
            where = place(folder, stem)
            self.importer(
                replace(where, path=path), [self.rng.choice(reached)], guarded=self.maybe(0.4), run=False
            )
            self.scripts.append(path)

    def importer(
        self,
        where: Place,
        providers: list[Provider],
        *,
        guarded: bool = False,
        run: bool = True,
        touchable: bool = True,
    ) -> None:
        self.used |= {provider.place.path for provider in providers}
        header = HEADERS.choose(self.rng, self.features)
        future = any("annotations" in line for line in header)
        draw = self.draw()
        lines = importer(draw, where, providers, future=future, guarded=guarded, doubtful=self.doubtful)
        self.add(where, draw, [*header, "", *lines], run=run)
        self.touchable |= {where.path} if touchable else set()

    # What has no fix, and what is unrelated.

    def some_refusal(self) -> Refused:
        init = self.parent_init()

        def fits(refused: Refused) -> bool:
            return not (refused.init and init is None) and not (
                self.alike and (refused.init or refused.needs)
            )

        table = ELSEWHERE if self.home.root == "tools" and self.maybe(0.7) else REFUSALS
        self.refusal = self.draw().pick(table, fits)
        return self.refusal

    def refuse(self, refused: Refused, provider: Provider) -> None:
        where = self.beside(self.importing[0], "dynamic")
        if refused in ELSEWHERE.forms.values():
            where = place("shared", "dynamic.py")
            self.others[f"jobs/{self.home.name}.py"] = f"def {self.name}(x):\n    return x\n"
        target = self.homes[1][1]
        rule, number = target.rules[0] if target.rules else ("", 0)
        values = {**holes(where, provider, self.name), "here": where.name, "rule": rule}
        draw = self.draw()
        filling = Filling(draw, **values, rule_args=", ".join(["1.0"] * number))
        self.broken |= {where.path} if refused.broken else set()
        self.add(where, draw, ["", *filling.lines(refused.text)], run=not refused.broken)
        self.touchable.add(where.path)
        if refused.init:
            init = self.parent_init()
            assert init
            self.texts[init.path] = [*filling.lines(refused.init)]
            self.modules.append(init)
            self.touchable.add(init.path)

    def decoy(self) -> Provider:
        """An unrelated module that has the same name, of file and of function: healthy, or wrong on its own."""
        where = self.decoys[0]
        draw = self.draw()
        text = draw.pick(DECOYS)
        if not text:
            return self.add_home(where, 2, _Guests())
        self.add(where, draw, ["", *Filling(draw).lines(text)])
        return Provider(where, None, self.name, star=not self.name.startswith("_"))

    def bystanders(self) -> None:
        for name, (path, text) in BYSTANDERS.items():
            if self.maybe(0.08):
                self.features.add(f"bystander:{name}")
                self.others[path] = text.format(f=self.name, m=self.home.name.rpartition(".")[2])
                self.broken |= {path} if name == "broken_elsewhere" else set()
        if self.maybe(0.1):
            self.features.add("bystander:stub")
            stub = self.home.path + "i"
            self.texts[stub] = [
                f"def {self.homes[1][1].token}(*args: object, **kwargs: object) -> object: ..."
            ]
            self.touchable.add(stub)

    # Putting it together.

    def program(self) -> Program:
        extra = {p.format(**self.words): t.format(**self.words) for p, t in self.layout.extra.items()}
        others = {**extra, **{init.path: "" for init in self.inits}, **self.others}
        files = {path: text.encode() for path, text in others.items() if path not in self.texts}
        own_fix = dict(files)
        for path, lines in self.texts.items():
            files[path], own_fix[path] = stored(self.rng, self.features, lines)
        can_be_fixed = self.refusal is None or self.refusal.fixable
        return Program(
            Kind.PROJECT,
            self.seed,
            files,
            own_fix,
            tuple(self.scene(number) for number in self.homes),
            frozenset(self.features),
            self.sessions(),
            frozenset(self.touchable),
            frozenset(self.broken),
            tuple(self.sites),
            can_be_fixed=can_be_fixed and "use:f_string_shown" not in self.features,
        )

    def sessions(self) -> tuple[Session, ...]:
        every = (self.home, *self.importing, *self.inits, *self.decoys, *self.peers, *self.modules)
        roots = dict.fromkeys((*self.layout.installed, *(each.root for each in every)))
        names = [each.name for each in self.modules]
        self.rng.shuffle(names)
        if self.refusal and "target_first" in self.refusal.needs:
            names.sort(key=lambda name: name != self.home.name)
        sessions = [Session(tuple(roots), tuple(names))]
        for path in self.scripts:
            folders = (path.rpartition("/")[0], *self.layout.installed)
            sessions.append(Session(tuple(dict.fromkeys(folders)), script=path))
        if any(feature.startswith("access:type_checking") for feature in self.features):
            sessions += [replace(session, type_checking=True) for session in sessions]
        return tuple(sessions)

    def scene(self, number: int) -> Scene:
        where, target, content = self.homes[number]
        verdict = original = Verdict.EITHER if self.doubtful else Verdict.FIX
        if number == 2 and self.refusal and (self.refusal.broken or self.refusal.init):
            verdict = original = Verdict.EITHER  # they name it too, and do not say of which module
        if number == 1 and self.refusal:
            verdict = Verdict.EITHER if self.refusal.may_be_fixed else Verdict.REFUSE
            original = Verdict.REFUSE if self.refusal.always else Verdict.EITHER
        return Scene(target.name, verdict, original, content, exact=False, path=where.path)
