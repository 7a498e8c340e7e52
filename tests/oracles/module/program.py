"""A whole program: one or two scenes, their imports and a layout, and both of its texts."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

from . import imports, noise, text
from .draw import Draw, Table, choose
from .fixable import fixable
from .leave import leave
from .refuse import refuse
from .scene import IN_FUNCTION, SCOPES, Scene, Verdict

NAMES = Table(
    "name",
    {
        "one_letter": "f",
        "like_a_prefix": "F",
        "word": "func",
        "private": "_op",
        "snake": "test_func",
        "digit": "f2",
        "non_ascii": "größe",
        "soft_keyword": "match",
    },
)
HEADERS = Table(
    "header",
    {
        "none": [],
        "docstring": ['"""What f, func and F are for: f(x)."""'],
        "cookie": ["# -*- coding: latin-1 -*-", "# gr\xf6\xdfer"],
        "shebang": ["#!/usr/bin/env python3", "# SPDX-License-Identifier: MIT"],
        "future": ['"""F."""', "from __future__ import annotations"],
    },
)
_IMPORTS = (
    "from contextlib import suppress",
    "from probing import box, flag, keep, marked, mode, probe, risky, token, turns",
)


@dataclass(frozen=True, slots=True)
class Program:
    """``before`` is what a user wrote and ``after`` what the tool must make of it, byte for byte in
    ``encoding``, which says in its own way whether a byte order mark comes first.

    ``features``: the forms it combines, as "dimension:form".
    """

    seed: int
    before: str
    after: str
    scenes: tuple[Scene, ...]
    features: frozenset[str]
    encoding: str = "utf-8"

    @property
    def inside(self) -> frozenset[int]:
        return frozenset(site for scene in self.scenes for site in scene.content.inside)

    @property
    def outside(self) -> frozenset[int]:
        return frozenset(site for scene in self.scenes for site in scene.content.outside)

    @property
    def verdicts(self) -> frozenset[Verdict]:
        return frozenset(scene.verdict for scene in self.scenes)


def generate(seed: int) -> Program:
    """The program of a seed: always the same one."""
    rng = random.Random(seed)
    spelling = imports.spelling(rng)
    features: set[str] = set()
    scenes = some_scenes(rng, spelling, features)
    header = choose(rng, HEADERS, features)
    body = [*spelling.header(), *_IMPORTS, *(line for scene in scenes for line in scene.content.lines)]
    lines = [*header, *noise.laid_out(rng, body, features)]
    dress = noise.dress(rng, features)
    features |= spelling.features | {f"verdict:{scene.verdict.value}" for scene in scenes}
    before, after = (dress.put_on(side(lines)) for side in (text.before, text.after))
    encoding = some_encoding(rng, after)
    features.add(f"encoding:{encoding}")
    if "latin-1" in after and encoding != "latin-1":
        before, after = (side.replace("latin-1", "utf-8") for side in (before, after))
    return Program(seed, before, after, scenes, frozenset(features), encoding)


def some_encoding(rng: random.Random, content: str) -> str:
    """Latin-1 where the cookie asks for it and every character has a place in it."""
    if "latin-1" in content and all(ord(character) < 256 for character in content):
        return "latin-1"
    return "utf-8-sig" if rng.random() < 0.1 else "utf-8"


def some_scenes(rng: random.Random, spelling: imports.Spelling, features: set[str]) -> tuple[Scene, ...]:
    """One scene, or two of which neither knows the other."""
    serial = itertools.count(1)
    count = rng.choices((1, 2), (3, 1))[0]
    scopes = [choose(rng, SCOPES, set()) for _ in range(count)]
    names = rng.sample(list(NAMES.forms), count)
    if count == 2:
        features.add("scenes:two")
        if all(scope in IN_FUNCTION for scope in scopes) and rng.random() < 0.5:
            features.add("scenes:two_of_one_name")
            names[1] = names[0]
    scenes: list[Scene] = []
    given: set[str] = set()
    for scope, name in zip(scopes, names, strict=True):
        features.add(f"{NAMES.group}:{name}")
        draw = Draw(rng, spelling, features, serial, NAMES.forms[name], scope in IN_FUNCTION)
        draw.names_given, draw.may_take = given, len(set(names)) == count
        draw.may_export = not any(feature.startswith("exports:") for feature in features)
        make = rng.choices((fixable, refuse, leave), (10, 3, 5))[0]
        scenes.append(make(draw, scope))
    return tuple(scenes)
