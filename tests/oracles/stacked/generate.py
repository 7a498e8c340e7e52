"""A program from a seed: what a user wrote, and what is meant by it."""

from __future__ import annotations

import random
import re
import textwrap
from dataclasses import dataclass, field

from . import forms

HEAD = (
    "import functools\nfrom functools import partial\n\nimport jax\n"
    "from probing import box, flag, keep, marked, mode, probe, risky, token, turns\n\n"
    "AXIS = (0, -1)\nOPTIONS = [0]\nSPACE = box(axes=1)\nrows = partial(jax.vmap, in_axes=1)\n"
    "def own(g): return jax.vmap(g)\ndef count(): return len(OPTIONS)\n"
)
NAMES = ("f", "func", "_op", "größe")
_BINDS = re.compile(r"(if flag: )?(AXIS|rows) =")
_TOKEN = re.compile(r"\$([fms])")


@dataclass(frozen=True, slots=True)
class Program:
    """``before``: what a user wrote; ``meant``: each call site says which version it means.

    ``main``, ``main_meant``: the same of a module that imports it, empty where there is none.
    ``inside``: the call sites in rules, by function. ``must``: it must be fixed (True), must not (False).
    """

    seed: int
    before: str
    meant: str
    main: str
    main_meant: str
    inside: dict[str, frozenset[int]]
    must: bool | None
    features: frozenset[str]


@dataclass
class Maker:
    """One program as it grows."""

    seed: int
    rng: random.Random
    features: set[str] = field(default_factory=set)
    sites: int = 0
    numbers: int = 0
    inside: dict[str, set[int]] = field(default_factory=dict)

    def pick(self, table: str, odd: float = 0.1) -> str:
        """A form of a table, seldom one that is in the way; of those each has its turn."""
        rows: dict[str, str] = getattr(forms, table)
        is_odd = self.rng.random() < odd
        names = [name for name in rows if name.startswith(("no_", "maybe_")) == is_odd] or list(rows)
        name = names[self.seed % len(names)] if is_odd else self.rng.choice(names)
        self.features.add(f"{table.lower()}:{name}")
        return rows[name]

    def fill(self, text: str, name: str, k: int) -> str:
        self.numbers += 1
        text = text.replace("<n>", str(self.numbers)).replace("<k>", str(k))

        def site(match: re.Match[str]) -> str:
            self.sites += 1
            if match[1] == "i":
                self.inside[name].add(self.sites)
            return str(self.sites)

        return re.sub("<([io])>", site, text)


def generate(seed: int) -> Program:
    """The program of a seed: always the same one."""
    maker = Maker(seed, random.Random(seed))
    names = maker.rng.sample(NAMES, maker.rng.choices((1, 2), (3, 1))[0])
    scope = maker.rng.choice(("module", "module", "function", "method", "if"))
    maker.features.add(f"scope:{scope}")
    before, meant = [HEAD], [HEAD]
    scenes = [_scene(maker, name, number, scope) for number, name in enumerate(names)]
    for name, scene in zip(names, scenes, strict=True):
        if scope == "module" and len(names) == 2 and maker.rng.random() < 0.3:
            scene.append(maker.fill("$m(<o>)", name, 0))
        before.append(_written(scene, name))
        meant.append(_meant(scene, name))
    main = main_meant = ""
    is_there = maker.features.isdisjoint({"after:maybe_delete", "after:maybe_except_name"})
    if scope in ("module", "if") and is_there and maker.rng.random() < 0.35:
        main, main_meant = _main(maker, names[0])
    odd = [each.partition(":")[2] for each in maker.features]
    must = False if any(each.startswith("no_") for each in odd) else None
    if must is None and not any(each.startswith("maybe_") for each in odd):
        must = True
    inside = {name: frozenset(sites) for name, sites in maker.inside.items()}
    texts = "\n".join(before), "\n".join(meant)
    return Program(seed, *texts, main, main_meant, inside, must, frozenset(maker.features))


# What stands for the decorators: their lines in what was written, two statements in what is meant.
_DECORATORS, _RESULT = "@@", "=="


def _scene(maker: Maker, name: str, k: int, scope: str) -> list[str]:
    maker.inside[name] = set()
    is_jvp = maker.rng.random() < 0.3
    above = [maker.pick("ABOVE") for _ in range(maker.rng.choices((1, 2, 3), (4, 3, 1))[0])]
    attach = maker.pick("ATTACH_JVP" if is_jvp else "ATTACH")
    kind = "jvp" if is_jvp else "vjp"
    custom = maker.rng.choice((f"@jax.custom_{kind}", f"@partial(jax.custom_{kind}, nondiff_argnums=())"))
    inside = [maker.pick("INSIDE") for _ in range(3)]
    body = maker.pick("INSIDE") if maker.rng.random() < 0.3 else "x"
    rules = [f"def fwd_<k>(x): return {inside[0]}, x", f"def bwd_<k>(r, c):\n    return ({inside[1]},)"]
    if is_jvp:
        rules = [f"def jvp_<k>(p, t, x=0): return {inside[2]}, t"]
    if any("helper" in each for each in (*inside, body)):
        rules = [*rules, "def helper_<k>(): return $f(<i>)"]
        if maker.rng.random() < 0.1 and _is_helped(body, rules, attach):
            maker.features.add("shared:maybe_helper")
            rules.append("---\nhelper_<k>()")
    between = [maker.pick("BETWEEN", 0.3) for _ in range(maker.rng.choices((0, 1, 2), (3, 3, 1))[0])]
    after = [maker.pick("AFTER") for _ in range(maker.rng.randint(1, 3))]
    if scope in ("function", "method"):
        after = [each for each in after if "global" not in each and "eval" not in each] or ["$m(<o>)"]
        between = [each for each in between if not _BINDS.match(each)]
    middle = [*rules, *between]
    maker.rng.shuffle(middle)
    parts = [
        "\n".join([*(f"{_DECORATORS}{each}" for each in above), custom, *filter(None, [maker.pick("BELOW")])])
    ]
    parts[0] += f"\ndef $f(x): return {body}\n{_RESULT}{len(above)}"
    now, end = [], []
    for part in (*parts, *middle, attach, *after):
        first, _, last = maker.fill(part, name, k).partition("---\n")
        now.append(first.rstrip("\n"))
        end += [last] if last else []
    return _placed([*filter(None, now), *end], scope, k)


def _is_helped(body: str, rules: list[str], attach: str) -> bool:
    """Whether the function, or a rule that is attached, calls the helper."""
    attached = [rule for rule in rules if rule.startswith("def ") and rule[4 : rule.index("(")] in attach]
    return any("helper_<k>()" in each for each in (body, *attached))


def _placed(parts: list[str], scope: str, k: int) -> list[str]:
    text = "\n".join(parts)
    if scope == "function":
        return [f"def make_{k}():", textwrap.indent(text, "    "), f"make_{k}()"]
    if scope == "method":
        text = textwrap.indent(text, " " * 8)
        return [f"class Make_{k}:\n    def go(self):", text, f"Make_{k}().go()"]
    if scope == "if":
        return ["if turns >= 0:", textwrap.indent(text, "    ")]
    return [text]


def _written(scene: list[str], name: str) -> str:
    text = "\n".join(scene)
    text = re.sub(rf"(?m)^( *){_DECORATORS}", r"\1@", text)
    text = re.sub(rf"(?m)^ *{_RESULT}\d\n", "", text)
    return _TOKEN.sub(name, text) + "\n"


def _meant(scene: list[str], name: str) -> str:
    """Decorators are evaluated where they stood, and give a name of its own at once."""
    lines: list[str] = []
    count = 0
    made: list[str] = []
    for line in "\n".join(scene).split("\n"):
        if line.lstrip().startswith(_DECORATORS):
            indent, _, rest = line.partition(_DECORATORS)
            count += 1
            made.append(f"made_{name}_{count}")
            line = f"{indent}{made[-1]} = {rest}"
        elif line.lstrip().startswith(_RESULT):
            indent = line.partition(_RESULT)[0]
            line = f"{indent}$m = {'('.join(made)}($f{')' * len(made)}"
        lines.append(line)
    own = {"f": name, "m": f"{name}_meant", "s": name}
    return _TOKEN.sub(lambda match: own[match[1]], "\n".join(lines)) + "\n"


def _main(maker: Maker, name: str) -> tuple[str, str]:
    head = "import jax\nfrom probing import flag, keep, turns\n"
    text = maker.fill(head + maker.pick("IMPORTS", 0.2) + "\n", name, 0)
    own = {"f": name, "m": f"{name}_meant", "s": name}
    return _TOKEN.sub(name, text), _TOKEN.sub(lambda match: own[match[1]], text)
