"""A program of one module: one or two scenes, their imports and a layout."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

from tests.oracles.forms.stacked import HEAD
from tests.oracles.forms.table import Table

from . import noise, spelling, text
from .draw import Draw
from .program import FILE, Kind, Program
from .recipes import fixable, leave, refuse, stacked
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
IMPORTS = (
    "from contextlib import suppress",
    "from probing import box, fake, flag, keep, marked, mode, probe, risky, said, token, turns",
)


def module(seed: int, kind: Kind) -> Program:
    """The program of a seed with scenes of all kinds, or with stacked decorators."""
    rng = random.Random(seed)
    spelled = spelling.spelling(rng)
    features: set[str] = set()
    is_stacked = kind is Kind.STACKED
    scenes = some_scenes(rng, spelled, features, is_stacked=is_stacked)
    body = [line for scene in scenes for line in scene.content.lines]
    body = [*spelled.header(), *IMPORTS, *(HEAD if is_stacked else ()), *body]
    lines = [*HEADERS.choose(rng, features), *(body if is_stacked else noise.laid_out(rng, body, features))]
    features |= spelled.features | {f"verdict:{scene.verdict.name}" for scene in scenes}
    before, after = stored(rng, features, lines)
    return Program(kind, seed, {FILE: before}, {FILE: after}, scenes, frozenset(features))


def stored(rng: random.Random, features: set[str], lines: text.Lines) -> tuple[bytes, bytes]:
    """A file as the user wrote it, and as the generator's own fix leaves it."""
    dress = noise.dress(rng, features)
    before, after = (dress.put_on(side(lines)) for side in (text.before, text.after))
    encoding = some_encoding(rng, before)
    features.add(f"encoding:{encoding}")
    if encoding != "latin-1":
        before, after = (side.replace("latin-1", "utf-8") for side in (before, after))
    return before.encode(encoding), after.encode(encoding)


def some_encoding(rng: random.Random, content: str) -> str:
    """Latin-1 where the cookie asks for it and every character has a place in it."""
    if "latin-1" in content and all(ord(character) < 256 for character in content):
        return "latin-1"
    return "utf-8-sig" if rng.random() < 0.1 else "utf-8"


def some_scenes(
    rng: random.Random, spelled: spelling.Spelling, features: set[str], *, is_stacked: bool
) -> tuple[Scene, ...]:
    """One scene, or two of which neither knows the other."""
    serial = itertools.count(1)
    count = rng.choices((1, 2), (3, 1))[0]
    # To attach rules in a try is to know that it may fail.
    scopes = [
        SCOPES.choose(rng, set(), lambda name: name != "try_block" or not is_stacked) for _ in range(count)
    ]
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
        draw = Draw(rng, spelled, features, serial, NAMES.forms[name], scope in IN_FUNCTION)
        draw.names_given, draw.may_take = given, len(set(names)) == count
        draw.may_export = not any(feature.startswith("exports:") for feature in features)
        make = stacked if is_stacked else rng.choices((fixable, refuse, leave), (10, 3, 5))[0]
        scenes.append(make(draw, scope))
    if any(
        scene.verdict is Verdict.ANY for scene in scenes
    ):  # what decorators are made of may change for all
        unsure = {"verdict": Verdict.ANY, "verdict_original": Verdict.ANY}
        scenes = [replace(each, **unsure) if each.verdict is Verdict.FIX else each for each in scenes]
    return tuple(scenes)
